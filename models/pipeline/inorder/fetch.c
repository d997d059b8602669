/* Blocks of the instruction cache, and the right path through them, which comes executed from the
 * op source. */
#include "models/pipeline/inorder/inorder.h"
#include "sim/base/bits.h"
#include "sim/exec/quick.h"

static void fetch_done(struct mem_request *r)
{
    struct pending_request *q = (struct pending_request *)r;
    struct inorder *p = q->core;
    struct fetch_stage *f = &p->fetch;
    inorder_woken(p, r->ready);
    if (q->tag == f->generation) {
        enum cpi_part part = cpi_fetch_level(r->level, p->env.fetch_memory_level);
        f->waiting = false;
        f->block_delay = 0; /* forwarded on arrival */
        if (!f->wrong_path) {
            inorder_settle(p, &f->pending, part);
            f->part = (uint8_t)part;
        }
    }
    inorder_release(p, q);
}

void inorder_fetch_wake(struct port_waiter *w, uint64_t now)
{
    struct inorder *p = w->owner;
    inorder_woken(p, now);
    p->fetch.waiting = false;
    p->fetch.block_pa = NEVER; /* ask again */
}

static inline uint64_t block_of(const struct inorder *p, uint64_t pa)
{
    return pa & ~(p->keys.fetch_bytes - 1);
}

/* Where there is an instruction TLB: whether the page of the block is known. */
static __attribute__((noinline)) bool translated(struct inorder *p, uint64_t pa, uint64_t pc)
{
    struct fetch_stage *f = &p->fetch;
    struct tlb_request r = {.ea = block_of(p, pc), .pa = block_of(p, pa), .pc = pc,
                            .command = MEM_FETCH};
    if (inorder_ask_tlb(p, &f->translation, &p->env.itlb, &r))
        return true;
    if (!f->wrong_path && f->part != PART_ITLB) {
        f->part = PART_ITLB;
        inorder_progress(p);
    }
    return false;
}

/* A block that had been refused before, or was on its way already. */
static void charge_late_block(struct inorder *p, uint32_t level)
{
    enum cpi_part part = cpi_fetch_level(level, p->env.fetch_memory_level);
    if (p->fetch.pending)
        inorder_settle(p, &p->fetch.pending, part);
    if (level > 1)
        p->fetch.part = (uint8_t)part;
}

bool inorder_open_block(struct inorder *p, uint64_t pa, uint64_t pc)
{
    struct fetch_stage *f = &p->fetch;
    uint64_t block = block_of(p, pa), now = engine_now(p->env.engine);
    struct pending_request *q;
    if (f->waiter.waiting || (p->env.itlb.translate && !translated(p, pa, pc)))
        return false;
    q = inorder_request(p, f->generation);
    if (!q)
        return false;
    q->request = (struct mem_request){.pa = block, .pc = pc, .command = MEM_FETCH,
                                      .bytes = (uint32_t)p->keys.fetch_bytes,
                                      .core = (uint8_t)p->env.number, .done = fetch_done};
    enum port_reply reply = p->env.fetch.access(p->env.fetch.node, &q->request, now);
    inorder_progress(p);
    if (reply == PORT_BUSY) {
        inorder_release(p, q);
        f->waiting = true;
        p->env.fetch.wait(p->env.fetch.node, &f->waiter);
        return false;
    }
    if (p->env.itlb.translate)
        inorder_translation_end(&f->translation);
    p->core.stats.fetch_blocks++;
    f->block_pa = block;
    f->waiting = reply == PORT_MISS;
    if (reply == PORT_HIT) {
        f->block_delay = inorder_cycle_of(p, ARRIVAL_BLOCK, q->request.ready) - p->cycle;
        if (!f->wrong_path && (f->pending || q->request.level > 1))
            charge_late_block(p, q->request.level);
        inorder_release(p, q);
    }
    return !f->waiting;
}

static bool stop_fetch(struct inorder *p, enum core_end why)
{
    p->fetch.stopped = p->has_news = true;
    p->fetch.why = why;
    /* what waited for a cache that had refused a wrong path's fetch, and now asks for nothing */
    inorder_settle(p, &p->fetch.pending, PART_DRAIN);
    inorder_progress(p);
    return false;
}

/* There is no next instruction now. */
static bool no_op(struct inorder *p, enum cpi_part why)
{
    if (p->fetch.part != why)
        inorder_progress(p);
    p->fetch.part = (uint8_t)why;
    return false;
}

