/* What handlers of the chain do that are made of pieces (plain.h) is what the single step does that
 * is made of the rows' bodies: every row of fuse_pair.def, with random operands. */
#include "tests/unit/sim/isa/guest.h"

#include "sim/base/rng.h"
#include "sim/isa/fpscr_bits.h"
#include "sim/isa/fuse.h"

enum { CASES = 60 };


/* The instruction of a piece, and the register that it is of when the row has several. */
#define FUSE_OP(name, row, ...) static const uint16_t number_##name = INSN_##row;
#include "sim/isa/fuse_op.def"
#undef FUSE_OP

static uint16_t spr_of(const char *piece)
{
    return strcmp(piece, "mtctr") == 0 ? 9 : 8;
}

/* Operands that mostly do something: addresses near r4's with offsets of doublewords, branches over
 * an instruction. */
static uint32_t random_word(struct rng *r, uint16_t number, const char *piece)
{
    uint32_t mask, match, reserved;
    const struct insn_row *row = &insn_rows[number];
    insn_pattern_bits(row->pattern, &mask, &match, &reserved);
    uint32_t t = 3 + (uint32_t)rng_below(r, 5), a = 3 + (uint32_t)rng_below(r, 5);
    uint32_t b = 3 + (uint32_t)rng_below(r, 5), low = (uint32_t)rng_below(r, 2048);
    bool is_access = row->flags & (F_LOAD | F_STORE);
    if (row->flags & (F_OE | F_RC | F_RC1) && rng_below(r, 4))
        low &= ~UINT32_C(0x401); /* plain */
    if (is_access) {
        a = rng_below(r, 4) ? 4 : a;
        b = row->form != FORM_X ? 0 : rng_below(r, 4) ? 5 : b;
        low &= 0x78;
    }
    if (number == INSN_mfspr || number == INSN_mtspr)
        return match | t << 21 | (uint32_t)spr_of(piece) << 16;
    uint32_t link = piece[strlen(piece) - 1] == 'l';
    if (number == INSN_b)
        return match | 8 | link;
    if (number == INSN_bclr || number == INSN_bcctr)
        return match | (20 | t) << 21 | link;
    if (row->flags & F_BRANCH)
        return match | (strcmp(piece, "bdnz") == 0 ? 16 : t | 4) << 21 | b << 16 | 8;
    if (number == INSN_cmpi || number == INSN_cmp || number == INSN_cmpli || number == INSN_cmpl)
        t = (uint32_t)rng_below(r, 8) << 2 | (uint32_t)rng_below(r, 2);
    return match | ((t << 21 | a << 16 | b << 11 | low) & ~mask & ~reserved);
}

static void set_state(struct guest *g, uint64_t seed)
{
    struct rng r = rng_seeded(seed);
    uint8_t bytes[256];
    for (uint32_t n = 0; n < sizeof bytes; n++)
        bytes[n] = (uint8_t)rng_below(&r, 256);
    mmu_write(g->mmu, DATA + 0xf80, bytes, sizeof bytes);
    for (uint32_t n = 0; n < 32; n++)
        g->cpu->gpr[n] = rng_below(&r, 3) ? rng_next(&r) : rng_below(&r, 4);
    g->cpu->gpr[4] = DATA + 0xf80 + 8 * rng_below(&r, 16) - (rng_below(&r, 8) ? 0 : 3);
    g->cpu->gpr[5] = 8 * rng_below(&r, 4);
    for (uint32_t n = 0; n < 64; n++) {
        double d = (double)rng_below(&r, 1000) / 8;
        memcpy(&g->cpu->vsr[n].d[0], &d, sizeof d);
        g->cpu->vsr[n].d[1] = rng_below(&r, 16) ? g->cpu->vsr[n].d[0] : rng_next(&r);
    }
    g->cpu->fpscr = rng_below(&r, 3) ? FPSCR_XX | FPSCR_FX : 0;
    memset(&g->cpu->fp_pending, 0, sizeof g->cpu->fp_pending);
    g->cpu->lr = rng_next(&r);
    g->cpu->ctr = rng_below(&r, 3);
    g->cpu->so = rng_below(&r, 2) & 1;
    for (uint32_t n = 0; n < 8; n++)
        g->cpu->cr[n] = (uint8_t)rng_below(&r, 16);
}

static void assert_same(struct guest *a, struct guest *b)
{
    assert_memory_equal(a->cpu, b->cpu, CPU_CONTEXT_BYTES);
    assert_memory_equal(&a->exception, &b->exception, sizeof a->exception);
    assert_int_equal(exec_icount(&a->exec), exec_icount(&b->exec));
    for (uint64_t ea = DATA + 0xf00; ea < DATA + 0x1100; ea += 4)
        assert_int_equal(guest_word(a, ea), guest_word(b, ea));
}

