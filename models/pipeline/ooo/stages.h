/* What the stages of the out-of-order core call of each other; part of ooo.h. */
#ifndef MODELS_PIPELINE_OOO_STAGES_H
#define MODELS_PIPELINE_OOO_STAGES_H

#include "models/pipeline/ooo/ooo.h"

/* charge.c: whom lost slots are charged to. Those of cycles slept through before `cycle`: */
void ooo_charge_until(struct ooo *p, uint64_t cycle);
void ooo_charge_cycle(struct ooo *p);
/* Slots of this cycle into which nothing was committed. */
void ooo_lose(struct ooo *p, uint64_t cycle, uint64_t slots);
/* Slots lost to a request whose level is now known. */
static inline void ooo_settle(struct ooo *p, uint64_t *lost, enum cpi_part part)
{
    cpi_lose(&p->cpi, part, *lost);
    p->unsettled -= *lost;
    *lost = 0;
}

/* fetch.c */
void ooo_deliver(struct ooo *p);
void ooo_fetch(struct ooo *p);
/* Fetch goes on at `position` in `cycle`: all younger instructions have been squashed. */
void ooo_fetch_from(struct ooo *p, uint64_t position, uint64_t cycle, enum cpi_part part);
void ooo_fetch_resume(struct ooo *p, uint64_t cycle);
/* block.c: asks for the block of the instruction; true when fetch may go on in it. */
bool ooo_open_block(struct ooo *p, const struct op *op);
static inline void ooo_forget_page(struct fetch_stage *f)
{
    f->translation++;
    f->page = NEVER;
    f->translating = false;
}
void ooo_fetch_wake(struct port_waiter *w, uint64_t now);
/* The rest of an access, behind a branch in it that is not taken: it has arrived. */
void ooo_fetch_rest(struct ooo *p, uint32_t most);
/* The executor goes along the wrong path. It has to stand just behind the branch. */
void ooo_diverge(struct ooo *p, struct inst *s, uint64_t next);

/* early.c: rows of [core.units] early_out */
bool ooo_early_create(struct ooo *p, const char *section, const char *text, struct err *e);
/* The row that the instruction just executed fits, + 1; 0: none. */
uint8_t ooo_early_row(const struct ooo *p, const struct op *op);

/* decode.c: makes the steps of the plan, from nothing. */
/* A step for the unit that the class's step of that number uses; without registers so far. */
void ooo_step_begin(struct ooo *p, struct step *t, uint32_t class, uint32_t number);
void ooo_step_out(struct step *t, const uint8_t *out, uint32_t count);
void ooo_decode_anew(struct ooo *p, const struct inst *s);
/* A compare: with the branch that follows it makes one micro-operation, where that is possible. */
void ooo_fuse(struct ooo *p, const struct inst *s);
/* Whether the step is what the instruction would be made into now. */
static inline bool kept_is_of(const struct step *t, const struct inst *s)
{
    const struct op *op = &s->op;
    return t->word == op->insn->word && t->bytes == op->bytes && t->early == s->early &&
           !((t->op_flags ^ op->flags) & ~OP_TAKEN);
}
/* Makes the plan of the instruction that dispatch has come to. */
static inline void ooo_decode(struct ooo *p, const struct inst *s)
{
    const struct step *kept = &p->kept[s->op.pc >> 2 & (OOO_KEPT - 1)];
    struct plan *plan = &p->plan;
    plan->count = plan->insts = 1;
    plan->flags = s->mispredicted ? UOP_RESOLVES : 0;
    plan->steps = kept;
    if (__builtin_expect(!kept_is_of(kept, s), 0))
        ooo_decode_anew(p, s);
    if (plan->steps->shape.class == CLASS_CMP && p->keys.fuse_compare)
        ooo_fuse(p, s);
}

