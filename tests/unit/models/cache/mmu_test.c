/* TLBs and page walks: when they answer, what they hold, whom they refuse. */
#include "models/cache/mmu.h"

#include <stdio.h>

#include "tests/unit/models/cache/mmu_rig.h"

static void without_a_section_there_is_no_port(void **state)
{
    struct rig *g = rig("dtlb.entries=4");
    (void)state;
    assert_null(g->itlb.translate);
    assert_non_null(g->dtlb.translate);
    rig_free(g);
    g = rig("dtlb.entries=4 dtlb.present=no");
    assert_null(g->dtlb.translate);
    rig_free(g);
    g = rig("tlb.entries=4");
    assert_non_null(g->itlb.translate);
    assert_non_null(g->dtlb.translate);
    rig_free(g);
}

static void a_hit_in_the_first_level_takes_no_time(void **state)
{
    struct rig *g = rig("dtlb.entries=4 tlb.entries=16");
    struct probe p;
    (void)state;
    bring(g, 5 * PAGE);
    uint64_t now = engine_now(g->engine);
    assert_int_equal(ask(g, &p, 5 * PAGE + 4088), PORT_HIT);
    assert_int_equal(p.request.level, 1);
    answered_after(g, &p, now, 0);
    rig_free(g);
}

static void the_second_level_answers_after_its_latency(void **state)
{
    struct rig *g = rig("dtlb.entries=1 tlb.entries=16 tlb.latency=7");
    struct probe p, other;
    (void)state;
    bring(g, 0);
    bring(g, PAGE);
    uint64_t now = engine_now(g->engine);
    assert_int_equal(ask(g, &p, 0), PORT_HIT);
    assert_int_equal(p.request.level, 2);
    answered_after(g, &p, now, 7);
    /* ... also for one who asks meanwhile */
    engine_run_until(g->engine, now + 2 * CYCLE);
    assert_int_equal(ask(g, &other, 8), PORT_HIT);
    answered_after(g, &other, now, 7);
    assert_int_equal(count(g, "dtlb.delayed_hits"), 1);
    rig_free(g);
}

static void a_walk_reads_one_entry_after_the_other(void **state)
{
    static const struct {
        uint8_t page_shift;
        uint64_t entries;
    } rows[] = {{12, 4}, {16, 4}, {21, 3}};
    (void)state;
    for (size_t n = 0; n < ARRAY_LEN(rows); n++) {
        struct rig *g = rig("dtlb.entries=4 tlb.entries=16 tlb.latency=7");
        struct probe p;
        g->page_shift = rows[n].page_shift;
        assert_int_equal(ask(g, &p, 64 * MIB), PORT_MISS);
        assert_int_equal(p.request.level, 3);
        answered_after(g, &p, 0, 7 + rows[n].entries * ENTRY);
        assert_int_equal(count(g, "walker.loads"), rows[n].entries);
        assert_int_equal(count(g, "mem.read_bytes"), 8 * rows[n].entries);
        rig_free(g);
    }
}

static void a_step_takes_its_latency(void **state)
{
    struct rig *g = rig("dtlb.entries=4 walker.step_latency=6");
    struct probe p;
    (void)state;
    ask(g, &p, 0);
    answered_after(g, &p, 0, 4 * (MEMORY + 6));
    rig_free(g);
}

static void the_walk_cache_spares_the_upper_entries(void **state)
{
    struct rig *g = rig("dtlb.entries=1");
    struct probe p;
    (void)state;
    bring(g, 0);
    uint64_t now = engine_now(g->engine);
    ask(g, &p, PAGE);
    answered_after(g, &p, now, 1 * ENTRY);
    now = engine_now(g->engine);
    ask(g, &p, 2 * MIB);
    answered_after(g, &p, now, 2 * ENTRY);
    now = engine_now(g->engine);
    ask(g, &p, 1024 * MIB);
    answered_after(g, &p, now, 3 * ENTRY);
    rig_free(g);
}

