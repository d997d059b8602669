/* The parts of the branch unit together: loop predictor, indirect predictors, hints, repair. */
#include "tests/unit/models/pipeline/bpred/rig.h"

/* Mispredicts of the closing branch in the last 100 runs of a loop of 50 iterations, with a random
 * branch in it. */
static uint64_t loop_mispredicts(struct branch_unit *u)
{
    uint64_t wrong = 0;
    struct rng r = rng_seeded(6);
    for (uint32_t run = 0; run < 300; run++)
        for (uint32_t n = 1; n <= 50; n++) {
            bool random = rng_below(&r, 2);
            retire(u, PC, bc(12, 0x40, false), random, PC + (random ? 0x40 : 4));
            uint64_t before = branch_unit_stats(u)->direction_mispredicts;
            retire(u, PC + 0x80, bc(12, -0x80, false), n < 50, n < 50 ? PC : PC + 0x84);
            wrong += run >= 200 ? branch_unit_stats(u)->direction_mispredicts - before : 0;
        }
    branch_unit_destroy(u);
    return wrong;
}

/* It knows the exit where a static rule, a counter or a history full of noise do not. */
static void a_loop_predictor_may_stand_beside_any_direction_predictor(void **state)
{
    (void)state;
    static const char *const directions[] = {"static", "bimodal", "gshare", "perceptron", "tage"};
    for (uint32_t n = 0; n < ARRAY_LEN(directions); n++) {
        assert_int_equal(loop_mispredicts(create_with(directions[n], "loop_entries", "16")), 0);
        assert_true(loop_mispredicts(create_with(directions[n], "loop_entries", "0")) >= 100);
    }
}

/* A jump that alternates: the BTB knows the last target only. */
static void an_indirect_predictor_knows_more_than_the_last_target(void **state)
{
    (void)state;
    static const char *const choices[] = {"btb", "history", "ittage"};
    uint32_t bctr = to_register(ALWAYS, 0, BCCTR, false);
    for (uint32_t n = 0; n < 3; n++) {
        struct branch_unit *u = create_with("static", "indirect", choices[n]);
        for (uint32_t k = 0; k < 100; k++)
            retire(u, PC, bctr, true, k & 1 ? 0x5004 : 0x9000);
        struct prediction p = predict(u, PC, bctr);
        assert_int_equal(p.decode_next, n ? 0x9000 : 0x5004);
        assert_int_equal(p.fetch_next, p.decode_next);
        assert_int_equal(branch_unit_stats(u)->indirect, 100);
        assert_in_range(branch_unit_stats(u)->indirect_mispredicts, n ? 2 : 100, n ? 20 : 100);
        branch_unit_destroy(u);
    }
}

static void a_return_is_no_matter_of_the_indirect_predictor(void **state)
{
    (void)state;
    struct branch_unit *u = create_with("static", "indirect", "ittage");
    predict(u, 0x100, b(0x40, true));
    retire(u, PC, to_register(ALWAYS, 0, BCLR, false), true, 0x104);
    assert_int_equal(branch_unit_stats(u)->indirect, 0);
    assert_int_equal(branch_unit_stats(u)->return_mispredicts, 0);
    branch_unit_destroy(u);
}

static struct branch_unit *create_full(const char *direction, const char *indirect)
{
    static const char *const set[][2] = {
        {"loop_entries", "16"}, {"ras_repair", "full"}, {"btb_entries", "4096"}};
    struct err e = {0};
    struct config *c = config_create(NULL);
    assert_true(config_set(c, "core.bpred", "direction", direction, "test", &e));
    assert_true(config_set(c, "core.bpred", "indirect", indirect, "test", &e));
    for (uint32_t n = 0; n < ARRAY_LEN(set); n++)
        assert_true(config_set(c, "core.bpred", set[n][0], set[n][1], "test", &e));
    struct branch_unit *u = branch_unit_create(c, "core.bpred", &e);
    assert_non_null(u);
    config_destroy(c);
    return u;
}

static struct insn random_branch(struct rng *r)
{
    const uint32_t words[] = {bc(12, 0x40, false), bc(12, -0x40, false), bc(4, 0x80, true),
                              to_register(ALWAYS, 0, BCCTR, false), b(0x100, true),
                              to_register(ALWAYS, 0, BCLR, false)};
    uint64_t kind = rng_below(r, ARRAY_LEN(words));
    return at(PC + 4 * (kind + ARRAY_LEN(words) * rng_below(r, 20)), words[kind]);
}

/* Where it really goes. */
static uint64_t random_outcome(struct rng *r, const struct insn *i, bool *taken)
{
    bool direct = insn_rows[i->number].form != FORM_XL;
    bool conditional = insn_rows[i->number].form == FORM_B;
    *taken = !conditional || rng_below(r, 3);
    uint64_t target = direct ? (uint64_t)i->imm : PC + 64 * rng_below(r, 3);
    return *taken ? target : i->pc + 4;
}

/* A wrong path, on which branches resolve and are found mispredicted in their turn. */
static void wander(struct branch_unit *u, struct rng *r, uint32_t depth)
{
    for (uint64_t n = rng_below(r, depth ? 8 : 30); n; n--) {
        struct insn i = random_branch(r);
        struct prediction p;
        branch_unit_predict(u, &i, &p);
        if (depth < 4 && !rng_below(r, 8)) {
            bool taken;
            uint64_t next = random_outcome(r, &i, &taken);
            wander(u, r, depth + 1);
            branch_unit_repair(u, &i, &p, taken, next);
        }
    }
}

