/* Histograms: bins, exactness, their place among the statistics. */
#include "sim/schema/hist.h"

#include "sim/schema/stats.h"
#include "tests/unit/sim/schema/support.h"

#define TRAIN_STATS(X, o) X(o, cars, COUNT, "cars seen") X(o, trains, COUNT, "trains seen")
#define TRAIN_HISTS(X, o)                                                                          \
    X(o, length, COUNT, COUNT, "cars of a train")                                                  \
    X(o, delay, TICKS, COUNT, "of a train")
struct train_stats {
    TRAIN_STATS(STAT_MEMBER, train_stats)
};
struct train_hists {
    TRAIN_HISTS(HIST_MEMBER, train_hists)
};
static const struct stat_row stat_rows[] = {TRAIN_STATS(STAT_ROW, train_stats) STAT_END};
static const struct hist_row hist_rows[] = {TRAIN_HISTS(HIST_ROW, train_hists) HIST_END};

static uint32_t bin_of(struct hist *h, uint64_t value)
{
    uint32_t found = UINT32_MAX;
    hist_add(h, value);
    for (uint32_t n = 0; n < h->bins; n++)
        if (h->counts[n]) {
            assert_int_equal(found, UINT32_MAX);
            h->counts[found = n] = 0;
        }
    return found;
}

static void every_value_falls_between_the_edges_of_its_bin(void **state)
{
    struct train_hists t;
    (void)state;
    hists_create(hist_rows, &t);
    for (uint32_t shift = 0; shift < 64; shift++)
        for (uint64_t step = 0; step < 16; step++) {
            uint64_t value = (UINT64_C(1) << shift) + (step << shift >> 4);
            uint32_t n = bin_of(&t.delay, value - (step & 1));
            assert_true(hist_edge(&t.delay, n) <= value - (step & 1));
            assert_true(n + 1 == t.delay.bins || value - (step & 1) < hist_edge(&t.delay, n + 1));
        }
    assert_int_equal(bin_of(&t.delay, UINT64_MAX), HIST_BINS - 1);
    assert_int_equal(bin_of(&t.delay, 0), 0);
    hists_destroy(hist_rows, &t);
}

static void small_values_have_a_bin_each_and_larger_ones_an_eighth_of_an_octave(void **state)
{
    struct train_hists t;
    (void)state;
    hists_create(hist_rows, &t);
    assert_int_equal(bin_of(&t.delay, 63), 63);
    assert_int_equal(bin_of(&t.delay, 64), 64);
    assert_int_equal(bin_of(&t.delay, 71), 64);
    assert_int_equal(bin_of(&t.delay, 72), 65);
    assert_int_equal(bin_of(&t.delay, 127), 71);
    assert_int_equal(bin_of(&t.delay, 128), 72);
    assert_int_equal(hist_edge(&t.delay, 72), 128);
    assert_int_equal(hist_edge(&t.delay, 73), 144);
    hists_destroy(hist_rows, &t);
}

static void with_a_limit_all_values_have_a_bin_each(void **state)
{
    struct train_hists t;
    (void)state;
    hists_create(hist_rows, &t);
    hist_limit(&t.length, 200);
    hist_add_times(&t.length, 200, 3);
    assert_int_equal(t.length.bins, 201);
    assert_int_equal(t.length.counts[200], 3);
    assert_int_equal(hist_edge(&t.length, 200), 200);
    assert_int_equal(hist_edge(&t.length, 201), 201);
    assert_int_equal(hist_sum(&t.length), 600);
    hists_destroy(hist_rows, &t);
}

static void the_sum_of_the_values_is_exact_in_wide_bins_too(void **state)
{
    struct train_hists t;
    (void)state;
    hists_create(hist_rows, &t);
    hist_add(&t.delay, 1000001);
    hist_add(&t.delay, 1000002);
    hist_add(&t.delay, 7);
    assert_int_equal(hist_sum(&t.delay), 2000010);
    assert_int_equal(hist_count(&t.delay), 3);
    hists_destroy(hist_rows, &t);
}

/* A tree with both, of two trains with five cars. */
static struct stats *make_tree(struct train_stats *n, struct train_hists *t)
{
    struct stats *s = stats_create();
    *n = (struct train_stats){.cars = 5, .trains = 2};
    hists_create(hist_rows, t);
    hist_limit(&t->length, 9);
    stats_add(s, "line", stat_rows, n);
    stats_add_hists(s, "line", hist_rows, t);
    hist_add_times(&t->length, 2, 1);
    hist_add_times(&t->length, 3, 1);
    return s;
}

static void snapshots_have_counts_and_sum_at_their_place(void **state)
{
    struct train_stats n;
    struct train_hists t;
    struct stats *s = make_tree(&n, &t);
    (void)state;
    assert_int_equal(stats_hist_count(s), 2);
    assert_int_equal(stats_hist_room(s), 10 + 1 + HIST_BINS + 1);
    struct hist_info info = stats_hist_get(s, 0);
    assert_string_equal(info.full, "line.length");
    uint64_t *values = xcalloc(stats_hist_room(s), sizeof *values);
    stats_snapshot_hists(s, values);
    assert_int_equal(values[info.at + 2], 1);
    assert_int_equal(values[info.at + 10], 5);
    assert_int_equal(stats_hist_get(s, 1).at, 11);
    free(values);
    hists_destroy(hist_rows, &t);
    stats_destroy(s);
}

static void laws_hold_counts_and_sums_against_statistics(void **state)
{
    struct train_stats n;
    struct train_hists t;
    struct stats *s = make_tree(&n, &t);
    uint64_t values[2] = {5, 2};
    (void)state;
    stats_hist_law(s, "trains", HIST_COUNT, "line.length + line.delay", "line.trains");
    stats_hist_law(s, "cars", HIST_SUM, "line.length", "line.cars");
    assert_true(stats_law_check(s, 0, values).held);
    assert_true(stats_law_check(s, 1, values).held);
    hist_add(&t.delay, 1);
    struct law_info broken = stats_law_check(s, 0, values);
    assert_false(broken.held);
    assert_int_equal(broken.left_value, 3);
    assert_string_equal(broken.left, "counts of line.length + line.delay");
    hists_destroy(hist_rows, &t);
    stats_destroy(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_falls_between_the_edges_of_its_bin),
        cmocka_unit_test(small_values_have_a_bin_each_and_larger_ones_an_eighth_of_an_octave),
        cmocka_unit_test(with_a_limit_all_values_have_a_bin_each),
        cmocka_unit_test(the_sum_of_the_values_is_exact_in_wide_bins_too),
        cmocka_unit_test(snapshots_have_counts_and_sum_at_their_place),
        cmocka_unit_test(laws_hold_counts_and_sums_against_statistics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
