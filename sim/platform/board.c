#include "sim/platform/board.h"

#include <inttypes.h>
#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/base/log.h"
#include "sim/base/rng.h"
#include "sim/platform/interrupt.h"

/* So many interrupts in a row without a completed instruction are a circle of vectors that raise
 * by themselves: there are fewer vectors. A processor would go on for ever. */
#define MAX_FRUITLESS 1000

const struct key_row board_key_rows[] = {BOARD_KEYS(KEY_ROW, board_keys) KEY_END};
const struct stat_row board_stat_rows[] = {BOARD_STATS(STAT_ROW, board_stats) STAT_END};

struct board {
    const struct board_keys *keys;
    struct cpu *cpu;
    struct phys *phys;
    struct radix_mmu *radix;
    struct rng rng;
    struct interrupt_lines lines;
    struct board_stats stats;
    uint64_t (*now_ns)(void *ctx);
    void (*attention)(void *ctx);
    void *ctx;
    struct hypervisor hypervisor;
    uint64_t waited_ns;       /* while the processor stood still and no instruction passed */
    uint32_t fruitless;       /* exceptions in a row with no instruction completed between them */
    uint64_t fruitless_since; /* icount */
    /* how it ended */
    bool has_result;
    int exit_status;
    uint64_t result;
};

uint64_t board_time_ns(const struct board *b) { return b->now_ns(b->ctx) + b->waited_ns; }

static uint64_t read_timebase(void *ctx)
{
    const struct board *b = ctx;
    return (uint64_t)((u128)board_time_ns(b) * b->keys->timebase / 1000000000);
}

static uint64_t read_random(void *ctx)
{
    struct board *b = ctx;
    return rng_next(&b->rng);
}

/* A doubleword of memory in the processor's storage order; zero outside. */
static uint64_t peek(const struct board *b, uint64_t pa)
{
    uint64_t v;
    if (pa >= b->keys->ram_size)
        return 0;
    memcpy(&v, phys_frame(b->phys, pa)->host + (pa & (FRAME_BYTES - 8)), sizeof v);
    return b->cpu->swap ? __builtin_bswap64(v) : v;
}

static bool fail(struct board *b, const char *why, uint64_t pc)
{
    const struct supervisor *u = &b->cpu->sup;
    log_line("the program failed: %s at 0x%" PRIx64 "; SRR0 0x%" PRIx64 ", SRR1 0x%" PRIx64
             ", DAR 0x%" PRIx64 ", DSISR 0x%" PRIx64, why, pc, u->srr0, u->srr1, u->dar, u->dsisr);
    b->exit_status = 1;
    return false;
}

/* A branch to itself: the end, unless an interrupt is waited for. */
static bool spin(struct board *b, uint64_t pc)
{
    if (b->cpu->sup.msr & MSR_EE)
        return true;
    if (pc < b->keys->fail_below)
        return fail(b, "it branches to itself in an interrupt vector", pc);
    if (b->keys->end == BOARD_END_RESULT) {
        if (peek(b, b->keys->done_address) != 1)
            return fail(b, "it branches to itself without having stored 1 at board.done_address",
                        pc);
        b->result = peek(b, b->keys->result_address);
        b->has_result = true;
    }
    return false;
}

static bool take_event(void *system, struct cpu *s, const struct insn *i)
{
    (void)s;
    return insn_is_marker(i) || spin(system, i->pc);
}

static void count(struct board *b, enum interrupt which)
{
    bool is_storage = which == INTERRUPT_DSI || which == INTERRUPT_ISI ||
                      which == INTERRUPT_DSEGI || which == INTERRUPT_ISEGI;
    b->stats.interrupts++;
    b->stats.storage_interrupts += is_storage;
    b->stats.system_calls += which == INTERRUPT_SYSCALL || which == INTERRUPT_HYPERCALL;
}

static bool is_circle(struct board *b)
{
    if (b->cpu->icount != b->fruitless_since)
        b->fruitless = 0;
    b->fruitless_since = b->cpu->icount;
    return ++b->fruitless > MAX_FRUITLESS;
}

static bool call_hypervisor(struct board *b)
{
    b->stats.hypercalls++;
    return b->hypervisor.call(b->hypervisor.ctx, b->cpu, &b->exit_status);
}

static bool is_hypercall(const struct board *b, const struct exception_record *x)
{
    return b->hypervisor.call && x->kind == EXC_SYSCALL && x->detail == 1 &&
           !(b->cpu->sup.msr & MSR_PR);
}

static bool take_exception(void *system, struct cpu *s)
{
    struct board *b = system;
    uint64_t pc = s->nia;
    if (is_hypercall(b, &s->exception))
        return call_hypervisor(b);
    enum interrupt which = interrupt_of_exception(s);
    if (which == INTERRUPT_MACHINE_CHECK && s->nia == pc)
        return fail(b, "checkstop: no memory answers, and machine checks are off,", pc);
    if (is_circle(b))
        return fail(b, "interrupt vectors that interrupt in turn, no instruction completes,", pc);
    count(b, which);
    return true;
}

