/* What every direction predictor of bpred.def must do, and what tells them apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/pipeline/bpred/branch_unit.h"
#include "sim/base/bits.h"
#include "sim/base/rng.h"

#define DEPTH 8 /* branches in flight */

struct predictor {
    const struct bpred_ops *ops;
    void *state;
};

static struct predictor create(const struct bpred_ops *ops, const char *key, const char *value)
{
    struct err e = {0};
    struct config *c = config_create(NULL);
    void *keys = xcalloc(1, ops->keys_bytes + 1);
    if (key)
        assert_true(config_set(c, "core.bpred", key, value, "test", &e));
    if (ops->keys)
        assert_true(config_bind(c, "core.bpred", ops->keys, keys, &e));
    struct predictor p = {ops, ops->create(keys, c, "core.bpred", &e)};
    assert_non_null(p.state);
    free(keys);
    config_destroy(c);
    return p;
}

static void destroy(struct predictor p) { p.ops->destroy(p.state); }

static bool predict(struct predictor p, const struct bpred_branch *b, struct bpred_state *s)
{
    return p.ops->predict(p.state, b, s);
}

static void restore(struct predictor p, const struct bpred_state *s, bool conditional, bool taken)
{
    if (p.ops->restore)
        p.ops->restore(p.state, s, conditional, taken);
}

static void checkpoint(struct predictor p, struct bpred_state *s)
{
    if (p.ops->checkpoint)
        p.ops->checkpoint(p.state, s);
}

/* A branch from fetch to retirement with nothing between; true when it was predicted right. */
static bool run_branch(struct predictor p, const struct bpred_branch *b, bool taken)
{
    struct bpred_state s = {0};
    bool predicted = predict(p, b, &s);
    if (predicted != taken)
        restore(p, &s, true, taken);
    p.ops->update(p.state, b, &s, taken);
    return predicted == taken;
}

static struct bpred_branch random_branch(struct rng *r)
{
    uint64_t pc = 0x10000 + 4 * rng_below(r, 64);
    return (struct bpred_branch){.pc = pc, .target = pc + 4 * rng_below(r, 64) - 128};
}

/* A wrong path: predictions that nobody ever confirms. */
static void wander(struct predictor p, struct rng *r)
{
    for (uint64_t n = rng_below(r, 40); n; n--) {
        struct bpred_branch b = random_branch(r);
        struct bpred_state s = {0};
        if (rng_below(r, 4))
            predict(p, &b, &s);
        else
            checkpoint(p, &s);
    }
}

#define FOR_EACH_PREDICTOR(ops)                                                                    \
    for (uint32_t n = 0; ((ops) = branch_unit_direction(n)); n++)

static void equal_branches_get_equal_predictions(void **state)
{
    const struct bpred_ops *ops;
    (void)state;
    FOR_EACH_PREDICTOR(ops) {
        struct predictor p = create(ops, NULL, NULL), twin = create(ops, NULL, NULL);
        struct rng r = rng_seeded(1);
        for (int k = 0; k < 5000; k++) {
            struct bpred_branch b = random_branch(&r);
            bool taken = rng_below(&r, 3) != 0;
            assert_int_equal(run_branch(p, &b, taken), run_branch(twin, &b, taken));
        }
        destroy(p);
        destroy(twin);
    }
}

static void a_wrong_path_leaves_no_trace(void **state)
{
    const struct bpred_ops *ops;
    (void)state;
    FOR_EACH_PREDICTOR(ops) {
        struct predictor p = create(ops, NULL, NULL), twin = create(ops, NULL, NULL);
        struct rng r = rng_seeded(2), elsewhere = rng_seeded(3);
        for (int k = 0; k < 5000; k++) {
            struct bpred_branch b = random_branch(&r);
            bool taken = rng_below(&r, 3) != 0, conditional = rng_below(&r, 4) != 0;
            struct bpred_state s = {0}, t = {0};
            if (!conditional) { /* its target was wrong: `p` strays, the twin waits */
                checkpoint(p, &s);
                wander(p, &elsewhere);
                restore(p, &s, false, true);
                continue;
            }
            bool predicted = predict(p, &b, &s);
            assert_int_equal(predicted, predict(twin, &b, &t));
            if (predicted != taken) {
                wander(p, &elsewhere);
                restore(p, &s, true, taken);
                restore(twin, &t, true, taken);
            }
            ops->update(p.state, &b, &s, taken);
            ops->update(twin.state, &b, &t, taken);
        }
        destroy(p);
        destroy(twin);
    }
}

