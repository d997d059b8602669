/* Commit: in order, when the result is written back. Branch tables are trained here, never by wrong
 * paths. */
#include "models/pipeline/ooo/ooo.h"
#include "models/pipeline/ooo/wake.h"
#include "sim/base/bits.h"

/* For the retirement of the instruction that it is a part of, perhaps cycles later. */
static void note_load(struct ooo *p, const struct uop *u)
{
    p->committing.level = (uint8_t)max_u64(p->committing.level, memory_of(p, u)->level);
    p->committing.load_cycles = max_u64(p->committing.load_cycles, u->done_cycle - u->issue_cycle);
}

static inline bool is_mispredicted(struct ooo *p, uint64_t position)
{
    return prediction_at(p, position)->decode_next != inst_at(p, position)->op.next_pc;
}

/* `u` is NULL for a branch that was none. */
static uint64_t done_cycle(struct ooo *p, uint64_t position, const struct uop *u)
{
    return u ? u->done_cycle : decision_at(p, position)->known_cycle;
}

static void announce(struct ooo *p, uint64_t position, const struct uop *u)
{
    const struct core_hooks *h = &p->env.hooks;
    const struct inst *s = inst_at(p, position);
    struct retirement r = {.op = &s->op, .fetch_cycle = s->fetch_cycle,
                           .ready_cycle = s->ready_cycle,
                           .dispatch_cycle = s->dispatch_cycle,
                           .issue_cycle = u ? u->issue_cycle
                                            : decision_at(p, position)->decided_cycle,
                           .done_cycle = done_cycle(p, position, u),
                           .retire_cycle = p->cycle};
    if (s->op.flags & OP_BRANCH)
        r.mispredicted = is_mispredicted(p, position);
    if (s->op.flags & OP_LOAD) {
        r.level = p->committing.level ? p->committing.level : 1;
        r.load_cycles = p->committing.load_cycles;
    }
    h->retired(h->owner, &r);
}

/* What its histograms want to know of an instruction that has retired. */
static __attribute__((noinline)) void observe(struct ooo *p, uint64_t position,
                                              const struct uop *u)
{
    const struct inst *s = inst_at(p, position);
    uint32_t flags = s->op.flags;
    if (flags & OP_FAULT)
        return;
    hist_add(&p->hists.fetch_to_retire, p->cycle - s->fetch_cycle);
    if (flags & OP_LOAD)
        core_hists_load(&p->hists, p->committing.level, p->env.data_memory_level,
                        p->committing.load_cycles);
    if (flags & OP_BRANCH)
        core_hists_branch(&p->hists, done_cycle(p, position, u) - s->fetch_cycle,
                          is_mispredicted(p, position), p->core.stats.instructions);
}

/* Whoever wants to know of the instruction. */
static __attribute__((noinline)) void tell(struct ooo *p, uint64_t position, const struct uop *u)
{
    if (p->hists.on)
        observe(p, position, u);
    if (p->env.hooks.retired)
        announce(p, position, u);
    p->committing.load_cycles = p->committing.level = 0;
}

static inline void commit_instruction(struct ooo *p, const struct uop *u)
{
    uint64_t position = p->head++;
    const struct inst *s = inst_at(p, position);
    uint32_t flags = s->op.flags;
    p->core.stats.instructions++;
    if (flags) {
        core_stats_count(&p->core.stats, flags);
        if (flags & OP_BRANCH)
            branch_unit_retire(p->branches, s->op.insn, prediction_at(p, position),
                               flags & OP_TAKEN, s->op.next_pc);
        if (flags & OP_MARKER) /* its phase ends exactly here */
            p->marker = s->op.insn;
        if (p->fetch.resume_position == position)
            ooo_fetch_resume(p, p->cycle + (flags & OP_SYSTEM ? p->keys.exception_cycles : 1));
    }
    if (p->observed)
        tell(p, position, u);
}

/* Of an instruction in several micro-operations the last one makes it count. */
static inline void profile(struct ooo *p, uint64_t count, uint64_t slots)
{
    if (p->env.profile)
        profile_take(p->env.profile, inst_at(p, p->head)->op.insn, count, slots);
}

/* What only some have. */
static void commit_special(struct ooo *p, struct uop *u)
{
    if (u->flags & UOP_GROUP_END)
        p->groups--;
    if (u->traits)
        ooo_flow_release(p, u);
    if (u->flags & UOP_LOAD) {
        p->loads_in_flight--;
        if (p->observed)
            note_load(p, u);
    }
    if (u->flags & UOP_STORE && memory_of(p, u)->store != NEVER)
        p->store_commit++;
}

