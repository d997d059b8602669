#include "sim/isa/handlers.h"

#include <stddef.h>

#include "sim/isa/blocks.h"
#include "sim/isa/chain.h"

insn_handler *const chain_handlers[INSN_COUNT] = {
    chain_illegal,
#define INSN(name, ...) chain_##name,
#include "sim/isa/insn.def"
#undef INSN
};

insn_body *const step_bodies[INSN_COUNT] = {
    step_illegal,
#define INSN(name, ...) step_##name,
#include "sim/isa/insn.def"
#undef INSN
};

/* Rows without one have the address NULL. */
#define INSN(name, ...) __attribute__((weak)) insn_quick_body quick_##name;
#include "sim/isa/insn.def"
#undef INSN

insn_quick_body *const quick_bodies[INSN_COUNT] = {
    NULL,
#define INSN(name, ...) quick_##name,
#include "sim/isa/insn.def"
#undef INSN
};

void blocks_stepped(struct cpu *s, const struct insn *i)
{
    uint32_t flags = insn_rows[i->number].flags;
    uint64_t next = (i->pc + (flags & F_PREFIX ? 8 : 4)) & s->ea_mask;
    if (flags & F_BRANCH || s->nia != next)
        blocks_end(s->blocks, s->icount, s->nia, s->asid);
}

const struct insn *chain_missed(struct cpu *s, const struct insn *i)
{
    step_bodies[i->number](s, i);
    if (s->stop_at == 0) /* it has changed what was looked up before, or asked for attention */
        return chain_leave(s, i, (i->pc + 4) & s->ea_mask);
    CHAIN_TO(s, i + 1);
}

/* An access that crosses pages misses however the entries are. */
const struct insn *chain_load_missed(struct cpu *s, const struct insn *i, uint64_t ea)
{
    if (soft_tlb_entry(&s->tlb, ea)->load_tag != PAGE_OF(ea) &&
        soft_tlb_refill(&s->tlb, s->mmu, ea, false))
        CHAIN_TO(s, i);
    return chain_missed(s, i);
}

const struct insn *chain_store_missed(struct cpu *s, const struct insn *i, uint64_t ea)
{
    if (soft_tlb_entry(&s->tlb, ea)->store_tag != PAGE_OF(ea) &&
        soft_tlb_refill(&s->tlb, s->mmu, ea, true))
        CHAIN_TO(s, i);
    return chain_missed(s, i);
}

const struct insn *chain_leave(struct cpu *s, const struct insn *i, uint64_t nia)
{
    s->icount += ((i->pc - s->run_pc) >> 2) + 1;
    s->nia = s->run_pc = nia;
    if (s->blocks)
        blocks_stepped(s, i);
    return NULL;
}
