/* What holds the oldest instruction: for the message about a machine that makes no progress. */
#include <inttypes.h>
#include <stdio.h>

#include "models/pipeline/ooo/ooo.h"

static const char *what_holds(const struct ooo *p, const struct uop *u)
{
    if (u->flags & UOP_HEAD)
        return "waits for stores to drain";
    if (!(u->flags & UOP_ISSUED))
        return u->pending ? "waits for a source" : "not issued";
    if (!(u->flags & (UOP_LOAD | UOP_STORE)))
        return "executing";
    if (memory_of((struct ooo *)(uintptr_t)p, u)->tlb_waiting)
        return "waits for its translation";
    if (u->links >> LINK_ACCESS & 1)
        return "waits for an older store";
    return u->done_cycle == NEVER ? "waits for memory" : "done";
}

void ooo_describe(const struct core *c, char *text, size_t room)
{
    const struct ooo *p = (const struct ooo *)c;
    const struct inst *s = &p->insts[p->head & p->inst_mask];
    if (p->head == p->executed)
        snprintf(text, room, "nothing in flight; fetch %s",
                 p->fetch.refused ? "waits for the instruction cache" : "is idle");
    else
        snprintf(text, room, "oldest is %s at 0x%" PRIx64 ", %s", s->op.row->mnemonic, s->op.pc,
                 p->rob_head == p->rob_tail
                     ? "not dispatched"
                     : what_holds(p, &p->uops[p->rob_head & p->uop_mask]));
}
