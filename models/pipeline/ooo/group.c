/* Rules for the micro-operations that are dispatched in one cycle. With group_slots they make a
 * dispatch group, as in POWER4, 970 and POWER8: formed from what is decoded, ended by a branch, it
 * commits as a whole. A cracked instruction stays in one group; one of more than two steps has a
 * group to itself; what a resource cuts off is the next group. */
#include <string.h>

#include "models/pipeline/ooo/ooo.h"

static bool name_classes(bool *set, const char *key, const char *text, const struct ooo *p,
                         struct err *e)
{
    char word[32];
    while (units_next_word(&text, word, sizeof word)) {
        uint32_t n = 0;
        while (n < CLASS_COUNT && strcmp(units_key_rows[n + 1].name, word))
            n++;
        if (n == CLASS_COUNT)
            return config_error(p->env.config, p->env.section, key, e,
                                "'%s' is not a unit class (a key of [core.units])", word);
        for (uint32_t m = 0; m < CLASS_COUNT; m++)
            set[m] |= m == n || p->units.as[m] == n;
    }
    return true;
}

/* KIND[+KIND...]: they share the limit, whose number is the first one's. */
static bool share_limit(struct ooo *p, char *names, uint32_t most)
{
    struct group_rules *r = &p->rules;
    char *save = NULL;
    uint32_t first = UNITS_MAX_KINDS;
    for (char *name = strtok_r(names, "+", &save); name; name = strtok_r(NULL, "+", &save)) {
        const struct unit_kind *k = units_kind(&p->units, name);
        if (!k)
            return false;
        uint32_t kind = (uint32_t)(k - p->units.kind);
        first = first == UNITS_MAX_KINDS ? kind : first;
        r->limit_of[kind] = (uint8_t)first;
    }
    if (first == UNITS_MAX_KINDS)
        return false;
    r->limit[first] = most;
    return true;
}

static bool name_limits(struct ooo *p, struct err *e)
{
    const char *text = p->keys.dispatch_limits;
    char word[64];
    while (units_next_word(&text, word, sizeof word)) {
        char *colon = strchr(word, ':');
        if (colon)
            *colon = 0;
        uint32_t n = colon ? units_number(colon + 1, 16) : 0;
        if (!n || !share_limit(p, word, n))
            return config_error(p->env.config, p->env.section, "dispatch_limits", e,
                                "want KIND[+KIND...]:N ..., kinds as in `pipes`, N 1..16");
    }
    return true;
}

/* A load or branch that had committed could not tell any more what became of it. */
static bool check_early(const struct ooo *p, struct err *e)
{
    for (uint32_t n = CLASS_BR; n < CLASS_COUNT; n++)
        if (p->rules.early[n] && (n <= CLASS_SC || class_is_sync(n)))
            return config_error(p->env.config, p->env.section, "commit_early", e,
                                "'%s' is no arithmetic class", units_key_rows[n + 1].name);
    return true;
}

/* One micro-operation for all registers is not in the rename map: nothing may look for it there. */
static bool check_multiple(const struct ooo *p, struct err *e)
{
    const struct group_rules *r = &p->rules;
    return p->keys.multiple_registers ||
           (r->oldest[CLASS_LDX] && r->oldest[CLASS_STX] && r->completes[CLASS_LDX] &&
            r->completes[CLASS_STX]) ||
           config_error(p->env.config, p->env.section, "multiple_registers", e,
                        "0 needs loadm and storem in oldest_first and in completes_alone");
}

static bool name_finish(struct ooo *p, struct err *e)
{
    const char *text = p->keys.finish_cycles;
    char word[64];
    while (units_next_word(&text, word, sizeof word)) {
        char *colon = strchr(word, ':');
        if (colon)
            *colon = 0;
        const struct unit_kind *k = units_kind(&p->units, word);
        uint32_t n = colon ? units_number(colon + 1, 16) : 0;
        if (!n || !k)
            return config_error(p->env.config, p->env.section, "finish_cycles", e,
                                "want KIND:N ..., kinds as in `pipes`, N 1..16");
        p->rules.finish[k - p->units.kind] = (uint8_t)n;
    }
    return true;
}

static bool name_records(struct ooo *p, struct err *e)
{
    bool all = !strcmp(p->keys.crack_record, "yes");
    for (uint32_t n = 0; n < CLASS_COUNT; n++)
        p->rules.record[n] = all;
    return all || !strcmp(p->keys.crack_record, "no") ||
           name_classes(p->rules.record, "crack_record", p->keys.crack_record, p, e);
}

/* What takes more slots than there are would never go. */
static bool check_slots(struct ooo *p, const char *section, struct err *e)
{
    for (uint32_t n = 0; n < CLASS_COUNT; n++)
        for (uint32_t s = 0; s < p->units.class[n].steps; s++) {
            uint32_t slots = p->units.class[n].step[s].slots;
            p->rules.of_dispatch |= slots > 1;
            if (slots > p->keys.dispatch_width)
                return config_error(p->env.config, section, units_key_rows[n + 1].name, e,
                                    "takes %u slots of the %u of dispatch_width", slots,
                                    p->keys.dispatch_width);
        }
    return true;
}

