/* Dynamic RRIP: SRRIP and BRRIP duel in a few leader sets each, and all other sets follow the one
 * whose leaders miss less (Jaleel 2010, section 4.2; set duelling: Qureshi et al., ISCA 2007). Only
 * demand misses of leaders count. */
#include <stdlib.h>

#include "models/cache/port.h"
#include "models/cache/repl/rrip.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"

#define DRRIP_KEYS(X, o)                                                                           \
    BRRIP_KEYS(X, o)                                                                               \
    X(o, U32, drrip_leaders, "32", "1", "4096",                                                    \
      "leader sets of each policy, rounded down to a power of two and to half of the sets")        \
    X(o, U32, drrip_counter_bits, "10", "1", "16", "bits of the counter that chooses the policy")

struct drrip_keys {
    DRRIP_KEYS(KEY_MEMBER, drrip_keys)
};
static const struct key_row drrip_key_rows[] = {DRRIP_KEYS(KEY_ROW, drrip_keys) KEY_END};

enum role { FOLLOWER, SRRIP_LEADER, BRRIP_LEADER };

struct repl {
    struct rrip rrip;
    struct rng *rng;
    uint32_t one_in;
    uint32_t counter, counter_max; /* above the middle: SRRIP's leaders have missed more */
    uint8_t *role;                 /* [set]: enum role */
};

/* One leader of each kind in every group of neighbouring sets, at places that differ from group to
 * group, so that no stride of addresses meets leaders of one kind alone. A group has an even number
 * of sets, so the two places never coincide. */
static void choose_leaders(struct repl *r, uint32_t sets, uint32_t wanted)
{
    if (sets < 2)
        return;
    uint32_t leaders = UINT32_C(1) << ilog2(min_u64(wanted, sets / 2)), group = sets / leaders;
    for (uint32_t n = 0; n < leaders; n++) {
        uint32_t place = n & (group - 1);
        r->role[n * group + place] = SRRIP_LEADER;
        r->role[n * group + (group - 1 - place)] = BRRIP_LEADER;
    }
}

static struct repl *drrip_create(const struct repl_setup *setup)
{
    const struct drrip_keys *k = setup->keys;
    struct repl *r = xcalloc(1, sizeof *r);
    rrip_init(&r->rrip, setup, k->rrip_bits);
    r->rng = setup->rng;
    r->one_in = k->brrip_one_in;
    r->counter_max = (1u << k->drrip_counter_bits) - 1;
    r->counter = r->counter_max / 2;
    r->role = xcalloc(setup->sets, sizeof *r->role);
    choose_leaders(r, setup->sets, k->drrip_leaders);
    return r;
}

static void drrip_destroy(struct repl *r)
{
    rrip_free(&r->rrip);
    free(r->role);
    free(r);
}

static void count_miss(struct repl *r, enum role role, const struct mem_request *access)
{
    if (access->command > MEM_STORE)
        return;
    if (role == SRRIP_LEADER && r->counter < r->counter_max)
        r->counter++;
    else if (role == BRRIP_LEADER && r->counter > 0)
        r->counter--;
}

static void drrip_touch(struct repl *r, uint32_t set, uint32_t way, enum repl_event event,
                        const struct mem_request *access)
{
    enum role role = r->role[set];
    if (event == REPL_HIT) {
        rrip_set(&r->rrip, set, way, 0);
        return;
    }
    count_miss(r, role, access);
    bool bimodal = role == FOLLOWER ? r->counter > r->counter_max / 2 : role == BRRIP_LEADER;
    rrip_set(&r->rrip, set, way,
             bimodal ? rrip_bimodal(&r->rrip, r->rng, r->one_in) : rrip_long(&r->rrip));
}

static uint32_t drrip_victim(struct repl *r, uint32_t set, const struct mem_request *access)
{
    (void)access;
    return rrip_victim(&r->rrip, set);
}

const struct repl_ops repl_drrip = {
    .name = "drrip",
    .keys = drrip_key_rows,
    .keys_bytes = sizeof(struct drrip_keys),
    .create = drrip_create,
    .destroy = drrip_destroy,
    .touch = drrip_touch,
    .victim = drrip_victim,
};