OOO_HOT void commit_uop(struct ooo *p, struct uop *u)
{
    profile(p, (u->flags & UOP_LAST) != 0, 1);
    p->renames_free += u->renames;
    if (u->traits || u->flags & (UOP_LOAD | UOP_STORE | UOP_GROUP_END))
        commit_special(p, u);
    p->rob_head++;
    if (!(u->flags & UOP_LAST))
        return;
    p->stats.cracked += inst_at(p, p->head)->uops > 1;
    commit_instruction(p, u);
    if (u->flags & UOP_FUSED) {
        p->stats.fused++;
        profile(p, 1, 0);
        commit_instruction(p, u);
    }
}

void ooo_fold_retire(struct ooo *p)
{
    uint64_t end = p->fold.count ? min_u64(p->dispatch, p->fold.unresolved[0].position)
                                 : p->dispatch;
    while (!p->marker && p->head < end && inst_at(p, p->head)->folded) {
        p->stats.folded++;
        profile(p, 1, 0);
        commit_instruction(p, NULL);
        ooo_progress(p);
    }
}

/* From which it may commit: with a rule that says so a cycle earlier than others. */
OOO_HOT uint64_t commit_cycle(struct ooo *p, const struct uop *u, bool has_rules)
{
    bool early = has_rules && p->rules.commits &&
                 p->rules.early[inst_at(p, u->inst)->op.deps->needs.class];
    return ooo_final_cycle(p, u) - early;
}

OOO_HOT bool can_commit(struct ooo *p, const struct uop *u, bool has_rules)
{
    if (has_rules && p->fold.count && u->inst >= p->fold.unresolved[0].position)
        return false;
    if (u->done_cycle == NEVER)
        return false;
    if (commit_cycle(p, u, has_rules) > p->cycle) {
        ooo_want(p, commit_cycle(p, u, has_rules));
        return false;
    }
    return !(u->flags & UOP_STORE) || memory_of(p, u)->store == NEVER ||
           p->store_commit - p->store_first < p->keys.store_buffer;
}

/* What had to become the oldest may issue. */
static void release_head(struct ooo *p, struct uop *u)
{
    if (u->flags & UOP_DRAIN && p->store_first != p->store_commit)
        return;
    u->flags &= (uint16_t)~UOP_HEAD;
    u->ready_cycle = max_u64(u->ready_cycle, p->cycle);
    if (!--u->pending)
        ooo_ready(p, u);
}

/* What of this cycle's commit is left, as far as the configuration has rules for it. */
struct commit_room {
    uint32_t gprs;
    bool closed; /* by a taken branch */
};

/* True when the micro-operation fits into the cycle; takes its room. */
static bool take_room(struct ooo *p, const struct uop *u, struct commit_room *r)
{
    const struct op *op = &inst_at(p, u->inst)->op;
    uint32_t written = 0;
    for (uint32_t n = 0; n < u->out_count; n++)
        written += u->outs[n] < REG_VSR;
    bool fits = written <= r->gprs || r->gprs == p->keys.commit_gprs; /* more than there are */
    if (r->closed || (p->keys.commit_gprs && !fits))
        return false;
    r->gprs -= written < r->gprs ? written : r->gprs;
    r->closed = p->keys.commit_taken_ends && u->flags & UOP_LAST && op->flags & OP_TAKEN;
    return true;
}

/* Commits what may in this cycle; returns how many micro-operations that were. */
OOO_HOT uint32_t commit_some(struct ooo *p, bool has_rules)
{
    uint32_t committed = 0, width = p->keys.commit_width;
    struct commit_room room = {.gprs = p->keys.commit_gprs};
    if (has_rules && p->keys.fold_branches)
        ooo_fold_retire(p);
    uint64_t end = has_rules && p->keys.group_slots ? ooo_group_commit(p) : p->rob_tail;
    while (committed < width && !p->marker && p->rob_head < end) {
        struct uop *u = uop_at(p, p->rob_head);
        if (!can_commit(p, u, has_rules) ||
            (has_rules && p->rules.commits && !take_room(p, u, &room)))
            break;
        commit_uop(p, u);
        committed++;
        if (has_rules && p->keys.fold_branches)
            ooo_fold_retire(p);
    }
    return committed;
}

static __attribute__((noinline)) uint32_t commit_by_rules(struct ooo *p)
{
    return commit_some(p, true);
}

void ooo_commit(struct ooo *p)
{
    uint32_t width = p->keys.commit_width;
    uint32_t committed = p->rules.of_commit ? commit_by_rules(p) : commit_some(p, false);
    p->committed = committed;
    if (committed) {
        p->stats.uops += committed;
        p->cpi.slots[PART_BASE] += committed;
        ooo_progress(p);
    }
    if (committed && committed < width && p->keys.group_slots)
        cpi_lose(&p->cpi, PART_GROUP, width - committed);
    else if (committed < width)
        ooo_lose(p, p->cycle, width - committed);
    if (p->rob_head != p->rob_tail && uop_at(p, p->rob_head)->flags & UOP_HEAD)
        release_head(p, uop_at(p, p->rob_head));
}
