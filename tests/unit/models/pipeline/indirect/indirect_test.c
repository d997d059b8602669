/* Indirect predictors: what each row of indirect.def must do, and what tells them apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "models/pipeline/indirect/indirect.h"
#include "sim/base/bits.h"
#include "sim/base/rng.h"

struct predictor {
    const struct indirect_ops *ops;
    void *state;
};

static struct predictor create(const struct indirect_ops *ops, const char *key, const char *value)
{
    struct err e = {0};
    struct config *c = config_create(NULL);
    void *keys = xcalloc(1, ops->keys_bytes + 1);
    if (key)
        assert_true(config_set(c, "core.bpred", key, value, "test", &e));
    assert_true(config_bind(c, "core.bpred", ops->keys, keys, &e));
    struct predictor p = {ops, ops->create(keys, c, "core.bpred", &e)};
    assert_non_null(p.state);
    free(keys);
    config_destroy(c);
    return p;
}

static void destroy(struct predictor p) { p.ops->destroy(p.state); }

/* A conditional branch that goes where it was predicted to. */
static void condition(struct predictor p, uint64_t pc, bool taken)
{
    p.ops->push_direction(p.state, pc, taken);
}

static uint64_t fetch(struct predictor p, uint64_t pc, struct indirect_state *s)
{
    s->history = p.ops->save(p.state);
    s->target = p.ops->find(p.state, pc, s);
    p.ops->push_target(p.state, pc, s->target);
    return s->target;
}

static void resolve(struct predictor p, uint64_t pc, const struct indirect_state *s,
                    uint64_t target)
{
    if (s->target != target) {
        p.ops->restore(p.state, s->history);
        p.ops->push_target(p.state, pc, target);
    }
    p.ops->update(p.state, pc, s, target);
}

/* From fetch to retirement; true when it was predicted right. */
static bool jump(struct predictor p, uint64_t pc, uint64_t target)
{
    struct indirect_state s = {0};
    fetch(p, pc, &s);
    resolve(p, pc, &s, target);
    return s.target == target;
}

/* A wrong path: predictions that nobody ever confirms. */
static void wander(struct predictor p, struct rng *r)
{
    for (uint64_t n = rng_below(r, 40); n; n--) {
        struct indirect_state s = {0};
        if (rng_below(r, 2))
            condition(p, 0x100 + 4 * rng_below(r, 16), rng_below(r, 2));
        else
            fetch(p, 0x1000 + 4 * rng_below(r, 16), &s);
    }
}

#define FOR_EACH_PREDICTOR(ops) for (uint32_t n = 0; ((ops) = indirect_at(n)); n++)

static void nothing_is_known_of_a_branch_never_seen(void **state)
{
    (void)state;
    const struct indirect_ops *ops;
    FOR_EACH_PREDICTOR(ops) {
        struct predictor p = create(ops, NULL, NULL);
        struct indirect_state s = {0};
        assert_int_equal(fetch(p, 0x1000, &s), 0);
        destroy(p);
    }
}

static void a_wrong_path_leaves_no_trace(void **state)
{
    (void)state;
    const struct indirect_ops *ops;
    FOR_EACH_PREDICTOR(ops) {
        struct predictor p = create(ops, NULL, NULL), twin = create(ops, NULL, NULL);
        struct rng r = rng_seeded(2), elsewhere = rng_seeded(3);
        for (uint32_t k = 0; k < 20000; k++) {
            uint64_t pc = 0x1000 + 4 * rng_below(&r, 8), target = 0x8000 + 4 * rng_below(&r, 6);
            struct indirect_state s = {0}, t = {0};
            if (rng_below(&r, 2)) {
                bool taken = rng_below(&r, 2);
                uint64_t history = ops->save(p.state);
                condition(p, pc, !taken);
                wander(p, &elsewhere);
                ops->restore(p.state, history);
                condition(p, pc, taken);
                condition(twin, pc, taken);
                continue;
            }
            assert_int_equal(fetch(p, pc, &s), fetch(twin, pc, &t));
            if (s.target != target)
                wander(p, &elsewhere);
            resolve(p, pc, &s, target);
            resolve(twin, pc, &t, target);
        }
        destroy(p);
        destroy(twin);
    }
}

