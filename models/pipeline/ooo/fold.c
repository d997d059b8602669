/* Branches that are executed in the queue between fetch and dispatch, as by the branch units of the
 * 603, 750 and 7400: one a cycle, the oldest first. A branch whose condition and target are known
 * when it arrives is resolved at once. Otherwise its direction is predicted; where nothing predicts
 * a register that it goes to, or the count that it tests, it waits. What is taken leaves the queue
 * by itself ("folding"), what is not takes a place in dispatch; neither becomes a micro-operation
 * unless it writes LR or CTR, and then it needs no unit.
 *
 * Fetch waits at each branch until it is decided, which is in the cycle in which it arrives, so
 * that no cycle is lost: what follows in the same access is fetched then. Not modelled: fetch
 * behind a branch that waits, which would nearly always be in vain. */
#include "models/pipeline/ooo/fold.h"

#include "models/pipeline/ooo/rename.h"
#include "sim/base/bits.h"

bool ooo_fold_check(struct ooo *p, struct err *e)
{
    const struct ooo_keys *k = &p->keys;
    const char *section = p->env.section;
    if (!k->fold_branches) {
        const char *key = k->target_instructions   ? "target_instructions"
                          : k->unresolved_branches ? "unresolved_branches"
                                                   : "unresolved_dispatch";
        return !(k->target_instructions || k->unresolved_branches || k->unresolved_dispatch) ||
               config_error(p->env.config, section, key, e, "needs fold_branches = yes");
    }
    const char *key = k->fuse_compare  ? "fuse_compare"
                      : k->group_slots ? "group_slots"
                                       : "branches";
    return !(k->fuse_compare || k->group_slots || k->branches) ||
           config_error(p->env.config, section, key, e,
                        "not with fold_branches = yes, which leaves no branch to it");
}

/* Of a map entry: a writer that is a branch has its results when it is resolved; see rename.c. */
static uint64_t entry_known(struct ooo *p, uint64_t entry)
{
    if (entry < 2 * (p->rob_head + 1))
        return 0; /* committed, or never written */
    const struct uop *w = uop_at(p, entry / 2 - 1);
    const struct inst *s = inst_at(p, w->inst);
    if (s->op.flags & OP_BRANCH)
        return decision_at(p, w->inst)->known_cycle;
    return entry & 1 ? memory_of(p, w)->base_cycle : w->done_cycle;
}

static bool writes(const struct inst *s, uint32_t reg)
{
    for (uint32_t n = 0; n < s->op.deps->out_count; n++)
        if (s->op.deps->out[n] == reg)
            return true;
    return false;
}

/* Cycle from which the register is known to the branch at `position`, which dispatch has not
 * passed; NEVER when that is not known. */
static uint64_t register_known(struct ooo *p, uint64_t position, uint32_t reg)
{
    for (uint64_t at = position; at-- > p->dispatch;) {
        const struct inst *s = inst_at(p, at);
        if (writes(s, reg))
            return s->op.flags & OP_BRANCH ? decision_at(p, at)->known_cycle : NEVER;
    }
    return entry_known(p, p->map[reg]);
}

/* A branch that is decided when it arrives is executed when it could be dispatched: what is known
 * then counts. */
static uint64_t execution(const struct ooo *p) { return p->cycle + p->keys.decode_cycles; }

/* Cycle from which all sources are known; *waits: what is not known cannot be predicted. */
static uint64_t sources_known(struct ooo *p, uint64_t position, bool *waits)
{
    const struct inst *s = inst_at(p, position);
    bool finds_target = branch_unit_finds_target(p->branches, s->op.insn);
    uint64_t known = 0;
    *waits = false;
    for (uint32_t n = 0; n < s->op.deps->in_count; n++) {
        uint32_t reg = s->op.deps->in[n];
        uint64_t when = register_known(p, position, reg);
        known = max_u64(known, when);
        bool counts = reg == REG_CTR && writes(s, reg);
        if (when > execution(p) && reg >= REG_CA)
            *waits |= counts || !finds_target;
    }
    return known;
}

static uint32_t most_unresolved(const struct ooo *p)
{
    return p->keys.unresolved_branches ? p->keys.unresolved_branches : FOLD_MAX;
}

/* A branch that was squashed with a load, and is fetched again, goes where it went before. */
static void predict(struct ooo *p, struct inst *s, uint64_t position, bool known)
{
    struct prediction *b = prediction_at(p, position);
    if (!s->predicted) {
        branch_unit_predict(p->branches, s->op.insn, b);
        if (known)
            branch_unit_correct(p->branches, s->op.insn, b, s->op.flags & OP_TAKEN,
                                s->op.next_pc);
        s->predicted = true;
        s->mispredicted = b->decode_next != s->op.next_pc;
    }
    if (s->mispredicted)
        ooo_diverge(p, s, b->decode_next);
    struct decision *d = decision_at(p, position);
    d->known_cycle = known && !s->mispredicted ? execution(p) : NEVER;
    if (d->known_cycle == NEVER)
        p->fold.unresolved[p->fold.count++] = (struct unresolved){.position = position};
}

/* False when the branch waits. */
static bool decide(struct ooo *p, struct inst *s, uint64_t position)
{
    bool waits;
    uint64_t known = sources_known(p, position, &waits);
    if (known > execution(p) && (waits || p->fold.count == most_unresolved(p))) {
        if (known != NEVER)
            ooo_want(p, known - p->keys.decode_cycles);
        return false;
    }
    if (s->mispredicted && p->fold.count == most_unresolved(p))
        return false;
    predict(p, s, position, known <= execution(p));
    decision_at(p, position)->decided_cycle = execution(p);
    ooo_progress(p);
    return true;
}