static void the_walk_cache_forgets_what_was_not_used_for_longest(void **state)
{
    struct rig *g = rig("dtlb.entries=1 walker.walk_cache=3");
    struct probe p;
    (void)state;
    bring(g, 0);       /* its three upper entries fill the cache */
    bring(g, 2 * MIB); /* a new third one, in place of the root's, which was not used since */
    uint64_t now = engine_now(g->engine);
    ask(g, &p, 0);
    answered_after(g, &p, now, 1 * ENTRY);
    now = engine_now(g->engine);
    ask(g, &p, 1024 * MIB);
    answered_after(g, &p, now, 4 * ENTRY);
    rig_free(g);
}

static void requests_for_one_page_share_a_walk(void **state)
{
    struct rig *g = rig("itlb.entries=4 dtlb.entries=4");
    struct probe data, fetch;
    (void)state;
    ask(g, &data, 0);
    engine_run_until(g->engine, 50 * CYCLE);
    assert_int_equal(ask_at(g, &g->itlb, &fetch, MEM_FETCH, 64, 64 ^ 1u << 30), PORT_MISS);
    answered_after(g, &data, 0, 4 * ENTRY);
    answered_after(g, &fetch, 0, 4 * ENTRY);
    assert_int_equal(count(g, "walker.walks"), 1);
    assert_int_equal(count(g, "walker.merged"), 1);
    /* both first levels have it */
    assert_int_equal(ask(g, &data, 0), PORT_HIT);
    assert_int_equal(ask_at(g, &g->itlb, &fetch, MEM_FETCH, 64, 64 ^ 1u << 30), PORT_HIT);
    rig_free(g);
}

static void woken(struct port_waiter *w, uint64_t now) { *(uint64_t *)w->owner = now; }

static void a_walk_too_many_is_refused_and_woken(void **state)
{
    struct rig *g = rig("dtlb.entries=4 walker.walkers=2");
    struct probe first, second, third;
    uint64_t woken_tick = 0;
    struct port_waiter w = {.wake = woken, .owner = &woken_tick};
    (void)state;
    ask(g, &first, 0);
    engine_run_until(g->engine, 10 * CYCLE);
    ask(g, &second, PAGE);
    assert_int_equal(ask(g, &third, 2 * PAGE), PORT_BUSY);
    assert_int_equal(count(g, "dtlb.accesses"), 2);
    assert_int_equal(count(g, "walker.refusals"), 1);
    g->dtlb.wait(g->dtlb.node, &w);
    answered_after(g, &first, 0, 4 * ENTRY);
    assert_int_equal(woken_tick, 4 * ENTRY * CYCLE);
    assert_false(w.waiting);
    assert_int_equal(ask(g, &third, 2 * PAGE), PORT_MISS);
    engine_run(g->engine);
    assert_true(third.answered);
    rig_free(g);
}

static void a_posted_question_only_brings_the_page(void **state)
{
    struct rig *g = rig("dtlb.entries=4");
    struct tlb_request r = {.ea = PAGE, .pa = PAGE ^ 1u << 30, .command = MEM_PREFETCH};
    struct probe p;
    (void)state;
    assert_int_equal(g->dtlb.translate(g->dtlb.node, &r, 0), PORT_HIT);
    engine_run(g->engine);
    assert_int_equal(ask(g, &p, PAGE), PORT_HIT);
    assert_int_equal(p.request.level, 1);
    rig_free(g);
}

/* Misses of the second of two passes over so many pages. */
static uint64_t second_pass_misses(const char *assignments, uint64_t pages, uint64_t stride,
                                   uint8_t page_shift)
{
    struct rig *g = rig(assignments);
    uint64_t misses = 0;
    g->page_shift = page_shift;
    for (uint64_t n = 0; n < 2 * pages; n++) {
        if (n == pages)
            misses = count(g, "dtlb.misses");
        bring(g, n % pages * stride);
    }
    misses = count(g, "dtlb.misses") - misses;
    rig_free(g);
    return misses;
}

