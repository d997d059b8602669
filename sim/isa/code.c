#include "sim/isa/code.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/isa/blocks.h"
#include "sim/isa/chain.h"
#include "sim/isa/facility.h"
#include "sim/isa/handlers.h"

#define CODE_HASH   1024u

struct code {
    const struct decoder *decoder;
    uint32_t watch; /* enum code_watch */
    struct mmu *mmu;
    struct cpu **cpus;
    uint32_t cpu_count;
    struct code_page *pages[CODE_HASH], *newest;
    uint64_t *breakpoints;
    uint32_t breakpoint_count;
    struct phys_listener listener;
};

static struct code_page **hash_slot(struct code *c, uint64_t page_ea)
{
    return &c->pages[(page_ea >> FRAME_BITS) * 0x9e3779b1u >> 7 & (CODE_HASH - 1)];
}

static void forget_record(struct insn *i)
{
    i->handler = chain_undecoded;
    i->step |= STEP_UNKNOWN; /* the rest is still needed, as are the operands */
}

/* Only the handlers: an instruction that overwrites its own page still needs its operands, and
 * those in flight in a pipeline their dependences. */
static void page_forget(struct code_page *p)
{
    p->host = NULL;
    for (; p->decoded; p->decoded &= p->decoded - 1) {
        struct insn *first = &p->insn[(uint32_t)__builtin_ctz(p->decoded) * CODE_PART_INSNS];
        for (uint32_t n = 0; n < CODE_PART_INSNS; n++)
            forget_record(&first[n]);
    }
}

/* The bytes of a frame are about to change: every page that shows it starts anew. */
static void code_written(void *ctx, uint64_t frame_pa)
{
    struct code *c = ctx;
    for (struct code_page *p = c->newest; p; p = p->older) {
        if (!p->host || p->frame_pa != frame_pa)
            continue;
        page_forget(p);
        for (uint32_t n = 0; n < c->cpu_count; n++)
            c->cpus[n]->code_map[(p->page_ea >> FRAME_BITS) & (CODE_MAP_ENTRIES - 1)].page_ea =
                SOFT_TLB_NONE;
    }
}

struct code *code_create(const struct decoder *decoder, struct mmu *mmu)
{
    struct code *c = xcalloc(1, sizeof *c);
    c->decoder = decoder;
    c->mmu = mmu;
    c->listener = (struct phys_listener){.code_written = code_written, .ctx = c};
    phys_add_listener(mmu->phys, &c->listener);
    return c;
}

struct code *code_create_like(const struct code *c, struct mmu *mmu, bool with_breakpoints)
{
    struct code *copy = code_create(c->decoder, mmu);
    copy->watch = c->watch;
    if (with_breakpoints && c->breakpoint_count) {
        copy->breakpoints = xmalloc(c->breakpoint_count * sizeof *c->breakpoints);
        memcpy(copy->breakpoints, c->breakpoints, c->breakpoint_count * sizeof *c->breakpoints);
        copy->breakpoint_count = c->breakpoint_count;
    }
    return copy;
}

void code_destroy(struct code *c)
{
    phys_remove_listener(c->mmu->phys, &c->listener);
    while (c->cpu_count)
        code_detach(c, c->cpus[0]);
    while (c->newest) {
        struct code_page *p = c->newest;
        c->newest = p->older;
        free(p->deps);
        free(p);
    }
    free(c->cpus);
    free(c->breakpoints);
    free(c);
}

void code_watch(struct code *c, uint32_t watch) { c->watch = watch; }

static const struct insn nowhere = {.pc = 1}; /* no instruction has this address */

static void forget_map(struct cpu *s)
{
    s->ahead.insn = &nowhere;
    for (uint32_t n = 0; n < CODE_MAP_ENTRIES; n++)
        s->code_map[n].page_ea = SOFT_TLB_NONE;
}

void code_forget_translations(struct code *c)
{
    mmu_flush(c->mmu);
    for (uint32_t n = 0; n < c->cpu_count; n++) {
        forget_map(c->cpus[n]);
        c->cpus[n]->stop_at = 0; /* what goes on in a page goes on by an old translation */
    }
}

void code_attach(struct code *c, struct cpu *s)
{
    c->cpus = xrealloc(c->cpus, (c->cpu_count + 1) * sizeof *c->cpus);
    c->cpus[c->cpu_count++] = s;
    s->code = c;
    s->mmu = c->mmu;
    forget_map(s);
    mmu_add_tlb(c->mmu, &s->tlb);
}

