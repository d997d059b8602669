#include "sim/platform/pseries/device_tree.h"

#include <libfdt.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

#define PRESENTER_HANDLE 1u /* by which the console names the interrupt presenter */
#define CPU_HZ           1000000000u /* an instruction a nanosecond is the guest's clock */

/* What Open Firmware's negotiation would have left (PAPR B.6.2.3): version 3.0; byte 23, bits of
 * the interrupt mode: XICS; byte 24: radix; byte 26: the guest may flush translations itself. */
static const uint8_t negotiated[] = {0x19, 0, 0x20, 0, 0, 0xa0, 5, 0, 0, 0, 0, 0, 0, 0,
                                     0,    0, 0,    0, 0, 0,    0, 0, 0x80, 0, 0x40, 0, 0x40};

/* Page sizes of radix translation: log2, and in the top three bits how tlbie names them. */
static const uint32_t page_sizes[] = {0x0000000c, 0xa0000010, 0x20000015, 0x4000001e};

/* libfdt has no error here but the lack of room. */
static void must(int result)
{
    if (result < 0)
        panic("device tree: %s", fdt_strerror(result));
}

static void begin(void *t, const char *name) { must(fdt_begin_node(t, name)); }
static void end(void *t) { must(fdt_end_node(t)); }
static void word(void *t, const char *name, uint32_t v) { must(fdt_property_u32(t, name, v)); }
static void flag(void *t, const char *name) { must(fdt_property(t, name, NULL, 0)); }
static void bytes(void *t, const char *name, const void *value, size_t size)
{
    must(fdt_property(t, name, value, (int)size));
}

static void text(void *t, const char *name, const char *value)
{
    bytes(t, name, value, strlen(value) + 1);
}

static void words(void *t, const char *name, const uint32_t *values, uint32_t count)
{
    fdt32_t big[8];
    for (uint32_t n = 0; n < count; n++)
        big[n] = cpu_to_fdt32(values[n]);
    bytes(t, name, big, count * sizeof *big);
}

static void cells(void *t, uint32_t address, uint32_t size)
{
    word(t, "#address-cells", address);
    word(t, "#size-cells", size);
}

static void write_chosen(void *t, const struct pseries *p, const char *command_line)
{
    static const char console[] = "/vdevice/vty@71000000";
    begin(t, "chosen");
    text(t, "bootargs", command_line);
    text(t, "stdout-path", console);
    text(t, "linux,stdout-path", console);
    if (p->layout.initrd_end > p->layout.initrd) {
        must(fdt_property_u64(t, "linux,initrd-start", p->layout.initrd));
        must(fdt_property_u64(t, "linux,initrd-end", p->layout.initrd_end));
    }
    bytes(t, "ibm,architecture-vec-5", negotiated, sizeof negotiated);
    end(t);
}

/* Sizes of caches are what a program may ask for; those of the model are another matter. */
static void write_cpus(void *t, const struct pseries *p)
{
    static const char *const sides[] = {"d", "i"};
    static const uint32_t dec_bits = 56, vmx_and_vsx = 2;
    begin(t, "cpus");
    cells(t, 1, 0);
    begin(t, "PowerPC,POWER9@0");
    text(t, "device_type", "cpu");
    text(t, "status", "okay");
    word(t, "reg", 0);
    flag(t, "64-bit");
    word(t, "cpu-version", (uint32_t)p->cpu->pvr);
    word(t, "timebase-frequency", (uint32_t)TIMEBASE_HZ);
    word(t, "clock-frequency", CPU_HZ);
    word(t, "ibm,ppc-interrupt-server#s", 0);
    for (uint32_t n = 0; n < ARRAY_LEN(sides); n++) {
        char name[32];
        snprintf(name, sizeof name, "%s-cache-block-size", sides[n]);
        word(t, name, p->cpu->cache_block_bytes);
        snprintf(name, sizeof name, "%s-cache-line-size", sides[n]);
        word(t, name, p->cpu->cache_block_bytes);
        snprintf(name, sizeof name, "%s-cache-size", sides[n]);
        word(t, name, 32 << 10);
    }
    words(t, "ibm,processor-radix-AP-encodings", page_sizes, ARRAY_LEN(page_sizes));
    word(t, "ibm,dec-bits", dec_bits);
    word(t, "ibm,vmx", vmx_and_vsx);
    end(t);
    end(t);
}

static void write_memory(void *t, const struct pseries *p)
{
    const uint32_t reg[] = {0, 0, (uint32_t)(p->ram.bytes >> 32), (uint32_t)p->ram.bytes};
    begin(t, "memory@0");
    text(t, "device_type", "memory");
    words(t, "reg", reg, ARRAY_LEN(reg));
    end(t);
}

static void write_rtas(void *t, const struct pseries *p)
{
    static const char calls[] = "hcall-term\0hcall-interrupt\0hcall-splpar\0hcall-set-mode";
    uint32_t entry = (uint32_t)(p->layout.firmware + FIRMWARE_RTAS);
    begin(t, "rtas");
    bytes(t, "ibm,hypertas-functions", calls, sizeof calls);
    word(t, "linux,rtas-base", entry);
    word(t, "linux,rtas-entry", entry);
    word(t, "rtas-size", 0x1000);
    flag(t, "ibm,extended-os-term"); /* the last words come only from a kernel that has given up */
    for (uint32_t n = 0; rtas_service(n); n++)
        word(t, rtas_service(n), n + 1);
    end(t);
}

static void write_console(void *t)
{
    static const uint32_t interrupts[] = {CONSOLE_IRQ, 0};
    begin(t, "vdevice");
    cells(t, 1, 0);
    text(t, "compatible", "IBM,vdevice");
    text(t, "device_type", "vdevice");
    begin(t, "vty@71000000");
    text(t, "compatible", "hvterm1");
    text(t, "device_type", "serial");
    word(t, "reg", (uint32_t)CONSOLE_UNIT);
    words(t, "interrupts", interrupts, ARRAY_LEN(interrupts));
    word(t, "interrupt-parent", PRESENTER_HANDLE);
    end(t);
    end(t);
}

static void write_presenter(void *t)
{
    static const uint32_t servers[] = {0, 1}; /* from 0 on, one */
    begin(t, "interrupt-controller");
    text(t, "compatible", "IBM,ppc-xicp");
    text(t, "device_type", "PowerPC-External-Interrupt-Presentation");
    flag(t, "interrupt-controller");
    word(t, "#interrupt-cells", 2);
    word(t, "#address-cells", 0);
    words(t, "ibm,interrupt-server-ranges", servers, ARRAY_LEN(servers));
    word(t, "phandle", PRESENTER_HANDLE);
    end(t);
}

uint32_t device_tree_write(const struct pseries *p, const char *command_line,
                           uint8_t tree[DEVICE_TREE_BYTES_MAX])
{
    void *t = tree;
    must(fdt_create(t, DEVICE_TREE_BYTES_MAX));
    must(fdt_add_reservemap_entry(t, p->layout.firmware, FIRMWARE_BYTES));
    must(fdt_finish_reservemap(t));
    begin(t, "");
    cells(t, 2, 2);
    text(t, "model", "simrun");
    text(t, "compatible", "simrun,pseries");
    text(t, "device_type", "chrp");
    write_chosen(t, p, command_line);
    write_cpus(t, p);
    write_memory(t, p);
    write_rtas(t, p);
    write_console(t);
    write_presenter(t);
    end(t);
    must(fdt_finish(t));
    return fdt_totalsize(t);
}
