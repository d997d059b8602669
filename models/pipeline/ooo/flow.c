#include "models/pipeline/ooo/flow.h"

#include <assert.h>
#include <string.h>

#include "models/pipeline/ooo/ooo.h"
#include "models/pipeline/ooo/wake.h"
#include "sim/base/bits.h"

static bool refuse(struct ooo *p, const char *key, struct err *e, const char *why)
{
    return config_error(p->env.config, p->env.section, key, e, "%s", why);
}

static bool name_bursts(struct ooo *p, struct err *e)
{
    const char *text = p->keys.bursts;
    char word[64];
    while (units_next_word(&text, word, sizeof word)) {
        char *colon = strchr(word, ':');
        if (colon)
            *colon = 0;
        const struct unit_kind *k = units_kind(&p->units, word);
        uint32_t n = colon ? units_number(colon + 1, 64) : 0;
        if (!n || !k || k->count != 1)
            return refuse(p, "bursts", e, "want KIND:N ..., kinds with one pipe, N 1..64");
        p->flows.of_kind[k - p->units.kind].burst = (uint8_t)n;
    }
    return true;
}

/* The kind's one pipe may stand still. */
static bool make_flow(struct ooo *p, const char *key, uint32_t kind, uint32_t lead, struct err *e)
{
    struct flow *f = &p->flows.of_kind[kind];
    const struct unit_kind *k = &p->units.kind[kind];
    const struct port *port = &p->queues.port[p->queues.first_port[kind]];
    if (k->count != 1 || !p->queues.queue[port->queue].in_order)
        return refuse(p, key, e, "needs one pipe of the kind, behind a queue that issues in order");
    f->lead = (uint8_t)max_u64(f->lead, lead);
    f->pipe = k->first;
    for (uint32_t class = 0; class < CLASS_COUNT; class++)
        for (uint32_t n = 0; n < p->units.class[class].steps; n++) {
            const struct unit_step *s = &p->units.class[class].step[n];
            if (s->kinds >> kind & 1 && s->latency <= f->lead)
                return refuse(p, key, e, "a class of these pipes has a latency as short as that");
            if (s->kinds >> kind & 1 && s->interval == 1)
                f->depth = (uint16_t)max_u64(f->depth, s->latency);
        }
    return f->depth <= FLOW_MAX || refuse(p, key, e, "a pipe of these has too many stages");
}

static bool name_bypasses(struct ooo *p, struct err *e)
{
    const char *text = p->keys.bypasses;
    char word[64];
    while (units_next_word(&text, word, sizeof word)) {
        const struct unit_kind *k = units_kind(&p->units, word);
        if (!k)
            return refuse(p, "bypasses", e, "want kinds as in `pipes`");
        if (!make_flow(p, "bypasses", (uint32_t)(k - p->units.kind), 1, e))
            return false;
        p->flows.of_kind[k - p->units.kind].bypasses = true;
    }
    return true;
}

bool ooo_flows_create(struct ooo *p, struct err *e)
{
    uint32_t lead = p->keys.late_fpscr_cycles;
    for (uint32_t n = 0; n < UNITS_MAX_KINDS; n++)
        p->flows.of_kind[n].stalled_from = NEVER;
    uint32_t kind = (uint32_t)__builtin_ctz(p->units.class[CLASS_FADD].step[0].kinds);
    if (lead && !make_flow(p, "late_fpscr_cycles", kind, lead, e))
        return false;
    p->flows.fpscr_free = p->keys.rename_fpscr;
    p->flows.exist = lead || *p->keys.bursts || *p->keys.bypasses;
    return name_bursts(p, e) && name_bypasses(p, e);
}

/* What stands between the first stage and the last waits a cycle. */
static void let_pass(struct ooo *p, struct flow *f)
{
    for (uint32_t n = 0; n < f->count; n++) {
        struct uop *u = &p->uops[f->uop[n]];
        uint64_t stage = p->cycle + f->depth - (u->event_cycle + f->lead);
        if (u->latency != f->depth || !stage || stage > f->depth - 2u)
            continue;
        ooo_unschedule(p, u);
        ooo_schedule(p, u, EVENT_FLOW, u->event_cycle + 1);
    }
}

