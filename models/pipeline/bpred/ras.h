/* Return address stack: a ring of addresses, overwritten when calls nest deeper than it is.
 *
 * What a wrong path did to it is repaired in one of three ways. RAS_REPAIR_TOP keeps the top's
 * place and value with every branch, which undoes any one push or pop exactly and deeper wrong
 * paths nearly (Skadron et al. 1998). RAS_REPAIR_FULL stands for a copy of the whole stack with
 * every branch; it is modelled by a log of what pushes overwrote, which gives the same contents.
 * RAS_REPAIR_NONE leaves the damage. */
#ifndef MODELS_PIPELINE_BPRED_RAS_H
#define MODELS_PIPELINE_BPRED_RAS_H

#include <stdbool.h>
#include <stdint.h>

#define RAS_MAX 256
#define RAS_LOG 4096 /* pushes in flight that can be undone; a power of two */

enum ras_repair { RAS_REPAIR_NONE, RAS_REPAIR_TOP, RAS_REPAIR_FULL };

struct ras {
    uint32_t entries;
    enum ras_repair repair;
    uint32_t top;    /* the slot of the youngest address */
    uint32_t pushes; /* since the start; the log's next place */
    uint64_t address[RAS_MAX];
    struct {
        uint64_t address;
        uint32_t slot;
    } overwritten[RAS_LOG]; /* by the n-th push, at n modulo RAS_LOG */
};

struct ras_checkpoint {
    uint32_t top, pushes;
    uint64_t address;
};

static inline void ras_push(struct ras *r, uint64_t address)
{
    if (!r->entries)
        return;
    r->top = r->top + 1 < r->entries ? r->top + 1 : 0;
    if (r->repair == RAS_REPAIR_FULL) {
        uint32_t n = r->pushes++ & (RAS_LOG - 1);
        r->overwritten[n].address = r->address[r->top];
        r->overwritten[n].slot = r->top;
    }
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
    return (struct ras_checkpoint){r->top, r->pushes, r->address[r->top]};
}

/* True when the stack is as it was; not so without repair. */
static inline bool ras_restore(struct ras *r, struct ras_checkpoint c)
{
    if (r->repair == RAS_REPAIR_NONE)
        return false;
    if (r->repair == RAS_REPAIR_FULL)
        while ((int32_t)(r->pushes - c.pushes) > 0) {
            uint32_t n = --r->pushes & (RAS_LOG - 1);
            r->address[r->overwritten[n].slot] = r->overwritten[n].address;
        }
    r->top = c.top;
    r->address[r->top] = c.address;
    return true;
}

#endif
