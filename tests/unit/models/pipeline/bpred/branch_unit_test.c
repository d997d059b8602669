/* The branch unit as a pipeline sees it, instruction words in, predictions out. */
#include "tests/unit/models/pipeline/bpred/rig.h"

static void the_decoder_knows_a_direct_target_and_the_btb_learns_it(void **state)
{
    (void)state;
    struct branch_unit *u = create("static");
    struct prediction p = predict(u, PC, b(0x40, false));
    assert_true(p.taken && !(p.shape & BRANCH_CONDITIONAL));
    assert_int_equal(p.fetch_next, PC + 4);
    assert_int_equal(p.decode_next, PC + 0x40);
    retire(u, PC, b(0x40, false), true, PC + 0x40);
    p = predict(u, PC, b(0x40, false));
    assert_int_equal(p.fetch_next, PC + 0x40);
    assert_int_equal(branch_unit_stats(u)->decode_redirects, 1);
    assert_int_equal(branch_unit_stats(u)->mispredicts, 0);
    branch_unit_destroy(u);
}

static void a_register_target_is_the_last_one(void **state)
{
    (void)state;
    struct branch_unit *u = create("static");
    uint32_t bctr = to_register(ALWAYS, 0, BCCTR, false);
    assert_int_equal(predict(u, PC, bctr).decode_next, PC + 4);
    retire(u, PC, bctr, true, 0x5000);
    assert_int_equal(predict(u, PC, bctr).decode_next, 0x5000);
    assert_int_equal(branch_unit_stats(u)->target_mispredicts, 1);
    branch_unit_destroy(u);
}

/* Whether after this word at PC a return goes to PC + 4. */
static bool calls(uint32_t word)
{
    struct branch_unit *u = create("static");
    predict(u, 0x100, b(0x40, true));
    predict(u, PC, word);
    uint64_t next = predict(u, 0x8000, to_register(ALWAYS, 0, BCLR, false)).decode_next;
    assert_true(next == PC + 4 || next == 0x104);
    branch_unit_destroy(u);
    return next == PC + 4;
}

static void what_links_calls_unless_it_only_reads_the_pc(void **state)
{
    (void)state;
    assert_true(calls(b(0x40, true)));
    assert_false(calls(b(0x40, false)));
    assert_false(calls(bc(ALWAYS, 4, true) | 31 << 16)); /* bcl 20,31,$+4 */
    assert_true(calls(bc(ALWAYS, 8, true)));
    assert_true(calls(to_register(ALWAYS, 0, BCCTR, true)));
    assert_true(calls(to_register(ALWAYS, 0, BCLR, true)));
    assert_true(calls(to_register(ALWAYS, 0, BCTAR, true)));
    assert_false(calls(to_register(ALWAYS, 0, BCCTR, false)));
    assert_false(calls(to_register(ALWAYS, 1, BCLR, false))); /* BH says: not a return */
    assert_true(calls(bc(12, -0x40, true)));                  /* predicted taken */
    assert_false(calls(bc(12, 0x40, true)));                  /* predicted not taken */
}

static void a_return_pops_and_a_repair_puts_back(void **state)
{
    (void)state;
    struct branch_unit *u = create("static");
    uint32_t blr = to_register(ALWAYS, 0, BCLR, false);
    predict(u, 0x100, b(0x40, true));
    predict(u, 0x200, b(0x40, true));
    struct insn mispredicted = at(0x300, bc(12, -0x40, false));
    struct prediction p;
    branch_unit_predict(u, &mispredicted, &p);
    assert_int_equal(predict(u, 0x400, blr).decode_next, 0x204); /* on the wrong path */
    branch_unit_repair(u, &mispredicted, &p, false, 0x304);
    assert_int_equal(predict(u, 0x500, blr).decode_next, 0x204);
    assert_int_equal(predict(u, 0x600, blr).decode_next, 0x104);
    branch_unit_destroy(u);
}

