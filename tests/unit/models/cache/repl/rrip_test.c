/* SRRIP, BRRIP, DRRIP and SHiP do what their papers say. */
#include "tests/unit/models/cache/repl/policy.h"

#include "models/cache/tags.h"

enum { WAYS = 4 };

static void fill(const struct repl_ops *ops, struct repl *r, uint32_t way, uint64_t pc)
{
    struct mem_request access = {.pc = pc, .command = pc ? MEM_LOAD : MEM_WRITEBACK};
    ops->touch(r, 0, way, REPL_FILL, &access);
}

static void a_line_that_was_used_survives_a_scan_of_lines_that_are_not(void **state)
{
    (void)state;
    const struct repl_ops *ops = repl_find("srrip");
    struct repl *r = policy_new(ops, 1, WAYS, NULL, NULL);
    for (uint32_t way = 0; way < WAYS; way++)
        fill(ops, r, way, 4);
    ops->touch(r, 0, 0, REPL_HIT, &a_load);
    /* Predictions 0 2 2 2. The first victim ages all by one (1 3 3 3), so that three new lines find
     * room; the fourth ages 1 2 2 2 to 2 3 3 3, the seventh 2 2 2 2 to 3 3 3 3. */
    static const uint32_t expected[] = {1, 2, 3, 1, 2, 3, 0};
    for (uint32_t n = 0; n < 7; n++) {
        uint32_t victim = ops->victim(r, 0, &a_load);
        assert_int_equal(victim, expected[n]);
        fill(ops, r, victim, 4);
    }
    ops->destroy(r);
}

/* The paper's algorithm to the letter (ISCA 2010, figure 3): look for the greatest value from way 0
 * on, add one to all when there is none, look again. */
static uint32_t naive_victim(uint8_t *interval, uint32_t ways, uint8_t far)
{
    for (;;) {
        for (uint32_t way = 0; way < ways; way++)
            if (interval[way] == far)
                return way;
        for (uint32_t way = 0; way < ways; way++)
            interval[way]++;
    }
}

static void compare_with_naive(uint32_t ways, uint32_t bits)
{
    const struct repl_ops *ops = repl_find("srrip");
    char *setting = xasprintf("rrip_bits=%u", bits);
    const char *settings[] = {setting, NULL};
    struct repl *r = policy_new(ops, 1, ways, NULL, settings);
    struct rng rng = rng_seeded(ways + bits);
    uint8_t far = (uint8_t)((1u << bits) - 1), interval[REPL_MAX_WAYS];
    for (uint32_t way = 0; way < ways; way++)
        interval[way] = far;
    for (int n = 0; n < 5000; n++) {
        uint32_t way = (uint32_t)rng_below(&rng, ways);
        if (rng_below(&rng, 2)) {
            ops->touch(r, 0, way, REPL_HIT, &a_load);
            interval[way] = 0;
            continue;
        }
        uint32_t victim = ops->victim(r, 0, &a_load);
        assert_int_equal(victim, naive_victim(interval, ways, far));
        fill(ops, r, victim, 4);
        interval[victim] = (uint8_t)(far - 1);
    }
    ops->destroy(r);
    free(setting);
}

static void srrip_equals_the_algorithm_of_the_paper_on_random_streams(void **state)
{
    (void)state;
    compare_with_naive(4, 2);
    compare_with_naive(16, 3);
    compare_with_naive(7, 1);
    compare_with_naive(64, 8);
}

/* Hits of a cyclic walk over `lines` lines of a cache of 64 sets of 4 ways. */
static uint32_t cyclic_hits(const char *policy, uint32_t lines)
{
    struct tags t;
    uint32_t hits = 0;
    void *keys = policy_keys(repl_find(policy), NULL);
    tags_init(&t, 64, WAYS, 64, repl_find(policy), keys, 3);
    free(keys);
    for (uint32_t n = 0; n < 60 * lines; n++) {
        struct mem_request access = {.pa = n % lines * 64, .pc = 4, .command = MEM_LOAD};
        uint32_t set = tags_set(&t, access.pa);
        int32_t way = tags_find(&t, set, access.pa);
        if (way == TAGS_ABSENT) {
            tags_install(&t, set, tags_victim(&t, set, &access), access.pa, 0, &access);
        } else {
            tags_touch(&t, set, (uint32_t)way, &access);
            hits += n >= 30 * lines; /* the first half trains */
        }
    }
    tags_free(&t);
    return hits;
}

