/* The CPI stack by instruction: whose each slot is, phase by phase, and that none is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/pipeline/profile.h"
#include "sim/base/bits.h"
#include "sim/base/rng.h"

#define A UINT64_C(0x10000)
#define B UINT64_C(0x10004)
#define C UINT64_C(0x7fff0000)

#define CODE_PAGES 310u /* at most, in a test */

struct fixture {
    struct cpi cpi;
    struct profile *p;
    struct code_page *code[CODE_PAGES];
    uint32_t code_count, told; /* pages of code; times that page_used was called */
};

static void page_used(void *ctx, uint32_t asid, uint64_t page_ea)
{
    (void)asid;
    (void)page_ea;
    ((struct fixture *)ctx)->told++;
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->p = profile_create();
    profile_watch(f->p, &f->cpi);
    f->p->page_used = page_used;
    f->p->ctx = f;
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    profile_destroy(f->p);
    for (uint32_t n = 0; n < f->code_count; n++)
        free(f->code[n]);
    free(f);
    return 0;
}

static void lose(struct fixture *f, enum cpi_part part, uint64_t slots)
{
    cpi_lose(&f->cpi, part, slots);
}

/* The record of an instruction in an address space. */
static const struct insn *insn_in(struct fixture *f, uint32_t asid, uint64_t pc)
{
    uint64_t page_ea = PAGE_OF(pc);
    uint32_t n = 0;
    while (n < f->code_count && (f->code[n]->page_ea != page_ea || f->code[n]->asid != asid))
        n++;
    if (n == f->code_count) {
        assert_true(n < CODE_PAGES);
        f->code[f->code_count++] = calloc(1, sizeof *f->code[n]);
        f->code[n]->page_ea = page_ea;
        f->code[n]->asid = asid;
    }
    struct insn *i = &f->code[n]->insn[pc >> 2 & (CODE_PAGE_INSNS - 1)];
    i->pc = pc;
    return i;
}

static void take(struct fixture *f, uint64_t pc)
{
    profile_take(f->p, insn_in(f, 0, pc), 1, 1);
    f->cpi.slots[PART_BASE]++;
}

/* Slots of one address and part in a phase; PART_COUNT: executions. */
static uint64_t slots_of(const struct fixture *f, uint32_t phase, uint64_t pc, uint32_t part)
{
    uint64_t sum = 0;
    const struct profile_phase *p = &f->p->phases[phase];
    for (uint64_t n = 0; n < p->count; n++)
        if (p->entries[n].pc == pc && p->entries[n].part == part)
            sum += p->entries[n].slots;
    return sum;
}

static void lost_slots_are_those_of_the_instruction_that_waited(void **state)
{
    struct fixture *f = *state;
    take(f, A);
    lose(f, PART_DCACHE_MEM, 50);
    take(f, B);
    take(f, A);
    profile_cut(f->p);
    assert_int_equal(slots_of(f, 0, B, PART_DCACHE_MEM), 50);
    assert_int_equal(slots_of(f, 0, A, PART_DCACHE_MEM), 0);
    assert_int_equal(slots_of(f, 0, A, PART_COUNT), 2);
    assert_int_equal(slots_of(f, 0, A, PART_BASE), 2);
}

static void several_parts_at_once_each_go_their_way(void **state)
{
    struct fixture *f = *state;
    take(f, A);
    lose(f, PART_MISPREDICT, 7); /* the branch at A is to blame */
    lose(f, PART_ICACHE_L2, 9);
    take(f, C);
    profile_cut(f->p);
    assert_int_equal(slots_of(f, 0, A, PART_MISPREDICT), 7);
    assert_int_equal(slots_of(f, 0, C, PART_ICACHE_L2), 9);
    assert_int_equal(slots_of(f, 0, C, PART_MISPREDICT), 0);
}

static void before_the_first_instruction_the_first_one_is_to_blame(void **state)
{
    struct fixture *f = *state;
    lose(f, PART_FETCH, 3);
    lose(f, PART_BRANCH, 2);
    take(f, C);
    profile_cut(f->p);
    assert_int_equal(slots_of(f, 0, C, PART_FETCH), 3);
    assert_int_equal(slots_of(f, 0, C, PART_BRANCH), 2);
}

static void what_is_left_at_the_end_is_the_last_ones(void **state)
{
    struct fixture *f = *state;
    take(f, A);
    take(f, B);
    lose(f, PART_DRAIN, 11);
    profile_cut(f->p);
    assert_int_equal(slots_of(f, 0, B, PART_DRAIN), 11);
}

