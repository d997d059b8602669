/* Radix walks: sizes of pages, permissions, reference and change bits, quadrants, bad tables. */
#include "sim/mem/radix.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RAM       (UINT64_C(8) << 20)
#define PARTITION UINT64_C(0x1000)
#define PROCESS   UINT64_C(0x2000)
#define LEVEL2    UINT64_C(0x3000)
#define LEVEL3    UINT64_C(0x4000)
#define LEVEL4    UINT64_C(0x5000)
#define ROOT      UINT64_C(0x10000)
#define VALID     (UINT64_C(1) << 63)
#define LEAF      (UINT64_C(3) << 62)
#define TREE_52   (UINT64_C(2) << 61 | UINT64_C(5) << 5 | 13) /* 52 bits, root of 13 */
enum { R = 0x100, C = 0x80, PRIV = 8, READ = 4, WRITE = 2, EXEC = 1 };

struct rig {
    struct phys *phys;
    struct radix_context context;
    struct radix_mmu *radix;
    struct mmu *mmu;
};

static void put(struct rig *g, uint64_t pa, uint64_t v)
{
    uint64_t stored = __builtin_bswap64(v);
    memcpy(phys_frame(g->phys, pa)->host + (pa & (FRAME_BYTES - 1)), &stored, sizeof stored);
}

static uint64_t get(struct rig *g, uint64_t pa)
{
    uint64_t stored;
    memcpy(&stored, phys_frame(g->phys, pa)->host + (pa & (FRAME_BYTES - 1)), sizeof stored);
    return __builtin_bswap64(stored);
}

static struct rig *rig_create(bool updates_rc)
{
    struct rig *g = calloc(1, sizeof *g);
    g->phys = phys_create();
    g->context = (struct radix_context){.ptcr = PARTITION, .is_relocated = {true, true},
                                        .is_hypervisor = true};
    g->radix = radix_mmu_create(g->phys, RAM, &g->context, updates_rc);
    g->mmu = radix_mmu_base(g->radix);
    put(g, PARTITION + 8, PROCESS);
    put(g, PROCESS, ROOT | TREE_52);
    put(g, ROOT, VALID | LEVEL2 | 9);
    put(g, LEVEL2, VALID | LEVEL3 | 9);
    put(g, LEVEL3, VALID | LEVEL4 | 9);
    put(g, LEVEL4, LEAF | 0x7000 | R | C | READ | WRITE | EXEC);
    return g;
}

static void rig_destroy(struct rig *g)
{
    radix_mmu_destroy(g->radix);
    phys_destroy(g->phys);
    free(g);
}

static enum mmu_result go(struct rig *g, uint64_t ea, enum mmu_access access, uint64_t *pa)
{
    struct frame *frame;
    return g->mmu->translate(g->mmu, ea, access, &frame, pa);
}

static void real_mode_ignores_the_high_bits_and_ends_with_memory(void **state)
{
    struct rig *g = rig_create(true);
    uint64_t pa;
    (void)state;
    g->context.is_relocated[RADIX_DATA] = false;
    assert_int_equal(go(g, UINT64_C(0xc000000000003abc), MMU_LOAD, &pa), MMU_OK);
    assert_int_equal(pa, 0x3000);
    assert_int_equal(go(g, RAM - 1, MMU_STORE, &pa), MMU_OK);
    assert_int_equal(go(g, RAM, MMU_STORE, &pa), MMU_BUS_ERROR);
    assert_int_equal(go(g, 0x3000, MMU_FETCH, &pa), MMU_UNMAPPED); /* still relocated */
    rig_destroy(g);
}

static void a_leaf_at_each_level_is_a_page_of_its_size(void **state)
{
    struct rig *g = rig_create(true);
    uint64_t pa;
    (void)state;
    assert_int_equal(go(g, 0xabc, MMU_LOAD, &pa), MMU_OK); /* 4 KiB */
    assert_int_equal(pa, 0x7000);
    put(g, LEVEL3 + 8, LEAF | 0x200000 | R | READ); /* 2 MiB */
    assert_int_equal(go(g, 0x2fffff, MMU_LOAD, &pa), MMU_OK);
    assert_int_equal(pa, 0x2ff000);
    put(g, LEVEL2 + 8, LEAF | R | READ); /* 1 GiB */
    assert_int_equal(go(g, 0x40512345, MMU_LOAD, &pa), MMU_OK);
    assert_int_equal(pa, 0x512000);
    assert_int_equal(go(g, 0x40000000 + RAM, MMU_LOAD, &pa), MMU_BUS_ERROR);
    put(g, LEVEL3 + 16, VALID | LEVEL4 | 5); /* 64 KiB: the last level has 5 bits */
    put(g, LEVEL4 + 8, LEAF | 0x30000 | R | READ);
    assert_int_equal(go(g, 0x41e123, MMU_LOAD, &pa), MMU_OK);
    assert_int_equal(pa, 0x3e000);
    rig_destroy(g);
}

