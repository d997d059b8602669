/* What insn.def expands to: rows, numbers, flags; and the predecoded instruction. */
#ifndef SIM_ISA_INSN_H
#define SIM_ISA_INSN_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/isa/deps.h"

struct cpu;
struct insn;

/* One handler executes an instruction and returns the next one to execute, or NULL to leave the
 * chain. Built with tail calls a handler calls the next one itself; see chain.h. */
typedef const struct insn *insn_handler(struct cpu *s, const struct insn *i);
/* One instruction alone; the caller has set s->nia to pc + 4 and s->taken to false. */
typedef void insn_body(struct cpu *s, const struct insn *i);
typedef bool insn_quick_body(struct cpu *s, const struct insn *i);

enum insn_number {
    INSN_ILLEGAL, /* a word that no row matches */
#define INSN(name, ...) INSN_##name,
#include "sim/isa/insn.def"
#undef INSN
    INSN_COUNT
};

enum insn_class {
#define CLASS(name, key, group, text) CLASS_##name,
#include "sim/isa/class.def"
#undef CLASS
    CLASS_COUNT
};

/* Classes whose variants stand behind them in class.def. */
static inline bool class_is_cache(uint32_t class)
{
    return class >= CLASS_CACHE && class <= CLASS_ICBI;
}

static inline bool class_is_sync(uint32_t class)
{
    return class >= CLASS_SYNC;
}

/* Version of the Power ISA (or its forebears) that brought an instruction, as 100 * major + 10 *
 * minor ... */
enum insn_isa { P1 = 100, P2 = 101, PPC = 110, V200 = 200, V201 = 201, V202 = 202, V203 = 203,
                V205 = 205, V206 = 206, V207 = 207, V300 = 300, V310 = 310 };

/* Flags of a row. */
enum insn_flag {
    F_OE     = 1 << 0,  /* bit 21 is OE: when set, OV, OV32 and SO are written, mnemonic + "o" */
    F_RC     = 1 << 1,  /* bit 31 is Rc: when set, CR0 is written, mnemonic + "." */
    F_RC1    = 1 << 2,  /* the same for CR1 (floating point) */
    F_RC6    = 1 << 3,  /* bit 21 is Rc of a vector compare: when set, CR6 is written */
    F_LK     = 1 << 4,  /* bit 31 is LK: when set, LR is written, mnemonic + "l" */
    F_AA     = 1 << 5,  /* bit 30 is AA: absolute target, mnemonic + "a" */
    F_BRANCH = 1 << 6,  /* may change nia */
    F_COND   = 1 << 7,  /* ... depending on BO: CTR and CR bit BI are read as BO says */
    F_LOAD   = 1 << 8,
    F_STORE  = 1 << 9,
    F_UPDATE = 1 << 10, /* RA is written with the effective address */
    F_SERIAL = 1 << 11, /* executes when it is the oldest instruction, and alone */
    F_RAISES = 1 << 12, /* may raise an exception without being a load or a store */
    F_PRIV   = 1 << 13, /* supervisor */
    F_32BIT  = 1 << 14, /* classic 32-bit implementations only */
    F_NOOP   = 1 << 15, /* a hint without architected effect */
    F_64BIT  = 1 << 21, /* not on 32-bit implementations */
    F_PREFIX = 1 << 22, /* eight bytes: the pattern is that of the suffix */
    F_MAC    = 1 << 23, /* 32-bit processors that have the 405's multiply-accumulate unit only */
    /* bytes accessed in storage */
    F_M1 = 1 << 16, F_M2 = 2 << 16, F_M4 = 4 << 16, F_M8 = 8 << 16, F_M16 = 16 << 16,
    F_MV = 31 << 16,    /* known only when executed: s->ea_bytes */
    F_MEM_MASK = 31 << 16,
};
#define F_MEM_SHIFT 16

/* Instruction forms of the ISA books: they say where operands and immediates stand. */
enum insn_form {
    FORM_I, FORM_B, FORM_SC, FORM_D, FORM_DS, FORM_DQ, FORM_DX, FORM_X, FORM_XL, FORM_XFX, FORM_XFL,
    FORM_XX1, FORM_XX2, FORM_XX3, FORM_XX4, FORM_XS, FORM_XO, FORM_A, FORM_M, FORM_MD, FORM_MDS,
    FORM_VA, FORM_VC, FORM_VX, FORM_Z22, FORM_Z23, FORM_MLS, FORM_8LS,
};

struct insn_row {
    const char *mnemonic; /* without the suffixes that flags add */
    const char *pattern;  /* 32 places: 0, 1, `.` operand, `/` reserved, `o` 0 since ISA
                           * 3.0 and reserved before; blanks separate fields */
    const char *operands; /* assembler syntax; see disasm.c */
    uint16_t isa;         /* enum insn_isa */
    uint8_t form, class;
    uint32_t flags;
    uint64_t out, in;     /* registers written and read: operands.h */
};

extern const struct insn_row insn_rows[INSN_COUNT];

/* A predecoded instruction: operands extracted once, so that bodies need not. */
struct insn {
    insn_handler *handler;
    uint64_t pc;
    int64_t imm;    /* immediate, branch target, SPR number or mask, as the form says */
    uint32_t word;
    union {
        /* Direct branch whose target is known: bytes from this struct insn to its; else 0. */
        int32_t hop;
        uint32_t suffix; /* of a row with F_PREFIX, whose `word` is the prefix */
    };
    uint16_t number; /* enum insn_number */
    /* The register fields: bits 6:10, 11:15, 16:20, 21:25 of the word; as an index into gpr[] or
     * vsr[] by bank. A conditional branch keeps BO in rt and asks whether (cr[ra] & rb) == rc. */
    uint8_t rt, ra, rb, rc;
    uint8_t notice; /* enum insn_notice in code.h; 0 for all that is executed without further ado */
    uint8_t step;   /* enum insn_step in code.h */
};

#endif
