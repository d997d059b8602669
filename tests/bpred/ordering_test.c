/* At equal storage the predictors rank as the literature says, on each of the branchy programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/bits.h"
#include "tests/bpred/replay.h"

enum { BIMODAL, GSHARE, PERCEPTRON, HASHED, TAGE, TAGE_SC_L, RANKED };
static const char *const names[RANKED] = {"bimodal", "gshare", "perceptron", "hashed_perceptron",
                                          "tage", "tage_sc_l"};
static const uint32_t budgets[] = {8, 64};

static struct contestant find(const char *name, uint32_t kib)
{
    const struct contestant *c = direction_contestants;
    while (strcmp(c->name, name) || c->kib != kib)
        c++;
    return *c;
}

static struct replay *run(const char *self, const char *workload)
{
    struct contestant c[RANKED * ARRAY_LEN(budgets)];
    for (uint32_t n = 0; n < ARRAY_LEN(c); n++)
        c[n] = find(names[n % RANKED], budgets[n / RANKED]);
    struct replay *r = replay_create(c, ARRAY_LEN(c));
    replay_run(r, self, workload, UINT64_MAX);
    return r;
}

/* Nobody has more than gshare, and that more than bimodal by its history alone. */
static void check_storage(const struct replay *r, uint32_t first, uint32_t kib)
{
    uint64_t bits[RANKED];
    for (uint32_t n = 0; n < RANKED; n++)
        bits[n] = branch_unit_storage(r->units[first + n]).direction;
    assert_int_equal(bits[BIMODAL], 8192 * (uint64_t)kib);
    assert_in_range(bits[GSHARE], bits[BIMODAL], bits[BIMODAL] + 20);
    for (uint32_t n = PERCEPTRON; n < RANKED; n++)
        assert_true(bits[n] <= bits[BIMODAL]);
}

/* The perceptron of 2001 is worse than a large gshare on queens, where it takes part in the sums
 * alone: see models/pipeline/bpred/README.md. */
static void check_order(const uint64_t *wrong, bool separable)
{
    assert_true(wrong[GSHARE] < wrong[BIMODAL]);
    assert_true(!separable || wrong[PERCEPTRON] < wrong[GSHARE]);
    assert_true(wrong[HASHED] < wrong[GSHARE]);
    assert_true(wrong[HASHED] < wrong[PERCEPTRON]);
    assert_true(wrong[TAGE] < wrong[GSHARE]);
    assert_true(wrong[TAGE_SC_L] < wrong[GSHARE]);
}

static void perceptron_and_tage_beat_gshare_and_that_bimodal(void **state)
{
    const char *self = *state;
    uint64_t sum[ARRAY_LEN(budgets)][RANKED] = {{0}}, wrong[RANKED];
    for (const char *const *w = branchy_workloads; *w; w++) {
        struct replay *r = run(self, *w);
        for (uint32_t b = 0; b < ARRAY_LEN(budgets); b++) {
            for (uint32_t n = 0; n < RANKED; n++) {
                const struct bpred_stats *s = branch_unit_stats(r->units[b * RANKED + n]);
                wrong[n] = s->direction_mispredicts;
                sum[b][n] += replay_rate(r, wrong[n]);
            }
            check_storage(r, b * RANKED, budgets[b]);
            check_order(wrong, strcmp(*w, "queens") != 0);
        }
        replay_destroy(r);
    }
    for (uint32_t b = 0; b < ARRAY_LEN(budgets); b++) {
        check_order(sum[b], true);
        assert_true(sum[b][TAGE] < sum[b][PERCEPTRON]);
        assert_true(sum[b][TAGE_SC_L] < sum[b][TAGE]);
    }
}

int main(int argc, char **argv)
{
    (void)argc;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(perceptron_and_tage_beat_gshare_and_that_bimodal, argv[0]),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