bool ooo_rules_create(struct ooo *p, const char *units, struct err *e)
{
    struct group_rules *r = &p->rules;
    const struct ooo_keys *k = &p->keys;
    for (uint32_t n = 0; n < UNITS_MAX_KINDS; n++) {
        r->limit[n] = UINT32_MAX;
        r->limit_of[n] = (uint8_t)n;
    }
    r->commits = k->commit_gprs || k->commit_taken_ends || *k->commit_early;
    r->serial = *k->oldest_first || *k->completes_alone || k->oldest_carry;
    r->exist = k->branch_ends_dispatch || k->group_slots || *k->group_alone || *k->group_first ||
               *k->dispatch_limits;
    r->of_commit = r->commits || k->fold_branches || k->group_slots;
    r->of_dispatch = r->exist || r->serial || k->fold_branches || *k->dispatch_renames;
    if (k->group_slots && k->group_branch && k->group_slots < 2)
        return config_error(p->env.config, p->env.section, "group_slots", e,
                            "one slot is the branch's (group_branch = yes): at least 2");
    if (k->group_slots && k->late_fpscr_cycles)
        return config_error(p->env.config, p->env.section, "late_fpscr_cycles", e,
                            "not with group_slots: a group that needs more renames than there are "
                            "would wait for its own commit");
    if (k->group_slots > k->commit_width)
        return config_error(p->env.config, p->env.section, "group_slots", e,
                            "a group commits in one cycle: at most commit_width (%u)",
                            k->commit_width);
    return name_classes(r->alone, "group_alone", k->group_alone, p, e) &&
           name_classes(r->first, "group_first", k->group_first, p, e) &&
           name_classes(r->early, "commit_early", k->commit_early, p, e) &&
           name_classes(r->oldest, "oldest_first", k->oldest_first, p, e) &&
           name_classes(r->completes, "completes_alone", k->completes_alone, p, e) &&
           check_early(p, e) && check_multiple(p, e) && name_limits(p, e) && name_finish(p, e) &&
           name_records(p, e) && check_slots(p, units, e);
}

void ooo_group_open(struct ooo *p)
{
    struct group_rules *r = &p->rules;
    r->used = 0;
    r->closed = false;
    memset(r->used_of, 0, sizeof r->used_of);
}

/* Slots for what is no branch. */
static uint32_t plain_slots(const struct ooo *p)
{
    return p->keys.group_slots - (p->keys.group_branch ? 1 : 0);
}

static bool ends_with_branch(const struct ooo *p, const struct inst *s)
{
    return s->op.flags & OP_BRANCH || p->plan.insts == 2;
}

static bool fits(const struct ooo *p, const struct plan *plan, bool is_branch)
{
    uint32_t slots = is_branch ? p->keys.group_slots : plain_slots(p);
    return plan->count <= 2 && p->rules.used + plan->count <= slots;
}

bool ooo_group_admits(const struct ooo *p, const struct inst *s)
{
    const struct group_rules *r = &p->rules;
    const struct step *t = &p->plan.steps[0];
    if (!r->used)
        return true;
    if (r->closed || r->alone[t->shape.class] || r->first[t->shape.class])
        return false;
    if (!p->keys.group_slots)
        return true;
    /* What has to be the oldest cannot wait for the rest of its own group. */
    return !(t->shape.flags & UOP_HEAD) && fits(p, &p->plan, ends_with_branch(p, s));
}

bool ooo_group_has_room(const struct ooo *p, const struct step *t)
{
    const struct group_rules *r = &p->rules;
    uint32_t slots = t->shape.class == CLASS_BR ? p->keys.group_slots : plain_slots(p);
    uint32_t open = t->shape.kinds;
    while (open && ooo_group_is_full(p, (uint32_t)__builtin_ctz(open)))
        open &= open - 1;
    if (!open)
        return false;
    if (!p->keys.group_slots)
        return true;
    return r->used < slots && (r->used || p->groups < p->keys.group_count);
}

void ooo_group_take(struct ooo *p, const struct step *t, const struct inst *s, uint32_t kind,
                    bool is_last)
{
    struct group_rules *r = &p->rules;
    r->used++;
    r->used_of[r->limit_of[kind]]++;
    if (!is_last)
        return;
    bool is_branch = ends_with_branch(p, s), grouped = p->keys.group_slots != 0;
    r->closed |= r->alone[t->shape.class] || (grouped && p->plan.count > 2) ||
                 (is_branch && (p->keys.branch_ends_dispatch ||
                                (grouped && p->keys.group_branch)));
}

void ooo_group_close(struct ooo *p)
{
    uop_at(p, p->rob_tail - 1)->flags |= UOP_GROUP_END;
    p->groups++;
}

void ooo_group_cut(struct ooo *p)
{
    if (p->keys.group_slots && p->rob_tail != p->rob_head &&
        !(uop_at(p, p->rob_tail - 1)->flags & UOP_GROUP_END))
        ooo_group_close(p);
}

/* A load may wait for a store of its own group to drain: what is older then commits by itself. */
static bool group_done(struct ooo *p)
{
    while (p->rob_done != p->rob_tail) {
        const struct uop *u = uop_at(p, p->rob_done);
        if (u->done_cycle == NEVER)
            return u->links >> LINK_ACCESS & 1 && p->rob_done != p->rob_head;
        if (ooo_final_cycle(p, u) > p->cycle) {
            ooo_want(p, ooo_final_cycle(p, u));
            return false;
        }
        p->rob_done++;
        if (u->flags & UOP_GROUP_END)
            return true;
    }
    return false;
}

uint64_t ooo_group_commit(struct ooo *p)
{
    if (p->commit_until > p->rob_head)
        return p->commit_until; /* the store buffer had no room for all of it */
    if (group_done(p))
        p->commit_until = p->rob_done;
    return p->commit_until;
}