static void count_burst(struct ooo *p, struct flow *f, uint32_t pipe)
{
    f->streak = f->last_start + 1 == p->cycle ? f->streak + 1 : 1;
    f->last_start = p->cycle;
    if (f->streak < f->burst)
        return;
    f->streak = 0;
    p->units.free_from[pipe] = max_u64(p->units.free_from[pipe], p->cycle + 2);
}

bool ooo_flow_start(struct ooo *p, struct uop *u, uint32_t pipe)
{
    struct flow *f = &p->flows.of_kind[u->kind];
    if (f->burst)
        count_burst(p, f, pipe);
    if (!f->lead)
        return false;
    if (f->bypasses && u->latency < f->depth)
        let_pass(p, f);
    assert(f->count < FLOW_MAX);
    f->uop[f->count++] = (uint16_t)uop_index(p, u);
    u->traits |= TRAIT_FLOWS;
    ooo_schedule(p, u, EVENT_FLOW, p->cycle + u->latency - f->lead);
    return true;
}

static void remove_from(struct flow *f, uint32_t index)
{
    uint32_t n = 0;
    while (f->uop[n] != index)
        n++;
    f->count--;
    memmove(&f->uop[n], &f->uop[n + 1], (f->count - n) * sizeof *f->uop);
}

/* The uop wants a rename and all stages behind it wait; they keep their event_cycle. */
static void stall(struct ooo *p, struct flow *f, const struct uop *first)
{
    for (uint32_t n = 0; n < f->count; n++)
        if (f->uop[n] != uop_index(p, first))
            ooo_unschedule(p, &p->uops[f->uop[n]]);
    f->stalled_from = p->cycle;
    f->free_from = p->units.free_from[f->pipe];
    p->units.free_from[f->pipe] = NEVER;
}

static void restart(struct ooo *p, struct flow *f)
{
    uint64_t cycle = p->cycle + p->keys.fpscr_restart_cycles, shift = cycle - f->stalled_from;
    for (uint32_t n = 0; n < f->count; n++) {
        struct uop *u = &p->uops[f->uop[n]];
        ooo_schedule(p, u, EVENT_FLOW, u->event_cycle + shift);
    }
    p->units.free_from[f->pipe] = max_u64(f->free_from, f->stalled_from) + shift;
    p->stats.fpscr_stall_cycles += shift;
    f->last_start += shift;
    f->stalled_from = NEVER;
    ooo_progress(p);
}

void ooo_flow_leave(struct ooo *p, struct uop *u)
{
    struct flow *f = &p->flows.of_kind[u->kind];
    if (u->traits & TRAIT_FPSCR && !p->flows.fpscr_free) {
        stall(p, f, u);
        return;
    }
    if (u->traits & TRAIT_FPSCR) {
        p->flows.fpscr_free--;
        u->traits ^= TRAIT_FPSCR | TRAIT_HOLDS_FPSCR;
    }
    remove_from(f, uop_index(p, u));
    u->traits &= (uint8_t)~TRAIT_FLOWS;
    u->done_cycle = p->cycle + f->lead;
    ooo_publish(p, result_list(p, u), u->done_cycle);
}

void ooo_flow_release(struct ooo *p, struct uop *u)
{
    if (!(u->traits & TRAIT_HOLDS_FPSCR))
        return;
    struct flow *f = &p->flows.of_kind[u->kind];
    p->flows.fpscr_free++;
    if (f->stalled_from != NEVER)
        restart(p, f);
}

/* Of a pipe that stands still the first is squashed last: it was the oldest. */
void ooo_flow_squash(struct ooo *p, struct uop *u)
{
    struct flow *f = &p->flows.of_kind[u->kind];
    if (u->traits & TRAIT_FLOWS)
        remove_from(f, uop_index(p, u));
    if (u->traits & TRAIT_FLOWS && !f->count && f->stalled_from != NEVER) {
        p->units.free_from[f->pipe] = p->cycle;
        f->stalled_from = NEVER;
    }
    ooo_flow_release(p, u);
}
