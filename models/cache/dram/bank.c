#include "models/cache/dram/bank.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

void dram_rules(const struct dram_timing *t, struct dram_rule rule[DRAM_RULES])
{
    /* Unsigned differences wrap to negative numbers of the same width. */
    const struct {
        int32_t cycles;
        uint8_t from, to, scope;
    } rows[DRAM_RULES] = {
#define CONSTRAINT(from, to, scope, cycles)                                                        \
    {(int32_t)(cycles), DRAM_##from, DRAM_##to, DRAM_SCOPE_##scope},
#include "models/cache/dram/timing.def"
#undef CONSTRAINT
    };
    for (uint32_t n = 0; n < DRAM_RULES; n++)
        rule[n] = (struct dram_rule){.cycles = rows[n].cycles > 0 ? (uint32_t)rows[n].cycles : 0,
                                     .from = rows[n].from, .to = rows[n].to,
                                     .scope = rows[n].scope};
}

static void init_bank(struct dram_devices *d, uint32_t rank, uint32_t group, uint32_t number)
{
    d->bank[dram_bank_index(d, rank, group, number)] =
        (struct dram_bank){.row = DRAM_CLOSED, .rank = rank, .group = group, .number = number};
}

void dram_devices_init(struct dram_devices *d, const struct dram_timing *t, uint32_t ranks)
{
    *d = (struct dram_devices){.t = *t, .ranks = ranks, .banks = t->groups * t->banks};
    dram_rules(t, d->rule);
    d->bank = xcalloc((uint64_t)ranks * d->banks, sizeof *d->bank);
    d->group = xcalloc((uint64_t)ranks * t->groups, sizeof *d->group);
    d->rank = xcalloc(ranks, sizeof *d->rank);
    for (uint32_t rank = 0; rank < ranks; rank++)
        for (uint32_t group = 0; group < t->groups; group++)
            for (uint32_t number = 0; number < t->banks; number++)
                init_bank(d, rank, group, number);
}

void dram_devices_free(struct dram_devices *d)
{
    free(d->bank);
    free(d->group);
    free(d->rank);
}

static void forbid(uint64_t *next, uint64_t until)
{
    if (*next < until)
        *next = until;
}

/* From now on the constraints of this command hold. b is NULL for a command to the whole rank. */
static void constrain(struct dram_devices *d, uint32_t rank, struct dram_bank *b, enum dram_op op,
                      uint64_t cycle)
{
    for (const struct dram_rule *r = d->rule; r < d->rule + DRAM_RULES; r++) {
        uint64_t until = cycle + r->cycles;
        if (r->from != op)
            continue;
        switch ((enum dram_scope)r->scope) {
        case DRAM_SCOPE_BANK:
            forbid(&b->next[r->to], until);
            break;
        case DRAM_SCOPE_GROUP:
            forbid(&d->group[rank * d->t.groups + b->group].next[r->to], until);
            break;
        case DRAM_SCOPE_RANK:
            forbid(&d->rank[rank].next[r->to], until);
            break;
        case DRAM_SCOPE_OTHER:
            for (uint32_t other = 0; other < d->ranks; other++)
                if (other != rank)
                    forbid(&d->rank[other].next[r->to], until);
            break;
        }
    }
}

static void open_row(struct dram_devices *d, struct dram_bank *b, uint64_t cycle, uint64_t row)
{
    struct dram_rank *r = &d->rank[b->rank];
    assert(b->row == DRAM_CLOSED);
    b->row = row;
    b->used = cycle;
    r->open++;
    r->window[r->oldest] = cycle + d->t.tfaw;
    r->oldest = (r->oldest + 1) % DRAM_WINDOW;
}

void dram_issue(struct dram_devices *d, struct dram_bank *b, enum dram_op op, uint64_t cycle,
                uint64_t row)
{
    assert(cycle >= dram_earliest(d, b, op) && op != DRAM_REF);
    switch (op) {
    case DRAM_ACT:
        open_row(d, b, cycle, row);
        break;
    case DRAM_PRE:
        assert(b->row != DRAM_CLOSED);
        b->row = DRAM_CLOSED;
        d->rank[b->rank].open--;
        break;
    default:
        assert(b->row != DRAM_CLOSED);
        b->used = cycle;
        break;
    }
    constrain(d, b->rank, b, op, cycle);
}

void dram_refresh(struct dram_devices *d, uint32_t rank, uint64_t cycle)
{
    assert(!d->rank[rank].open && cycle >= dram_refresh_earliest(d, rank));
    constrain(d, rank, NULL, DRAM_REF, cycle);
}
