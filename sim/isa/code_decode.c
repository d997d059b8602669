/* Records are decoded where they lie, when they are first executed; and the handlers that stand for
 * more than their instruction. */
#include <string.h>

#include "sim/base/bits.h"
#include "sim/isa/blocks.h"
#include "sim/isa/chain.h"
#include "sim/isa/code_impl.h"
#include "sim/isa/facility.h"
#include "sim/isa/fuse.h"
#include "sim/isa/handlers.h"

static bool is_direct(const struct insn *i)
{
    return insn_rows[i->number].form == FORM_I || insn_rows[i->number].form == FORM_B;
}

static void link_near_branch(struct insn *i)
{
    if (is_direct(i) && PAGE_OF((uint64_t)i->imm) == PAGE_OF(i->pc))
        i->hop = (int32_t)((i->imm - (int64_t)i->pc) / 4 * (int64_t)sizeof *i);
}

uint32_t code_word_at(const struct code_page *p, const struct insn *i, bool swap)
{
    uint32_t word;
    memcpy(&word, p->host + (i->pc & (FRAME_BYTES - 1)), 4);
    return swap ? __builtin_bswap32(word) : word;
}

/* Both words lie in one page. */
static void decode_prefixed(const struct code *c, const struct code_page *p, struct insn *i,
                            uint32_t prefix, bool swap)
{
    uint32_t suffix = code_word_at(p, i + 1, swap);
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

/* Storage accesses, moves to an SPR, privileged instructions, multiplies, divides and what the
 * floating-point unit does. */
static bool has_operands(const struct insn_row *row)
{
    uint32_t class = row->class;
    return row->flags & (F_LOAD | F_STORE | F_PRIV) || class == CLASS_MTSPR ||
           (class >= CLASS_MULI && class <= CLASS_MOD) ||
           (class >= CLASS_FADD && class <= CLASS_FPSCR);
}

static uint8_t find_step(const struct insn *i)
{
    uint32_t flags = insn_rows[i->number].flags;
    bool raises = flags & MAY_RAISE || i->notice;
    bool is_quick = raises && !i->notice && !(flags & F_SERIAL) && quick_bodies[i->number];
    return (uint8_t)((raises ? STEP_RAISES : 0) | (is_quick ? STEP_QUICK : 0) |
                     (flags & F_SERIAL ? STEP_SERIAL : 0) |
                     (flags & (F_LOAD | F_STORE) ? STEP_ACCESS : 0) |
                     (flags & F_BRANCH ? STEP_BRANCH : 0) |
                     (has_operands(&insn_rows[i->number]) ? STEP_OPERANDS : 0));
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

static bool is_fusable(const struct insn *i)
{
    return i->handler != chain_undecoded && i->handler != chain_breakpoint &&
           i->handler != chain_noticed && i->handler != chain_counted;
}

/* A process keeps the mode that it began in; the pages of a board are seen in any. */
static bool is_host(const struct code *c)
{
    const struct cpu *s = c->cpus[0];
    return !(c->watch & CODE_VIEWS) && s->is_64bit && !s->swap;
}

/* This record may execute the next, too: within a part, so that both are forgotten together. */
static void fuse_with_next(const struct code *c, const struct code_page *p, struct insn *i)
{
    if ((i - p->insn + 1) % CODE_PART_INSNS == 0 || !is_fusable(i) || !is_fusable(i + 1))
        return;
    insn_handler *pair = fuse_pair(i, is_host(c));
    if (pair)
        i->handler = pair;
}

static insn_handler *plain_handler(const struct code *c, const struct insn *i)
{
    insn_handler *plain = fuse_alone(i, is_host(c));
    return plain ? plain : chain_handlers[i->number];
}

/* A branch to a page that has been seen needs no search any more: records stay where they are, and
 * one that has lost its page is not decoded. Too far apart they are in no host's heap. */
static void link_far_branch(struct cpu *s, const struct insn *i)
{
    const struct code_page *to = code_page_at(s->code, PAGE_OF(s->nia));
    struct code_page *p = code_page_of(i);
    struct insn *branch = &p->insn[i - p->insn];
    if (!to || s->nia != (uint64_t)i->imm)
        return;
    const struct insn *target = &to->insn[(s->nia >> 2) & (CODE_PAGE_INSNS - 1)];
    intptr_t distance = (intptr_t)((uintptr_t)target - (uintptr_t)i);
    if (distance != (int32_t)distance)
        return;
    branch->hop = (int32_t)distance;
    branch->handler = plain_handler(s->code, i);
    if (branch > p->insn)
        fuse_with_next(s->code, p, branch - 1);
}

/* A direct branch out of its page, until it has been taken. */
static const struct insn *chain_far(struct cpu *s, const struct insn *i)
{
    s->taken = false;
    step_bodies[i->number](s, i);
    if (!s->taken)
        CHAIN_TO(s, i + 1);
    link_far_branch(s, i);
    return chain_jump(s, i);
}

static insn_handler *handler_for(const struct code *c, const struct insn *i)
{
    if (has_breakpoint(c, i->pc))
        return chain_breakpoint;
    if (i->notice)
        return chain_noticed;
    if (insn_rows[i->number].flags & F_BRANCH && c->watch & CODE_BLOCKS)
        return chain_counted;
    if (is_direct(i) && !i->hop && !(c->watch & CODE_VIEWS))
        return chain_far;
    return plain_handler(c, i);
}

void code_decode(const struct code *c, struct code_page *p, struct insn *i, bool swap)
{
    uint32_t word = code_word_at(p, i, swap);
    if (p->deps && word != i->word)
        p->deps[i - p->insn].in_count = CODE_DEPS_UNKNOWN;
    if (insn_is_prefix(word) && !insn_crosses_block(i->pc)) {
        decode_prefixed(c, p, i, word, swap);
    } else {
        uint16_t number = decoder_find(c->decoder, word);
        insn_predecode(i, number, decoder_word(c->decoder, number, word), i->pc);
        link_near_branch(i);
    }
    i->notice = find_notice(c, i);
    bool has_deps = p->deps && p->deps[i - p->insn].in_count != CODE_DEPS_UNKNOWN;
    i->step = (uint8_t)(find_step(i) | (has_deps ? 0 : STEP_UNKNOWN));
    uint32_t part = UINT32_C(1) << (uint32_t)(i - p->insn) / CODE_PART_INSNS;
    p->decoded |= part;
    p->frame->code_parts |= part;
    i->handler = handler_for(c, i);
    fuse_with_next(c, p, i);
    if (i > p->insn)
        fuse_with_next(c, p, i - 1);
}

const struct insn *chain_undecoded(struct cpu *s, const struct insn *i)
{
    struct code_page *p = code_page_of(i);
    if (!p->host) {
        /* Its bytes changed while it was running: fetch through the translation again. */
        s->icount += (i->pc - s->run_pc) >> 2;
        s->run_pc = i->pc;
        p = code_page_or_raise(s, i->pc);
    }
    struct insn *now = &p->insn[(i->pc >> 2) & (CODE_PAGE_INSNS - 1)];
    code_decode(s->code, p, now, s->swap);
    CHAIN_TO(s, now);
}