/* Right predictions among the last 1000 of a jump whose targets repeat after `period`. */
static uint32_t right_of_cycle(struct predictor p, uint32_t period)
{
    uint32_t right = 0;
    for (uint32_t k = 0; k < 10000; k++) { /* squares mod 7: no target alone tells the next one */
        uint64_t target = 0x8000 + 64 * (k % period * (k % period) % 7);
        right += jump(p, 0x1000, target) && k >= 9000;
    }
    destroy(p);
    return right;
}

static void targets_that_repeat_are_learnt_as_far_as_the_history_reaches(void **state)
{
    (void)state;
    assert_int_equal(right_of_cycle(create(&indirect_ittage, NULL, NULL), 3), 1000);
    assert_int_equal(right_of_cycle(create(&indirect_ittage, NULL, NULL), 20), 1000);
    assert_true(right_of_cycle(create(&indirect_ittage, "ittage_tables", "1"), 20) < 1000);
    assert_int_equal(right_of_cycle(create(&indirect_history, "count_cache_history", "0"), 1),
                     1000);
    assert_int_equal(right_of_cycle(create(&indirect_history, "count_cache_history", "0"), 3), 0);
}

/* A switch whose case is that of a conditional branch before it. */
static uint32_t right_of_switch(struct predictor p)
{
    uint32_t right = 0;
    struct rng r = rng_seeded(5);
    for (uint32_t k = 0; k < 10000; k++) {
        bool which = rng_below(&r, 2);
        condition(p, 0x900, which);
        right += jump(p, 0x1000, which ? 0x8000 : 0x9000) && k >= 9000;
    }
    destroy(p);
    return right;
}

static void a_target_may_follow_from_directions(void **state)
{
    (void)state;
    assert_true(right_of_switch(create(&indirect_ittage, NULL, NULL)) > 950);
    assert_true(
        right_of_switch(create(&indirect_history, "count_cache_path", "directions")) > 950);
    assert_true(right_of_switch(create(&indirect_history, NULL, NULL)) < 600);
}

static void a_tag_keeps_branches_apart(void **state)
{
    (void)state;
    for (int tagged = 0; tagged < 2; tagged++) {
        struct predictor p = create(&indirect_history, "count_cache_tag", tagged ? "8" : "0");
        struct indirect_state s = {0};
        s.history = p.ops->save(p.state);
        p.ops->find(p.state, 0x1000, &s);
        p.ops->update(p.state, 0x1000, &s, 0x8000);
        assert_int_equal(p.ops->find(p.state, 0x1000, &s), 0x8000);
        /* 512 entries: 0x800 farther lies in the same place */
        assert_int_equal(p.ops->find(p.state, 0x1800, &s), tagged ? 0 : 0x8000);
        destroy(p);
    }
}

static void tables_are_powers_of_two(void **state)
{
    (void)state;
    const struct indirect_ops *ops;
    FOR_EACH_PREDICTOR(ops) {
        struct err e = {0};
        uint32_t keys[16] = {3};
        struct config *c = config_create(NULL);
        assert_null(ops->create(keys, c, "core.bpred", &e));
        config_destroy(c);
    }
}

static void storage_is_what_the_tables_hold(void **state)
{
    (void)state;
    struct predictor p = create(&indirect_history, "count_cache_tag", "5");
    assert_int_equal(p.ops->storage_bits(p.state), 512 * (62 + 5) + 9);
    destroy(p);
    p = create(&indirect_ittage, NULL, NULL);
    /* target, tag, confidence, useful; history with path; use_alternate, failures, generator */
    assert_int_equal(p.ops->storage_bits(p.state), 6 * 128 * (62 + 9 + 2 + 1) + 320 + 4 + 8 + 32);
    destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_known_of_a_branch_never_seen),
        cmocka_unit_test(a_wrong_path_leaves_no_trace),
        cmocka_unit_test(targets_that_repeat_are_learnt_as_far_as_the_history_reaches),
        cmocka_unit_test(a_target_may_follow_from_directions),
        cmocka_unit_test(a_tag_keeps_branches_apart),
        cmocka_unit_test(tables_are_powers_of_two),
        cmocka_unit_test(storage_is_what_the_tables_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
