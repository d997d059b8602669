/* Bimodal RRIP: most new lines are predicted far off and leave first, so that a few of a working
 * set that does not fit stay long enough to be used (Jaleel 2010, section 4.1). */
#include <stdlib.h>

#include "models/cache/repl/rrip.h"
#include "sim/base/err.h"

struct brrip_keys {
    BRRIP_KEYS(KEY_MEMBER, brrip_keys)
};
static const struct key_row brrip_key_rows[] = {BRRIP_KEYS(KEY_ROW, brrip_keys) KEY_END};

struct repl {
    struct rrip rrip;
    struct rng *rng;
    uint32_t one_in;
};

static struct repl *brrip_create(const struct repl_setup *setup)
{
    const struct brrip_keys *k = setup->keys;
    struct repl *r = xmalloc(sizeof *r);
    rrip_init(&r->rrip, setup, k->rrip_bits);
    r->rng = setup->rng;
    r->one_in = k->brrip_one_in;
    return r;
}

static void brrip_destroy(struct repl *r)
{
    rrip_free(&r->rrip);
    free(r);
}

static void brrip_touch(struct repl *r, uint32_t set, uint32_t way, enum repl_event event,
                        const struct mem_request *access)
{
    (void)access;
    rrip_set(&r->rrip, set, way, event == REPL_HIT ? 0 : rrip_bimodal(&r->rrip, r->rng, r->one_in));
}

static uint32_t brrip_victim(struct repl *r, uint32_t set, const struct mem_request *access)
{
    (void)access;
    return rrip_victim(&r->rrip, set);
}

const struct repl_ops repl_brrip = {
    .name = "brrip",
    .keys = brrip_key_rows,
    .keys_bytes = sizeof(struct brrip_keys),
    .create = brrip_create,
    .destroy = brrip_destroy,
    .touch = brrip_touch,
    .victim = brrip_victim,
};
