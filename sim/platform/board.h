/* A processor with memory and a clock, and nothing below it: programs run in supervisor state from
 * physical addresses. The place on which devices and an operating system's platform stand.
 *
 * It stands below the executor (board_system): exceptions become interrupts of the processor (Power
 * ISA, Book III), which the program handles itself. Time is the creator's clock. */
#ifndef SIM_PLATFORM_BOARD_H
#define SIM_PLATFORM_BOARD_H

#include "sim/exec/step.h"
#include "sim/isa/processor.h"
#include "sim/mem/phys.h"
#include "sim/schema/schema.h"

#define BOARD_KEYS(X, o)                                                                           \
    X(o, SIZE, ram_size, "8MiB", "64KiB", "1GiB", "memory, from physical address 0 on")            \
    X(o, U64, load_address, "0", "", "",                                                           \
      "where an image that is not an ELF file is loaded, and entered")                             \
    X(o, U64, msr, "0x9000000000000001", "", "",                                                   \
      "MSR at the start; the default is 64-bit hypervisor state, real mode, little-endian")        \
    X(o, FREQ, timebase, "512MHz", "1MHz", "10GHz", "how fast time base and decrementer count")    \
    X(o, CHOICE, end, "result", "result|spin|never", "",                                           \
      "result: a branch to itself with interrupts off, after 1 was stored at done_address; "       \
      "spin: any such branch; never: only limits end the run")                                     \
    X(o, U64, result_address, "0x40", "", "", "with end = result: doubleword that is reported")    \
    X(o, U64, done_address, "0x48", "", "", "with end = result: doubleword that is 1 at the end")  \
    X(o, U64, fail_below, "0x1000", "", "",                                                        \
      "a branch to itself below this address (an interrupt vector) is the program's failure")
enum { BOARD_END_RESULT, BOARD_END_SPIN, BOARD_END_NEVER };

struct board_keys {
    BOARD_KEYS(KEY_MEMBER, board_keys)
};
extern const struct key_row board_key_rows[];

#define BOARD_STATS(X, o)                                                                          \
    X(o, interrupts, COUNT, "interrupts taken")                                                    \
    X(o, storage_interrupts, COUNT, "of them, for want of a translation or a permission")          \
    X(o, system_calls, COUNT, "of them, system calls")                                             \
    X(o, hypercalls, COUNT, "calls of the hypervisor; no interrupt")                               \
    X(o, asynchronous, COUNT, "of them, from outside the program: decrementer, external, doorbell")
struct board_stats {
    BOARD_STATS(STAT_MEMBER, board_stats)
};
extern const struct stat_row board_stat_rows[];

struct board;

/* What stands below a board on which an operating system is a guest: it gets what the guest asks
 * for by `sc 1`. Without one the processor starts in hypervisor state. */
struct hypervisor {
    /* Registers are as the guest left them, s->nia is behind the instruction. False: the machine is
     * off; *exit_status says how it ended. */
    bool (*call)(void *ctx, struct cpu *s, int *exit_status);
    /* Whenever the processor looks for interrupts: its lines may be changed. */
    void (*poll)(void *ctx);
    void *ctx;
};

struct board_config {
    const struct board_keys *keys; /* kept by reference */
    struct hypervisor hypervisor;  /* call NULL: none */
    const struct processor *processor;
    uint64_t entry; /* physical address of the first instruction */
    uint64_t seed;
    uint64_t (*now_ns)(void *ctx); /* simulated time since the start; never goes back */
    /* What decides about interrupts has changed: poll soon (exec_interrupt), ask for the next
     * deadline. */
    void (*attention)(void *ctx);
    void *ctx;
};

/* Resets the processor; its code is attached afterwards. */
struct board *board_create(struct cpu *cpu, struct phys *phys, const struct board_config *config);
void board_destroy(struct board *b);

struct mmu *board_mmu(struct board *b);
/* See radix.h. */
bool board_walk(struct board *b, uint64_t ea, struct radix_path *path);
/* For exec_init; `code` must watch for what board_watch says. */
struct exec_system board_system(struct board *b);
uint32_t board_watch(const struct board *b);

/* When it has to be polled next, in terms of now_ns; UINT64_MAX: never. */
uint64_t board_next_deadline_ns(const struct board *b);
/* How long it is until then, were interrupts on; BOARD_LONGEST_WAIT_NS at most. */
#define BOARD_LONGEST_WAIT_NS UINT64_C(1000000000)
uint64_t board_next_event_ns(const struct board *b);
/* Of a hypervisor: the processor waits with interrupts on, up to until_ns in terms of
 * board_time_ns, unless one is pending. No instruction passes meanwhile. Nanoseconds waited. */
uint64_t board_wait(struct board *b, uint64_t until_ns);
/* Simulated time, waits included: not what now_ns tells. */
uint64_t board_time_ns(const struct board *b);
/* A device raises or lowers the processor's external interrupt. */
void board_set_external(struct board *b, bool on);
const struct board_stats *board_stats(const struct board *b);

/* 0 when the program ended well, 1 when it failed. */
int board_exit_status(const struct board *b);
/* The doubleword that the program left as its result; false when it did not end so. */
bool board_result(const struct board *b, uint64_t *value);

#endif
