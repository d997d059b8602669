/* Return address stack: a ring of addresses, overwritten when calls nest deeper than it is. A
 * checkpoint is the top's place and value, which undoes any one push or pop exactly and deeper
 * wrong paths nearly (Skadron 1998). */
#ifndef MODELS_PIPELINE_BPRED_RAS_H
#define MODELS_PIPELINE_BPRED_RAS_H

#include <stdint.h>

#define RAS_MAX 256

struct ras {
    uint32_t entries, top; /* top: the slot of the youngest address */
    uint64_t address[RAS_MAX];
};

struct ras_checkpoint {
    uint32_t top;
    uint64_t address;
};

static inline void ras_push(struct ras *r, uint64_t address)
{
    if (!r->entries)
        return;
    r->top = r->top + 1 < r->entries ? r->top + 1 : 0;
    r->address[r->top] = address;
}

/* 0 when there is no stack. */
static inline uint64_t ras_pop(struct ras *r)
{
    if (!r->entries)
        return 0;
    uint64_t address = r->address[r->top];
    r->top = r->top ? r->top - 1 : r->entries - 1;
    return address;
}

static inline struct ras_checkpoint ras_save(const struct ras *r)
{
    return (struct ras_checkpoint){r->top, r->address[r->top]};
}

static inline void ras_restore(struct ras *r, struct ras_checkpoint c)
{
    r->top = c.top;
    r->address[r->top] = c.address;
}

#endif
