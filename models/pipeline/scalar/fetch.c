#include "models/pipeline/scalar/fetch.h"

#include "models/pipeline/scalar/scalar.h"
#include "sim/base/bits.h"
#include "sim/isa/code.h"

static void read_btc(struct fetch_stage *f, uint64_t pc)
{
    f->btc_read = f->btc[(pc >> 2) & f->btc_mask];
}

/* Last, because a read in the cycle of a write sees the old entry. */
static void write_btc(struct scalar *p)
{
    const struct btc_entry *new = &p->wires.branch;
    struct fetch_stage *f = &p->fetch;
    if (p->wires.inval) {
        for (uint64_t n = 0; n <= f->btc_mask; n++)
            f->btc[n].pc = BTC_INVALID;
    } else if (new->pc != BTC_INVALID) {
        f->btc[(new->pc >> 2) & f->btc_mask] = *new;
    }
}

static struct fetched fetch_at(struct scalar *p, uint64_t pc)
{
    const struct op_source *s = &p->env.source;
    const struct insn *i = s->peek(s->source, pc);
    struct fetched at = {.pc = pc, .pa = pc};
    if (i) {
        at.insn = scalar_insn_of(p->insns, i);
        at.pa = code_pa(i);
    }
    return at;
}

/* Goes on to the next address, with what the branch target cache says about it. */
static void advance(struct scalar *p, uint64_t pc, bool redirected)
{
    struct fetch_stage *f = &p->fetch;
    bool hit = !redirected && f->btc_applies && f->btc_read.pc == pc;
    struct btc_entry entry = f->btc_read;
    f->at = fetch_at(p, pc);
    f->next_pc = pc + 4;
    f->btc_applies = true;
    read_btc(f, f->next_pc);
    if (hit) {
        f->at.predicted = entry.taken;
        f->at.predicted_not = !entry.taken;
        if (entry.taken) {
            f->next_pc = entry.target;
            f->btc_applies = false;
        }
    }
    f->request = true;
    p->changed = true;
}

void scalar_fetch(struct scalar *p)
{
    const struct wires *w = &p->wires;
    struct fetch_stage *f = &p->fetch;
    if (w->flush && w->system) { /* an interrupt: the vector goes through one more cycle */
        f->request = false;
        f->next_pc = w->flush_pc;
        f->btc_applies = false;
        p->changed = true;
    } else if (w->flush) {
        advance(p, w->flush_pc, true);
    } else if (w->redirect) {
        advance(p, w->redirect_pc, true);
    } else if (!(f->request && w->fetch_stall) && p->cycle >= p->first_cycle) {
        advance(p, f->next_pc, false);
    }
    write_btc(p);
}