void code_detach(struct code *c, struct cpu *s)
{
    for (uint32_t n = 0; n < c->cpu_count; n++)
        if (c->cpus[n] == s)
            c->cpus[n] = c->cpus[--c->cpu_count];
    mmu_remove_tlb(c->mmu, &s->tlb);
    s->code = NULL;
}

static struct code_page *page_new(struct code *c, uint64_t page_ea)
{
    struct code_page **slot = hash_slot(c, page_ea);
    struct code_page *p = xcalloc(1, sizeof *p);
    p->page_ea = page_ea;
    p->next = *slot;
    *slot = p;
    p->older = c->newest;
    c->newest = p;
    p->decoded = ~UINT32_C(0);
    page_forget(p);
    for (uint32_t n = 0; n < CODE_PAGE_INSNS; n++)
        p->insn[n].pc = page_ea + 4 * n;
    p->insn[CODE_PAGE_INSNS] =
        (struct insn){.handler = chain_page_end, .pc = page_ea + FRAME_BYTES,
                      .step = STEP_UNKNOWN};
    return p;
}

/* The page at an address of which there is one only; NULL when it has not been seen. */
static struct code_page *page_at(struct code *c, uint64_t page_ea)
{
    struct code_page *p = *hash_slot(c, page_ea);
    while (p && p->page_ea != page_ea)
        p = p->next;
    return p;
}

/* The page that shows this frame there. */
static struct code_page *view_at(struct code *c, uint64_t page_ea, uint64_t frame_pa, bool swap)
{
    struct code_page *p = *hash_slot(c, page_ea);
    while (p && (p->page_ea != page_ea || p->frame_pa != frame_pa || p->swap != swap))
        p = p->next;
    return p;
}

/* The page of ea, translated; NULL with *why set when it cannot be fetched. */
static struct code_page *page_find(struct cpu *s, uint64_t ea, enum mmu_result *why)
{
    struct code *c = s->code;
    uint64_t page_ea = PAGE_OF(ea);
    bool has_views = c->watch & CODE_VIEWS;
    struct code_page *p = has_views ? NULL : page_at(c, page_ea);
    if (p && p->host)
        return p;
    struct frame *frame;
    uint64_t frame_pa;
    *why = s->mmu->translate(s->mmu, ea, MMU_FETCH, &frame, &frame_pa);
    if (*why != MMU_OK)
        return NULL;
    if (has_views)
        p = view_at(c, page_ea, frame_pa, s->swap);
    if (!p) {
        p = page_new(c, page_ea);
        p->asid = s->asid;
    }
    p->swap = s->swap;
    p->host = frame->host;
    p->frame_pa = frame_pa;
    if (!frame->has_code) {
        frame->has_code = true;
        mmu_flush(c->mmu); /* stores to this frame must be noticed from now on */
    }
    return p;
}

static struct code_page *page_or_raise(struct cpu *s, uint64_t ea)
{
    enum mmu_result why = MMU_OK;
    struct code_page *p = page_find(s, ea, &why);
    if (!p) {
        s->nia = ea;
        cpu_raise(s, NULL, EXC_ISI, ea, why);
    }
    s->code_map[(ea >> FRAME_BITS) & (CODE_MAP_ENTRIES - 1)] =
        (struct code_map_entry){PAGE_OF(ea), p};
    return p;
}

const struct insn *code_lookup_slow(struct cpu *s, uint64_t ea)
{
    return &page_or_raise(s, ea)->insn[(ea >> 2) & (CODE_PAGE_INSNS - 1)];
}

static const struct insn *chain_breakpoint(struct cpu *s, const struct insn *i)
{
    cpu_raise(s, i, EXC_BREAKPOINT, i->pc, 0);
}

static bool has_breakpoint(const struct code *c, uint64_t ea)
{
    for (uint32_t n = 0; n < c->breakpoint_count; n++)
        if (c->breakpoints[n] == ea)
            return true;
    return false;
}

/* The record is made anew when it is executed next, with the handler that it needs then. */
void code_set_breakpoint(struct code *c, uint64_t ea, bool on)
{
    uint32_t kept = 0;
    for (uint32_t n = 0; n < c->breakpoint_count; n++)
        if (c->breakpoints[n] != ea)
            c->breakpoints[kept++] = c->breakpoints[n];
    c->breakpoints = xrealloc(c->breakpoints, (kept + 1) * sizeof *c->breakpoints);
    if (on)
        c->breakpoints[kept++] = ea;
    c->breakpoint_count = kept;
    for (struct code_page *p = *hash_slot(c, PAGE_OF(ea)); p; p = p->next)
        if (p->page_ea == PAGE_OF(ea))
            forget_record(&p->insn[(ea >> 2) & (CODE_PAGE_INSNS - 1)]);
}

