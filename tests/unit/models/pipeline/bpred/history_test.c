/* Hashes of a long history against their definition, and the series of lengths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/pipeline/bpred/history.h"
#include "sim/base/bits.h"
#include "sim/base/rng.h"

#define SYMBOLS 20000 /* more than the ring holds */

static uint64_t hash_by_definition(const uint8_t *symbols, uint32_t end, uint32_t length)
{
    uint64_t hash = 0;
    for (uint32_t n = end > length ? end - length : 0; n < end; n++)
        hash = hash * HISTORY_BASE + symbols[n] * HISTORY_SYMBOL;
    return hash;
}

static uint64_t hash_now(const struct history *h, uint32_t symbols)
{
    struct history_length length = history_length(symbols);
    return history_hash(h, h->moment, &length);
}

static void a_hash_is_that_of_the_last_symbols_alone(void **state)
{
    (void)state;
    static uint8_t symbols[SYMBOLS];
    static const uint32_t lengths[] = {1, 2, 5, 31, 32, 33, 64, 130, 640, HISTORY_MAX};
    static struct history h;
    struct rng r = rng_seeded(1);
    for (uint32_t end = 0; end < SYMBOLS; end++) {
        if (end % 97 == 0 || end < 100)
            for (uint32_t n = 0; n < ARRAY_LEN(lengths); n++)
                assert_int_equal(hash_now(&h, lengths[n]),
                                 hash_by_definition(symbols, end, lengths[n]));
        symbols[end] = (uint8_t)rng_below(&r, 4);
        history_push(&h, symbols[end]);
    }
}

/* One exit among equal branches, at each age: index and tag of 20 bits tell all ages apart. */
static void no_two_ages_of_a_branch_look_alike(void **state)
{
    (void)state;
    static struct history h;
    static bool seen[1 << 20];
    uint32_t alike = 0;
    for (uint32_t age = 0; age < 400; age++) {
        history_push(&h, age == 0);
        uint64_t place = hash_now(&h, 400) >> 44;
        alike += seen[place];
        seen[place] = true;
    }
    assert_int_equal(alike, 0);
}

static void a_hash_of_an_older_moment_is_what_it_was_then(void **state)
{
    (void)state;
    static struct history h;
    struct rng r = rng_seeded(2);
    for (uint32_t run = 0; run < 500; run++) {
        struct history_length length = history_length(300);
        uint64_t moment = h.moment, hash = history_hash(&h, moment, &length);
        for (uint64_t n = rng_below(&r, 5000); n; n--)
            history_push(&h, (uint32_t)rng_below(&r, 4));
        assert_int_equal(history_hash(&h, moment, &length), hash);
    }
}

static void restore_undoes_any_wrong_path(void **state)
{
    (void)state;
    static struct history h, twin;
    struct rng r = rng_seeded(3);
    for (uint32_t run = 0; run < 3000; run++) {
        uint64_t moment = h.moment;
        for (uint64_t n = rng_below(&r, run % 100 ? 100 : 5000); n; n--)
            history_push(&h, (uint32_t)rng_below(&r, 4));
        history_restore(&h, moment);
        uint32_t symbol = (uint32_t)rng_below(&r, 4);
        history_push(&h, symbol);
        history_push(&twin, symbol);
        assert_int_equal(hash_now(&h, 17), hash_now(&twin, 17));
        assert_int_equal(hash_now(&h, HISTORY_MAX), hash_now(&twin, HISTORY_MAX));
    }
}

/* 5 * 26^(n/6), rounded: the lengths of the TAGE paper's formula for 5 to 130 in seven tables. */
static void lengths_are_a_geometric_series(void **state)
{
    (void)state;
    static const uint32_t expected[7] = {5, 9, 15, 25, 44, 76, 130};
    uint32_t length[16];
    history_lengths(length, 7, 5, 130);
    for (uint32_t n = 0; n < 7; n++)
        assert_int_equal(length[n], expected[n]);
    for (uint32_t max = 16; max <= HISTORY_MAX; max += 7) {
        history_lengths(length, 16, 1, max);
        assert_int_equal(length[15], max);
        for (uint32_t n = 1; n < 16; n++)
            assert_true(length[n] > length[n - 1]);
    }
    history_lengths(length, 1, 12, 99);
    assert_int_equal(length[0], 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hash_is_that_of_the_last_symbols_alone),
        cmocka_unit_test(no_two_ages_of_a_branch_look_alike),
        cmocka_unit_test(a_hash_of_an_older_moment_is_what_it_was_then),
        cmocka_unit_test(restore_undoes_any_wrong_path),
        cmocka_unit_test(lengths_are_a_geometric_series),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
