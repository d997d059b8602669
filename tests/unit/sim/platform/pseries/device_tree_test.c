/* The device tree as the guest's own library would read it. */
#include "sim/platform/pseries/device_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <libfdt.h>

static uint8_t tree[DEVICE_TREE_BYTES_MAX];

static void write_tree(uint64_t initrd_bytes)
{
    static struct cpu cpu = {.pvr = 0x4e1202, .cache_block_bytes = 128};
    struct pseries p = {.cpu = &cpu,
                        .ram = {.bytes = UINT64_C(0x140000000)},
                        .layout = {.initrd = 0x3000000,
                                   .initrd_end = 0x3000000 + initrd_bytes,
                                   .firmware = 0x5000000}};
    uint32_t bytes = device_tree_write(&p, "console=hvc0 quiet", tree);
    assert_int_equal(fdt_check_full(tree, bytes), 0);
}

static const void *property(const char *path, const char *name, int bytes)
{
    int length = -1, node = fdt_path_offset(tree, path);
    assert_true(node >= 0);
    const void *p = fdt_getprop(tree, node, name, &length);
    if (p && bytes >= 0)
        assert_int_equal(length, bytes);
    return p;
}

static uint32_t word(const char *path, const char *name)
{
    const fdt32_t *p = property(path, name, 4);
    assert_non_null(p);
    return fdt32_to_cpu(*p);
}

static uint64_t doubleword(const char *path, const char *name)
{
    const fdt64_t *p = property(path, name, 8);
    assert_non_null(p);
    return fdt64_ld(p); /* aligned as words are */
}

static void the_kernel_finds_its_parameters_and_root(void **state)
{
    (void)state;
    write_tree(0x1234);
    assert_string_equal(property("/chosen", "bootargs", -1), "console=hvc0 quiet");
    assert_int_equal(doubleword("/chosen", "linux,initrd-start"), 0x3000000);
    assert_int_equal(doubleword("/chosen", "linux,initrd-end"), 0x3001234);
    write_tree(0);
    assert_null(property("/chosen", "linux,initrd-start", -1));
}

static void memory_is_all_there_but_what_firmware_keeps(void **state)
{
    (void)state;
    uint64_t address, size;
    write_tree(1);
    const fdt32_t *reg = property("/memory@0", "reg", 16);
    assert_int_equal(fdt32_to_cpu(reg[1]), 0);
    assert_int_equal(fdt32_to_cpu(reg[2]), 1); /* 5 GiB */
    assert_int_equal(fdt32_to_cpu(reg[3]), 0x40000000);
    assert_int_equal(fdt_num_mem_rsv(tree), 1);
    assert_int_equal(fdt_get_mem_rsv(tree, 0, &address, &size), 0);
    assert_int_equal(address, 0x5000000);
    assert_int_equal(size, FIRMWARE_BYTES);
}

static void the_processor_is_what_it_says_itself(void **state)
{
    (void)state;
    write_tree(1);
    assert_int_equal(word("/cpus/PowerPC,POWER9@0", "cpu-version"), 0x4e1202);
    assert_int_equal(word("/cpus/PowerPC,POWER9@0", "d-cache-block-size"), 128);
    assert_int_equal(word("/cpus/PowerPC,POWER9@0", "timebase-frequency"), TIMEBASE_HZ);
}

static void the_consoles_interrupt_comes_through_the_presenter(void **state)
{
    (void)state;
    write_tree(1);
    const fdt32_t *interrupts = property("/vdevice/vty@71000000", "interrupts", 8);
    assert_int_equal(fdt32_to_cpu(interrupts[0]), CONSOLE_IRQ);
    assert_int_equal(word("/vdevice/vty@71000000", "interrupt-parent"),
                     word("/interrupt-controller", "phandle"));
    assert_int_equal(word("/vdevice/vty@71000000", "reg"), CONSOLE_UNIT);
    const char *console = property("/chosen", "stdout-path", -1);
    assert_true(fdt_path_offset(tree, console) >= 0);
}

static void every_service_has_a_token_of_its_own(void **state)
{
    (void)state;
    uint32_t n = 0;
    write_tree(1);
    assert_int_equal(word("/rtas", "linux,rtas-entry"), 0x5000000 + FIRMWARE_RTAS);
    for (; rtas_service(n); n++)
        assert_int_equal(word("/rtas", rtas_service(n)), n + 1);
    assert_true(n >= 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kernel_finds_its_parameters_and_root),
        cmocka_unit_test(memory_is_all_there_but_what_firmware_keeps),
        cmocka_unit_test(the_processor_is_what_it_says_itself),
        cmocka_unit_test(the_consoles_interrupt_comes_through_the_presenter),
        cmocka_unit_test(every_service_has_a_token_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
