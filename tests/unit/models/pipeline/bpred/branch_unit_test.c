/* The branch unit as a pipeline sees it, instruction words in, predictions out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/pipeline/bpred/branch_unit.h"
#include "sim/base/bits.h"
#include "sim/base/rng.h"
#include "sim/isa/decode.h"

#define PC UINT64_C(0x10000)

static struct decoder *decoder;

static int make_decoder(void **state)
{
    (void)state;
    decoder = decoder_create(V300, false);
    return 0;
}

static int drop_decoder(void **state)
{
    (void)state;
    decoder_destroy(decoder);
    return 0;
}

static struct insn at(uint64_t pc, uint32_t word)
{
    struct insn i = {0};
    insn_predecode(&i, decoder_find(decoder, word), word, pc);
    return i;
}

static uint32_t bc(uint32_t bo, int32_t displacement, bool link)
{
    return UINT32_C(16) << 26 | bo << 21 | ((uint32_t)displacement & 0xfffc) | link;
}

static uint32_t to_register(uint32_t bo, uint32_t bh, uint32_t xo, bool link)
{
    return UINT32_C(19) << 26 | bo << 21 | bh << 11 | xo << 1 | link;
}

enum { BCLR = 16, BCCTR = 528, BCTAR = 560, ALWAYS = 20 };

static uint32_t b(int32_t displacement, bool link)
{
    return UINT32_C(18) << 26 | ((uint32_t)displacement & 0x3fffffc) | link;
}

static struct branch_unit *create_with(const char *direction, const char *key, const char *value)
{
    struct err e = {0};
    struct config *c = config_create(NULL);
    assert_true(config_set(c, "core.bpred", "direction", direction, "test", &e));
    if (key)
        assert_true(config_set(c, "core.bpred", key, value, "test", &e));
    struct branch_unit *u = branch_unit_create(c, "core.bpred", &e);
    assert_non_null(u);
    config_destroy(c);
    return u;
}

static struct branch_unit *create(const char *direction)
{
    return create_with(direction, NULL, NULL);
}

static struct prediction predict(struct branch_unit *u, uint64_t pc, uint32_t word)
{
    struct insn i = at(pc, word);
    struct prediction p;
    branch_unit_predict(u, &i, &p);
    return p;
}

static void retire(struct branch_unit *u, uint64_t pc, uint32_t word, bool taken, uint64_t next)
{
    struct insn i = at(pc, word);
    struct prediction p;
    branch_unit_predict(u, &i, &p);
    if (p.decode_next != next)
        branch_unit_repair(u, &i, &p, taken, next);
    branch_unit_retire(u, &i, &p, taken, next);
}

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
            for (uint64_t n = rng_below(&elsewhere, 40); n; n--) {
                struct insn wrong = random_branch(&elsewhere);
                struct prediction unused;
                branch_unit_predict(u, &wrong, &unused);
            }
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
        cmocka_unit_test(a_hint_decides_alone_where_it_overrides),
        cmocka_unit_test(what_a_hint_says_enters_the_history),
        cmocka_unit_test(hints_that_are_not_read_cannot_override),
        cmocka_unit_test(a_btb_may_be_of_direct_branches_alone),
        cmocka_unit_test(repair_of_an_unconditional_branch_restores_the_history),
        cmocka_unit_test(a_loop_predictor_may_stand_beside_any_direction_predictor),
        cmocka_unit_test(an_indirect_predictor_knows_more_than_the_last_target),
        cmocka_unit_test(a_return_is_no_matter_of_the_indirect_predictor),
        cmocka_unit_test(wrong_paths_leave_no_trace_in_the_whole_unit),
        cmocka_unit_test(a_prediction_fits_two_cache_lines_of_the_host),
        cmocka_unit_test(mispredicts_are_counted_by_their_kind),
        cmocka_unit_test(btb_entries_must_fit_their_ways),
    };
    return cmocka_run_group_tests(tests, make_decoder, drop_decoder);
}
