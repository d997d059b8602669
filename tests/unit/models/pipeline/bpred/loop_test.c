/* The loop predictor: which loops it learns, when it speaks up, and that wrong paths leave no
 * trace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/pipeline/bpred/loop.h"
#include "sim/base/bits.h"
#include "sim/base/rng.h"

#define PC UINT64_C(0x4000)

struct outcome {
    uint32_t confident, right;
};

/* One execution of a branch, from fetch to retirement; the predictor beside it says `other`. */
static void execute(struct loop *l, uint64_t pc, bool other, bool taken, struct outcome *o)
{
    struct loop_lookup found = loop_find(l, pc);
    bool predicted = loop_overrides(l, found) ? found.taken : other;
    o->confident += found.confident;
    o->right += found.confident && found.taken == taken;
    loop_count(l, pc, taken); /* as repaired, when it was mispredicted */
    loop_train(l, pc, found, other, predicted != taken, taken);
}

/* Runs of a loop whose closing branch is executed `trips` times; the other predictor always
 * stays. */
static struct outcome run_loop(struct loop *l, uint64_t pc, uint32_t trips, uint32_t runs,
                               bool stays)
{
    struct outcome o = {0, 0};
    for (uint32_t run = 0; run < runs; run++)
        for (uint32_t n = 1; n <= trips; n++)
            execute(l, pc, stays, n < trips ? stays : !stays, &o);
    return o;
}

static void every_loop_of_constant_length_is_learnt_exactly(void **state)
{
    (void)state;
    static const uint32_t trips[] = {3, 4, 7, 8, 30, 100, 500, 1022};
    for (uint32_t n = 0; n < ARRAY_LEN(trips); n++)
        for (int stays = 0; stays < 2; stays++) {
            struct loop *l = loop_create(16);
            run_loop(l, PC, trips[n], 100, stays);
            struct outcome o = run_loop(l, PC, trips[n], 10, stays);
            assert_int_equal(o.confident, 10 * trips[n]);
            assert_int_equal(o.right, 10 * trips[n]);
            assert_true(loop_overrides(l, loop_find(l, PC)));
            loop_destroy(l);
        }
}

/* The counters have ten bits; a branch that turns every time or every second time is no loop. */
static void loops_too_long_or_too_short_are_not_predicted(void **state)
{
    (void)state;
    static const uint32_t trips[] = {1, 2, 1023, 1024, 1025, 2047};
    for (uint32_t n = 0; n < ARRAY_LEN(trips); n++) {
        struct loop *l = loop_create(16);
        assert_int_equal(run_loop(l, PC, trips[n], 100, true).confident, 0);
        loop_destroy(l);
    }
}

static void a_loop_that_changes_its_length_is_given_up(void **state)
{
    (void)state;
    struct loop *l = loop_create(16);
    struct rng r = rng_seeded(1);
    uint32_t executed = 0, confident = 0;
    for (uint32_t run = 0; run < 2000; run++) {
        uint32_t trips = 5 + (uint32_t)rng_below(&r, 10);
        executed += trips;
        confident += run_loop(l, PC, trips, 1, true).confident;
    }
    assert_true(confident < executed / 100);
    run_loop(l, PC, 9, 100, true);
    assert_int_equal(run_loop(l, PC, 9, 10, true).right, 90);
    assert_true(run_loop(l, PC, 12, 1, true).right < 12);
    assert_int_equal(run_loop(l, PC, 12, 1, true).confident, 0);
    loop_destroy(l);
}

static void it_is_not_believed_while_the_other_is_better(void **state)
{
    (void)state;
    struct loop *l = loop_create(16);
    struct loop_lookup leaves = {.confident = true, .taken = false};
    run_loop(l, PC, 10, 100, true);
    assert_true(loop_overrides(l, leaves));
    for (uint32_t n = 0; n < 64; n++) /* the most that trust can be above its zero */
        loop_train(l, PC + 64, leaves, true, true, true);
    assert_false(loop_overrides(l, leaves));
    loop_destroy(l);
}

static void a_wrong_path_leaves_no_trace(void **state)
{
    (void)state;
    struct loop *l = loop_create(16), *twin = loop_create(16);
    struct rng r = rng_seeded(4);
    struct outcome o = {0, 0}, other = {0, 0};
    for (uint32_t run = 0; run < 4000; run++) {
        uint64_t pc = PC + 4 * rng_below(&r, 8);
        uint32_t trips = 3 + (uint32_t)(pc >> 2 & 7) * 5;
        for (uint32_t n = 1; n <= trips; n++) {
            uint32_t counted = l->counted;
            for (uint64_t k = rng_below(&r, 30); k; k--)
                loop_count(l, PC + 4 * rng_below(&r, 8), rng_below(&r, 4) != 0);
            loop_restore(l, counted);
            execute(l, pc, true, n < trips, &o);
            execute(twin, pc, true, n < trips, &other);
            assert_int_equal(o.confident, other.confident);
            assert_int_equal(o.right, other.right);
        }
    }
    assert_true(o.right > 10000);
    loop_destroy(l);
    loop_destroy(twin);
}

static void loops_compete_for_the_ways_of_a_set(void **state)
{
    (void)state;
    struct loop *l = loop_create(LOOP_WAYS);
    for (uint32_t run = 0; run < 200; run++)
        for (uint64_t n = 0; n < LOOP_WAYS; n++)
            run_loop(l, PC + 4 * n, 6 + (uint32_t)n, 1, true);
    for (uint64_t n = 0; n < LOOP_WAYS; n++)
        assert_int_equal(run_loop(l, PC + 4 * n, 6 + (uint32_t)n, 1, true).right, 6 + n);
    loop_destroy(l);
}

/* Valid 1, tag 10, three counts of 10, confidence 4, age 4, direction 1; trust 7, generator 32. */
static void storage_is_what_the_table_holds(void **state)
{
    (void)state;
    struct loop *l = loop_create(64), *none = loop_create(0);
    assert_int_equal(loop_storage_bits(l), 64 * 50 + 39);
    assert_int_equal(loop_storage_bits(none), 0);
    assert_false(loop_find(none, PC).confident);
    loop_count(none, PC, true);
    assert_int_equal(none->counted, 0);
    loop_destroy(l);
    loop_destroy(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_loop_of_constant_length_is_learnt_exactly),
        cmocka_unit_test(loops_too_long_or_too_short_are_not_predicted),
        cmocka_unit_test(a_loop_that_changes_its_length_is_given_up),
        cmocka_unit_test(it_is_not_believed_while_the_other_is_better),
        cmocka_unit_test(a_wrong_path_leaves_no_trace),
        cmocka_unit_test(loops_compete_for_the_ways_of_a_set),
        cmocka_unit_test(storage_is_what_the_table_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