static void link_direct_branch(struct insn *i)
{
    uint32_t direct = insn_rows[i->number].form == FORM_I || insn_rows[i->number].form == FORM_B;
    if (direct && PAGE_OF((uint64_t)i->imm) == PAGE_OF(i->pc))
        i->hop = (int32_t)((i->imm - (int64_t)i->pc) / 4 * (int64_t)sizeof *i);
}

static uint32_t word_at(const struct code_page *p, const struct insn *i, bool swap)
{
    uint32_t word;
    memcpy(&word, p->host + (i->pc & (FRAME_BYTES - 1)), 4);
    return swap ? __builtin_bswap32(word) : word;
}

/* Both words lie in one page. */
static void decode_prefixed(const struct code *c, const struct code_page *p, struct insn *i,
                            uint32_t prefix, bool swap)
{
    uint32_t suffix = word_at(p, i + 1, swap);
    uint16_t number = decoder_find_prefixed(c->decoder, prefix, suffix);
    insn_predecode(i, number, number == INSN_ILLEGAL ? prefix : suffix, i->pc);
    if (number != INSN_ILLEGAL)
        insn_add_prefix(i, prefix);
}

static bool is_spin(const struct insn *i)
{
    return i->number == INSN_b && !(i->word & 1) && (uint64_t)i->imm == i->pc;
}

static const uint8_t facility_notice[] = {
    [FACILITY_NONE] = 0, [FACILITY_FP] = NOTICE_FP, [FACILITY_VEC] = NOTICE_VEC,
    [FACILITY_VSX] = NOTICE_VSX, [FACILITY_SCV] = 0};

static uint8_t find_notice(const struct code *c, const struct insn *i)
{
    bool is_event = (c->watch & CODE_MARKERS && insn_is_marker(i)) ||
                    (c->watch & CODE_SPINS && is_spin(i));
    if (is_event)
        return NOTICE_EVENT;
    return c->watch & CODE_FACILITIES ? facility_notice[insn_facility(i)] : 0;
}

void code_need_facility(struct cpu *s, const struct insn *i)
{
    static const struct {
        uint64_t msr;
        uint8_t notice, facility;
    } rows[] = {{MSR_FP, NOTICE_FP, FACILITY_FP},
                {MSR_VEC, NOTICE_VEC, FACILITY_VEC},
                {MSR_VSX, NOTICE_VSX, FACILITY_VSX}};
    for (uint32_t n = 0; n < ARRAY_LEN(rows); n++)
        if (i->notice & rows[n].notice && !(s->sup.msr & rows[n].msr))
            cpu_raise(s, i, EXC_UNAVAILABLE, i->pc, rows[n].facility);
}

/* Executes it and leaves the chain, so that the system can be told; or goes on when the facility is
 * on that it belongs to. */
static const struct insn *chain_noticed(struct cpu *s, const struct insn *i)
{
    if (i->notice & NOTICE_FACILITY) {
        code_need_facility(s, i);
        return chain_handlers[i->number](s, i);
    }
    s->nia = (i->pc + 4) & s->ea_mask;
    step_bodies[i->number](s, i);
    s->event = i;
    return chain_leave(s, i, s->nia);
}

/* A body that cannot raise needs no setjmp. */
#define MAY_RAISE (F_LOAD | F_STORE | F_RAISES | F_SERIAL)

static uint8_t find_step(const struct insn *i)
{
    uint32_t flags = insn_rows[i->number].flags;
    bool raises = flags & MAY_RAISE || i->notice;
    bool is_quick = raises && !i->notice && !(flags & F_SERIAL) && quick_bodies[i->number];
    return (uint8_t)((raises ? STEP_RAISES : 0) | (is_quick ? STEP_QUICK : 0) |
                     (flags & F_SERIAL ? STEP_SERIAL : 0) |
                     (flags & (F_LOAD | F_STORE) ? STEP_ACCESS : 0) |
                     (flags & F_BRANCH ? STEP_BRANCH : 0));
}

/* A branch, taken or not, ends a block. */
static const struct insn *chain_counted(struct cpu *s, const struct insn *i)
{
    uint64_t done = s->icount + ((i->pc - s->run_pc) >> 2) + 1;
    step_bodies[i->number](s, i);
    if (s->blocks)
        blocks_end(s->blocks, done, s->taken ? s->nia : (i->pc + 4) & s->ea_mask, s->asid);
    if (s->taken)
        return chain_jump(s, i);
    CHAIN_TO(s, i + 1);
}

