#include "models/cache/dram/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "models/cache/dram/standard.h"
#include "sim/base/rng.h"

/* DDR4: bursts of 64 bytes, 128 columns, 4 groups of 4 banks, 2^16 rows. */
static struct dram_mapping mapping(const char *text, uint32_t channels, uint32_t ranks)
{
    struct dram_timing t = dram_standard(0);
    struct dram_mapping m = {.bank_hash = false};
    if (!dram_mapping_parse(&m, text, &t, channels, ranks))
        fail_msg("'%s' is refused", text);
    return m;
}

static void fields_stand_where_the_mapping_says(void **state)
{
    struct dram_mapping m = mapping("RoRaBaCoBgCh", 2, 2);
    struct dram_address a = dram_mapping_apply(&m, 64);
    (void)state;
    assert_int_equal(a.field[DRAM_CHANNEL], 1);
    a = dram_mapping_apply(&m, 64 * 2 * 3);
    assert_int_equal(a.field[DRAM_GROUP], 3);
    a = dram_mapping_apply(&m, 64 * 2 * 4 * 77);
    assert_int_equal(a.field[DRAM_COLUMN], 77);
    a = dram_mapping_apply(&m, UINT64_C(64) * 2 * 4 * 128 * 2);
    assert_int_equal(a.field[DRAM_BANK], 2);
    a = dram_mapping_apply(&m, UINT64_C(64) * 2 * 4 * 128 * 4);
    assert_int_equal(a.field[DRAM_RANK], 1);
    a = dram_mapping_apply(&m, UINT64_C(64) * 2 * 4 * 128 * 4 * 2 * 12345);
    assert_int_equal(a.field[DRAM_ROW], 12345);
    m = mapping("ChRaRoBaBgCo", 2, 2);
    a = dram_mapping_apply(&m, 64 * 127);
    assert_int_equal(a.field[DRAM_COLUMN], 127);
    a = dram_mapping_apply(&m, 64 * 128);
    assert_int_equal(a.field[DRAM_GROUP], 1);
}

static void addresses_within_a_burst_are_one_place(void **state)
{
    struct dram_mapping m = mapping("RoRaBaCoBgCh", 2, 1);
    struct dram_address a = dram_mapping_apply(&m, 4096), b = dram_mapping_apply(&m, 4096 + 63);
    (void)state;
    assert_memory_equal(&a, &b, sizeof a);
}

static void a_text_that_does_not_name_each_field_once_is_refused(void **state)
{
    static const char *const texts[] = {"", "RoRaBaCoBg", "RoRaBaCoBgBg", "RoRaBaCoBgChRo",
                                        "roRaBaCoBgCh", "RoRaBaCoBgCx", "oRRaBaCoBgCh"};
    struct dram_timing t = dram_standard(0);
    struct dram_mapping m;
    (void)state;
    for (size_t n = 0; n < sizeof texts / sizeof *texts; n++)
        assert_false(dram_mapping_parse(&m, texts[n], &t, 1, 1));
}

/* Whatever the mapping, wherever the row stands: the place tells the address. */
static uint64_t name_of(const struct dram_mapping *m, const struct dram_address *a)
{
    uint64_t name = 0;
    for (uint32_t n = 0; n < DRAM_FIELDS; n++) {
        if (n == DRAM_ROW)
            continue;
        assert_true(a->field[n] < UINT64_C(1) << m->bits[n]);
        name = name << m->bits[n] | a->field[n];
    }
    return a->field[DRAM_ROW] << 20 | name;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void no_two_bursts_share_a_place(void **state)
{
    static const char *const texts[] = {"RoRaBaCoBgCh", "ChRaBaBgRoCo", "CoRoChRaBgBa"};
    enum { COUNT = 4000 };
    static uint64_t pa[COUNT], place[COUNT];
    (void)state;
    for (uint32_t n = 0; n < 6; n++) {
        struct dram_mapping m = mapping(texts[n % 3], 4, 2);
        struct rng rng = rng_seeded(n);
        m.bank_hash = n / 3;
        uint64_t different = 0, places = 0;
        for (uint32_t i = 0; i < COUNT; i++) {
            /* dense at the bottom, and far above what the fields reach */
            pa[i] = (rng_below(&rng, 2000) + rng_below(&rng, 3) * (UINT64_C(1) << 39)) * 64;
            struct dram_address a = dram_mapping_apply(&m, pa[i]);
            place[i] = name_of(&m, &a);
        }
        qsort(pa, COUNT, sizeof *pa, by_value);
        qsort(place, COUNT, sizeof *place, by_value);
        for (uint32_t i = 1; i < COUNT; i++) {
            different += pa[i] != pa[i - 1];
            places += place[i] != place[i - 1];
        }
        assert_int_equal(places, different);
    }
}

/* Two arrays whose rows would meet in one bank: without hashing all of them do. */
static void hashing_spreads_rows_over_banks(void **state)
{
    struct dram_mapping m = mapping("RoRaBaCoBgCh", 1, 1);
    (void)state;
    for (uint32_t hash = 0; hash < 2; hash++) {
        uint32_t seen = 0;
        m.bank_hash = hash;
        for (uint64_t row = 0; row < 16; row++) {
            struct dram_address a = dram_mapping_apply(&m, row << m.shift[DRAM_ROW]);
            assert_int_equal(a.field[DRAM_ROW], row);
            seen |= 1u << (a.field[DRAM_BANK] * 4 + a.field[DRAM_GROUP]);
        }
        assert_int_equal(seen, hash ? 0xffff : 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_stand_where_the_mapping_says),
        cmocka_unit_test(addresses_within_a_burst_are_one_place),
        cmocka_unit_test(a_text_that_does_not_name_each_field_once_is_refused),
        cmocka_unit_test(no_two_bursts_share_a_place),
        cmocka_unit_test(hashing_spreads_rows_over_banks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
