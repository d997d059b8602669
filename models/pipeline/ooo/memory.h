/* Loads, stores and their translation, for the other stages and for each other; part of ooo.h. */
#ifndef MODELS_PIPELINE_OOO_MEMORY_H
#define MODELS_PIPELINE_OOO_MEMORY_H

#include "models/pipeline/ooo/ooo.h"

/* lsq.c: loads, and what loads and stores share */
void ooo_accesses(struct ooo *p, uint32_t *accesses);
void ooo_memory_squash(struct ooo *p, struct uop *u);
/* The store that stood in the load's way does so no more. */
void ooo_load_go_on(struct ooo *p, struct uop *u, uint64_t cycle);
void ooo_refuse_data(struct ooo *p);
void ooo_data_wake(struct port_waiter *w, uint64_t now);
/* Bytes from pa on that one request to a cache with lines of so many may carry, and where the
 * access goes on after them. */
uint32_t ooo_part_bytes(uint32_t line, uint64_t pa, uint32_t left);
uint64_t ooo_part_after(uint64_t pa, uint64_t second_page_pa);
/* Parts of an access end at multiples of this; what moves several registers or a vector goes line
 * by line. */
static inline uint32_t ooo_access_bytes(const struct ooo *p, uint32_t bytes)
{
    return bytes > 8 || !p->keys.access_bytes || p->keys.access_bytes > p->env.data_line
               ? p->env.data_line
               : (uint32_t)p->keys.access_bytes;
}
/* Cycles that the registers of a load or store multiple add. */
static inline uint64_t ooo_multiple_cycles(struct ooo *p, const struct uop *u)
{
    uint32_t each = p->keys.multiple_cycles;
    return each ? (uint64_t)each * inst_at(p, u->inst)->op.deps->multi_count : 0;
}

/* translate.c: true when the data TLB has answered for all pages of the access. */
bool ooo_translated(struct ooo *p, struct uop *u);
void ooo_dtlb_wake(struct port_waiter *w, uint64_t now);

/* stores.c */
void ooo_store_dispatch(struct ooo *p, struct uop *u, const struct op *op);
void ooo_store_squash(struct ooo *p, struct uop *u);
void ooo_store_address(struct ooo *p, struct uop *u);
void ooo_store_data(struct ooo *p, struct uop *u, uint64_t cycle);
void ooo_stores(struct ooo *p, uint32_t *accesses);
enum forward { FORWARD_NONE, FORWARD_ALL, FORWARD_PART };
/* The youngest store older than the load that overlaps it and has its address decides. *passed:
 * the load would pass by overlapping stores without one. */
enum forward ooo_find_forward(struct ooo *p, const struct uop *u, uint64_t *number, bool *passed);
/* The load goes, and passes by them. */
void ooo_pass_stores(struct ooo *p, struct uop *u);
/* The first store without an address before store `number`; NEVER: none. */
uint64_t ooo_unknown_store(struct ooo *p, uint64_t number);

/* depend.c: store sets (Chrysos and Emer, 1998) */
void ooo_sets_create(struct ooo *p);
void ooo_sets_destroy(struct ooo *p);
void ooo_sets_load(struct ooo *p, struct uop *u, uint64_t pc);
void ooo_sets_store(struct ooo *p, uint64_t number, uint64_t pc);
void ooo_sets_violation(struct ooo *p, uint64_t load_pc, uint64_t store_pc);

#endif
