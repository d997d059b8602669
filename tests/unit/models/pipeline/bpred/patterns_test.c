/* What each direction predictor can learn and what it cannot: periods, correlation, aliasing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/pipeline/bpred/bpred.h"
#include "sim/base/bits.h"
#include "sim/base/rng.h"

struct predictor {
    const struct bpred_ops *ops;
    void *state;
};

/* `keys`: "key=value" words. */
static struct predictor create(const struct bpred_ops *ops, const char *keys)
{
    struct err e = {0};
    struct config *c = config_create(NULL);
    void *values = xcalloc(1, ops->keys_bytes + 1);
    char text[300], *rest = text;
    snprintf(text, sizeof text, "%s", keys);
    for (char *word; (word = strtok_r(rest, " ", &rest));) {
        char *value = strchr(word, '=');
        *value++ = 0;
        assert_true(config_set(c, "core.bpred", word, value, "test", &e));
    }
    assert_true(config_bind(c, "core.bpred", ops->keys, values, &e));
    assert_true(config_finish(c, &e));
    struct predictor p = {ops, ops->create(values, c, "core.bpred", &e)};
    assert_non_null(p.state);
    free(values);
    config_destroy(c);
    return p;
}

/* One branch from fetch to retirement; true when it was predicted right. */
static bool run(struct predictor p, uint64_t pc, bool taken)
{
    struct bpred_branch b = {.pc = pc, .target = pc - 64};
    struct bpred_state s = {0};
    bool predicted = p.ops->predict(p.state, &b, &s);
    if (predicted != taken && p.ops->restore)
        p.ops->restore(p.state, &s, true, taken);
    p.ops->update(p.state, &b, &s, taken);
    return predicted == taken;
}

/* Mispredicts per run of a loop of `trips`, over the last 100 of `runs`, in hundredths. */
static uint32_t loop_cost(const struct bpred_ops *ops, const char *keys, uint32_t trips,
                          uint32_t runs)
{
    struct predictor p = create(ops, keys);
    uint32_t wrong = 0;
    for (uint32_t n = 0; n < runs; n++)
        for (uint32_t k = 1; k <= trips; k++)
            wrong += !run(p, 0x1000, k < trips) && n >= runs - 100;
    p.ops->destroy(p.state);
    return wrong;
}

/* A history must hold the whole last run to see its end: trips - 1 branches since the last exit,
 * and the exit itself. */
static void a_loop_is_learnt_by_a_history_as_long_as_it(void **state)
{
    (void)state;
    static const struct {
        const struct bpred_ops *ops;
        const char *enough, *too_short;
        uint32_t trips;
    } cases[] = {
        {&bpred_gshare, "gshare_history=12", "gshare_history=8", 12},
        {&bpred_tournament, "tournament_local_history=10 tournament_global_history=0",
         "tournament_local_history=7 tournament_global_history=7", 10},
        {&bpred_tournament, "tournament_local_history=1 tournament_global_history=12",
         "tournament_local_history=7 tournament_global_history=7", 12},
        {&bpred_perceptron, "perceptron_history=31", "perceptron_history=20", 30},
        {&bpred_perceptron, "perceptron_history=2 perceptron_local_history=12",
         "perceptron_history=6 perceptron_local_history=6", 12},
        {&bpred_tage, "tage_max_history=130", "tage_max_history=60", 100},
        {&bpred_tage_sc_l, "tage_max_history=600 tage_loop_entries=0",
         "tage_max_history=60 tage_loop_entries=0", 300},
        /* with a loop predictor no history has to hold it */
        {&bpred_tage_sc_l, "tage_max_history=60", "tage_max_history=60 tage_loop_entries=0", 500},
    };
    for (uint32_t n = 0; n < ARRAY_LEN(cases); n++) {
        assert_int_equal(loop_cost(cases[n].ops, cases[n].enough, cases[n].trips, 2000), 0);
        assert_int_equal(loop_cost(cases[n].ops, cases[n].too_short, cases[n].trips, 2000), 100);
    }
}

