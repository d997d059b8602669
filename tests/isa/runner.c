/* The guest half of the instruction harness: a static program for a PowerPC Linux, run by the
 * oracle. Reads batches of blocks from standard input (a count, then that many struct
 * isa_block) and answers each block with a struct isa_regs. */
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "tests/isa/block.h"

#define PT_NIP 32

/* What differs between the two sizes: where a signal's registers are, and the slot's own words. */
#ifdef __powerpc64__
#define REGS(u) (u)->uc_mcontext.gp_regs
#define LOAD_R2 (0xe8410000 | 2 * 8)         /* ld r2, 16(r1) */
#define KEEP_R2 (0xf8410000 | ISA_KEPT_R2)   /* std r2, ISA_KEPT_R2(r1) */
#else
#define REGS(u) (u)->uc_mcontext.uc_regs->gregs
#define LOAD_R2 (0x80410000 | (2 * 8 + 4))         /* lwz r2, 20(r1) */
#define KEEP_R2 (0x90410000 | (ISA_KEPT_R2 + 4))   /* stw r2, ISA_KEPT_R2 + 4(r1) */
#endif

void isa_run_case(unsigned long slot_address);
extern char isa_save[], isa_fault[];

static struct isa_block blocks[ISA_SLOTS];
static struct isa_regs results[ISA_SLOTS];
static volatile uint64_t fault_signal, fault_nip;

/* Runs with the tested registers, r13 included: it must not touch thread-local data. */
static void on_signal(int number, siginfo_t *info, void *context)
{
    ucontext_t *u = context;
    (void)info;
    if (REGS(u)[1] != ISA_BLOCK_BASE)
        _Exit(100 + number); /* ours: not while a word was running */
    fault_signal = (uint64_t)number;
    fault_nip = REGS(u)[PT_NIP];
    REGS(u)[PT_NIP] = (unsigned long)isa_fault;
}

static void catch_signals(void)
{
    static const int caught[] = {SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV};
    static char stack[1 << 16];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaltstack(&alternate, NULL);
    for (unsigned n = 0; n < sizeof caught / sizeof caught[0]; n++)
        sigaction(caught[n], &action, NULL);
}

static void *map(unsigned long address, size_t bytes, int prot)
{
    void *p = mmap((void *)address, bytes, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (p == MAP_FAILED)
        _Exit(2);
    return p;
}

static bool transfer(int fd, void *buffer, size_t bytes)
{
    char *at = buffer;
    while (bytes) {
        ssize_t n = fd ? write(fd, at, bytes) : read(fd, at, bytes);
        if (n <= 0)
            return false;
        at += n;
        bytes -= (size_t)n;
    }
    return true;
}

static uint32_t branch_to_save(const uint32_t *from)
{
    return 0x48000000 | ((uint32_t)((uintptr_t)isa_save - (uintptr_t)from) & 0x03fffffc);
}

static void write_slot(uint32_t *slot, uint32_t number, uint32_t word)
{
    slot[0] = 0x7c4903a6;                /* mtctr r2 */
    slot[1] = LOAD_R2;
    slot[ISA_WORD_AT / 4] = word;
    for (uint32_t n = 0; n < ISA_PADS; n++) {
        uint32_t *pad = slot + ISA_PAD_AT(n) / 4;
        pad[0] = KEEP_R2;
        pad[1] = 0x38400000 | (number * ISA_PADS + n);    /* li r2, number */
        pad[2] = branch_to_save(pad + 2);
    }
}

/* Gives up any reservation, then makes the wanted one. */
static void reserve(uint32_t bytes, unsigned long ea)
{
    static uint32_t elsewhere;
    unsigned long v __attribute__((unused));
    __asm__ volatile("stwcx. %1,0,%0" : : "r"(&elsewhere), "r"(0) : "cr0", "memory");
    if (bytes == 4)
        __asm__ volatile("lwarx %0,0,%1" : "=r"(v) : "r"(ea) : "memory");
#ifdef __powerpc64__
    if (bytes == 1)
        __asm__ volatile("lbarx %0,0,%1" : "=r"(v) : "r"(ea) : "memory");
    if (bytes == 2)
        __asm__ volatile("lharx %0,0,%1" : "=r"(v) : "r"(ea) : "memory");
    if (bytes == 8)
        __asm__ volatile("ldarx %0,0,%1" : "=r"(v) : "r"(ea) : "memory");
    if (bytes == 16)
        __asm__ volatile("lqarx 8,0,%0" : : "r"(ea) : "r8", "r9", "memory");
#endif
}

static void run_block(const struct isa_block *block, struct isa_regs *result,
                      unsigned long slot)
{
    char *here = (char *)ISA_BLOCK_BASE;
    memcpy((void *)ISA_WINDOW_BASE, block->in.window, ISA_WINDOW_BYTES);
    memcpy(here, &block->in, sizeof block->in);
    memcpy(here + ISA_OUT, &block->in, sizeof block->in); /* registers that are not there stay */
    fault_signal = 0;
    reserve(block->reserve_bytes, (unsigned long)block->reserve_ea);
    isa_run_case(slot);
    memcpy(result, here + ISA_OUT, sizeof *result);
    result->signal = fault_signal;
    if (fault_signal)
        result->nia = fault_nip;
    memcpy(result->window, (void *)ISA_WINDOW_BASE, ISA_WINDOW_BYTES);
}

int main(void)
{
    char *code = map(ISA_CODE_BASE, ISA_SLOTS * ISA_SLOT_BYTES, PROT_READ | PROT_WRITE | PROT_EXEC);
    map(ISA_BLOCK_BASE, ISA_BLOCK_BYTES, PROT_READ | PROT_WRITE);
    map(ISA_SCRATCH_BASE, ISA_SCRATCH_BYTES, PROT_READ | PROT_WRITE);
    catch_signals();
    for (uint32_t n = 0; n < ISA_SLOTS; n++) /* any slot may be a branch target */
        write_slot((uint32_t *)(code + n * ISA_SLOT_BYTES), n, 0);
    uint64_t count;
    while (transfer(0, &count, sizeof count) && count <= ISA_SLOTS) {
        if (!transfer(0, blocks, count * sizeof blocks[0]))
            return 1;
        for (uint32_t n = 0; n < count; n++)
            write_slot((uint32_t *)(code + n * ISA_SLOT_BYTES), n, blocks[n].word);
        __builtin___clear_cache(code, code + ISA_SLOTS * ISA_SLOT_BYTES);
        for (uint32_t n = 0; n < count; n++)
            run_block(&blocks[n], &results[n], ISA_CODE_BASE + n * ISA_SLOT_BYTES);
        if (!transfer(1, results, count * sizeof results[0]))
            return 1;
    }
    return 0;
}