/* Twice: decoded, then as one. True when one handler has executed both. */
static bool both_ways(struct guest **g, const uint32_t *words, uint64_t seed)
{
    for (uint32_t chained = 0; chained < 2; chained++) {
        guest_words(g[chained], CODE, words, 5);
        for (uint32_t turn = 0; turn < 2; turn++) {
            set_state(g[chained], seed);
            guest_run(g[chained], CODE, chained);
        }
    }
    assert_same(g[0], g[1]);
    const struct insn *i = code_peek(g[1]->cpu, CODE);
    return i->handler == fuse_pair(i, g[1]->cpu->is_64bit && !g[1]->cpu->swap);
}

static void check_pair(struct guest **g, struct rng *r, const char *first, uint16_t first_number,
                       const char *second, uint16_t second_number)
{
    uint32_t fused = 0;
    for (uint32_t n = 0; n < CASES; n++) {
        uint32_t words[5] = {random_word(r, first_number, first),
                             random_word(r, second_number, second)};
        fused += both_ways(g, words, rng_next(r));
    }
    if (!fused)
        fail_msg("%s and %s were never executed as one", first, second);
}

static void pairs_do_what_their_instructions_do_one_by_one(void **state)
{
    (void)state;
    for (int mode = LE64; mode <= BE32; mode++) {
        struct guest *g[2] = {guest_create((enum guest_mode)mode),
                              guest_create((enum guest_mode)mode)};
        struct rng r = rng_seeded((uint64_t)mode);
#define FUSE_PAIR(a, b) check_pair(g, &r, #a, number_##a, #b, number_##b);
#define FUSE_BRANCH FUSE_PAIR
#include "sim/isa/fuse_pair.def"
#undef FUSE_PAIR
#undef FUSE_BRANCH
        guest_destroy(g[0]);
        guest_destroy(g[1]);
    }
}

/* Pieces alone, each with its record form where it has one, which is no such piece. */
static void pieces_do_what_their_instructions_do(void **state)
{
    (void)state;
    for (int mode = LE64; mode <= BE32; mode++) {
        struct guest *g[2] = {guest_create((enum guest_mode)mode),
                              guest_create((enum guest_mode)mode)};
        struct rng r = rng_seeded(100 + (uint64_t)mode);
        static const struct {
            const char *name;
            uint16_t number;
        } pieces[] = {
#define FUSE_OP(name, row, ...) {#name, INSN_##row},
#include "sim/isa/fuse_op.def"
#undef FUSE_OP
        };
        for (uint32_t n = 0; n < ARRAY_LEN(pieces) * CASES; n++) {
            uint16_t number = pieces[n / CASES].number;
            uint32_t word = random_word(&r, number, pieces[n / CASES].name);
            bool has_record_form = insn_rows[number].flags & F_RC;
            both_ways(g, (uint32_t[5]){word | (has_record_form && n % 3 == 0)}, rng_next(&r));
        }
        guest_destroy(g[0]);
        guest_destroy(g[1]);
    }
}

/* The second of two that one handler executes is reached by a branch: it goes its own way. */
static void a_branch_may_go_between_the_two(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    const uint32_t program[] = {
        d_form(OP_ADDI, 3, 3, 1), d_form(OP_ADDI, 4, 4, 1), /* 0, 4 */
        UINT32_C(16) << 26 | 16 << 21 | (uint32_t)(-4 & 0xfffc), 0, /* 8: bdnz 4 */
    };
    guest_words(g, CODE, program, ARRAY_LEN(program));
    for (int turn = 0; turn < 2; turn++) {
        g->cpu->gpr[3] = g->cpu->gpr[4] = 0;
        g->cpu->ctr = 10;
        assert_int_equal(guest_run(g, CODE, true), EXC_ILLEGAL);
        assert_int_equal(g->cpu->gpr[3], 1);
        assert_int_equal(g->cpu->gpr[4], 10);
        assert_int_equal(exec_icount(&g->exec), 21);
    }
    guest_destroy(g);
}

/* However far a run is to go, it goes there exactly. */
static void a_limit_may_stand_between_the_two(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    const uint32_t program[] = {
        d_form(OP_ADDI, 3, 3, 1), d_form(OP_ADDI, 4, 4, 1), d_form(OP_ADDI, 5, 5, 1),
        UINT32_C(18) << 26 | (uint32_t)(-12 & 0x3fffffc),
    };
    guest_words(g, CODE, program, ARRAY_LEN(program));
    for (uint64_t limit = 5000; limit < 5008; limit++) {
        memset(g->cpu->gpr, 0, sizeof g->cpu->gpr);
        guest_start(g, CODE);
        assert_int_equal(exec_run(&g->exec, limit), EXEC_STOPPED);
        assert_int_equal(exec_icount(&g->exec), limit);
        for (uint64_t n = 0; n < 3; n++)
            assert_int_equal(g->cpu->gpr[3 + n], (limit + 3 - n) / 4);
        assert_int_equal(g->cpu->nia, CODE + limit % 4 * 4);
    }
    guest_destroy(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_do_what_their_instructions_do_one_by_one),
        cmocka_unit_test(pieces_do_what_their_instructions_do),
        cmocka_unit_test(a_branch_may_go_between_the_two),
        cmocka_unit_test(a_limit_may_stand_between_the_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