/* Of two units one never strays; both predict the same ever after. (Of the BTB a wrong path
 * changes the order of use: it is large enough here.) */
static void check_no_trace(struct branch_unit *u, struct branch_unit *twin)
{
    struct rng r = rng_seeded(7), elsewhere = rng_seeded(8);
    for (uint32_t k = 0; k < 20000; k++) {
        struct insn i = random_branch(&r);
        struct prediction p, q;
        bool taken;
        uint64_t next = random_outcome(&r, &i, &taken);
        branch_unit_predict(u, &i, &p);
        branch_unit_predict(twin, &i, &q);
        assert_int_equal(p.decode_next, q.decode_next);
        if (p.decode_next != next) {
            wander(u, &elsewhere, 0);
            branch_unit_repair(u, &i, &p, taken, next);
            branch_unit_repair(twin, &i, &q, taken, next);
        }
        branch_unit_retire(u, &i, &p, taken, next);
        branch_unit_retire(twin, &i, &q, taken, next);
    }
    branch_unit_destroy(u);
    branch_unit_destroy(twin);
}

static void wrong_paths_leave_no_trace_in_the_whole_unit(void **state)
{
    (void)state;
    check_no_trace(create_full("gshare", "ittage"), create_full("gshare", "ittage"));
    check_no_trace(create_full("tage_sc_l", "history"), create_full("tage_sc_l", "history"));
    check_no_trace(create_full("perceptron", "btb"), create_full("perceptron", "btb"));
}

/* The branch is never taken and has been learnt so. */
static void a_hint_decides_alone_where_it_overrides(void **state)
{
    (void)state;
    for (uint32_t override = 0; override < 2; override++) {
        struct branch_unit *u = create_with("gshare", "hints_override", override ? "yes" : "no");
        struct branch_unit *twin = create("gshare");
        for (uint32_t n = 0; n < 50; n++) {
            retire(u, PC, bc(12, 0x40, false), false, PC + 4);
            retire(twin, PC, bc(12, 0x40, false), false, PC + 4);
        }
        assert_false(predict(u, PC, bc(14, 0x40, false)).taken); /* at = 10: not taken */
        assert_int_equal(predict(u, PC, bc(15, 0x40, false)).taken, override);
        assert_false(predict(twin, PC, bc(15, 0x40, false)).taken);
        branch_unit_destroy(u);
        branch_unit_destroy(twin);
    }
}

/* The history holds what the hint said: the same as if the predictor had said it. */
static void what_a_hint_says_enters_the_history(void **state)
{
    (void)state;
    struct branch_unit *u = create_with("gshare", "hints_override", "yes");
    uint64_t wrong = 0;
    for (uint32_t n = 0; n < 400; n++) { /* the hint is right every second time */
        retire(u, PC, bc(15, 0x40, false), n & 1, PC + (n & 1 ? 0x40 : 4));
        uint64_t before = branch_unit_stats(u)->direction_mispredicts;
        retire(u, PC + 0x80, bc(12, 0x40, false), n & 1, PC + 0x80 + (n & 1 ? 0x40 : 4));
        wrong += n >= 300 ? branch_unit_stats(u)->direction_mispredicts - before : 0;
    }
    assert_int_equal(wrong, 0);
    branch_unit_destroy(u);
}

static void hints_that_are_not_read_cannot_override(void **state)
{
    (void)state;
    struct err e = {0};
    struct config *c = config_create(NULL);
    assert_true(config_set(c, "core.bpred", "hints_override", "yes", "test", &e));
    assert_true(config_set(c, "core.bpred", "use_hints", "no", "test", &e));
    assert_null(branch_unit_create(c, "core.bpred", &e));
    config_destroy(c);
}

/* As the 750's target instruction cache, which bclr and bcctr miss. */
static void a_btb_may_be_of_direct_branches_alone(void **state)
{
    (void)state;
    struct branch_unit *u = create_with("static", "btb_registers", "no");
    uint32_t bctr = to_register(ALWAYS, 0, BCCTR, false);
    retire(u, PC, bctr, true, 0x5000);
    assert_int_equal(predict(u, PC, bctr).decode_next, PC + 4);
    retire(u, PC + 8, b(0x40, false), true, PC + 0x48);
    assert_int_equal(predict(u, PC + 8, b(0x40, false)).fetch_next, PC + 0x48);
    branch_unit_destroy(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loop_predictor_may_stand_beside_any_direction_predictor),
        cmocka_unit_test(an_indirect_predictor_knows_more_than_the_last_target),
        cmocka_unit_test(a_return_is_no_matter_of_the_indirect_predictor),
        cmocka_unit_test(wrong_paths_leave_no_trace_in_the_whole_unit),
        cmocka_unit_test(a_hint_decides_alone_where_it_overrides),
        cmocka_unit_test(what_a_hint_says_enters_the_history),
        cmocka_unit_test(hints_that_are_not_read_cannot_override),
        cmocka_unit_test(a_btb_may_be_of_direct_branches_alone),
    };
    return cmocka_run_group_tests(tests, make_decoder, drop_decoder);
}
