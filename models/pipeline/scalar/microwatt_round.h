/* The state of Microwatt's floating-point unit as far as the length of its state sequence depends
 * on it, and the end that all arithmetic has in common: normalising and rounding. Significands are
 * carried along as in the unit: R in 8.56 fixed point, S 56 bits below it, X for what was lost.
 * Read from the core's VHDL (fpu.vhdl, commit f341bed). */
#ifndef MODELS_PIPELINE_SCALAR_MICROWATT_ROUND_H
#define MODELS_PIPELINE_SCALAR_MICROWATT_ROUND_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/isa/fpscr_bits.h"

#define UNIT 56 /* bit of R that is the value 1 */

struct fpu {
    uint32_t fpscr, word;
    bool single, long_mask; /* long_mask: places below those of single precision count as lost */
    bool multiplies, adds, inverts, subtracts;
    uint32_t round_mode;    /* RN; bit 2: ties away from zero */
    bool negative;          /* result */
    bool x, tiny;
    uint64_t r, s;
    int32_t exponent, shift; /* shift: of the next state, left */
    uint32_t cycles;
};

/* A state or several have passed. */
static inline void fpu_states(struct fpu *u, uint32_t n) { u->cycles += n; }

/* Places to the left that bring the leading one to UNIT. */
static inline int32_t fpu_normal_shift(uint64_t r)
{
    return (r ? __builtin_clzll(r) : 64) - (63 - UNIT);
}

/* R:S moved by u->shift; 0 beyond the shifter's reach. */
uint64_t fpu_shifted(const struct fpu *u);
/* R becomes that, and the exponent follows. */
void fpu_shift(struct fpu *u);
/* X takes up what the shift moves below the last place. */
void fpu_note_lost(struct fpu *u);
/* Whether rounding adds one in the last place. */
bool fpu_rounds_up(const struct fpu *u, bool single);
/* From the state ROUNDING on. */
void fpu_round(struct fpu *u);
/* From NORMALIZE on: R is not zero and u->shift normalises it. */
void fpu_normalise(struct fpu *u);
/* From FINISH on. */
void fpu_finish(struct fpu *u);

#endif
