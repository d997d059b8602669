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

struct fixture {
    struct cpi cpi;
    struct profile *p;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->p = profile_create();
    profile_watch(f->p, &f->cpi);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    profile_destroy(f->p);
    free(f);
    return 0;
}

static void lose(struct fixture *f, enum cpi_part part, uint64_t slots)
{
    cpi_lose(&f->cpi, part, slots);
}

static void take(struct fixture *f, uint64_t pc)
{
    profile_take(f->p, pc, 1, 1);
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
    profile_take(f->p, A, 1, 2); /* cracked into three, one later */
    profile_take(f->p, B, 1, 0); /* fused with another */
    profile_take(f->p, A, 0, 1);
    f->cpi.slots[PART_BASE] += 3;
    profile_cut(f->p);
    assert_int_equal(slots_of(f, 0, A, PART_BASE), 3);
    assert_int_equal(slots_of(f, 0, A, PART_COUNT), 1);
    assert_int_equal(slots_of(f, 0, B, PART_BASE), 0);
    assert_int_equal(slots_of(f, 0, B, PART_COUNT), 1);
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
        TEST(nothing_is_lost_over_many_pages_and_phases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