static void authority_is_checked_for_each_access_and_state(void **state)
{
    static const struct {
        uint32_t authority;
        bool is_problem;
        enum mmu_result load, store, fetch;
    } rows[] = {
        {READ, true, MMU_OK, MMU_PROTECTED, MMU_NO_EXEC},
        {READ | WRITE, true, MMU_OK, MMU_OK, MMU_NO_EXEC},
        {EXEC, true, MMU_PROTECTED, MMU_PROTECTED, MMU_OK},
        {PRIV | READ | WRITE | EXEC, true, MMU_PROTECTED, MMU_PROTECTED, MMU_NO_EXEC},
        {PRIV | READ | WRITE | EXEC, false, MMU_OK, MMU_OK, MMU_OK},
        {READ | WRITE | EXEC, false, MMU_OK, MMU_OK, MMU_OK},
        {0x20 | READ | EXEC, true, MMU_OK, MMU_PROTECTED, MMU_NO_EXEC}, /* guarded */
    };
    (void)state;
    for (uint32_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        struct rig *g = rig_create(true);
        uint64_t pa;
        put(g, LEVEL4, LEAF | 0x7000 | R | C | rows[n].authority);
        g->context.is_problem = rows[n].is_problem;
        assert_int_equal(go(g, 0, MMU_LOAD, &pa), rows[n].load);
        assert_int_equal(go(g, 0, MMU_STORE, &pa), rows[n].store);
        assert_int_equal(go(g, 0, MMU_FETCH, &pa), rows[n].fetch);
        rig_destroy(g);
    }
}

static void key_0_keeps_the_system_out_of_a_programs_pages(void **state)
{
    struct rig *g = rig_create(true);
    uint64_t pa;
    (void)state;
    g->context.amr = UINT64_C(1) << 63;
    g->context.iamr = UINT64_C(1) << 62;
    assert_int_equal(go(g, 0, MMU_LOAD, &pa), MMU_OK);
    assert_int_equal(go(g, 0, MMU_STORE, &pa), MMU_KEY);
    assert_int_equal(go(g, 0, MMU_FETCH, &pa), MMU_PROTECTED);
    g->context.is_problem = true; /* the program itself is not concerned */
    assert_int_equal(go(g, 0, MMU_STORE, &pa), MMU_OK);
    assert_int_equal(go(g, 0, MMU_FETCH, &pa), MMU_OK);
    rig_destroy(g);
}

static void the_walk_sets_r_and_c_or_leaves_that_to_software(void **state)
{
    uint64_t leaf = LEAF | 0x7000 | READ | WRITE, pa;
    struct frame *frame;
    (void)state;
    struct rig *g = rig_create(true);
    put(g, LEVEL4, leaf);
    assert_int_equal(g->mmu->look(g->mmu, 0, MMU_LOAD, &frame, &pa), MMU_RC_CLEAR);
    assert_int_equal(get(g, LEVEL4), leaf); /* looking sets nothing */
    assert_int_equal(go(g, 0, MMU_LOAD, &pa), MMU_OK);
    assert_int_equal(get(g, LEVEL4), leaf | R);
    assert_int_equal(go(g, 0, MMU_STORE, &pa), MMU_OK);
    assert_int_equal(get(g, LEVEL4), leaf | R | C);
    rig_destroy(g);
    g = rig_create(false);
    put(g, LEVEL4, leaf | R);
    assert_int_equal(go(g, 0, MMU_LOAD, &pa), MMU_OK);
    assert_int_equal(go(g, 0, MMU_STORE, &pa), MMU_RC_CLEAR);
    assert_int_equal(get(g, LEVEL4), leaf | R);
    rig_destroy(g);
}

static void quadrants_choose_the_process(void **state)
{
    struct rig *g = rig_create(true);
    uint64_t pa, quadrant = UINT64_C(1) << 62;
    (void)state;
    g->context.pid = 3; /* has no entry */
    assert_int_equal(go(g, 0, MMU_LOAD, &pa), MMU_UNMAPPED);
    assert_int_equal(go(g, 3 * quadrant, MMU_LOAD, &pa), MMU_OK); /* PID 0 */
    assert_int_equal(go(g, 2 * quadrant, MMU_LOAD, &pa), MMU_OK);
    assert_int_equal(go(g, 1 * quadrant, MMU_LOAD, &pa), MMU_UNMAPPED);
    g->context.is_hypervisor = false;
    assert_int_equal(go(g, 2 * quadrant, MMU_LOAD, &pa), MMU_NO_SEGMENT);
    assert_int_equal(go(g, UINT64_C(1) << 52, MMU_LOAD, &pa), MMU_NO_SEGMENT); /* too far */
    g->context.pid = 256; /* behind a process table of 4 KiB */
    assert_int_equal(go(g, 0, MMU_LOAD, &pa), MMU_UNMAPPED);
    rig_destroy(g);
}

static void bad_tables_are_told_from_missing_ones(void **state)
{
    struct rig *g = rig_create(true);
    uint64_t pa;
    (void)state;
    put(g, LEVEL3, VALID | LEVEL4 | 10); /* more bits than are left */
    assert_int_equal(go(g, 0, MMU_LOAD, &pa), MMU_BAD_TABLE);
    put(g, LEVEL3, VALID | RAM | 9); /* outside memory */
    assert_int_equal(go(g, 0, MMU_LOAD, &pa), MMU_BUS_ERROR);
    put(g, LEVEL3, LEVEL4 | 9); /* not valid */
    assert_int_equal(go(g, 0, MMU_LOAD, &pa), MMU_UNMAPPED);
    g->context.lpid = 1; /* a guest's: not modelled */
    assert_int_equal(go(g, 0, MMU_LOAD, &pa), MMU_BAD_TABLE);
    rig_destroy(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_mode_ignores_the_high_bits_and_ends_with_memory),
        cmocka_unit_test(a_leaf_at_each_level_is_a_page_of_its_size),
        cmocka_unit_test(authority_is_checked_for_each_access_and_state),
        cmocka_unit_test(key_0_keeps_the_system_out_of_a_programs_pages),
        cmocka_unit_test(the_walk_sets_r_and_c_or_leaves_that_to_software),
        cmocka_unit_test(quadrants_choose_the_process),
        cmocka_unit_test(bad_tables_are_told_from_missing_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
