/* Two-bit counters, indexed by the branch's address. An example of a plug-in: models/PLUGINS.md. */
#include <stdlib.h>
#include <string.h>

#include "models/pipeline/bpred/bpred.h"
#include "sim/schema/plugin.h"

#define COUNTERS 4096

static void *two_bit_create(const void *keys, const struct config *c, const char *section,
                            struct err *e)
{
    (void)keys, (void)c, (void)section, (void)e;
    return memset(xmalloc(COUNTERS), 1, COUNTERS); /* weakly not taken */
}

static bool two_bit_predict(void *p, const struct bpred_branch *b, struct bpred_state *state)
{
    state->index = (uint32_t)(b->pc >> 2) % COUNTERS;
    return ((uint8_t *)p)[state->index] >= 2;
}

static void two_bit_update(void *p, const struct bpred_branch *b, const struct bpred_state *state,
                           bool taken)
{
    uint8_t *counter = (uint8_t *)p + state->index;
    (void)b;
    *counter = counter2_update(*counter, taken);
}

static uint64_t two_bit_storage_bits(const void *p) { return (void)p, 2 * COUNTERS; }

static const struct bpred_ops two_bit = {
    .name = "two_bit", .create = two_bit_create, .destroy = free, .predict = two_bit_predict,
    .update = two_bit_update, .storage_bits = two_bit_storage_bits};
PLUGIN_EXPORT(bpred, two_bit);
