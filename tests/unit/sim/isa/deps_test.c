#include "sim/isa/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct insn_deps deps_of(uint16_t number, uint32_t word)
{
    struct insn i = {0};
    struct insn_deps deps;
    insn_predecode(&i, number, word, 0x1000);
    insn_find_deps(&i, &deps);
    return deps;
}

static void assert_regs(const uint8_t *regs, uint8_t count, const uint8_t *wanted,
                        uint8_t wanted_count)
{
    assert_int_equal(count, wanted_count);
    assert_memory_equal(regs, wanted, wanted_count);
}

static void a_base_of_zero_is_no_dependence(void **state)
{
    (void)state;
    struct insn_deps deps = deps_of(INSN_ld, 0xe8600010); /* ld r3,16(0) */
    assert_int_equal(deps.in_count, 0);
    deps = deps_of(INSN_ld, 0xe8640010); /* ld r3,16(r4) */
    assert_regs(deps.in, deps.in_count, (uint8_t[]){4}, 1);
    assert_int_equal(deps.address_in, 1);
}

static void equal_operands_are_one_dependence(void **state)
{
    (void)state;
    struct insn_deps deps = deps_of(INSN_add, 0x7c642214); /* add r3,r4,r4 */
    assert_regs(deps.in, deps.in_count, (uint8_t[]){4}, 1);
    assert_regs(deps.out, deps.out_count, (uint8_t[]){3}, 1);
}

static void a_record_form_reads_so_and_writes_its_field(void **state)
{
    (void)state;
    struct insn_deps deps = deps_of(INSN_add, 0x7c642a15); /* add. r3,r4,r5 */
    assert_regs(deps.in, deps.in_count, (uint8_t[]){4, 5, REG_SO}, 3);
    assert_regs(deps.out, deps.out_count, (uint8_t[]){3, REG_CR}, 2);
}

static void a_branch_depends_on_what_bo_says(void **state)
{
    (void)state;
    struct insn_deps deps = deps_of(INSN_bc, 0x42000010); /* bdnz */
    assert_regs(deps.in, deps.in_count, (uint8_t[]){REG_CTR}, 1);
    assert_regs(deps.out, deps.out_count, (uint8_t[]){REG_CTR}, 1);
    deps = deps_of(INSN_bc, 0x409e0010); /* bne cr7 */
    assert_regs(deps.in, deps.in_count, (uint8_t[]){REG_CR + 7}, 1);
    assert_int_equal(deps.out_count, 0);
    deps = deps_of(INSN_bclr, 0x4e800020); /* blr */
    assert_regs(deps.in, deps.in_count, (uint8_t[]){REG_LR}, 1);
}

static void a_store_s_data_come_after_its_address(void **state)
{
    (void)state;
    struct insn_deps deps = deps_of(INSN_stdx, 0x7c64292a); /* stdx r3,r4,r5 */
    assert_regs(deps.in, deps.in_count, (uint8_t[]){4, 5, 3}, 3);
    assert_int_equal(deps.address_in, 2);
}

static void strings_and_multiples_name_a_range_of_registers(void **state)
{
    (void)state;
    struct insn_deps deps = deps_of(INSN_lmw, 0xbba10008); /* lmw r29,8(r1) */
    assert_int_equal(deps.multi_first, 29);
    assert_int_equal(deps.multi_count, 3);
    deps = deps_of(INSN_lswi, 0x7c6434aa); /* lswi r3,r4,6 */
    assert_int_equal(deps.multi_count, 2);
    deps = deps_of(INSN_lswx, 0x7c64342a); /* lswx r3,r4,r6: as many as 32 bytes take */
    assert_int_equal(deps.multi_first, 3);
    assert_int_equal(deps.multi_count, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_base_of_zero_is_no_dependence),
        cmocka_unit_test(equal_operands_are_one_dependence),
        cmocka_unit_test(a_record_form_reads_so_and_writes_its_field),
        cmocka_unit_test(a_branch_depends_on_what_bo_says),
        cmocka_unit_test(a_store_s_data_come_after_its_address),
        cmocka_unit_test(strings_and_multiples_name_a_range_of_registers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