/* dispatch.c */
void ooo_dispatch(struct ooo *p);
/* What ended the cycle's dispatch: a counter, and whom lost slots are charged to. False. */
bool ooo_stall(struct ooo *p, uint64_t *counter, enum cpi_part part);
/* The port of one of the kinds whose queue has most room; NULL when none has any. */
struct port *ooo_choose_port(struct ooo *p, uint32_t kinds);

/* group.c: what may be dispatched in one cycle */
bool ooo_rules_create(struct ooo *p, const char *units, struct err *e);
void ooo_group_open(struct ooo *p);
/* Whether the instruction just decoded may follow those dispatched in this cycle. */
bool ooo_group_admits(const struct ooo *p, const struct inst *s);
bool ooo_group_has_room(const struct ooo *p, const struct step *t);
void ooo_group_take(struct ooo *p, const struct step *t, const struct inst *s, uint32_t kind,
                    bool is_last);
/* No more may go to pipes of this kind in this cycle. */
static inline bool ooo_group_is_full(const struct ooo *p, uint32_t kind)
{
    const struct group_rules *r = &p->rules;
    return r->used_of[r->limit_of[kind]] >= r->limit[r->limit_of[kind]];
}
/* The youngest uop ends a group. */
void ooo_group_close(struct ooo *p);
/* After a squash: what is left of a group is one. */
void ooo_group_cut(struct ooo *p);
/* Position up to which the oldest group may commit now. */
uint64_t ooo_group_commit(struct ooo *p);

/* limits.c: issue_limits */
bool ooo_limits_create(struct ooo *p, const char *section, const char *text, struct err *e);
void ooo_limits_open(struct issue_limits *l);
/* Whether one more may begin in this cycle in a pipe of the kind. */
bool ooo_limits_allow(const struct issue_limits *l, uint32_t kind);
void ooo_limits_take(struct issue_limits *l, uint32_t kind);

/* rename.c */
/* The registers that the step takes from each pool, as one number. */
uint64_t ooo_rename_cost(const struct ooo *p, const struct step *t);
/* dispatch_renames */
bool ooo_rename_limits(struct ooo *p, struct err *e);
/* Takes the registers out of what is left; false when there are not enough in some pool. */
bool ooo_renames_take(uint64_t *left, uint64_t cost);
/* What the inline part in rename.h leaves to it: loads and stores; a sync, which loads wait for;
 * several results or unusual ones. */
void ooo_rename_memory(struct ooo *p, struct uop *u, const struct step *t, const struct op *op);
void ooo_rename_barrier(struct ooo *p, struct uop *u);
void ooo_rename_results(struct ooo *p, struct uop *u, const struct op *op);
/* Makes a micro-operation of what needs no unit: its results are there in done_cycle. */
void ooo_rename_done(struct ooo *p, const struct step *t, struct inst *s, uint64_t cost,
                     uint64_t done_cycle);
/* Its place in a queue where that matters. */
void ooo_take_place(struct ooo *p, struct uop *u, struct queue *q);
/* Gives it a place in the port's queue; there is room. */
void ooo_enter_queue(struct ooo *p, struct uop *u, const struct port *port);
/* Undoes the dispatch of all uops from the end of the reorder buffer down to `tail`. */
void ooo_squash_uops(struct ooo *p, uint64_t tail);
void ooo_rename_reset(struct ooo *p);

/* issue.c */
void ooo_issue(struct ooo *p);
/* Moves to LR and CTR whose values branches may have, executed or not. */
void ooo_forward_early(struct ooo *p);

/* squash.c */
void ooo_resolve(struct ooo *p, struct uop *u);
/* The branch was mispredicted; what was dispatched behind it begins at uop_end. */
void ooo_branch_was_wrong(struct ooo *p, uint64_t position, uint64_t uop_end);
void ooo_violation(struct ooo *p, struct uop *load, const struct store *w);

/* commit.c */
void ooo_commit(struct ooo *p);

/* describe.c: see struct core_ops. */
void ooo_describe(const struct core *c, char *text, size_t room);

#include "models/pipeline/ooo/fold.h"

#endif