static void reach_is_entries_times_page(void **state)
{
    (void)state;
    assert_int_equal(second_pass_misses("dtlb.entries=8", 8, PAGE, 12), 0);
    assert_int_equal(second_pass_misses("dtlb.entries=8", 9, PAGE, 12), 9); /* LRU */
    assert_int_equal(second_pass_misses("dtlb.entries=8", 16 * 8, PAGE, 16), 0);
    assert_int_equal(second_pass_misses("dtlb.entries=8", 8 * 8, 2 * MIB / 8, 21), 0);
    /* two sets of four: even pages have one of them */
    assert_int_equal(second_pass_misses("dtlb.entries=8 dtlb.ways=4", 4, 2 * PAGE, 12), 0);
    assert_int_equal(second_pass_misses("dtlb.entries=8 dtlb.ways=4", 5, 2 * PAGE, 12), 5);
    assert_int_equal(second_pass_misses("dtlb.entries=8 dtlb.ways=4", 8, PAGE, 12), 0);
}

static void pages_of_two_sizes_live_together(void **state)
{
    struct rig *g = rig("dtlb.entries=8 dtlb.ways=2");
    struct probe p;
    (void)state;
    bring(g, 0);
    g->page_shift = 21;
    bring(g, 64 * MIB);
    assert_int_equal(ask(g, &p, 64 * MIB + 77 * PAGE), PORT_HIT);
    assert_int_equal(ask(g, &p, 8), PORT_HIT);
    assert_int_equal(ask(g, &p, PAGE), PORT_MISS);
    engine_run(g->engine);
    rig_free(g);
}

static void a_page_that_was_mapped_anew_is_walked_again(void **state)
{
    struct rig *g = rig("dtlb.entries=4");
    struct probe p;
    (void)state;
    bring(g, PAGE);
    assert_int_equal(ask_at(g, &g->dtlb, &p, MEM_LOAD, PAGE, 77 * PAGE), PORT_MISS);
    engine_run(g->engine);
    rig_free(g);
}

static void walks_go_through_the_level_that_is_asked_for(void **state)
{
    static const struct {
        const char *assignments, *loads;
    } rows[] = {
        {"l1d.size=4KiB l2.size=64KiB walker.walk_level=l1d", "l1d.load_misses"},
        {"l1d.size=4KiB l2.size=64KiB walker.walk_level=l2", "l2.load_misses"},
        {"l1d.size=4KiB l3.size=64KiB walker.walk_level=l2", "l3.load_misses"},
        {"l1d.size=4KiB l2.size=64KiB walker.walk_level=l3", "mem.reads"},
        {"l1d.size=4KiB l2.size=64KiB walker.walk_level=dram", "mem.reads"},
    };
    (void)state;
    for (size_t n = 0; n < ARRAY_LEN(rows); n++) {
        char all[200];
        snprintf(all, sizeof all, "dtlb.entries=4 %s", rows[n].assignments);
        struct rig *g = rig(all);
        bring(g, 0);
        assert_int_equal(count(g, rows[n].loads), 4);
        rig_free(g);
    }
}

static void warming_leaves_what_an_access_would_have_left(void **state)
{
    struct rig *g = rig("dtlb.entries=1 tlb.entries=16 l2.size=64KiB");
    struct tlb_request r = {.ea = PAGE, .pa = PAGE ^ 1u << 30, .command = MEM_LOAD};
    struct probe p;
    (void)state;
    g->dtlb.warm(g->dtlb.node, &r);
    assert_int_equal(count(g, "dtlb.accesses") + count(g, "walker.walks"), 0);
    assert_int_equal(count(g, "l2.warm_fills"), 4);
    assert_int_equal(ask(g, &p, PAGE), PORT_HIT);
    assert_int_equal(p.request.level, 1);
    assert_int_equal(p.request.ready, 0);
    r.ea += PAGE;
    r.pa += PAGE;
    g->dtlb.warm(g->dtlb.node, &r);
    assert_int_equal(ask(g, &p, PAGE), PORT_HIT);
    assert_int_equal(p.request.level, 2);
    rig_free(g);
}

