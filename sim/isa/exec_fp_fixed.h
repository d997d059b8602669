/* Conversions between doubles and integers for instruction bodies, with a fast path each. */
#ifndef SIM_ISA_EXEC_FP_FIXED_H
#define SIM_ISA_EXEC_FP_FIXED_H

#include "sim/isa/exec_fp.h"

/* To an integer of `bits`; the mode is FPSCR's unless the instruction truncates. Tells FI and FR,
 * not FPRF. */
void fp_to_fixed_slow(struct cpu *s, const struct insn *i, unsigned bits, bool is_signed,
                      bool truncates, bool rc);
/* VSX's: truncates, and puts a word result into words 0 and 1. */
void fp_to_fixed_vsx_slow(struct cpu *s, const struct insn *i, unsigned bits, bool is_signed);
/* From a 64-bit integer; the result's format is single or double. */
void fp_from_fixed_slow(struct cpu *s, const struct insn *i, bool is_signed, bool is_single,
                        bool rc);

/* The fast path truncates to signed: what compilers emit for a cast. Nothing to settle later: FR
 * is 0, FI is found here, and FPRF is undefined. */
static inline __attribute__((always_inline)) bool host_truncate(struct cpu *s, double x,
                                                                unsigned bits, int64_t *n)
{
    double limit = bits == 32 ? 0x1p31 : 0x1p63;
    if (!fpscr_is_quiet(s) || !(x < limit && x >= -limit))
        return false;
    *n = (int64_t)x;
    if ((double)*n != x && !fpscr_has_xx(s))
        return false;
    s->fp_pending.op = 0;
    s->fpscr = (s->fpscr & ~(uint64_t)(FPSCR_FR | FPSCR_FI)) | ((double)*n != x ? FPSCR_FI : 0);
    return true;
}

static inline uint64_t splat_word(uint64_t n) { return (uint32_t)n | n << 32; }

/* The result as the register gets it. Its class and the upper word of a word are open: QEMU leaves
 * FPRF alone and extends the sign; Microwatt clears FPRF, and copies the word unless the operand is
 * no finite number. */
static inline uint64_t place_fixed(struct cpu *s, uint64_t operand, uint64_t n, unsigned bits)
{
    if (!s->is_open_as_microwatt)
        return n;
    s->fpscr &= ~(uint64_t)FPSCR_FPRF;
    return bits == 32 && (operand >> 52 & 0x7ff) != 0x7ff ? splat_word(n) : n;
}

static inline __attribute__((always_inline)) void fp_to_fixed(struct cpu *s, const struct insn *i,
                                                              unsigned bits, bool is_signed,
                                                              bool truncates, bool rc)
{
    int64_t n;
    if (is_signed && truncates && host_truncate(s, double_of(FRB), bits, &n)) {
        write_scalar(s, i, place_fixed(s, FRB, (uint64_t)n, bits));
        if (rc)
            set_cr1(s);
    } else {
        fp_to_fixed_slow(s, i, bits, is_signed, truncates, rc);
    }
}

static inline __attribute__((always_inline)) void fp_to_fixed_vsx(struct cpu *s,
                                                                  const struct insn *i,
                                                                  unsigned bits, bool is_signed)
{
    int64_t n;
    if (is_signed && host_truncate(s, double_of(FRB), bits, &n))
        write_scalar(s, i, bits == 32 ? splat_word((uint64_t)n) : (uint64_t)n);
    else
        fp_to_fixed_vsx_slow(s, i, bits, is_signed);
}

/* Integers that fit the significand convert exactly, whatever FPSCR says. */
static inline __attribute__((always_inline)) void fp_from_fixed(struct cpu *s, const struct insn *i,
                                                                bool is_signed, bool is_single,
                                                                bool rc)
{
    int64_t n = (int64_t)FRB, limit = INT64_C(1) << (is_single ? 24 : 53);
    if (n <= limit && n >= (is_signed ? -limit : 0)) {
        uint32_t class = n > 0 ? 4u : n < 0 ? 8u : 2u;
        s->fp_pending.op = s->fp_pending.has_fpcc = 0;
        s->fpscr = (s->fpscr & ~(uint64_t)(FPSCR_FR | FPSCR_FI | FPSCR_FPRF)) | class << FPRF_SHIFT;
        write_scalar(s, i, bits_of((double)n));
        if (rc)
            set_cr1(s);
    } else {
        fp_from_fixed_slow(s, i, is_signed, is_single, rc);
    }
}

#endif
