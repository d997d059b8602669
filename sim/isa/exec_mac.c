/* Multiplies of halfwords and multiply-accumulate instructions of the 405 (PPC405 Core User's
 * Manual, chapter 9). Which halves are multiplied is in the name: c (cross) RA's low one with RB's
 * high one, h both high ones, l both low ones. */
#include "sim/isa/exec.h"
#include "sim/isa/fixed.h"

#define LOW(r)   ((int64_t)(int16_t)(r))
#define HIGH(r)  LOW((r) >> 16)
#define ULOW(r)  ((int64_t)(uint16_t)(r))
#define UHIGH(r) ULOW((r) >> 16)

#define SIGNED_CHW   (LOW(RA) * HIGH(RB))
#define SIGNED_HHW   (HIGH(RA) * HIGH(RB))
#define SIGNED_LHW   (LOW(RA) * LOW(RB))
#define UNSIGNED_CHW (ULOW(RA) * UHIGH(RB))
#define UNSIGNED_HHW (UHIGH(RA) * UHIGH(RB))
#define UNSIGNED_LHW (ULOW(RA) * ULOW(RB))

static inline void finish_word(struct cpu *s, const struct insn *i, int64_t value)
{
    finish_rt(s, i, (uint32_t)value);
}

/* The sum in RT, as a word from `least` to `most`; beyond them it wraps or saturates. */
static inline void accumulate(struct cpu *s, const struct insn *i, int64_t sum, int64_t least,
                              int64_t most, bool saturates)
{
    bool overflow = sum < least || sum > most;
    if (OE_BIT)
        set_ov(s, overflow, overflow);
    if (overflow && saturates)
        sum = sum < least ? least : most;
    finish_word(s, i, sum);
}

static inline void accumulate_signed(struct cpu *s, const struct insn *i, int64_t product,
                                     bool saturates)
{
    accumulate(s, i, (int32_t)RS + product, INT32_MIN, INT32_MAX, saturates);
}

static inline void accumulate_unsigned(struct cpu *s, const struct insn *i, int64_t product,
                                       bool saturates)
{
    accumulate(s, i, (int64_t)(uint32_t)RS + product, 0, UINT32_MAX, saturates);
}

EXEC(mulchw)  { finish_word(s, i, SIGNED_CHW); }
EXEC(mulchwu) { finish_word(s, i, UNSIGNED_CHW); }
EXEC(mulhhw)  { finish_word(s, i, SIGNED_HHW); }
EXEC(mulhhwu) { finish_word(s, i, UNSIGNED_HHW); }
EXEC(mullhw)  { finish_word(s, i, SIGNED_LHW); }
EXEC(mullhwu) { finish_word(s, i, UNSIGNED_LHW); }

EXEC(macchw)   { accumulate_signed(s, i, SIGNED_CHW, false); }
EXEC(macchwu)  { accumulate_unsigned(s, i, UNSIGNED_CHW, false); }
EXEC(macchws)  { accumulate_signed(s, i, SIGNED_CHW, true); }
EXEC(macchwsu) { accumulate_unsigned(s, i, UNSIGNED_CHW, true); }
EXEC(nmacchw)  { accumulate_signed(s, i, -SIGNED_CHW, false); }
EXEC(nmacchws) { accumulate_signed(s, i, -SIGNED_CHW, true); }

EXEC(machhw)   { accumulate_signed(s, i, SIGNED_HHW, false); }
EXEC(machhwu)  { accumulate_unsigned(s, i, UNSIGNED_HHW, false); }
EXEC(machhws)  { accumulate_signed(s, i, SIGNED_HHW, true); }
EXEC(machhwsu) { accumulate_unsigned(s, i, UNSIGNED_HHW, true); }
EXEC(nmachhw)  { accumulate_signed(s, i, -SIGNED_HHW, false); }
EXEC(nmachhws) { accumulate_signed(s, i, -SIGNED_HHW, true); }

EXEC(maclhw)   { accumulate_signed(s, i, SIGNED_LHW, false); }
EXEC(maclhwu)  { accumulate_unsigned(s, i, UNSIGNED_LHW, false); }
EXEC(maclhws)  { accumulate_signed(s, i, SIGNED_LHW, true); }
EXEC(maclhwsu) { accumulate_unsigned(s, i, UNSIGNED_LHW, true); }
EXEC(nmaclhw)  { accumulate_signed(s, i, -SIGNED_LHW, false); }
EXEC(nmaclhws) { accumulate_signed(s, i, -SIGNED_LHW, true); }
