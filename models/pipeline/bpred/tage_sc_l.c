/* TAGE-SC-L (Seznec 2014, 2016): TAGE, over it a loop predictor, and over both a statistical
 * corrector; see tage_core.h, loop.h and corrector.h. The keys of the TAGE in it are those of the
 * predictor tage. */
#include <stdlib.h>

#include "models/pipeline/bpred/corrector.h"
#include "models/pipeline/bpred/loop.h"
#include "models/pipeline/bpred/tage_core.h"
#include "sim/base/bits.h"

#define TAGE_SC_L_KEYS(X, o)                                                                       \
    X(o, U32, corrector_entries, "128", "2", "65536",                                              \
      "counters in each of the corrector's nine tables, a power of two")                           \
    X(o, U32, corrector_locals, "64", "1", "65536",                                                \
      "local histories of the corrector, a power of two")                                          \
    X(o, U32, tage_loop_entries, "32", "0", "16384",                                               \
      "entries of the loop predictor, 4 times a power of two; 0: none")

/* The key that the conformance test expects to be a table's size comes first. */
struct tage_sc_l_keys {
    struct tage_keys tage;
    TAGE_SC_L_KEYS(KEY_MEMBER, tage_sc_l_keys)
};
static const struct key_row tage_sc_l_key_rows[] = {
    TAGE_KEYS(KEY_ROW, tage_keys) TAGE_SC_L_KEYS(KEY_ROW, tage_sc_l_keys) KEY_END};

struct tage_sc_l {
    struct tage *tage;
    struct loop *loop;
    struct corrector *corrector;
};

/* Where things are in the note of a struct bpred_state; 0 to 2 are TAGE's. */
enum { NOTE_FLAGS = 3, NOTE_ITERATION };
enum { LOOP_CONFIDENT = 1, LOOP_TAKEN = 2, FINAL_TAKEN = 4, BACKWARD = 8, INNER_TAKEN = 16 };

static bool check_keys(const struct tage_sc_l_keys *k, const struct config *c, const char *section,
                       struct err *e)
{
    if (!is_pow2(k->corrector_entries))
        return config_error(c, section, "corrector_entries", e, "not a power of two");
    if (!is_pow2(k->corrector_locals))
        return config_error(c, section, "corrector_locals", e, "not a power of two");
    if (k->tage_loop_entries % LOOP_WAYS ||
        (k->tage_loop_entries && !is_pow2(k->tage_loop_entries)))
        return config_error(c, section, "tage_loop_entries", e, "not 0 or 4 times a power of two");
    return true;
}

static void *create(const void *keys, const struct config *c, const char *section, struct err *e)
{
    const struct tage_sc_l_keys *k = keys;
    struct tage *tage = tage_create(&k->tage, c, section, e);
    if (!tage || !check_keys(k, c, section, e)) {
        if (tage)
            tage_destroy(tage);
        return NULL;
    }
    struct tage_sc_l *p = xcalloc(1, sizeof *p);
    p->tage = tage;
    p->loop = loop_create(k->tage_loop_entries);
    p->corrector = corrector_create(k->corrector_entries, k->corrector_locals);
    return p;
}

static void destroy(void *self)
{
    struct tage_sc_l *p = self;
    tage_destroy(p->tage);
    loop_destroy(p->loop);
    corrector_destroy(p->corrector);
    free(p);
}

/* All speculative histories take the branch's direction. */
static void follow(struct tage_sc_l *p, uint64_t pc, bool is_backward, bool taken)
{
    tage_push(p->tage, pc, taken);
    loop_count(p->loop, pc, taken);
    corrector_count(p->corrector, is_backward, taken);
}

static void keep_histories(const struct tage_sc_l *p, struct bpred_state *s)
{
    s->history = p->tage->history.moment;
    s->log = p->loop->counted;
    s->note[NOTE_ITERATION] = (uint8_t)p->corrector->iteration;
}

static bool predict(void *self, const struct bpred_branch *b, struct bpred_state *s)
{
    struct tage_sc_l *p = self;
    struct tage_lookup l = tage_find(p->tage, b->pc);
    struct loop_lookup loop = loop_find(p->loop, b->pc);
    bool inner = loop_overrides(p->loop, loop) ? loop.taken : l.taken;
    bool is_backward = b->target && b->target <= b->pc;
    keep_histories(p, s);
    s->index = (uint32_t)b->pc;
    s->local = *corrector_local(p->corrector, b->pc);
    tage_keep(&l, s);
    struct corrector_input i = {.pc = b->pc, .moment = s->history, .local = s->local,
                                .iteration = s->note[NOTE_ITERATION],
                                .taken = inner, .confidence = l.confidence};
    s->sum = corrector_sum(p->corrector, &p->tage->history, &i);
    bool taken = corrector_decide(p->corrector, &i, s->sum);
    s->note[NOTE_FLAGS] = (uint8_t)((loop.confident ? LOOP_CONFIDENT : 0) |
                                    (loop.taken ? LOOP_TAKEN : 0) | (taken ? FINAL_TAKEN : 0) |
                                    (is_backward ? BACKWARD : 0) | (inner ? INNER_TAKEN : 0));
    follow(p, b->pc, is_backward, taken);
    return taken;
}

static void update(void *self, const struct bpred_branch *b, const struct bpred_state *s,
                   bool taken)
{
    struct tage_sc_l *p = self;
    uint8_t flags = s->note[NOTE_FLAGS];
    struct tage_lookup l = tage_kept(s);
    struct loop_lookup loop = {flags & LOOP_CONFIDENT, flags & LOOP_TAKEN};
    struct corrector_input i = {.pc = b->pc, .moment = s->history, .local = s->local,
                                .iteration = s->note[NOTE_ITERATION],
                                .taken = flags & INNER_TAKEN, .confidence = l.confidence};
    corrector_train(p->corrector, &p->tage->history, &i, s->sum, taken);
    loop_train(p->loop, b->pc, loop, l.taken, !(flags & FINAL_TAKEN) == taken, taken);
    tage_train(p->tage, b->pc, s->history, &l, taken);
}

static void checkpoint(const void *self, struct bpred_state *s) { keep_histories(self, s); }

static void restore(void *self, const struct bpred_state *s, bool is_conditional, bool taken)
{
    struct tage_sc_l *p = self;
    history_restore(&p->tage->history, s->history);
    loop_restore(p->loop, s->log);
    p->corrector->iteration = s->note[NOTE_ITERATION];
    if (is_conditional)
        follow(p, s->index, s->note[NOTE_FLAGS] & BACKWARD, taken);
}

static uint64_t storage_bits(const void *self)
{
    const struct tage_sc_l *p = self;
    return tage_storage_bits(p->tage) + loop_storage_bits(p->loop) +
           corrector_storage_bits(p->corrector);
}

const struct bpred_ops bpred_tage_sc_l = {
    .name = "tage_sc_l",
    .keys = tage_sc_l_key_rows,
    .keys_bytes = sizeof(struct tage_sc_l_keys),
    .create = create,
    .destroy = destroy,
    .predict = predict,
    .update = update,
    .checkpoint = checkpoint,
    .restore = restore,
    .storage_bits = storage_bits,
};