static bool makes_uop(const struct inst *s) { return s->op.deps->out_count != 0; }

/* Fetch goes on at the target: in the same cycle when its instructions are at hand. */
static void go_to_target(struct ooo *p, struct inst *s, uint64_t position)
{
    const struct prediction *b = prediction_at(p, position);
    struct fetch_stage *f = &p->fetch;
    uint64_t next = s->mispredicted ? b->decode_next : s->op.next_pc;
    uint64_t cycle = max_u64(p->cycle, p->fold.free_cycle);
    bool is_hit = b->fetch_next == next;
    f->block_pa = NEVER;
    f->part = PART_BRANCH;
    f->resume_cycle = cycle + (is_hit ? p->keys.taken_bubble_cycles
                                      : p->keys.decode_redirect_cycles);
    p->fold.supply = is_hit ? p->keys.target_instructions : 0;
    if (!makes_uop(s)) {
        s->folded = true;
        p->fold.removed++;
    }
}

void ooo_fold_decide(struct ooo *p)
{
    struct fold_stage *o = &p->fold;
    while (o->deciding != NEVER && !p->fetch.stuck) {
        uint64_t position = o->deciding;
        struct inst *s = inst_at(p, position);
        if (s->ready_cycle == NEVER || !decide(p, s, position))
            return;
        o->deciding = NEVER;
        uint64_t next = s->mispredicted ? prediction_at(p, position)->decode_next
                                        : s->op.next_pc;
        if (next != s->op.pc + 4) /* bcl 20,31,$+4 is no exception */
            go_to_target(p, s, position);
        else if (!p->fetch.stuck)
            ooo_fetch_rest(p, o->rest);
        o->free_cycle = max_u64(p->cycle, o->free_cycle) + 1;
    }
}

/* From here on the map goes on without it. */
static void pass(struct ooo *p, struct inst *s)
{
    struct fold_stage *o = &p->fold;
    uint64_t known_cycle = decision_at(p, p->dispatch)->known_cycle;
    s->uop_first = p->rob_tail;
    s->uops = 0;
    s->dispatch_cycle = p->cycle;
    for (uint32_t n = 0; n < o->count && known_cycle == NEVER; n++) {
        struct unresolved *w = &o->unresolved[n];
        if (w->position != p->dispatch)
            continue;
        w->is_passed = true;
        for (uint32_t in = 0; in < s->op.deps->in_count && in < FOLD_SOURCES; in++)
            w->source[in] = p->map[s->op.deps->in[in]];
    }
    ooo_progress(p);
}

void ooo_fold_skip(struct ooo *p)
{
    while (p->dispatch != p->fetch.position) {
        struct inst *s = inst_at(p, p->dispatch);
        if (!s->folded)
            return;
        pass(p, s);
        p->dispatch++;
        p->fold.removed--;
    }
}

bool ooo_fold_dispatch(struct ooo *p, struct inst *s)
{
    if (p->dispatch == p->fold.deciding)
        return ooo_stall(p, &p->stats.stall_front, PART_COUNT);
    if (!makes_uop(s)) {
        pass(p, s);
        s->folded = true;
        p->dispatch++;
        return true;
    }
    struct step t;
    ooo_step_begin(p, &t, s->op.row->class, 0);
    ooo_step_out(&t, s->op.deps->out, s->op.deps->out_count);
    uint64_t cost = ooo_rename_cost(p, &t);
    if (p->rob_tail == p->rob_end)
        return ooo_stall(p, &p->stats.stall_rob, PART_COUNT);
    if (!rename_has_room(p, &cost))
        return ooo_stall(p, &p->stats.stall_rename, PART_RENAME);
    pass(p, s);
    ooo_rename_done(p, &t, s, cost, p->cycle + p->keys.dispatch_cycles + t.shape.latency);
    s->uops = 1;
    p->dispatch++;
    return true;
}

static uint64_t unresolved_known(struct ooo *p, const struct unresolved *w)
{
    bool waits;
    uint64_t known = 0;
    const struct insn_deps *d = inst_at(p, w->position)->op.deps;
    if (!w->is_passed)
        return sources_known(p, w->position, &waits);
    for (uint32_t n = 0; n < d->in_count && n < FOLD_SOURCES; n++)
        known = max_u64(known, entry_known(p, w->source[n]));
    return known;
}

static void remove_unresolved(struct fold_stage *o, uint32_t n)
{
    o->count--;
    for (; n < o->count; n++)
        o->unresolved[n] = o->unresolved[n + 1];
}

/* A branch that was right frees its place; one that was wrong takes all younger ones away. */
void ooo_fold_resolve(struct ooo *p)
{
    struct fold_stage *o = &p->fold;
    for (uint32_t n = 0; n < o->count;) {
        uint64_t position = o->unresolved[n].position;
        uint64_t known = unresolved_known(p, &o->unresolved[n]);
        struct inst *s = inst_at(p, position);
        if (known > p->cycle) {
            if (known != NEVER)
                ooo_want(p, known);
            n++;
            continue;
        }
        decision_at(p, position)->known_cycle = p->cycle;
        remove_unresolved(o, n);
        ooo_progress(p);
        if (s->mispredicted)
            ooo_branch_was_wrong(p, position,
                                 position < p->dispatch ? ooo_uop_end(s) : p->rob_tail);
    }
}

void ooo_fold_squash(struct ooo *p, uint64_t position)
{
    struct fold_stage *o = &p->fold;
    o->deciding = NEVER;
    o->supply = o->removed = 0;
    o->at_target = false;
    o->free_cycle = 0;
    while (o->count && o->unresolved[o->count - 1].position >= position)
        o->count--;
    for (uint64_t at = p->dispatch; at < position; at++)
        o->removed += inst_at(p, at)->folded;
}
