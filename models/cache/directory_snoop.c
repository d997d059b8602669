#include "models/cache/directory_impl.h"

#include "sim/base/bits.h"

/* Requests of a head that wait here for the right to write alone. */
static uint64_t waiting_upgrades(const struct directory_line *l, uint32_t head)
{
    const struct transaction *t = l->busy;
    uint64_t count = t && t->asker && !t->is_served && t->head == head && t->asker->holds;
    for (const struct mem_request *r = t ? t->waiting : NULL; r; r = r->next)
        count += r->level == head && r->holds;
    return count;
}

/* Asks one head; true when it had modified data. A request of its that waits here for the right to
 * write alone may need the data from now on. */
static bool ask(struct directory *d, struct directory_line *l, uint32_t head,
                enum directory_ask what)
{
    const struct mem_upper *u = &d->heads[head].upper;
    uint64_t upgrades = waiting_upgrades(l, head);
    bool dirty = what == ASK_TO_EVICT
                     ? u->invalidate(u->node, l->pa, d->setup.line)
                     : u->snoop(u->node, l->pa, d->setup.line,
                                what == ASK_TO_SHARE ? SNOOP_SHARE : SNOOP_TAKE);
    d->stats.pending_bytes += (upgrades - waiting_upgrades(l, head)) * d->setup.line;
    if (l->owner == (int32_t)head)
        l->owner = NO_OWNER;
    if (!u->holds(u->node, l->pa, d->setup.line))
        directory_line_leaves(l, head);
    return dirty;
}

bool directory_snoop(struct directory *d, struct directory_line *l, uint32_t head,
                     enum directory_ask what)
{
    d->stats.snoops++;
    d->stats.invalidations += what == ASK_TO_GIVE_UP;
    return ask(d, l, head, what);
}

bool directory_take_from(struct directory *d, struct directory_line *l, uint64_t heads)
{
    bool dirty = false;
    for (heads &= l->holders; heads; heads &= heads - 1)
        dirty |= directory_snoop(d, l, (uint32_t)__builtin_ctzll(heads), ASK_TO_GIVE_UP);
    return dirty;
}

/* The shared level evicts a block: all lines of it go. One on its way goes when it has arrived; its
 * data, when modified by then, come down again. */
bool directory_recall(void *node, uint64_t pa, uint32_t block)
{
    struct directory *d = node;
    bool dirty = false;
    for (uint64_t at = align_down(pa, block); at < align_down(pa, block) + block;
         at += d->setup.line) {
        struct directory_line *l = directory_line_find(&d->lines, at);
        if (!l)
            continue;
        uint64_t heads = l->holders;
        if (l->busy && l->busy->is_served) {
            l->busy->recalled = true;
            heads &= ~head_bit(l->busy->head);
        }
        d->stats.recalls++;
        for (; heads; heads &= heads - 1)
            dirty |= ask(d, l, (uint32_t)__builtin_ctzll(heads), ASK_TO_EVICT);
        directory_forget_unheld(d, l);
    }
    return dirty;
}
