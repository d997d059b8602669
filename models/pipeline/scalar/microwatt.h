/* How many cycles Microwatt's floating-point unit spends on an operation: the number of states its
 * state machine passes through, which depends on the operands. */
#ifndef MODELS_PIPELINE_SCALAR_MICROWATT_H
#define MODELS_PIPELINE_SCALAR_MICROWATT_H

#include <stdbool.h>
#include <stdint.h>

struct op_operands;

/* Integer divide or modulo `word` of a by b. */
uint32_t microwatt_divide_cycles(uint32_t word, uint64_t a, uint64_t b);
/* Floating-point instruction `word`. */
uint32_t microwatt_float_cycles(uint32_t word, const struct op_operands *o);

#endif
