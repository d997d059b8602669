/* Where commit slots go that commit nothing: the oldest micro-operation and what it waits for are
 * to blame, or the front end when there is none. What is said of a cycle holds until something
 * changes, so that cycles slept through are charged at once. */
#include "models/pipeline/ooo/ooo.h"

static uint64_t *part_slots(struct ooo *p, enum cpi_part part) { return &p->cpi.slots[part]; }

static uint64_t *blame_front_end(struct ooo *p)
{
    struct fetch_stage *f = &p->fetch;
    if (p->dispatch != f->position) {
        const struct inst *s = inst_at(p, p->dispatch);
        if (s->ready_cycle == NEVER && f->group_first != f->group_last &&
            f->groups[f->group_first & (OOO_GROUPS - 1)].arrival == NEVER)
            return &f->lost;
        return part_slots(p, s->front_part);
    }
    if (f->stopped)
        return part_slots(p, PART_DRAIN);
    if (f->translating)
        return part_slots(p, PART_ITLB);
    return f->refused ? &f->lost : part_slots(p, f->part);
}

static uint64_t *blame_memory(struct ooo *p, const struct uop *u, uint64_t cycle)
{
    struct memory_uop *m = memory_of(p, u);
    if (m->tlb_waiting)
        return part_slots(p, PART_DTLB);
    if (u->links >> LINK_ACCESS & 1)
        return part_slots(p, PART_FORWARD);
    if (u->done_cycle != NEVER && u->flags & UOP_STORE &&
        ooo_final_cycle(p, u) <= cycle)
        return part_slots(p, PART_STORE);
    if (!(u->flags & UOP_LOAD))
        return part_slots(p, u->part);
    return u->done_cycle == NEVER ? &m->lost : part_slots(p, m->part);
}

static uint64_t *blame_oldest(struct ooo *p, const struct uop *u, uint64_t cycle)
{
    enum cpi_part part = u->part;
    if (!(u->flags & UOP_ISSUED)) {
        if (u->flags & UOP_HEAD)
            return part_slots(p, PART_SERIAL);
        part = u->ready_cycle > cycle ? inst_at(p, u->inst)->front_part : PART_UNIT;
    } else if (u->flags & (UOP_LOAD | UOP_STORE)) {
        return blame_memory(p, u, cycle);
    }
    /* A short wait is not the cause when dispatch stands still for want of something else. */
    if (part == PART_DEP_FIXED && p->stall_part != PART_COUNT)
        part = p->stall_part;
    return part_slots(p, part);
}

void ooo_lose(struct ooo *p, uint64_t cycle, uint64_t slots)
{
    uint64_t *to = p->rob_head == p->rob_tail
                       ? blame_front_end(p)
                       : blame_oldest(p, uop_at(p, p->rob_head), cycle);
    *to += slots;
    if (to < p->cpi.slots || to >= p->cpi.slots + PART_COUNT)
        p->unsettled += slots;
    else
        p->cpi.touched |= UINT64_C(1) << (to - p->cpi.slots);
}

static __attribute__((noinline)) void observe(struct ooo *p, uint64_t cycles)
{
    struct ooo_hists *h = &p->queue_hists;
    uint32_t waiting = 0;
    for (uint32_t n = 0; n < p->queues.queue_count; n++)
        waiting += p->queues.queue[n].used;
    hist_add_times(&h->rob, p->rob_tail - p->rob_head, cycles);
    hist_add_times(&h->issue_queues, waiting, cycles);
    hist_add_times(&h->load_queue, p->loads_in_flight, cycles);
    hist_add_times(&h->store_queue, p->store_last - p->store_commit, cycles);
}

static void count_occupancy(struct ooo *p, uint64_t cycles)
{
    if (__builtin_expect(p->hists.on, 0))
        observe(p, cycles);
    p->stats.rob_occupancy += (p->rob_tail - p->rob_head) * cycles;
    p->stats.load_queue_occupancy += p->loads_in_flight * cycles;
    p->stats.store_queue_occupancy += (p->store_last - p->store_commit) * cycles;
    if (p->stall)
        *p->stall += cycles;
}

void ooo_charge_until(struct ooo *p, uint64_t cycle)
{
    if (cycle <= p->charged)
        return;
    ooo_lose(p, p->charged, (cycle - p->charged) * p->keys.commit_width);
    count_occupancy(p, cycle - p->charged);
    if (p->hists.on)
        hist_add_times(&p->hists.retired_per_cycle, 0, cycle - p->charged);
    p->charged = cycle;
    p->core.stats.cycles = cycle;
}

/* After all stages of the cycle. */
void ooo_charge_cycle(struct ooo *p)
{
    count_occupancy(p, 1);
    if (__builtin_expect(p->hists.on, 0))
        core_hists_cycle(&p->hists, p->core.stats.instructions);
    p->charged = p->cycle + 1;
    p->core.stats.cycles = p->charged;
}