/* The instruction that a mispredict belongs to was executed in the phase before. */
static void phases_are_kept_apart(void **state)
{
    struct fixture *f = *state;
    take(f, A);
    profile_cut(f->p);
    lose(f, PART_MISPREDICT, 5);
    take(f, C);
    profile_cut(f->p);
    profile_cut(f->p);
    assert_int_equal(f->p->phase_count, 3);
    assert_int_equal(slots_of(f, 0, A, PART_COUNT), 1);
    assert_int_equal(slots_of(f, 1, A, PART_COUNT), 0);
    assert_int_equal(slots_of(f, 1, A, PART_MISPREDICT), 5);
    assert_int_equal(slots_of(f, 1, C, PART_COUNT), 1);
    assert_int_equal(f->p->phases[2].count, 0);
}

static void work_of_more_or_less_than_a_slot_is_counted(void **state)
{
    struct fixture *f = *state;
    profile_take(f->p, insn_in(f, 0, A), 1, 2); /* cracked into three, one later */
    profile_take(f->p, insn_in(f, 0, B), 1, 0); /* fused with another */
    profile_take(f->p, insn_in(f, 0, A), 0, 1);
    f->cpi.slots[PART_BASE] += 3;
    profile_cut(f->p);
    assert_int_equal(slots_of(f, 0, A, PART_BASE), 3);
    assert_int_equal(slots_of(f, 0, A, PART_COUNT), 1);
    assert_int_equal(slots_of(f, 0, B, PART_BASE), 0);
    assert_int_equal(slots_of(f, 0, B, PART_COUNT), 1);
}

/* Also when the records of one lie where those of another one lay. */
static void address_spaces_are_kept_apart(void **state)
{
    struct fixture *f = *state;
    uint32_t seen = 0;
    take(f, A);
    profile_take(f->p, insn_in(f, 1, A), 1, 1);
    lose(f, PART_MISPREDICT, 4);
    f->code[1]->asid = 2; /* freed, and made anew */
    profile_take(f->p, &f->code[1]->insn[A >> 2 & 1023], 1, 1);
    f->cpi.slots[PART_BASE] += 2;
    profile_cut(f->p);
    assert_int_equal(f->told, 3);
    for (uint64_t n = 0; n < f->p->phases[0].count; n++) {
        const struct profile_entry *e = &f->p->phases[0].entries[n];
        assert_int_equal(e->pc, A);
        assert_int_equal(e->slots, e->part == PART_MISPREDICT ? 4 : 1);
        assert_true(e->part != PART_MISPREDICT || e->asid == 1);
        seen |= 1u << e->asid;
    }
    assert_int_equal(seen, 7);
}

static void nothing_is_lost_over_many_pages_and_phases(void **state)
{
    struct fixture *f = *state;
    struct rng r = rng_seeded(7);
    uint64_t charged[PART_COUNT] = {0}, taken = 0;
    for (uint32_t phase = 0; phase < 5; phase++) {
        for (uint32_t n = 0; n < 20000; n++, taken++) {
            for (uint64_t parts = rng_below(&r, 4); parts; parts--)
                lose(f, (enum cpi_part)(1 + rng_below(&r, PART_COUNT - 1)), rng_below(&r, 9));
            take(f, rng_below(&r, 300) * 0x1000 + 4 * rng_below(&r, 1024));
        }
        profile_cut(f->p);
    }
    for (uint32_t phase = 0; phase < 5; phase++)
        for (uint64_t n = 0; n < f->p->phases[phase].count; n++) {
            const struct profile_entry *e = &f->p->phases[phase].entries[n];
            if (e->part == PART_COUNT)
                taken -= e->slots;
            else
                charged[e->part] += e->slots;
        }
    assert_memory_equal(charged, f->cpi.slots, sizeof charged);
    assert_int_equal(taken, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lost_slots_are_those_of_the_instruction_that_waited),
        TEST(several_parts_at_once_each_go_their_way),
        TEST(before_the_first_instruction_the_first_one_is_to_blame),
        TEST(what_is_left_at_the_end_is_the_last_ones),
        TEST(phases_are_kept_apart),
        TEST(work_of_more_or_less_than_a_slot_is_counted),
        TEST(address_spaces_are_kept_apart),
        TEST(nothing_is_lost_over_many_pages_and_phases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
