/* Functional warming of the branch unit: it learns what it would from branches that retire, and
 * counts none of them. */
#include "tests/unit/models/pipeline/bpred/rig.h"

#include <string.h>

static void warm(struct branch_unit *u, uint64_t pc, uint32_t word, bool taken, uint64_t next)
{
    struct insn i = at(pc, word);
    branch_unit_warm(u, &i, taken, next);
}

static void assert_nothing_counted(struct branch_unit *u)
{
    static const struct bpred_stats none;
    assert_memory_equal(branch_unit_stats(u), &none, sizeof none);
}

static void a_direction_warmed_is_predicted(void **state)
{
    (void)state;
    struct branch_unit *u = create("gshare"), *cold = create("gshare");
    uint32_t word = bc(12, 0x40, false);
    for (uint32_t n = 0; n < 300; n++)
        warm(u, PC, word, n % 3 == 0, PC + (n % 3 ? 4 : 0x40));
    assert_nothing_counted(u);
    for (uint32_t n = 0; n < 30; n++) {
        retire(u, PC, word, n % 3 == 0, PC + (n % 3 ? 4 : 0x40));
        retire(cold, PC, word, n % 3 == 0, PC + (n % 3 ? 4 : 0x40));
    }
    assert_int_equal(branch_unit_stats(u)->mispredicts, 0);
    assert_true(branch_unit_stats(cold)->mispredicts > 2);
    branch_unit_destroy(u);
    branch_unit_destroy(cold);
}

static void targets_and_returns_warmed_are_predicted(void **state)
{
    (void)state;
    struct branch_unit *u = create("static");
    uint32_t bctr = to_register(ALWAYS, 0, BCCTR, false), blr = to_register(ALWAYS, 0, BCLR, false);
    warm(u, PC, bctr, true, 0x5000);
    warm(u, PC + 8, b(0x40, false), true, PC + 0x48);
    warm(u, 0x200, b(0x40, true), true, 0x240);
    assert_int_equal(predict(u, PC, bctr).decode_next, 0x5000);
    assert_int_equal(predict(u, PC + 8, b(0x40, false)).fetch_next, PC + 0x48);
    assert_int_equal(predict(u, 0x240, blr).decode_next, 0x204);
    assert_nothing_counted(u);
    branch_unit_destroy(u);
}

/* A random branch of a few dozen, so that each comes often: direct or not, with a pattern or
 * none. */
struct branch {
    uint64_t pc, next;
    uint32_t word;
    bool taken;
};

static struct branch random_branch(struct rng *rng)
{
    uint64_t n = rng_below(rng, 40);
    struct branch k = {.pc = PC + 16 * n, .taken = true};
    uint64_t target = PC + 16 * rng_below(rng, 40);
    if (n < 24) {
        k.word = bc(n & 1 ? 12 : 16, n & 2 ? 0x40 : -0x40, n == 5);
        k.taken = n & 4 ? rng_below(rng, 2) : rng_below(rng, 8) != 0;
        target = k.pc + (n & 2 ? 0x40 : UINT64_C(0) - 0x40);
    } else if (n < 28) {
        k.word = b(0x80, n & 1);
        target = k.pc + 0x80;
    } else {
        k.word = to_register(n & 1 ? ALWAYS : 12, n & 8 ? 1 : 0, n < 32 ? BCLR : BCCTR, n == 39);
        k.taken = n & 1 || rng_below(rng, 2);
    }
    k.next = k.taken ? target : k.pc + 4;
    return k;
}

static void compare(struct branch_unit *warmed, struct branch_unit *retired, uint64_t seed)
{
    struct rng rng = rng_seeded(seed);
    for (uint32_t n = 0; n < 4000; n++) {
        struct branch k = random_branch(&rng);
        warm(warmed, k.pc, k.word, k.taken, k.next);
        retire(retired, k.pc, k.word, k.taken, k.next);
    }
    assert_nothing_counted(warmed);
    for (uint32_t n = 0; n < 1000; n++) {
        struct branch k = random_branch(&rng);
        struct prediction p = predict(warmed, k.pc, k.word), q = predict(retired, k.pc, k.word);
        assert_int_equal(p.taken, q.taken);
        assert_int_equal(p.btb_hit, q.btb_hit);
        assert_int_equal(p.decode_next, q.decode_next);
        assert_int_equal(p.fetch_next, q.fetch_next);
    }
}

static void every_predictor_is_left_as_branches_that_retire_leave_it(void **state)
{
    (void)state;
    static const struct {
        const char *key, *value;
    } parts[] = {{NULL, NULL}, {"loop_entries", "64"}, {"indirect", "history"},
                 {"indirect", "ittage"}, {"ras_repair", "full"}, {"ras_repair", "none"},
                 {"hints_override", "yes"}, {"btb_registers", "no"}};
    for (uint32_t n = 0; branch_unit_direction(n); n++)
        for (size_t k = 0; k < ARRAY_LEN(parts); k++) {
            const char *name = branch_unit_direction(n)->name;
            struct branch_unit *warmed = create_with(name, parts[k].key, parts[k].value);
            struct branch_unit *retired = create_with(name, parts[k].key, parts[k].value);
            compare(warmed, retired, n * ARRAY_LEN(parts) + k);
            branch_unit_destroy(warmed);
            branch_unit_destroy(retired);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_direction_warmed_is_predicted),
        cmocka_unit_test(targets_and_returns_warmed_are_predicted),
        cmocka_unit_test(every_predictor_is_left_as_branches_that_retire_leave_it),
    };
    return cmocka_run_group_tests(tests, make_decoder, drop_decoder);
}
