/* Random programs with wrong paths: they do not notice, and a path that is right after all computes
 * what the right one does. */
#include "tests/unit/sim/isa/guest.h"

#include "sim/exec/wrong_path.h"
#include "sim/isa/fpscr.h"
#include "tests/timing/bench.h"
#include "tests/timing/random_program.h"
#include "tests/unit/sim/exec/excursions.h"

struct runner {
    struct guest *g;
    struct wrong_path *w;
};

static struct runner runner_create(const struct random_program *p)
{
    struct runner r = {.g = guest_create(LE64)};
    uint64_t zero = 0;
    guest_words(r.g, CODE, p->words, p->count);
    process_map(r.g->process, KERNEL_DATA, 0x20000, AREA_READ | AREA_WRITE, NULL, 0, "data");
    for (uint64_t at = 0; at < 0x4000; at += FRAME_BYTES)
        mmu_write(r.g->mmu, KERNEL_DATA + at, &zero, 8);
    guest_start(r.g, CODE);
    r.g->cpu->gpr[1] = KERNEL_DATA;
    r.w = wrong_path_create(&r.g->exec);
    return r;
}

static void runner_destroy(struct runner *r)
{
    wrong_path_destroy(r->w);
    guest_destroy(r->g);
}

static void assert_same_end(const struct runner *a, const struct runner *b)
{
    uint8_t at_a[FRAME_BYTES], at_b[FRAME_BYTES];
    assert_int_equal(a->g->exception.kind, EXC_SYSCALL);
    assert_int_equal(b->g->exception.kind, EXC_SYSCALL);
    fpscr_settle(a->g->cpu);
    fpscr_settle(b->g->cpu);
    assert_memory_equal(a->g->cpu->gpr, b->g->cpu->gpr, sizeof a->g->cpu->gpr);
    assert_memory_equal(a->g->cpu->vsr, b->g->cpu->vsr, sizeof a->g->cpu->vsr);
    assert_int_equal(a->g->cpu->fpscr, b->g->cpu->fpscr);
    assert_int_equal(cpu_get_cr(a->g->cpu), cpu_get_cr(b->g->cpu));
    assert_int_equal(cpu_get_xer(a->g->cpu), cpu_get_xer(b->g->cpu));
    assert_int_equal(a->g->cpu->lr, b->g->cpu->lr);
    assert_int_equal(a->g->cpu->ctr, b->g->cpu->ctr);
    assert_int_equal(exec_icount(&a->g->exec), exec_icount(&b->g->exec));
    assert_int_equal(phys_resident_bytes(a->g->phys), phys_resident_bytes(b->g->phys));
    for (uint64_t ea = CODE; ea < KERNEL_DATA + 0x20000; ea += FRAME_BYTES) {
        uint64_t got = mmu_read(a->g->mmu, ea, at_a, FRAME_BYTES);
        assert_int_equal(mmu_read(b->g->mmu, ea, at_b, FRAME_BYTES), got);
        assert_memory_equal(at_a, at_b, got);
    }
}

static void random_programs_do_not_notice_excursions(void **state)
{
    (void)state;
    struct random_program *p = xmalloc(sizeof *p);
    uint64_t wrong = 0;
    for (uint64_t seed = 0; seed < 400; seed++) {
        random_program_make(p, seed);
        struct runner plain = runner_create(p), r = runner_create(p);
        struct excursions x = {.source = wrong_path_op_source(r.w), .rng = rng_seeded(seed),
                               .every = 2, .length = 60, .depth = 1 + (uint32_t)seed % 5};
        struct op op;
        exec_run(&plain.g->exec, UINT64_MAX);
        while (r.g->exception.kind == EXC_NONE)
            if (excursions_next(&x, &op, rng_below(&x.rng, 2)) == EXEC_WAIT)
                assert_int_equal(excursions_next(&x, &op, true), EXEC_OK);
        assert_same_end(&plain, &r);
        wrong += x.instructions;
        runner_destroy(&plain);
        runner_destroy(&r);
    }
    assert_true(wrong > 100000); /* they did go somewhere */
    free(p);
}

/* A path that is right after all: the records must be those that the right path then gives. */
static void a_path_computes_what_the_right_one_does(void **state)
{
    (void)state;
    struct random_program *p = xmalloc(sizeof *p);
    struct op ahead[200], op;
    uint32_t words[ARRAY_LEN(ahead)]; /* a record changes with its code */
    uint64_t compared = 0;
    for (uint64_t seed = 1000; seed < 1200; seed++) {
        random_program_make(p, seed);
        struct runner r = runner_create(p);
        struct rng rng = rng_seeded(seed);
        while (r.g->exception.kind == EXC_NONE) {
            uint32_t count = 0, wanted = 1 + (uint32_t)rng_below(&rng, ARRAY_LEN(ahead));
            wrong_path_diverge(r.w, r.g->cpu->nia);
            for (; count < wanted && wrong_path_next(r.w, &ahead[count]) == EXEC_OK; count++)
                words[count] = ahead[count].insn->word;
            wrong_path_restore(r.w, 1);
            for (uint32_t n = 0; n < count; n++, compared++) {
                assert_int_equal(exec_next(&r.g->exec, &op, true), EXEC_OK);
                if (op.insn->word != words[n])
                    break; /* it has rewritten itself */
                assert_int_equal(op.pc, ahead[n].pc);
                assert_int_equal(op.next_pc, ahead[n].next_pc);
                assert_int_equal(op.flags, ahead[n].flags);
                assert_int_equal(op.bytes, ahead[n].bytes);
                if (op.bytes) {
                    assert_int_equal(op.ea, ahead[n].ea);
                    assert_int_equal(op.pa, ahead[n].pa);
                }
            }
            if (!count)
                exec_next(&r.g->exec, &op, true);
        }
        runner_destroy(&r);
    }
    assert_true(compared > 20000);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_programs_do_not_notice_excursions),
        cmocka_unit_test(a_path_computes_what_the_right_one_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
