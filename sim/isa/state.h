/* Architected registers of one hardware thread, and what the executor keeps beside them. Everything
 * that an instruction body may touch is here; nothing in here knows about time. */
#ifndef SIM_ISA_STATE_H
#define SIM_ISA_STATE_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/bits.h"
#include "sim/isa/exception.h"
#include "sim/isa/supervisor.h"
#include "sim/isa/vsr.h"
#include "sim/mem/mmu.h"

/* Bits of one condition register field, in cr[]. */
enum { CR_LT = 8, CR_GT = 4, CR_EQ = 2, CR_SO = 1 };

/* gpr[] has one more entry that always reads zero: predecoding maps a base register RA=0 to it. */
#define GPR_ZERO 32

/* The last arithmetic result whose FPSCR bits FR, FI and FPRF have not been found yet; see
 * fpscr.h. */
struct fp_pending {
    uint8_t op;        /* enum fp_op; 0 when fpscr has those bits */
    bool is_single;
    uint8_t has_fpcc;  /* a compare followed: its FPCC replaces the result's */
    uint8_t fpcc;
    uint64_t a, b, c;  /* operands, in the order of fp_arith */
};

struct reservation {
    bool valid;
    uint8_t bytes;
    uint64_t ea;
    u128 value; /* what was loaded: see store_conditional in exec_storage_atomic.c */
};

struct insn;
struct insn_deps;
struct code;

/* Direct-mapped cache of predecoded pages, by effective address; see code.h. */
#define CODE_MAP_ENTRIES 256
struct code_map_entry {
    uint64_t page_ea;
    struct code_page *page;
};

/* Where indirect branches went, direct-mapped by address; see chain.h. */
#define JUMP_ENTRIES 256
struct jump {
    uint64_t ea; /* no multiple of 4: none */
    const struct insn *insn;
};

struct cpu {
    /* Architected state. */
    uint64_t gpr[33];
    uint64_t lr, ctr, tar;
    uint64_t nia;        /* next instruction address; in a body: pc + 4 until a branch changes it */
    uint8_t cr[8];       /* one field each: CR_LT | CR_GT | CR_EQ | CR_SO */
    uint8_t so, ov, ca, ov32, ca32; /* XER bits, 0 or 1 */
    uint8_t xer_count;   /* XER bits 57:63, the byte count of lswx and stswx */
    uint32_t vrsave;
    uint64_t fpscr;      /* see fpscr.h: FR, FI and FPRF are kept lazily */
    struct fp_pending fp_pending;
    uint32_t vscr;       /* VSCR_NJ, VSCR_SAT */
    uint64_t dscr, ppr, pvr, sprg3;
    union vsr vsr[64];
    struct reservation reservation;
    struct supervisor sup; /* MSR and the registers of privileged software */

    /* Mode, as constants of the current MSR that instruction bodies need: see cpu_set_msr. */
    uint64_t ea_mask;    /* all ones, or 2^32-1 in 32-bit mode */
    bool is_64bit;       /* MSR[SF] */
    bool swap;           /* guest's storage order differs from the host's */
    bool big_endian;
    uint32_t cache_block_bytes; /* of dcbz */
    uint16_t isa;        /* newest version whose special purpose registers exist; 0: all */
    uint32_t xer_absent; /* XER bits that this processor lacks: XER_CA32_OV32 before ISA 3.0 */
    /* What the ISA leaves open (undefined results, precision of estimates) is as in Microwatt,
     * not as in QEMU. */
    bool is_open_as_microwatt;
    bool fp_exceptions_enabled; /* MSR[FE0,FE1]: FPSCR[FEX] raises EXC_FP_ENABLED, precisely */

    /* The executor's own. What stands above is a thread's context: CPU_CONTEXT_BYTES. */
    uint64_t icount;     /* instructions completed up to the last taken branch */
    /* pc of the first instruction since then; icount lags by (pc - run_pc) / 4. */
    uint64_t run_pc;
    /* Chained execution returns at the first taken branch at or past this icount. */
    uint64_t stop_at;
    bool taken;          /* by the last branch that was stepped */
    const struct insn *event; /* just executed: a marker, a branch to itself; see enum code_watch */
    uint64_t ea;         /* of the last storage access, for the op record */
    uint32_t ea_bytes;   /* set by bodies whose row has the flag MV */
    bool on_wrong_path;  /* it will be as if nothing had been executed: see sim/exec/wrong_path.h */
    struct exception_record exception;
    jmp_buf unwind;      /* where cpu_raise goes */
    struct mmu *mmu;
    uint32_t asid;       /* tells address spaces apart: translations of one are not another's */
    struct code *code;
    struct blocks *blocks; /* functional mode, see blocks.h; NULL: nobody counts them */
    struct code_map_entry code_map[CODE_MAP_ENTRIES];
    struct jump jumps[JUMP_ENTRIES]; /* forgotten with code_map as a whole */
    /* Behind the instruction that exec_next executed last: nearly always the next one. */
    struct {
        const struct insn *insn; /* never NULL */
        const struct insn_deps *deps;
        uint64_t pa;
    } ahead;
    uint64_t (*timebase)(void *ctx); /* given by the board: bodies have no clock of their own */
    uint64_t (*random)(void *ctx);   /* for darn */
    /* Something that decides about interrupts has changed; NULL: nobody has any. */
    void (*interrupts_changed)(void *ctx);
    bool (*interrupt_pending)(void *ctx); /* masked or not; for stop */
    void *board;
    struct soft_tlb tlb;
};

/* A wrong path keeps so much of the struct, from its start, to go back to. */
#define CPU_CONTEXT_BYTES offsetof(struct cpu, icount)

enum { XER_CA32_OV32 = 3 << 18 };
enum { VSCR_NJ = 1 << 16, VSCR_SAT = 1 };

/* Ends the current instruction with an exception; architected state must be as before it (after it,
 * for EXC_SYSCALL). nia is set to the address that SRR0 would get. */
_Noreturn void cpu_raise(struct cpu *s, const struct insn *i, enum exception kind, uint64_t ea,
                         uint32_t detail);

uint32_t cpu_get_cr(const struct cpu *s);
void cpu_set_cr(struct cpu *s, uint32_t value);
uint64_t cpu_get_xer(const struct cpu *s);
void cpu_set_xer(struct cpu *s, uint64_t value);

#endif
