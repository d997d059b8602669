/* Shared by the parts of the partition's hypervisor. */
#ifndef SIM_PLATFORM_PSERIES_INTERNAL_H
#define SIM_PLATFORM_PSERIES_INTERNAL_H

#include "sim/isa/state.h"
#include "sim/platform/pseries/console.h"
#include "sim/platform/pseries/presenter.h"
#include "sim/platform/pseries/pseries.h"
#include "sim/platform/pseries/ram.h"

/* Interrupt source of the console. */
#define CONSOLE_IRQ  0x1100u
/* The unit address by which hypercalls name the console. */
#define CONSOLE_UNIT UINT64_C(0x71000000)

#define TIMEBASE_HZ UINT64_C(512000000)
#define NS_PER_SECOND UINT64_C(1000000000)

/* Where things lie in the guest's memory. */
struct layout {
    uint64_t kernel_end; /* the kernel is at 0 */
    uint64_t initrd, initrd_end;
    uint64_t tree, tree_end;
    uint64_t firmware; /* FIRMWARE_BYTES that the operating system leaves alone */
};
/* Of them: the run-time services' entry, and the table that says where the guest's process table
 * is, which a page walk reads. */
#define FIRMWARE_BYTES     UINT64_C(0x10000)
#define FIRMWARE_RTAS      UINT64_C(0)
#define FIRMWARE_PARTITION UINT64_C(0x1000)

struct pseries {
    const struct platform_keys *keys;
    struct cpu *cpu;
    struct board *board;
    struct board_keys board_keys;
    struct ram ram;
    struct layout layout;
    struct console *console;
    struct presenter presenter;
    struct platform_stats stats;
    uint64_t epoch;
    int64_t clock_offset_s;   /* what set-time-of-day has added */
    uint64_t idle_ns;         /* waited since the guest last used its console */
    bool is_drained;          /* the guest has read all that the console had */
    bool line;                /* the processor's external interrupt */
    bool is_off;
    int exit_status;
};

/* hcall.c: `sc 1`. False: the machine is off. */
bool hypercall(void *ctx, struct cpu *s, int *exit_status);
/* rtas.c: the run-time service whose argument block lies at pa. A hypercall's result. */
int64_t rtas_call(struct pseries *p, uint64_t pa);
/* wait.c: the processor has nothing to do. */
void partition_wait(struct pseries *p);
/* Tells the presenter's line to the processor; after any change to the presenter. */
void partition_interrupts(struct pseries *p);
/* Interrupts when the console has something to read and had nothing before. */
void partition_look_at_console(struct pseries *p);

/* Services by name, for the device tree; NULL at the end. Their token is their place + 1. */
const char *rtas_service(uint32_t n);

#endif
