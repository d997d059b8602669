/* What is rare in decode1 and decode2. */
#include "models/pipeline/scalar/decode_step.h"
#include "models/pipeline/scalar/issue_step.h"

void scalar_take_prefix(struct decode1_stage *d)
{
    if (d->prefixed) {
        d->insn = d->prefix;
        d->first = d->insn->insn->flags & SI_TWICE;
        d->prefixed = false;
    } else {
        d->prefix = d->insn;
        d->prefixed = true;
        d->valid = false;
    }
}

void scalar_squash(struct scalar *p)
{
    p->decode2 = (struct decode2_stage){.insn = p->decode2.insn};
    for (uint8_t n = 0; n < TAGS; n++)
        scalar_release_tag(p, n);
    p->changed = true;
}

void scalar_blame(struct scalar *p, uint8_t tag)
{
    const struct scalar_insn *i = p->tags[tag];
    p->blame = i->unit == SCALAR_LSU && i->flags & SI_LOAD ? PART_DCACHE_L1
                                                           : cpi_dependency[i->class];
}

/* The operand register that is asked for first. */
static uint64_t first_of(const struct scalar_insn *i, bool second, uint64_t late)
{
    for (uint32_t n = 0; !second && n < i->in_count; n++)
        if (late >> i->in[n] & 1)
            return UINT64_C(1) << i->in[n];
    return late; /* the data of a quadword store */
}

void scalar_blame_register(struct scalar *p, uint64_t late)
{
    const struct decode2_stage *d = &p->decode2;
    uint64_t reg = first_of(d->insn->insn, d->second, late);
    for (uint8_t n = 0; n < TAGS; n++)
        if (p->owns[n] & reg)
            scalar_blame(p, n);
}