static insn_handler *handler_for(const struct code *c, const struct insn *i)
{
    if (has_breakpoint(c, i->pc))
        return chain_breakpoint;
    if (i->notice)
        return chain_noticed;
    return c->watch & CODE_BLOCKS && insn_rows[i->number].flags & F_BRANCH
               ? chain_counted
               : chain_handlers[i->number];
}

static void decode_record(const struct code *c, struct code_page *p, struct insn *i, bool swap)
{
    uint32_t word = word_at(p, i, swap);
    if (p->deps && word != i->word)
        p->deps[i - p->insn].in_count = CODE_DEPS_UNKNOWN;
    if (insn_is_prefix(word) && !insn_crosses_block(i->pc)) {
        decode_prefixed(c, p, i, word, swap);
    } else {
        uint16_t number = decoder_find(c->decoder, word);
        insn_predecode(i, number, decoder_word(c->decoder, number, word), i->pc);
        link_direct_branch(i);
    }
    i->notice = find_notice(c, i);
    bool has_deps = p->deps && p->deps[i - p->insn].in_count != CODE_DEPS_UNKNOWN;
    i->step = (uint8_t)(find_step(i) | (has_deps ? 0 : STEP_UNKNOWN));
    p->decoded |= UINT32_C(1) << (uint32_t)(i - p->insn) / CODE_PART_INSNS;
    i->handler = handler_for(c, i);
}

const struct insn *chain_undecoded(struct cpu *s, const struct insn *i)
{
    struct code_page *p = code_page_of(i);
    if (!p->host) {
        /* Its bytes changed while it was running: fetch through the translation again. */
        s->icount += (i->pc - s->run_pc) >> 2;
        s->run_pc = i->pc;
        p = page_or_raise(s, i->pc);
    }
    struct insn *now = &p->insn[(i->pc >> 2) & (CODE_PAGE_INSNS - 1)];
    decode_record(s->code, p, now, s->swap);
    CHAIN_TO(s, now);
}

const struct insn *chain_page_end(struct cpu *s, const struct insn *i)
{
    s->icount += (i->pc - s->run_pc) >> 2;
    s->nia = s->run_pc = i->pc & s->ea_mask;
    if (s->icount >= s->stop_at)
        return NULL;
    const struct insn *next = code_lookup(s, s->nia);
    CHAIN_TO(s, next);
}

const struct insn *code_fetch(struct cpu *s, uint64_t ea)
{
    const struct insn *i = code_lookup(s, ea);
    if (__builtin_expect(i->handler == chain_undecoded, 0)) {
        struct code_page *p = page_or_raise(s, ea);
        struct insn *now = &p->insn[(ea >> 2) & (CODE_PAGE_INSNS - 1)];
        decode_record(s->code, p, now, s->swap);
        return now;
    }
    return i;
}

/* A record without a word was never decoded, or from the word 0, which is illegal and goes alone
 * through a pipeline. */
static bool record_changed(const struct code_page *p, const struct insn *i, bool swap)
{
    return i->handler == chain_undecoded && i->word && i->word != word_at(p, i, swap);
}

bool code_changed(struct cpu *s, uint64_t ea)
{
    enum mmu_result why;
    const struct code_page *p = page_find(s, ea, &why);
    return p && record_changed(p, &p->insn[(ea >> 2) & (CODE_PAGE_INSNS - 1)], s->swap);
}

const struct insn *code_peek(struct cpu *s, uint64_t ea)
{
    enum mmu_result why;
    struct code_page *p = page_find(s, ea, &why);
    if (!p)
        return NULL;
    struct insn *i = &p->insn[(ea >> 2) & (CODE_PAGE_INSNS - 1)];
    if (record_changed(p, i, s->swap))
        return NULL;
    if (i->handler == chain_undecoded)
        decode_record(s->code, p, i, s->swap);
    return i;
}

const struct insn_deps *code_deps_slow(const struct insn *i)
{
    struct code_page *p = code_page_of(i);
    if (!p->deps) {
        p->deps = xmalloc(CODE_PAGE_INSNS * sizeof *p->deps);
        for (uint32_t n = 0; n < CODE_PAGE_INSNS; n++)
            p->deps[n].in_count = CODE_DEPS_UNKNOWN;
    }
    struct insn_deps *deps = &p->deps[i - p->insn];
    if (deps->in_count == CODE_DEPS_UNKNOWN)
        insn_find_deps(i, deps);
    if (i->handler != chain_undecoded)
        p->insn[i - p->insn].step &= (uint8_t)~STEP_UNKNOWN;
    return deps;
}