/* Bits of a multiply's operands, as signed numbers of the width that it reads. */
static uint8_t multiply_size(const struct op *op)
{
    uint32_t class = op->row->class;
    if (class < CLASS_MULI || class > CLASS_MULD || !op->operands)
        return MULTIPLY_32X32;
    if (op->row->flags & F_MAC)
        return MULTIPLY_16X16;
    int64_t a = (int64_t)op->operands->a, b = (int64_t)op->operands->b;
    if (class != CLASS_MULD) {
        a = (int32_t)a;
        b = class == CLASS_MULI ? op->insn->imm : (int32_t)b;
    }
    return (uint8_t)(((int16_t)a == a) + ((int16_t)b == b));
}

/* When the quick way is none: false, and why. Who needs operands has no quick way. */
static __attribute__((noinline)) bool next_slowly(struct inorder *p, struct slot *s)
{
    bool is_oldest = p->head == p->tail && p->store_first == p->store_last;
    switch (p->env.source.next(p->env.source.source, &s->op, is_oldest)) {
    case EXEC_OK:
        s->small = p->core.needs_operands ? multiply_size(&s->op) : MULTIPLY_32X32;
        return true;
    case EXEC_WAIT:
        return no_op(p, PART_SERIAL);
    case EXEC_IDLE:
        return no_op(p, PART_IDLE);
    default:
        return stop_fetch(p, CORE_HALTED);
    }
}

/* Gets the next right-path instruction executed into s; false when there is none to be had now. */
static inline bool next_op(struct inorder *p, struct exec *quick, struct slot *s)
{
    struct fetch_stage *f = &p->fetch;
    if (f->fetched >= p->env.max_instructions)
        return stop_fetch(p, CORE_LIMIT);
    if (!(quick && exec_next_quickly(quick, &s->op)) && !next_slowly(p, s))
        return false;
    f->fetched++;
    if (s->op.flags & (OP_LOAD | OP_FAULT)) {
        cache_op_adapt(&s->op);
        f->fetched -= (s->op.flags & OP_FAULT) != 0;
    }
    inorder_progress(p);
    return true;
}

static void wait_for_retirement(struct inorder *p, uint64_t position, enum cpi_part part)
{
    p->fetch.resume_cycle = NEVER;
    p->fetch.resume_position = position;
    p->fetch.part = (uint8_t)part;
}

/* Fetch goes on at pc after the branch in the youngest slot, until the cycle `until`. */
static void start_wrong_path(struct inorder *p, uint64_t pc, uint64_t until, enum cpi_part part)
{
    inorder_wrong_path(p, p->tail - 1, pc, p->cycle, until);
    p->fetch.part = (uint8_t)part;
}

/* After a branch was put into the queue; true when it ends this cycle's fetch. */
static bool follow_branch(struct inorder *p, struct slot *s)
{
    struct prediction *b = prediction_at(p, p->tail - 1);
    struct fetch_stage *f = &p->fetch;
    branch_unit_predict(p->branches, s->op.insn, b);
    if (b->decode_next != s->op.next_pc) {
        s->mispredicted = true;
        start_wrong_path(p, b->decode_next, NEVER, PART_MISPREDICT);
    } else if (b->fetch_next != b->decode_next) {
        uint64_t arrival = p->cycle + f->block_delay;
        start_wrong_path(p, b->fetch_next, arrival + p->keys.decode_redirect_cycles, PART_BRANCH);
    } else if (s->op.next_pc == s->op.pc + 4) {
        return false;
    } else {
        f->resume_cycle = p->cycle + 1 + p->keys.taken_bubble_cycles;
        f->part = PART_BRANCH;
    }
    f->block_pa = NEVER;
    return true;
}

/* A branch that will be looked at in the queue: until then fetch goes on behind it, which is the
 * wrong path if it is taken; true when it ends this cycle's fetch. */
static __attribute__((noinline)) bool pass_branch(struct inorder *p, struct slot *s,
                                                  uint64_t position)
{
    s->early = EARLY_NEW;
    if (s->op.next_pc == s->op.pc + 4)
        return false;
    inorder_wrong_path(p, position, s->op.pc + 4, p->cycle, NEVER);
    p->fetch.part = PART_BRANCH;
    return true;
}

/* The executed instruction in the slot at the tail gets its place in the queue; true when fetch
 * ends for this cycle. */
static inline bool enter(struct inorder *p, struct slot *s)
{
    struct fetch_stage *f = &p->fetch;
    uint64_t position = p->tail++;
    s->needs = s->op.deps->needs;
    s->ready_cycle = p->cycle + f->block_delay + p->keys.decode_cycles;
    s->pending = 0;
    s->early = EARLY_OFF;
    s->mispredicted = false;
    s->front_part = f->part;
    f->part = PART_FETCH;
    if (!(s->op.flags & (OP_SYSTEM | OP_SERIAL | OP_BRANCH)))
        return false;
    if (s->op.flags & (OP_SYSTEM | OP_SERIAL)) {
        wait_for_retirement(p, position, s->op.flags & OP_SYSTEM ? PART_SYSTEM : PART_SERIAL);
        f->block_pa = NEVER;
        return true;
    }
    return p->keys.early_branches ? pass_branch(p, s, position) : follow_branch(p, s);
}