static void a_cycle_that_does_not_fit_hits_under_brrip_and_drrip_alone(void **state)
{
    (void)state;
    uint32_t lines = 64 * 6; /* of 6 lines per set at most 3 can hit: one way takes the misses */
    assert_int_equal(cyclic_hits("lru", lines), 0);
    assert_int_equal(cyclic_hits("srrip", lines), 0);
    uint32_t brrip = cyclic_hits("brrip", lines), drrip = cyclic_hits("drrip", lines);
    assert_in_range(brrip, 30 * lines * 35 / 100, 30 * lines / 2);
    /* DRRIP loses what the 32 sets that lead for SRRIP cannot hit: half of all sets. */
    assert_in_range(drrip, brrip * 45 / 100, brrip * 55 / 100);
}

static void every_policy_keeps_a_cycle_that_fits(void **state)
{
    (void)state;
    for (uint32_t i = 0; repl_at(i); i++)
        assert_int_equal(cyclic_hits(repl_at(i)->name, 64 * WAYS), 30 * 64 * WAYS);
}

/* Which way leaves next when way 1 of four was filled by `pc` and the rest by another. */
static uint32_t victim_after(const struct repl_ops *ops, struct repl *r, uint64_t pc)
{
    for (uint32_t way = 0; way < WAYS; way++) {
        fill(ops, r, way, way == 1 ? pc : 0x500);
        if (way != 1)
            ops->touch(r, 0, way, REPL_HIT, &(struct mem_request){.pc = 0x500});
    }
    return ops->victim(r, 0, &a_load);
}

static void ship_expels_first_what_an_instruction_brings_whose_lines_have_died(void **state)
{
    (void)state;
    const struct repl_ops *ops = repl_find("ship");
    struct repl *r = policy_new(ops, 1, WAYS, NULL, NULL);
    fill(ops, r, 0, 0x100);
    fill(ops, r, 1, 0x500);
    fill(ops, r, 2, 0x500);
    fill(ops, r, 3, 0x100); /* all long: 2 2 2 2 */
    assert_int_equal(ops->victim(r, 0, &a_load), 0);
    fill(ops, r, 0, 0x500); /* the line of 0x100 died unused: its counter goes from 1 to 0 */
    ops->touch(r, 0, 0, REPL_HIT, &(struct mem_request){.pc = 0x500});
    ops->touch(r, 0, 3, REPL_HIT,
               &(struct mem_request){.pc = 0x900}); /* 0 3 3 0; 0x100 back to 1 */
    assert_int_equal(ops->victim(r, 0, &a_load), 1);
    fill(ops, r, 1, 0x100); /* believed again: long, not far off */
    assert_int_equal(ops->victim(r, 0, &a_load), 2);
    fill(ops, r, 2, 0x500);
    ops->touch(r, 0, 2, REPL_HIT, &(struct mem_request){.pc = 0x500});
    fill(ops, r, 1, 0x500); /* the line of 0x100 in way 1 died: far off from now on */
    assert_int_equal(victim_after(ops, r, 0x100), 1);
    ops->destroy(r);
}

static void ship_takes_written_back_lines_for_dead_and_learns_nothing_from_them(void **state)
{
    (void)state;
    const struct repl_ops *ops = repl_find("ship");
    struct repl *r = policy_new(ops, 1, WAYS, NULL, NULL);
    struct mem_request writeback = {.command = MEM_WRITEBACK};
    for (uint32_t way = 0; way < WAYS; way++)
        fill(ops, r, way, 0x500);
    fill(ops, r, 2, 0); /* 2 2 3 2 */
    assert_int_equal(ops->victim(r, 0, &a_load), 2);
    ops->touch(r, 0, 2, REPL_HIT, &writeback); /* written back once more: no use */
    assert_int_equal(ops->victim(r, 0, &a_load), 2);
    ops->destroy(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_that_was_used_survives_a_scan_of_lines_that_are_not),
        cmocka_unit_test(srrip_equals_the_algorithm_of_the_paper_on_random_streams),
        cmocka_unit_test(a_cycle_that_does_not_fit_hits_under_brrip_and_drrip_alone),
        cmocka_unit_test(every_policy_keeps_a_cycle_that_fits),
        cmocka_unit_test(ship_expels_first_what_an_instruction_brings_whose_lines_have_died),
        cmocka_unit_test(ship_takes_written_back_lines_for_dead_and_learns_nothing_from_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