static bool poll(void *system, struct cpu *s)
{
    struct board *b = system;
    if (b->hypervisor.poll)
        b->hypervisor.poll(b->hypervisor.ctx);
    enum interrupt which = interrupt_poll(s, &b->lines);
    if (which != INTERRUPT_COUNT) {
        count(b, which);
        b->stats.asynchronous++;
    }
    return true;
}

static void interrupts_changed(void *ctx)
{
    const struct board *b = ctx;
    b->attention(b->ctx);
}

static bool interrupt_pending(void *ctx)
{
    const struct board *b = ctx;
    return interrupt_is_pending(b->cpu, &b->lines);
}

/* What firmware would leave: interrupts in the byte order that the processor starts in, external
 * ones for the operating system, decrementers far away. */
static void reset(struct board *b, const struct board_config *config)
{
    struct cpu *s = b->cpu;
    struct supervisor *u = &s->sup;
    processor_reset(config->processor, s, true, false);
    if (b->hypervisor.call) { /* there is one already: none can be entered */
        u->msr_bits &= ~MSR_HV;
        u->has_emulation_assist = false;
    }
    s->timebase = read_timebase;
    s->random = read_random;
    s->board = b;
    u->lpcr = LPCR_LPES | (b->keys->msr & MSR_LE ? LPCR_ILE : 0);
    u->hid0 = b->keys->msr & MSR_LE ? HID0_HILE : 0;
    u->dec_zero = u->hdec_zero = INT32_MAX;
    cpu_set_msr(s, b->keys->msr & u->msr_bits);
    s->interrupts_changed = interrupts_changed;
    s->interrupt_pending = interrupt_pending;
    s->nia = config->entry;
}

struct board *board_create(struct cpu *cpu, struct phys *phys, const struct board_config *config)
{
    struct board *b = xcalloc(1, sizeof *b);
    *b = (struct board){.keys = config->keys, .cpu = cpu, .phys = phys,
                        .rng = rng_seeded(config->seed), .now_ns = config->now_ns,
                        .hypervisor = config->hypervisor,
                        .attention = config->attention, .ctx = config->ctx};
    b->radix = radix_mmu_create(phys, b->keys->ram_size, &cpu->sup.radix,
                            config->processor->updates_rc);
    reset(b, config);
    return b;
}

void board_destroy(struct board *b)
{
    radix_mmu_destroy(b->radix);
    free(b);
}

struct mmu *board_mmu(struct board *b) { return radix_mmu_base(b->radix); }

bool board_walk(struct board *b, uint64_t ea, struct radix_path *path)
{
    return radix_mmu_path(b->radix, ea, path);
}

struct exec_system board_system(struct board *b)
{
    return (struct exec_system){.exception = take_exception, .poll = poll, .event = take_event,
                                .system = b};
}

uint32_t board_watch(const struct board *b)
{
    return CODE_VIEWS | CODE_FACILITIES | (b->keys->end == BOARD_END_NEVER ? 0 : CODE_SPINS);
}

/* Rounded up: by then the time base has come so far. */
uint64_t board_next_deadline_ns(const struct board *b)
{
    uint64_t next = interrupt_next_timebase(b->cpu), offset = b->cpu->sup.timebase_offset;
    if (next == UINT64_MAX)
        return next;
    u128 ns = ((u128)(next - offset) * 1000000000 + b->keys->timebase - 1) / b->keys->timebase;
    if (ns >= UINT64_MAX)
        return UINT64_MAX;
    return (uint64_t)ns - min_u64((uint64_t)ns, b->waited_ns);
}

uint64_t board_next_event_ns(const struct board *b)
{
    uint64_t left = cpu_decrementer(b->cpu) + 1; /* an interrupt below zero */
    if (interrupt_is_pending(b->cpu, &b->lines))
        return 0;
    u128 ns = ((u128)left * 1000000000 + b->keys->timebase - 1) / b->keys->timebase;
    return ns < BOARD_LONGEST_WAIT_NS ? (uint64_t)ns : BOARD_LONGEST_WAIT_NS;
}

uint64_t board_wait(struct board *b, uint64_t until_ns)
{
    uint64_t now = board_time_ns(b), waited = until_ns - min_u64(until_ns, now);
    cpu_set_msr(b->cpu, b->cpu->sup.msr | MSR_EE);
    b->attention(b->ctx);
    if (interrupt_is_pending(b->cpu, &b->lines))
        return 0;
    b->waited_ns += waited;
    return waited;
}

void board_set_external(struct board *b, bool on)
{
    b->lines.external = on;
    b->attention(b->ctx);
}

const struct board_stats *board_stats(const struct board *b) { return &b->stats; }

int board_exit_status(const struct board *b) { return b->exit_status; }

bool board_result(const struct board *b, uint64_t *value)
{
    *value = b->result;
    return b->has_result;
}