/* Whether its block is at hand; another one is asked for only first in a cycle. */
static inline bool can_deliver(struct inorder *p, const struct op *op, bool is_first)
{
    return inorder_is_at_hand(p, op->fetch_pa) ||
           (is_first && inorder_open_block(p, op->fetch_pa, op->pc));
}

/* Fetches again what had left the queue. */
static void fetch_again(struct inorder *p, uint32_t room)
{
    struct fetch_stage *f = &p->fetch;
    for (uint32_t n = 0; n < room && f->again; n++) {
        struct slot *s = slot_at(p, p->tail);
        if (!can_deliver(p, &s->op, !n))
            return;
        inorder_progress(p);
        f->again--;
        if (enter(p, s))
            return;
    }
}

/* What was executed in an earlier cycle and could not be delivered then; false when fetch ends. */
static __attribute__((noinline)) bool deliver_kept(struct inorder *p)
{
    struct slot *s = slot_at(p, p->tail);
    if (!can_deliver(p, &s->op, true))
        return false;
    p->fetch.have_op = false;
    inorder_progress(p);
    return !enter(p, s);
}

/* Up to `room` instructions of the right path; `room` is not 0. */
static void fetch_right(struct inorder *p, uint32_t room)
{
    struct fetch_stage *f = &p->fetch;
    struct exec *quick = p->env.source.quick;
    uint32_t n = f->have_op;
    if (__builtin_expect(f->again != 0, 0)) {
        fetch_again(p, room);
        return;
    }
    if (n && !deliver_kept(p))
        return;
    for (struct slot *s = slot_at(p, p->tail); n < room; n++) {
        if (!next_op(p, quick, s))
            return;
        if (!can_deliver(p, &s->op, !n)) {
            f->have_op = true;
            return;
        }
        if (enter(p, s))
            return;
        s = slot_behind(p, s);
    }
}

/* Instructions that may be fetched in this cycle. Nothing leaves the queue meanwhile. */
static inline uint32_t fetch_room(const struct inorder *p)
{
    uint64_t waiting = p->tail - p->issue + p->fetch.wrong_count;
    return waiting < p->queue_room ? (uint32_t)min_u64(p->keys.fetch_width, p->queue_room - waiting)
                                   : 0;
}

/* On the wrong path, which may end now. Answers whether fetch is on the right one. */
static inline bool pass_wrong_path(struct inorder *p)
{
    struct fetch_stage *f = &p->fetch;
    if (p->cycle >= f->redirect_cycle) {
        inorder_wrong_end(p);
        return true;
    }
    if (f->stopped && !f->again)
        return false;
    inorder_want(p, f->redirect_cycle);
    uint32_t room = f->waiting ? 0 : fetch_room(p);
    if (p->cycle < f->wrong_from)
        inorder_want(p, f->wrong_from);
    else if (room)
        inorder_fetch_wrong(p, room);
    return false;
}

/* For those who watch: of what has been fetched in this cycle. */
static __attribute__((noinline)) void note_cycle(struct inorder *p, uint64_t first)
{
    for (; first < p->tail; first++)
        slot_at(p, first)->fetch_cycle = p->cycle;
}

/* Most cycles of a busy core have no room, and end here. */
void inorder_fetch(struct inorder *p)
{
    struct fetch_stage *f = &p->fetch;
    if ((f->wrong_path && !pass_wrong_path(p)) || (f->stopped && !f->again))
        return;
    if (p->cycle < f->resume_cycle) {
        inorder_want(p, f->resume_cycle);
        return;
    }
    uint32_t room = f->waiting ? 0 : fetch_room(p);
    uint64_t first = p->tail;
    if (room)
        fetch_right(p, room);
    if (__builtin_expect(p->is_watched, 0))
        note_cycle(p, first);
}

/* A block on its way still fills the cache. */
void inorder_fetch_forget(struct inorder *p)
{
    struct fetch_stage *f = &p->fetch;
    f->wrong_count = 0;
    f->generation++;
    inorder_translation_end(&f->translation);
    f->block_pa = NEVER;
    f->waiting = f->waiter.waiting;
    inorder_progress(p);
}

void inorder_fetch_resume(struct inorder *p, uint64_t cycle)
{
    p->fetch.resume_cycle = cycle;
    p->fetch.resume_position = NEVER;
}
