/* TAGE alone; see tage_core.h. */
#include "models/pipeline/bpred/tage_core.h"

static const struct key_row tage_key_rows[] = {TAGE_KEYS(KEY_ROW, tage_keys) KEY_END};

static void *create(const void *keys, const struct config *c, const char *section, struct err *e)
{
    return tage_create(keys, c, section, e);
}

static void destroy(void *p) { tage_destroy(p); }

static bool predict(void *p, const struct bpred_branch *b, struct bpred_state *state)
{
    struct tage *t = p;
    struct tage_lookup l = tage_find(t, b->pc);
    state->history = t->history.moment;
    state->index = (uint32_t)b->pc; /* for the path bit when it has to be put right */
    tage_keep(&l, state);
    tage_push(t, b->pc, l.taken);
    return l.taken;
}

static void update(void *p, const struct bpred_branch *b, const struct bpred_state *state,
                   bool taken)
{
    struct tage_lookup l = tage_kept(state);
    tage_train(p, b->pc, state->history, &l, taken);
}

static void checkpoint(const void *p, struct bpred_state *state)
{
    const struct tage *t = p;
    state->history = t->history.moment;
}

static void restore(void *p, const struct bpred_state *state, bool is_conditional, bool taken)
{
    struct tage *t = p;
    history_restore(&t->history, state->history);
    if (is_conditional)
        tage_push(t, state->index, taken);
}

static uint64_t storage_bits(const void *p) { return tage_storage_bits(p); }

const struct bpred_ops bpred_tage = {
    .name = "tage",
    .keys = tage_key_rows,
    .keys_bytes = sizeof(struct tage_keys),
    .create = create,
    .destroy = destroy,
    .predict = predict,
    .update = update,
    .checkpoint = checkpoint,
    .restore = restore,
    .storage_bits = storage_bits,
};
