/* Static RRIP: every new line is predicted to be used again after a long time, so that lines that
 * are never used again leave before those that have been (Jaleel 2010, section 4.1). */
#include <stdlib.h>

#include "models/cache/repl/rrip.h"
#include "sim/base/err.h"

struct srrip_keys {
    RRIP_KEYS(KEY_MEMBER, srrip_keys)
};
static const struct key_row srrip_key_rows[] = {RRIP_KEYS(KEY_ROW, srrip_keys) KEY_END};

struct repl {
    struct rrip rrip;
};

static struct repl *srrip_create(const struct repl_setup *setup)
{
    const struct srrip_keys *k = setup->keys;
    struct repl *r = xmalloc(sizeof *r);
    rrip_init(&r->rrip, setup, k->rrip_bits);
    return r;
}

static void srrip_destroy(struct repl *r)
{
    rrip_free(&r->rrip);
    free(r);
}

static void srrip_touch(struct repl *r, uint32_t set, uint32_t way, enum repl_event event,
                        const struct mem_request *access)
{
    (void)access;
    rrip_set(&r->rrip, set, way, event == REPL_HIT ? 0 : rrip_long(&r->rrip));
}

static uint32_t srrip_victim(struct repl *r, uint32_t set, const struct mem_request *access)
{
    (void)access;
    return rrip_victim(&r->rrip, set);
}

const struct repl_ops repl_srrip = {
    .name = "srrip",
    .keys = srrip_key_rows,
    .keys_bytes = sizeof(struct srrip_keys),
    .create = srrip_create,
    .destroy = srrip_destroy,
    .touch = srrip_touch,
    .victim = srrip_victim,
};
