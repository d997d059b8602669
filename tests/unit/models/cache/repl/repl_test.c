/* What every policy of repl.def owes the cache, and what each promises by itself. */
#include "models/cache/repl/repl.h"

#include <string.h>

#include "models/cache/tags.h"
#include "tests/unit/models/cache/repl/policy.h"

static const uint32_t way_counts[] = {1, 2, 3, 4, 8, 12, 16, 17, 20, 64};
#define WAY_COUNTS (sizeof way_counts / sizeof way_counts[0])
#define SETS       4

static void names_are_found_and_strangers_are_not(void **state)
{
    (void)state;
    for (uint32_t i = 0; repl_at(i); i++) {
        assert_ptr_equal(repl_find(repl_at(i)->name), repl_at(i));
        assert_non_null(strstr(repl_help, repl_at(i)->name));
    }
    assert_null(repl_find("nothing"));
}

static void every_victim_is_a_way_of_the_set(void **state)
{
    (void)state;
    for (uint32_t i = 0; repl_at(i); i++)
        for (uint32_t w = 0; w < WAY_COUNTS; w++) {
            uint32_t ways = way_counts[w];
            struct rng rng = rng_seeded(5), choose = rng_seeded(6);
            struct repl *r = policy_new(repl_at(i), SETS, ways, &rng, NULL);
            for (int n = 0; n < 5000; n++) {
                uint32_t set = (uint32_t)rng_below(&choose, SETS);
                uint32_t victim = repl_at(i)->victim(r, set, &a_load);
                assert_true(victim < ways);
                repl_at(i)->touch(r, set, victim, REPL_FILL, &a_load);
                repl_at(i)->touch(r, set, (uint32_t)rng_below(&choose, ways), REPL_HIT, &a_load);
            }
            repl_at(i)->destroy(r);
        }
}

static void fill_randomly(struct tags *t, uint32_t *victims, uint64_t seed)
{
    struct rng rng = rng_seeded(9);
    void *keys = policy_keys(t->policy, NULL);
    tags_init(t, SETS, 8, 64, t->policy, keys, seed);
    free(keys);
    for (int n = 0; n < 2000; n++) {
        uint64_t pa = rng_below(&rng, UINT64_C(64) * 64) * 64;
        uint32_t set = tags_set(t, pa);
        int32_t way = tags_find(t, set, pa);
        victims[n] = 99;
        if (way == TAGS_ABSENT) {
            victims[n] = tags_victim(t, set, &a_load);
            tags_install(t, set, victims[n], pa, 0, &a_load);
        } else {
            tags_touch(t, set, (uint32_t)way, &a_load);
        }
    }
    tags_free(t);
}

static void the_same_seed_gives_the_same_victims(void **state)
{
    (void)state;
    static uint32_t a[2000], b[2000];
    for (uint32_t i = 0; repl_at(i); i++) {
        struct tags t = {.policy = repl_at(i)};
        fill_randomly(&t, a, 11);
        fill_randomly(&t, b, 11);
        assert_memory_equal(a, b, sizeof a);
    }
}

static void empty_ways_are_filled_before_any_line_is_displaced(void **state)
{
    (void)state;
    for (uint32_t i = 0; repl_at(i); i++)
        for (uint32_t w = 0; w < WAY_COUNTS; w++) {
            struct tags t;
            void *keys = policy_keys(repl_at(i), NULL);
            tags_init(&t, SETS, way_counts[w], 64, repl_at(i), keys, 1);
            free(keys);
            for (uint64_t line = 0; line < way_counts[w]; line++) {
                uint32_t way = tags_victim(&t, 1, &a_load);
                assert_true(*tags_word(&t, 1, way) == TAG_EMPTY);
                tags_install(&t, 1, way, (line * SETS + 1) * 64, 0, &a_load);
            }
            tags_remove(&t, tags_word(&t, 1, way_counts[w] - 1)); /* invalidated */
            assert_int_equal(tags_victim(&t, 1, &a_load), way_counts[w] - 1);
            tags_free(&t);
        }
}

static void a_repeated_hit_changes_nothing_where_the_policy_says_so(void **state)
{
    (void)state;
    for (uint32_t i = 0; repl_at(i); i++) {
        const struct repl_ops *ops = repl_at(i);
        struct rng rng1 = rng_seeded(5), rng2 = rng_seeded(5), choose = rng_seeded(6);
        struct repl *once = policy_new(ops, 1, 8, &rng1, NULL),
                    *twice = policy_new(ops, 1, 8, &rng2, NULL);
        for (int n = 0; ops->repeat_is_noop && n < 2000; n++) {
            uint32_t way = (uint32_t)rng_below(&choose, 8);
            ops->touch(once, 0, way, n % 3 ? REPL_HIT : REPL_FILL, &a_load);
            ops->touch(twice, 0, way, n % 3 ? REPL_HIT : REPL_FILL, &a_load);
            ops->touch(twice, 0, way, REPL_HIT, &a_load);
            assert_int_equal(ops->victim(once, 0, &a_load), ops->victim(twice, 0, &a_load));
        }
        ops->destroy(once);
        ops->destroy(twice);
    }
}

static void sets_do_not_disturb_each_other(void **state)
{
    (void)state;
    const char *const names[] = {"lru", "plru", "fifo"};
    for (uint32_t i = 0; i < 3; i++) {
        const struct repl_ops *ops = repl_find(names[i]);
        struct repl *r = policy_new(ops, 2, 4, NULL, NULL);
        for (uint32_t way = 0; way < 4; way++)
            ops->touch(r, 0, way, REPL_FILL, &a_load);
        uint32_t before = ops->victim(r, 0, &a_load);
        for (uint32_t way = 4; way-- > 0;)
            ops->touch(r, 1, way, REPL_FILL, &a_load);
        assert_int_equal(ops->victim(r, 0, &a_load), before);
        assert_int_equal(before, 0);
        ops->destroy(r);
    }
}

static void plru_follows_the_tree_and_not_the_true_order(void **state)
{
    (void)state;
    const struct repl_ops *ops = repl_find("plru");
    struct repl *r = policy_new(ops, 1, 4, NULL, NULL);
    for (uint32_t way = 0; way < 4; way++)
        ops->touch(r, 0, way, REPL_FILL, &a_load);
    ops->touch(r, 0, 0, REPL_HIT, &a_load); /* true LRU is now way 1, but the root points right */
    assert_int_equal(ops->victim(r, 0, &a_load), 2);
    ops->destroy(r);
}

static void random_reaches_every_way(void **state)
{
    (void)state;
    struct rng rng = rng_seeded(1);
    const struct repl_ops *ops = repl_find("random");
    struct repl *r = policy_new(ops, 1, 8, &rng, NULL);
    uint32_t seen = 0;
    for (int n = 0; n < 200; n++)
        seen |= 1u << ops->victim(r, 0, &a_load);
    assert_int_equal(seen, 0xff);
    ops->destroy(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_and_strangers_are_not),
        cmocka_unit_test(every_victim_is_a_way_of_the_set),
        cmocka_unit_test(the_same_seed_gives_the_same_victims),
        cmocka_unit_test(empty_ways_are_filled_before_any_line_is_displaced),
        cmocka_unit_test(a_repeated_hit_changes_nothing_where_the_policy_says_so),
        cmocka_unit_test(sets_do_not_disturb_each_other),
        cmocka_unit_test(plru_follows_the_tree_and_not_the_true_order),
        cmocka_unit_test(random_reaches_every_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
