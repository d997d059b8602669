#include "sim/isa/code.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/err.h"
#include "sim/isa/chain.h"
#include "sim/isa/code_impl.h"
#include "sim/isa/handlers.h"

static struct code_page **hash_slot(struct code *c, uint64_t page_ea)
{
    return &c->pages[(page_ea >> FRAME_BITS) * 0x9e3779b1u >> 7 & (CODE_HASH - 1)];
}

static void forget_record(struct insn *i)
{
    i->handler = chain_undecoded;
    i->step |= STEP_UNKNOWN; /* the rest is still needed, as are the operands */
}

/* The one before may execute both. */
static void forget_with_last(struct code_page *p, uint64_t number)
{
    forget_record(&p->insn[number]);
    if (number)
        forget_record(&p->insn[number - 1]);
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

static void code_shared(void *ctx) { mmu_flush(((struct code *)ctx)->mmu); }

struct code *code_create(const struct decoder *decoder, struct mmu *mmu)
{
    struct code *c = xcalloc(1, sizeof *c);
    c->decoder = decoder;
    c->mmu = mmu;
    c->listener = (struct phys_listener){.code_written = code_written, .code_shared = code_shared,
                                         .ctx = c};
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
    for (uint32_t n = 0; n < JUMP_ENTRIES; n++)
        s->jumps[n].ea = nowhere.pc;
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

struct code_page *code_page_at(struct code *c, uint64_t page_ea)
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
    struct code_page *p = has_views ? NULL : code_page_at(c, page_ea);
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
    p->frame = frame;
    p->frame_pa = frame_pa;
    if (!frame->has_code) {
        phys_code_made(c->mmu->phys, frame);
        mmu_flush(c->mmu); /* stores to this frame must be noticed from now on */
    }
    return p;
}

struct code_page *code_page_or_raise(struct cpu *s, uint64_t ea)
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
    return &code_page_or_raise(s, ea)->insn[(ea >> 2) & (CODE_PAGE_INSNS - 1)];
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
            forget_with_last(p, (ea >> 2) & (CODE_PAGE_INSNS - 1));
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

const struct insn *chain_jump_anew(struct cpu *s, uint64_t target)
{
    const struct insn *i = code_lookup(s, target);
    s->jumps[target >> 2 & (JUMP_ENTRIES - 1)] = (struct jump){target, i};
    CHAIN_TO(s, i);
}

const struct insn *code_fetch(struct cpu *s, uint64_t ea)
{
    const struct insn *i = code_lookup(s, ea);
    if (__builtin_expect(i->handler == chain_undecoded, 0)) {
        struct code_page *p = code_page_or_raise(s, ea);
        struct insn *now = &p->insn[(ea >> 2) & (CODE_PAGE_INSNS - 1)];
        code_decode(s->code, p, now, s->swap);
        return now;
    }
    return i;
}

/* A record without a word was never decoded, or from the word 0, which is illegal and goes alone
 * through a pipeline. */
static bool record_changed(const struct code_page *p, const struct insn *i, bool swap)
{
    return i->handler == chain_undecoded && i->word && i->word != code_word_at(p, i, swap);
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
        code_decode(s->code, p, i, s->swap);
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