/* For fields of BO that may carry hints: 0 not taken, 1 taken, 2 by the static rule. */
static void hints_are_those_of_the_at_bits(void **state)
{
    (void)state;
    static const uint8_t hint[32] = {
        [0] = 2,  [1] = 2,  [2] = 2,  [3] = 2,  [4] = 2,  [5] = 2,  [6] = 0,  [7] = 1,
        [8] = 2,  [9] = 2,  [10] = 2, [11] = 2, [12] = 2, [13] = 2, [14] = 0, [15] = 1,
        [16] = 2, [17] = 2, [18] = 2, [19] = 2, [24] = 0, [25] = 1, [26] = 0, [27] = 1,
    };
    struct branch_unit *u = create("static");
    for (uint32_t bo = 0; bo < 32; bo++) {
        struct prediction forward = predict(u, PC, bc(bo, 0x40, false));
        struct prediction backward = predict(u, PC, bc(bo, -0x40, false));
        bool always = (bo & ALWAYS) == ALWAYS;
        assert_int_equal(forward.shape & BRANCH_CONDITIONAL, always ? 0 : BRANCH_CONDITIONAL);
        assert_int_equal(forward.taken, always || hint[bo] == 1);
        assert_int_equal(backward.taken, always || hint[bo] != 0);
    }
    branch_unit_destroy(u);
}

/* Wrong-path branches behind an indirect jump shift the history, and repair takes that back. */
static void repair_of_an_unconditional_branch_restores_the_history(void **state)
{
    (void)state;
    struct branch_unit *u = create("gshare"), *twin = create("gshare");
    for (uint32_t n = 0; n < 400; n++) {
        bool taken = n % 3 == 0;
        struct insn jump = at(PC + 0x100, to_register(ALWAYS, 0, BCCTR, false));
        struct prediction p;
        branch_unit_predict(u, &jump, &p);
        for (uint32_t k = 0; k < n % 5; k++)
            predict(u, PC + 0x200 + 4 * k, bc(12, 0x40, false));
        branch_unit_repair(u, &jump, &p, true, PC);
        retire(u, PC, bc(12, 0x40, false), taken, PC + (taken ? 0x40 : 4));
        retire(twin, PC, bc(12, 0x40, false), taken, PC + (taken ? 0x40 : 4));
    }
    assert_int_equal(branch_unit_stats(u)->mispredicts, branch_unit_stats(twin)->mispredicts);
    branch_unit_destroy(u);
    branch_unit_destroy(twin);
}

/* One is kept for each branch in flight and written whole when it is fetched. */
static void a_prediction_fits_two_cache_lines_of_the_host(void **state)
{
    (void)state;
    assert_true(sizeof(struct prediction) <= 128);
}

static void mispredicts_are_counted_by_their_kind(void **state)
{
    (void)state;
    struct branch_unit *u = create("static");
    const struct bpred_stats *n = branch_unit_stats(u);
    retire(u, PC, bc(12, 0x40, false), true, PC + 0x40); /* forward: predicted not taken */
    assert_int_equal(n->direction_mispredicts, 1);
    retire(u, PC + 8, to_register(ALWAYS, 0, BCLR, false), true, 0x9000);
    assert_int_equal(n->return_mispredicts, 1);
    assert_int_equal(n->target_mispredicts, 1);
    retire(u, PC + 16, bc(12, 0x40, false), false, PC + 20);
    assert_int_equal(n->branches, 3);
    assert_int_equal(n->taken, 2);
    assert_int_equal(n->conditional, 2);
    assert_int_equal(n->returns, 1);
    assert_int_equal(n->mispredicts, 2);
    branch_unit_destroy(u);
}

static void btb_entries_must_fit_their_ways(void **state)
{
    (void)state;
    struct err e = {0};
    struct config *c = config_create(NULL);
    assert_true(config_set(c, "core.bpred", "btb_entries", "12", "test", &e));
    assert_null(branch_unit_create(c, "core.bpred", &e));
    assert_int_equal(e.status, EXIT_USER);
    config_destroy(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_decoder_knows_a_direct_target_and_the_btb_learns_it),
        cmocka_unit_test(a_register_target_is_the_last_one),
        cmocka_unit_test(what_links_calls_unless_it_only_reads_the_pc),
        cmocka_unit_test(a_return_pops_and_a_repair_puts_back),
        cmocka_unit_test(hints_are_those_of_the_at_bits),
        cmocka_unit_test(repair_of_an_unconditional_branch_restores_the_history),
        cmocka_unit_test(a_prediction_fits_two_cache_lines_of_the_host),
        cmocka_unit_test(mispredicts_are_counted_by_their_kind),
        cmocka_unit_test(btb_entries_must_fit_their_ways),
    };
    return cmocka_run_group_tests(tests, make_decoder, drop_decoder);
}