/* Updates come when branches retire, some predictions later. */
static void a_biased_branch_is_learnt_even_when_updates_are_late(void **state)
{
    const struct bpred_ops *ops;
    (void)state;
    FOR_EACH_PREDICTOR(ops)
    for (int taken = 0; taken < 2; taken++) {
        struct predictor p = create(ops, NULL, NULL);
        /* backward or forward, as the static rule would have it */
        struct bpred_branch b = {.pc = 0x1000, .target = taken ? 0xf00 : 0x1100};
        struct bpred_state s[DEPTH];
        uint32_t right = 0;
        for (uint32_t k = 0; k < 200; k++) {
            if (k >= DEPTH)
                ops->update(p.state, &b, &s[k % DEPTH], taken);
            bool predicted = predict(p, &b, &s[k % DEPTH]);
            right += predicted == taken;
            if (predicted != taken)
                restore(p, &s[k % DEPTH], true, taken);
        }
        assert_true(right >= 170);
        destroy(p);
    }
}

static uint32_t right_of_last_100(const struct bpred_ops *ops, uint32_t period)
{
    struct predictor p = create(ops, NULL, NULL);
    struct bpred_branch b = {.pc = 0x1000, .target = 0x1100};
    uint32_t right = 0;
    for (uint32_t k = 0; k < 400; k++)
        right += run_branch(p, &b, k % period == 0) && k >= 300;
    destroy(p);
    return right;
}

static void gshare_learns_a_pattern_and_bimodal_does_not(void **state)
{
    (void)state;
    assert_int_equal(right_of_last_100(&bpred_gshare, 2), 100);
    assert_int_equal(right_of_last_100(&bpred_gshare, 5), 100);
    assert_true(right_of_last_100(&bpred_bimodal, 2) <= 50);
}

static void static_prediction_goes_by_direction_unless_hinted(void **state)
{
    (void)state;
    struct bpred_state s = {0};
    struct bpred_branch b = {.pc = 0x1000, .target = 0xff0};
    struct predictor p = create(&bpred_static, NULL, NULL);
    assert_true(predict(p, &b, &s));
    b.target = 0x1000; /* to itself: a loop */
    assert_true(predict(p, &b, &s));
    b.target = 0x1004;
    assert_false(predict(p, &b, &s));
    b.target = 0; /* through a register */
    assert_false(predict(p, &b, &s));
    b.hint_valid = b.hint_taken = true;
    assert_true(predict(p, &b, &s));
    b.target = 0xff0;
    b.hint_taken = false;
    assert_false(predict(p, &b, &s));
    destroy(p);
}

static uint64_t bits(const struct bpred_ops *ops, const char *key, const char *value)
{
    struct predictor p = create(ops, key, value);
    uint64_t n = ops->storage_bits(p.state);
    destroy(p);
    return n;
}

static void storage_is_what_the_tables_hold(void **state)
{
    (void)state;
    assert_int_equal(bits(&bpred_static, NULL, NULL), 0);
    assert_int_equal(bits(&bpred_bimodal, "bimodal_entries", "1024"), 2048);
    assert_int_equal(bits(&bpred_bimodal, "bimodal_entries", "16777216"), 33554432);
    assert_int_equal(bits(&bpred_gshare, "gshare_history", "7"), 2 * 8192 + 7);
    assert_int_equal(bits(&bpred_gshare, "gshare_entries", "1"), 2 + 12);
}

static void tables_are_powers_of_two(void **state)
{
    const struct bpred_ops *ops;
    (void)state;
    FOR_EACH_PREDICTOR(ops) {
        struct err e = {0};
        uint32_t keys[64] = {3}; /* the first key of each is a table's size */
        struct config *c = config_create(NULL);
        if (ops->keys) {
            assert_null(ops->create(keys, c, "core.bpred", &e));
            assert_non_null(strstr(e.text, "not a power of two"));
        }
        config_destroy(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_branches_get_equal_predictions),
        cmocka_unit_test(a_wrong_path_leaves_no_trace),
        cmocka_unit_test(a_biased_branch_is_learnt_even_when_updates_are_late),
        cmocka_unit_test(gshare_learns_a_pattern_and_bimodal_does_not),
        cmocka_unit_test(static_prediction_goes_by_direction_unless_hinted),
        cmocka_unit_test(storage_is_what_the_tables_hold),
        cmocka_unit_test(tables_are_powers_of_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
