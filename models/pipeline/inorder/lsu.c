/* Loads and stores between issue and retirement. Loads ask the data cache in order, agen_cycles
 * after issue and when the TLB knows their page, and need not wait for each other's data. Stores
 * stand in the store buffer from issue on, give their data to younger loads, and go to the cache in
 * order once they have retired; loads go first. */
#include "models/pipeline/inorder/inorder.h"
#include "sim/base/bits.h"
#include "sim/isa/state.h"

#define LOAD(p, n)  ((p)->loads[(n) & (INORDER_LOADS - 1)])
#define STORE(p, n) ((p)->stores[(n) & (p)->store_mask])

void inorder_data_wake(struct port_waiter *w, uint64_t now)
{
    struct inorder *p = w->owner;
    inorder_woken(p, now);
    p->data_blocked = false;
}

static void refuse(struct inorder *p)
{
    p->data_blocked = true;
    p->env.data.wait(p->env.data.node, &p->data_waiter);
}

/* Bytes of the aligned block that one access covers; what works on a cache block takes it whole. */
static uint32_t access_block(const struct inorder *p, const struct op *op)
{
    uint32_t block = (uint32_t)p->keys.access_bytes;
    uint32_t line = op->bytes && op->cache == OP_CACHE_INVALIDATE ? p->env.fetch_line
                                                                  : p->env.data_line;
    return block && block < line && !class_is_cache(op->row->class) ? block : line;
}

uint32_t inorder_accesses(const struct inorder *p, const struct op *op)
{
    uint64_t block = access_block(p, op), first = op->pa & (block - 1);
    return op->bytes ? (uint32_t)((first + op->bytes + block - 1) / block) : 1;
}

/* Bytes from pa on that one request may carry. */
static uint32_t part_bytes(uint64_t pa, uint32_t left, uint32_t block)
{
    return (uint32_t)min_u64(left, block - (pa & (block - 1)));
}

/* Where an access goes on after a part: parts end at lines, so they end at pages. */
static uint64_t part_after(uint64_t pa, uint64_t second_page_pa)
{
    return pa & (FRAME_BYTES - 1) ? pa : second_page_pa;
}

/* All parts are answered: the result exists. The class's latency counts the cache access as one
 * cycle. */
static void load_finish(struct inorder *p, uint64_t position)
{
    struct slot *s = slot_at(p, position);
    const struct issue_class *k = &p->class[s->needs.class];
    uint64_t asked = s->data_cycle - 1;
    if (s->wait_part != PART_STORE)
        s->wait_part = (uint8_t)cpi_data_level(s->level, p->env.data_memory_level);
    s->done_cycle = asked + k->written;
    if (s->pending)
        inorder_settle(p, &s->pending, s->wait_part);
    inorder_publish(p, position, asked + k->usable);
}

static void part_answered(struct inorder *p, uint64_t position, const struct mem_request *r)
{
    struct slot *s = slot_at(p, position);
    s->data_cycle = max_u64(s->data_cycle, inorder_cycle_of(p, ARRIVAL_DATA, r->ready));
    s->level = (uint8_t)max_u64(s->level, r->level);
    if (!s->access_left && !s->outstanding)
        load_finish(p, position);
}

static void load_done(struct mem_request *r)
{
    struct pending_request *q = (struct pending_request *)r;
    struct inorder *p = q->core;
    inorder_woken(p, r->ready);
    slot_at(p, q->tag)->outstanding--;
    part_answered(p, q->tag, r);
    inorder_release(p, q);
}

void inorder_load_start(struct inorder *p, uint64_t position)
{
    struct slot *s = slot_at(p, position);
    s->access_cycle = p->cycle + p->keys.agen_cycles;
    s->access_pa = s->op.pa;
    s->access_left = cache_op_is_touch(&s->op) ? 1 : s->op.bytes;
    s->data_cycle = s->access_cycle;
    s->outstanding = 0;
    s->level = 1;
    p->loads_in_flight++;
    if (s->access_left)
        LOAD(p, p->load_last++) = position;
    else /* nothing to read: a string load of no bytes, a hint that means nothing here */
        load_finish(p, position);
}

void inorder_store_start(struct inorder *p, uint64_t position)
{
    const struct op *op = &slot_at(p, position)->op;
    if (op->bytes) /* a store conditional that failed writes nothing */
        STORE(p, p->store_last++) = (struct store){.position = position, .pc = op->pc, .pa = op->pa,
                                                   .ea = op->ea, .first_pa = op->pa,
                                                   .bytes = op->bytes,
                                                   .command = (uint8_t)cache_op_command(op),
                                                   .second_page_pa = op->second_page_pa,
                                                   .left = op->bytes,
                                                   .block = access_block(p, op)};
}

enum forward { FORWARD_NONE, FORWARD_ALL, FORWARD_WAIT };

/* The youngest older store that overlaps the load decides; *distance counts older stores back to
 * it. Accesses that cross a page are compared as if their second page followed the first. */
static enum forward find_forward(const struct inorder *p, const struct slot *s, uint64_t position,
                                 uint64_t *distance)
{
    uint64_t first = s->op.pa, end = first + s->op.bytes;
    *distance = 0;
    for (uint64_t n = p->store_last; n-- > p->store_first;) {
        const struct store *w = &STORE(p, n);
        uint64_t w_end = w->first_pa + w->bytes;
        *distance += w->position < position;
        if (w->position >= position || w->first_pa >= end || w_end <= first ||
            w->command > MEM_FLUSH)
            continue;
        if (w->command == MEM_FLUSH)
            return FORWARD_WAIT;
        return w->first_pa <= first && w_end >= end ? FORWARD_ALL : FORWARD_WAIT;
    }
    return FORWARD_NONE;
}

