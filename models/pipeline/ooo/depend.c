/* Store sets (Chrysos and Emer, "Memory Dependence Prediction using Store Sets", ISCA 1998): a load
 * that once went before a store of the same bytes, and that store, share a set from then on; a load
 * waits for the last store of its set to have its address. All is forgotten now and then. */
#include <stdlib.h>
#include <string.h>

#include "models/pipeline/ooo/ooo.h"
#include "models/pipeline/ooo/memory.h"
#include "models/pipeline/ooo/wake.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"

void ooo_sets_create(struct ooo *p)
{
    struct store_sets *t = &p->sets;
    t->mask = p->keys.store_sets - 1;
    t->set_of_pc = xcalloc(p->keys.store_sets, sizeof *t->set_of_pc);
    t->last_store = xcalloc(p->keys.store_sets, sizeof *t->last_store);
    t->left = p->keys.store_set_clear;
}

void ooo_sets_destroy(struct ooo *p)
{
    free(p->sets.set_of_pc);
    free(p->sets.last_store);
}

static uint32_t *set_of(struct store_sets *t, uint64_t pc)
{
    return &t->set_of_pc[(pc >> 2 ^ pc >> 12) & t->mask];
}

static void count(struct store_sets *t)
{
    if (--t->left)
        return;
    memset(t->set_of_pc, 0, (t->mask + UINT64_C(1)) * sizeof *t->set_of_pc);
    memset(t->last_store, 0, (t->mask + UINT64_C(1)) * sizeof *t->last_store);
}

void ooo_sets_load(struct ooo *p, struct uop *u, uint64_t pc)
{
    struct store_sets *t = &p->sets;
    uint32_t set = *set_of(t, pc);
    uint64_t last = set ? t->last_store[set - 1] : 0;
    count(t);
    if (!t->left)
        t->left = p->keys.store_set_clear;
    /* A squash may have taken the store away, or it may have committed. */
    if (!last || last <= p->store_commit || last > memory_of(p, u)->store ||
        store_at(p, last - 1)->address_known)
        return;
    p->stats.dependence_waits++;
    ooo_wait(p, u, LINK_ORDER, store_list(p, last - 1, STORE_ADDRESS));
    u->pending++;
}

void ooo_sets_store(struct ooo *p, uint64_t number, uint64_t pc)
{
    struct store_sets *t = &p->sets;
    uint32_t set = *set_of(t, pc);
    if (set)
        t->last_store[set - 1] = number + 1;
    count(t);
    if (!t->left)
        t->left = p->keys.store_set_clear;
}

/* The four rules of the paper's section 4. */
void ooo_sets_violation(struct ooo *p, uint64_t load_pc, uint64_t store_pc)
{
    struct store_sets *t = &p->sets;
    uint32_t *of_load = set_of(t, load_pc), *of_store = set_of(t, store_pc);
    if (!*of_load && !*of_store) {
        *of_load = *of_store = (t->next_set++ & t->mask) + 1;
    } else if (!*of_load) {
        *of_load = *of_store;
    } else if (!*of_store) {
        *of_store = *of_load;
    } else {
        *of_load = *of_store = (uint32_t)min_u64(*of_load, *of_store);
    }
}
