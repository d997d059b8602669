#include "models/pipeline/scalar/fetch.h"

#include "models/pipeline/scalar/fetch_step.h"

/* What was read stays as it was. */
static void keep_read(struct fetch_stage *f)
{
    f->btc_kept = *f->btc_read;
    f->btc_read = &f->btc_kept;
}

void scalar_btc_clear(struct fetch_stage *f)
{
    keep_read(f);
    for (uint64_t n = 0; n <= f->btc_mask; n++)
        f->btc[n].pc = BTC_INVALID;
}

void scalar_btc_write(struct scalar *p)
{
    struct fetch_stage *f = &p->fetch;
    struct btc_entry *to = &f->btc[(p->wires.branch.pc >> 2) & f->btc_mask];
    if (p->wires.inval) {
        scalar_btc_clear(f);
        return;
    }
    if (to == f->btc_read)
        keep_read(f);
    *to = p->wires.branch;
}
