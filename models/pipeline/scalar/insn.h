/* What the stages of the scalar pipeline need to know about an instruction before it executes,
 * found once per instruction word. */
#ifndef MODELS_PIPELINE_SCALAR_INSN_H
#define MODELS_PIPELINE_SCALAR_INSN_H

#include "models/pipeline/units.h"
#include "sim/isa/insn.h"

enum scalar_unit { SCALAR_ALU, SCALAR_LSU, SCALAR_FPU };

enum scalar_flag {
    SI_CR_IN    = 1 << 0,
    SI_CR_OUT   = 1 << 1,  /* writes a CR field in the first execute stage */
    SI_RC       = 1 << 2,  /* record form: CR0 or CR1 one stage later */
    SI_OV_IN    = 1 << 3,  /* reads SO, OV */
    SI_OV_OUT   = 1 << 4,
    SI_SERIAL   = 1 << 5,  /* issues alone: waits for the one before it, the next waits for it */
    SI_TWICE    = 1 << 6,  /* cracked into two operations in consecutive slots */
    SI_BRANCH   = 1 << 7,  /* direct: in the branch target cache */
    SI_REGISTER = 1 << 8,  /* branch to LR, CTR, TAR: never predicted taken */
    SI_STATIC   = 1 << 9,  /* predicted taken when the branch target cache has no opinion */
    SI_REDIRECT = 1 << 10, /* always restarts fetch behind itself */
    SI_PREFIX   = 1 << 11, /* first word of a prefixed instruction */
    SI_BEGINS   = 1 << 12, /* invalidates the instruction cache and the branch target cache */
    /* of the load/store unit */
    SI_LOAD     = 1 << 13,
    SI_STORE    = 1 << 14,
    SI_SINGLE   = 1 << 15, /* converts from single precision, one cycle more */
    SI_SYNC     = 1 << 16, /* waits for the data cache to be idle */
    SI_TOUCH    = 1 << 17,
    SI_ZERO     = 1 << 18, /* dcbz */
    SI_FLUSH    = 1 << 19, /* dcbf */
    SI_RESERVE  = 1 << 20, /* load and reserve, store conditional */
    SI_UPDATE   = 1 << 21,
    SI_PAIR     = 1 << 22, /* SI_TWICE of a quadword, not of an update form */
    SI_HASH     = 1 << 23, /* hashst, hashchk */
    SI_MMU      = 1 << 24, /* tlbie, slbia, mtspr to PID and PTCR */
    SI_PROBE    = 1 << 25, /* ... those of them that look for their page in the data TLB first */
    /* of the first execute stage: the result can be had one or two cycles behind issue */
    SI_BYPASS1  = 1 << 26,
    SI_BYPASS2  = 1 << 27,
};

/* Those that say what the load/store unit and the data cache are asked for ... */
#define SI_ACCESS                                                                                  \
    (SI_LOAD | SI_STORE | SI_SYNC | SI_TOUCH | SI_ZERO | SI_FLUSH | SI_RESERVE | SI_HASH |         \
     SI_MMU | SI_PROBE)
/* ... and what else they are told, in the place of flags that are no concern of theirs. */
enum access_flag {
    AC_CACHE      = 1 << 0, /* asks the data cache */
    AC_INCOMPLETE = 1 << 1, /* another doubleword is to follow */
    AC_CONVERT    = 1 << 2, /* single precision: one cycle more */
    AC_SECOND     = 1 << 3, /* of a cracked instruction: this is the second, ... */
    AC_LAST       = 1 << 4, /* ... it completes the instruction */
    AC_QUAD       = 1 << 5, /* half of an aligned quadword */
    AC_MAPPED     = 1 << 6, /* through the TLB; of a row: unless translation is off */
    AC_WALK       = 1 << 7, /* of the table walk */
};

#define SCALAR_NO_REG 0xff

struct scalar_insn {
    uint32_t word, prefix; /* prefix: of a prefixed instruction, whose word is the second; else 0 */
    uint32_t flags;        /* enum scalar_flag */
    int64_t target;        /* SI_BRANCH: displacement, or address when absolute */
    uint16_t cycles;       /* occupancy of the first execute stage */
    uint8_t unit;          /* enum scalar_unit */
    uint8_t class;         /* enum insn_class */
    uint8_t latency;       /* ALU: 1 bypass from the first stage, 2 from the second, 3 neither */
    uint8_t in_count, in[4]; /* 0..31 GPR, 32..63 FPR */
    uint8_t pair_in;         /* even register of a quadword store; else SCALAR_NO_REG */
    uint8_t out, update_out; /* SCALAR_NO_REG: none */
    bool absolute;
    /* Bit a register, by operation: those that it waits for, the one that it writes. */
    uint64_t waits_for[2], writes[2];
    uint32_t access[2]; /* SI_ACCESS, enum access_flag, as far as the address has no say in it */
    struct scalar_insn *next; /* in the hash chain */
};

/* What cannot be fetched, or was rewritten meanwhile: fetch starts anew behind it. */
extern const struct scalar_insn scalar_insn_unknown;

/* By instruction word. Rows stay where they are: what is in flight refers to them. */
#define SCALAR_INSN_HASH 4096u
struct scalar_insns {
    const struct units *units;
    uint32_t bit_sort_cycles;
    struct scalar_insn *row[SCALAR_INSN_HASH];
};

void scalar_insns_destroy(struct scalar_insns *t);

/* Looks through the chain and adds what is not there. */
const struct scalar_insn *scalar_insn_find(struct scalar_insns *t, const struct insn *i);

static inline uint32_t scalar_insn_hash(uint32_t word) { return (word * 0x9e3779b1u) >> 20; }

static inline const struct scalar_insn *scalar_insn_of(struct scalar_insns *t,
                                                       const struct insn *i)
{
    const struct scalar_insn *row = t->row[scalar_insn_hash(i->word)];
    if (__builtin_expect(row && row->word == i->word && !row->prefix, 1))
        return row;
    return scalar_insn_find(t, i);
}

#endif