static void the_corrector_counts_iterations(void **state)
{
    (void)state;
    const char *keys = "tage_max_history=60 tage_loop_entries=0";
    assert_int_equal(loop_cost(&bpred_tage_sc_l, keys, 100, 2000), 0);
    assert_int_equal(loop_cost(&bpred_tage, "tage_max_history=60", 100, 2000), 100);
}

static void without_a_history_each_run_of_a_loop_costs_one(void **state)
{
    (void)state;
    for (uint32_t trips = 3; trips < 100; trips += 12)
        assert_int_equal(loop_cost(&bpred_bimodal, "", trips, 200), 100);
}

/* Branch B goes as the two random branches before it say; right predictions of its last 1000. */
static uint32_t right_of_correlated(const struct bpred_ops *ops, bool exclusive)
{
    struct predictor p = create(ops, "");
    struct rng r = rng_seeded(9);
    uint32_t right = 0;
    for (uint32_t n = 0; n < 5000; n++) {
        bool first = rng_below(&r, 2), second = rng_below(&r, 2);
        run(p, 0x1000, first);
        run(p, 0x1040, second);
        bool ok = run(p, 0x1080, exclusive ? first != second : first && second);
        right += ok && n >= 4000;
    }
    p.ops->destroy(p.state);
    return right;
}

/* No plane separates an exclusive or (section 4 of Jiménez and Lin's paper calls such functions
 * linearly inseparable). */
static void an_exclusive_or_is_beyond_a_perceptron(void **state)
{
    (void)state;
    assert_int_equal(right_of_correlated(&bpred_perceptron, false), 1000);
    assert_true(right_of_correlated(&bpred_perceptron, true) < 650);
    /* ... whose weights are of single outcomes, but not beyond one with weights of patterns. */
    assert_true(right_of_correlated(&bpred_hashed_perceptron, true) > 950);
    assert_true(right_of_correlated(&bpred_gshare, true) > 900);
    assert_true(right_of_correlated(&bpred_tage, true) > 900);
    assert_true(right_of_correlated(&bpred_tage_sc_l, true) > 900);
    assert_true(right_of_correlated(&bpred_bimodal, false) < 800);
}

/* Two branches of opposite bias with one bimodal counter: its mispredicts of 1000, when nothing
 * else separates them. */
static uint32_t aliased_wrong(const struct bpred_ops *ops, const char *keys)
{
    struct predictor p = create(ops, keys);
    uint32_t wrong = 0;
    for (uint32_t n = 0; n < 1000; n++)
        wrong += !run(p, n & 1 ? 0x1000 : 0x5000, n & 1) && n >= 500;
    p.ops->destroy(p.state);
    return wrong;
}

static void tags_and_histories_separate_branches_that_share_a_counter(void **state)
{
    (void)state;
    assert_true(aliased_wrong(&bpred_bimodal, "bimodal_entries=16") >= 250);
    assert_int_equal(aliased_wrong(&bpred_bimodal, "bimodal_entries=8192"), 0);
    assert_int_equal(aliased_wrong(&bpred_tage, "tage_base_entries=16"), 0);
    assert_int_equal(aliased_wrong(&bpred_gshare, "gshare_entries=16"), 0);
}

/* Many random branches in a small TAGE: entries are stolen, nothing else may happen. */
static void capacity_decides_how_many_patterns_are_held(void **state)
{
    (void)state;
    uint32_t right[2];
    static const char *const keys[] = {"tage_entries=32", "tage_entries=1024"};
    for (uint32_t size = 0; size < 2; size++) {
        struct predictor p = create(&bpred_tage, keys[size]);
        right[size] = 0;
        for (uint32_t n = 0; n < 200000; n++) { /* 61 branches with period 7 each */
            uint64_t pc = 0x1000 + 4 * (n % 61);
            bool ok = run(p, pc, (n / 61 * (1 + n % 61)) % 7 < 3);
            right[size] += ok && n >= 100000;
        }
        p.ops->destroy(p.state);
    }
    assert_true(right[1] > 99000);
    assert_true(right[0] < 95000);
}