static void a_page_warmed_in_the_first_level_is_not_put_into_the_second(void **state)
{
    struct rig *g = rig("dtlb.entries=4 tlb.entries=1 tlb.ways=1");
    struct tlb_request r = {.ea = 0, .pa = 1u << 30, .command = MEM_LOAD};
    (void)state;
    bring(g, 0);
    bring(g, PAGE);
    assert_int_equal(count(g, "tlb.fills"), 2);
    g->dtlb.warm(g->dtlb.node, &r);
    assert_int_equal(count(g, "tlb.fills"), 2);
    rig_free(g);
}

static void warming_walks_by_the_walk_cache_and_fills_it(void **state)
{
    struct rig *g = rig("dtlb.entries=1 l2.size=64KiB");
    struct tlb_request r = {.ea = 0, .pa = 1u << 30, .command = MEM_STORE};
    (void)state;
    bring(g, PAGE);
    uint64_t read = count(g, "walker.loads");
    g->dtlb.warm(g->dtlb.node, &r); /* in the same table: only its last entry, in the same line */
    assert_int_equal(count(g, "l2.warm_fills"), 0);
    assert_int_equal(count(g, "walker.loads"), read);
    r.ea = r.pa = UINT64_C(1) << 32; /* other tables */
    g->dtlb.warm(g->dtlb.node, &r);
    bring(g, (UINT64_C(1) << 32) + PAGE);
    assert_int_equal(count(g, "walker.loads"), read + 1);
    rig_free(g);
}

static void refused(const char *assignments, const char *why)
{
    struct err e = {0};
    struct rig *g = rig_new(assignments, &e);
    assert_null(g->stats);
    if (!strstr(e.text, why))
        fail_msg("'%s' does not say '%s'", e.text, why);
    rig_free(g);
}

static void what_cannot_be_is_refused_with_the_reason(void **state)
{
    (void)state;
    refused("dtlb.entries=65", "one set holds at most 64");
    refused("itlb.entries=12 itlb.ways=4",
            "4 ways (command line) x a power of two of sets: 8 or 16");
    refused("tlb.entries=2", "4 ways (default) x a power of two of sets: 4 or 8");
    refused("tlb.replacement=best", "must be one of lru, plru, fifo, random");
    refused("walker.walkers=3", "walker");
    refused("dtlb.entries=4 walker.walk_level=l9", "l1d");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_section_there_is_no_port),
        cmocka_unit_test(a_hit_in_the_first_level_takes_no_time),
        cmocka_unit_test(the_second_level_answers_after_its_latency),
        cmocka_unit_test(a_walk_reads_one_entry_after_the_other),
        cmocka_unit_test(a_step_takes_its_latency),
        cmocka_unit_test(the_walk_cache_spares_the_upper_entries),
        cmocka_unit_test(the_walk_cache_forgets_what_was_not_used_for_longest),
        cmocka_unit_test(requests_for_one_page_share_a_walk),
        cmocka_unit_test(a_walk_too_many_is_refused_and_woken),
        cmocka_unit_test(a_posted_question_only_brings_the_page),
        cmocka_unit_test(reach_is_entries_times_page),
        cmocka_unit_test(pages_of_two_sizes_live_together),
        cmocka_unit_test(a_page_that_was_mapped_anew_is_walked_again),
        cmocka_unit_test(walks_go_through_the_level_that_is_asked_for),
        cmocka_unit_test(warming_leaves_what_an_access_would_have_left),
        cmocka_unit_test(a_page_warmed_in_the_first_level_is_not_put_into_the_second),
        cmocka_unit_test(warming_walks_by_the_walk_cache_and_fills_it),
        cmocka_unit_test(what_cannot_be_is_refused_with_the_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