static void forward(struct inorder *p, struct slot *s, uint64_t position, uint64_t distance)
{
    if (p->hists.on)
        hist_add(&p->hists.forward_distance, distance);
    s->access_left = 0;
    s->data_cycle = p->cycle + p->keys.forward_cycles;
    p->core.stats.forwarded_loads++;
    load_finish(p, position);
    s->level = 0;
}

/* The touch is done when the cache has been asked; false when it cannot be now. */
static bool touch(struct inorder *p, struct slot *s, uint64_t position)
{
    if (!cache_op_touch(&p->env, &p->core.stats, &s->op, p->keys.touch_busy)) {
        if (!p->data_blocked)
            refuse(p);
        return false;
    }
    s->access_left = 0;
    s->data_cycle = p->cycle;
    load_finish(p, position);
    return true;
}

/* One access for the load; false when it cannot be made now. */
static bool load_access(struct inorder *p, struct slot *s, uint64_t position)
{
    struct pending_request *q = inorder_request(p, position);
    if (!q)
        return false;
    uint32_t bytes = part_bytes(s->access_pa, s->access_left, access_block(p, &s->op));
    q->request = (struct mem_request){.pa = s->access_pa, .pc = s->op.pc, .bytes = bytes,
                                      .command = MEM_LOAD, .core = (uint8_t)p->env.number,
                                      .done = load_done};
    enum port_reply reply =
        p->env.data.access(p->env.data.node, &q->request, engine_now(p->env.engine));
    if (reply == PORT_BUSY) {
        inorder_release(p, q);
        refuse(p);
        return false;
    }
    s->access_left -= bytes;
    s->access_pa = part_after(s->access_pa + bytes, s->op.second_page_pa);
    p->core.stats.split_accesses += s->access_left != 0;
    if (reply == PORT_MISS) {
        s->outstanding++;
    } else {
        part_answered(p, position, &q->request);
        inorder_release(p, q);
    }
    return true;
}

/* Slots lost while the oldest load waited for its page: the younger ones behind it waited for that
 * as well. */
static void charge_translation(struct inorder *p)
{
    p->load_translation.delayed = false;
    for (uint64_t n = p->load_first; n != p->load_last; n++)
        inorder_settle(p, &slot_at(p, LOAD(p, n))->pending, PART_DTLB);
}

/* Whether the page of the load's next part is known. */
static bool load_translated(struct inorder *p, const struct slot *s)
{
    if (!p->env.dtlb.translate)
        return true;
    uint32_t done = s->op.bytes ? s->op.bytes - s->access_left : 0;
    struct tlb_request r = {.ea = s->op.ea + done, .pa = s->access_pa, .pc = s->op.pc,
                            .command = s->op.bytes ? MEM_LOAD : MEM_PREFETCH};
    if (!inorder_ask_tlb(p, &p->load_translation, &p->env.dtlb, &r))
        return false;
    if (p->load_translation.delayed)
        charge_translation(p);
    return true;
}

static bool store_translated(struct inorder *p, const struct store *w)
{
    if (!p->env.dtlb.translate)
        return true;
    struct tlb_request r = {.ea = w->ea + (w->bytes - w->left), .pa = w->pa, .pc = w->pc,
                            .command = MEM_STORE};
    return inorder_ask_tlb(p, &p->store_translation, &p->env.dtlb, &r);
}

void inorder_loads(struct inorder *p, uint32_t *accesses)
{
    while (p->load_first != p->load_last && *accesses < p->keys.data_accesses) {
        uint64_t position = LOAD(p, p->load_first);
        struct slot *s = slot_at(p, position);
        if (s->access_cycle > p->cycle) {
            inorder_want(p, s->access_cycle);
            return;
        }
        if (!load_translated(p, s))
            return;
        uint64_t distance = 0;
        enum forward f = s->access_left == s->op.bytes
                             ? find_forward(p, s, position, &distance) : FORWARD_NONE;
        if (f == FORWARD_WAIT) {
            if (s->wait_part != PART_STORE)
                p->core.stats.forward_stalls++;
            s->wait_part = PART_STORE;
            return; /* the store's draining makes progress */
        }
        if (f == FORWARD_ALL)
            forward(p, s, position, distance);
        else if (p->data_blocked && s->op.bytes)
            return;
        else if (s->op.bytes ? !load_access(p, s, position) : !touch(p, s, position))
            return;
        ++*accesses;
        if (!s->access_left) {
            p->load_first++;
            if (p->env.dtlb.translate)
                inorder_translation_end(&p->load_translation);
        }
        inorder_progress(p);
    }
}

/* Gives the oldest retired store to the cache, as a posted request. */
static bool store_access(struct inorder *p, struct store *w)
{
    struct mem_request r = {.pa = w->pa, .pc = w->pc, .bytes = part_bytes(w->pa, w->left, w->block),
                            .command = w->command, .core = (uint8_t)p->env.number};
    if (cache_op_post(&p->env, &r) == PORT_BUSY) {
        refuse(p);
        return false;
    }
    w->left -= r.bytes;
    w->pa = part_after(w->pa + r.bytes, w->second_page_pa);
    p->core.stats.split_accesses += w->left != 0;
    return true;
}

void inorder_stores(struct inorder *p, uint32_t *accesses)
{
    while (p->store_first != p->store_last && *accesses < p->keys.data_accesses) {
        struct store *w = &STORE(p, p->store_first);
        if (w->position >= p->head || !store_translated(p, w) || p->data_blocked ||
            !store_access(p, w))
            return;
        ++*accesses;
        if (!w->left) {
            p->store_first++;
            if (p->env.dtlb.translate)
                inorder_translation_end(&p->store_translation);
        }
        inorder_progress(p);
    }
}
