/* Decimal floating point (Book I, chapter 5): numbers of the three formats with densely packed
 * decimals, exact digits in between, rounding and its exceptions. What an instruction does with
 * FPSCR is exec_decimal.h's. */
#ifndef SIM_ISA_DECFP_H
#define SIM_ISA_DECFP_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/isa/state.h"

#define DEC_ROOM 80u /* digits: of a product of two numbers of 34, and of a sum before rounding */

struct dec_format {
    unsigned bits, digits, exponent_bits; /* of the format; of a significand; behind the two that
                                           * stand in the combination field */
    int32_t bias, wrap; /* wrap: what enabled overflow and underflow change the exponent by */
};
extern const struct dec_format dec_short, dec_long, dec_extended;

enum dec_kind { DEC_FINITE, DEC_INFINITY, DEC_QNAN, DEC_SNAN };

/* digit[0] is the rightmost one; count has no leading zeros: 0 is the number zero. A NaN's payload
 * and an infinity's significand are digits, too. */
struct dec {
    enum dec_kind kind;
    bool negative;
    int32_t exponent; /* of the rightmost digit */
    unsigned count;
    uint8_t digit[DEC_ROOM];
};

/* The first eight as FPSCR[DRN] has them. */
enum dec_mode { DEC_EVEN, DEC_TO_ZERO, DEC_UP, DEC_DOWN, DEC_TIES_AWAY, DEC_TIES_TO_ZERO,
                DEC_AWAY, DEC_PREPARE };

struct dec_env {
    enum dec_mode mode;
    bool overflow_enabled, underflow_enabled;
    uint32_t flags; /* bits of FPSCR: exceptions, FR and FI */
};

struct dec dec_unpack(const struct dec_format *f, u128 bits);
u128 dec_pack(const struct dec_format *f, const struct dec *x);
static inline int32_t dec_lowest(const struct dec_format *f) { return -f->bias; }
static inline int32_t dec_highest(const struct dec_format *f)
{
    return (3 << f->exponent_bits) - 1 - f->bias;
}
static inline bool dec_is_nan(const struct dec *x) { return x->kind >= DEC_QNAN; }
static inline bool dec_is_zero(const struct dec *x) { return !x->kind && !x->count; }
/* Is it below the normal numbers? */
bool dec_is_tiny(const struct dec_format *f, const struct dec *x);
/* Of a result, where FPSCR has it. */
uint32_t dec_class(const struct dec_format *f, const struct dec *x);

/* The packed decimals below a significand's leftmost digit, and back. */
u128 dec_pack_digits(const uint8_t *digit, unsigned count);
void dec_unpack_digits(u128 bits, uint8_t *digit, unsigned count);
/* Counts the digits anew, of which there are at most `count`. */
void dec_set_count(struct dec *x, unsigned count);

/* Drops digits from the right; FI and FR say whether that changed the number. */
void dec_drop(struct dec *x, int64_t digits, struct dec_env *e);
/* Puts zeros at the right until the exponent is that, or there are `most` digits. */
void dec_pad(struct dec *x, int32_t exponent, unsigned most);
/* Into the format, with overflow and underflow. */
void dec_round(const struct dec_format *f, struct dec *x, struct dec_env *e);

struct dec dec_default_nan(void);
struct dec dec_add(const struct dec_format *f, const struct dec *a, const struct dec *b,
                   struct dec_env *e);
struct dec dec_multiply(const struct dec_format *f, const struct dec *a, const struct dec *b,
                        struct dec_env *e);
struct dec dec_divide(const struct dec_format *f, const struct dec *a, const struct dec *b,
                      struct dec_env *e);
/* -1, 0 or 1; neither is a NaN. */
int dec_compare(const struct dec_format *f, const struct dec *a, const struct dec *b);
/* With that exponent; -1 when there are not digits enough. Infinities and NaNs stay. */
int dec_quantize(const struct dec_format *f, struct dec *x, int32_t exponent, struct dec_env *e);

#endif