/* Its own last outcome decides, behind more random branches than the global history holds. */
static void a_local_history_sees_past_what_others_do(void **state)
{
    (void)state;
    static const char *const keys[] = {"perceptron_history=12 perceptron_local_history=4",
                                       "perceptron_history=16"};
    for (uint32_t n = 0; n < 2; n++) {
        struct predictor p = create(&bpred_perceptron, keys[n]);
        struct rng r = rng_seeded(11);
        uint32_t right = 0;
        for (uint32_t k = 0; k < 5000; k++) {
            for (uint64_t b = 0; b < 20; b++)
                run(p, 0x2000 + 4 * b, rng_below(&r, 2));
            right += run(p, 0x1000, k & 1) && k >= 4000;
        }
        p.ops->destroy(p.state);
        assert_in_range(right, n ? 400 : 1000, n ? 600 : 1000);
    }
}

static void inputs_of_a_perceptron_are_63_at_most(void **state)
{
    (void)state;
    struct err e = {0};
    struct config *c = config_create(NULL);
    uint32_t keys[] = {256, 50, 14, 1024};
    assert_null(bpred_perceptron.create(keys, c, "core.bpred", &e));
    assert_non_null(strstr(e.text, "more than 63"));
    config_destroy(c);
}

static uint64_t bits(const struct bpred_ops *ops, const char *keys)
{
    struct predictor p = create(ops, keys);
    uint64_t n = ops->storage_bits(p.state);
    p.ops->destroy(p.state);
    return n;
}

static void storage_is_what_the_tables_hold(void **state)
{
    (void)state;
    /* histories, local counters, global and selector counters, global history: Kessler's sizes */
    assert_int_equal(bits(&bpred_tournament, ""), 1024 * 10 + 1024 * 3 + 4096 * (2 + 2) + 12);
    assert_int_equal(bits(&bpred_tournament,
                          "tournament_local_histories=0 tournament_local_entries=16384 "
                          "tournament_local_bits=1 tournament_global_entries=16384 "
                          "tournament_global_bits=1 tournament_selector_bits=1 "
                          "tournament_global_history=11 tournament_by_address=yes"),
                     3 * 16384 + 11);
    assert_int_equal(bits(&bpred_perceptron, "perceptron_entries=128 perceptron_history=34"),
                     128 * 35 * 8 + 34);
    assert_int_equal(bits(&bpred_perceptron, "perceptron_entries=128 perceptron_history=34 "
                                             "perceptron_local_history=10 perceptron_locals=64"),
                     128 * 45 * 8 + 34 + 64 * 10);
    /* base, history with path, tables (tag 8 to 12 in seven steps: 8 8 9 10 10 11 12; counter 3,
     * useful 2), use_alternate, period, generator */
    uint64_t tage = 2 * 4096 + 2 * 130 + 512 * (68 + 7 * 5) + 4 + 18 + 32;
    assert_int_equal(bits(&bpred_tage, ""), tage);
    /* loop predictor; nine tables, 64 local histories, threshold, resistance, iteration */
    assert_int_equal(bits(&bpred_tage_sc_l, ""),
                     tage + 32 * 50 + 39 + 9 * 128 * 6 + 64 * 11 + 12 + 14 + 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loop_is_learnt_by_a_history_as_long_as_it),
        cmocka_unit_test(the_corrector_counts_iterations),
        cmocka_unit_test(without_a_history_each_run_of_a_loop_costs_one),
        cmocka_unit_test(an_exclusive_or_is_beyond_a_perceptron),
        cmocka_unit_test(tags_and_histories_separate_branches_that_share_a_counter),
        cmocka_unit_test(capacity_decides_how_many_patterns_are_held),
        cmocka_unit_test(a_local_history_sees_past_what_others_do),
        cmocka_unit_test(inputs_of_a_perceptron_are_63_at_most),
        cmocka_unit_test(storage_is_what_the_tables_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
