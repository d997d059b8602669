/* GAg (Yeh and Patt 1991): two-bit counters indexed by the outcomes of the last branches alone. An
 * example of a plug-in with a key and with speculative history: models/PLUGINS.md. */
#include <stdlib.h>

#include "models/pipeline/bpred/bpred.h"
#include "sim/schema/plugin.h"

#define GAG_KEYS(X, o) X(o, U32, gag_history, "12", "1", "24", "branches of global history")
struct gag_keys { GAG_KEYS(KEY_MEMBER, gag_keys) };
static const struct key_row gag_key_rows[] = {GAG_KEYS(KEY_ROW, gag_keys) KEY_END};

struct gag {
    uint64_t history; /* the youngest branch in bit 0; 1 is taken */
    uint64_t mask;
    uint8_t counters[]; /* [history]; they start strongly not taken */
};

static void *gag_create(const void *keys, const struct config *c, const char *section,
                        struct err *e)
{
    uint64_t entries = UINT64_C(1) << ((const struct gag_keys *)keys)->gag_history;
    struct gag *g = xcalloc(1, sizeof *g + entries);
    (void)c, (void)section, (void)e;
    g->mask = entries - 1;
    return g;
}

static bool gag_predict(void *p, const struct bpred_branch *b, struct bpred_state *state)
{
    struct gag *g = p;
    (void)b;
    state->history = g->history;
    bool taken = g->counters[g->history & g->mask] >= 2;
    g->history = g->history << 1 | taken;
    return taken;
}

static void gag_update(void *p, const struct bpred_branch *b, const struct bpred_state *state,
                       bool taken)
{
    uint8_t *counter = &((struct gag *)p)->counters[state->history & ((struct gag *)p)->mask];
    (void)b;
    *counter = counter2_update(*counter, taken);
}

static void gag_checkpoint(const void *p, struct bpred_state *state)
{
    state->history = ((const struct gag *)p)->history;
}

static void gag_restore(void *p, const struct bpred_state *state, bool is_conditional, bool taken)
{
    ((struct gag *)p)->history = is_conditional ? state->history << 1 | taken : state->history;
}

static uint64_t gag_storage_bits(const void *p) { return 2 * (((const struct gag *)p)->mask + 1); }

static const struct bpred_ops gag = {
    .name = "gag", .keys = gag_key_rows, .keys_bytes = sizeof(struct gag_keys),
    .create = gag_create, .destroy = free, .predict = gag_predict, .update = gag_update,
    .checkpoint = gag_checkpoint, .restore = gag_restore, .storage_bits = gag_storage_bits};
PLUGIN_EXPORT(bpred, gag);
