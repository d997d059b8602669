/* The registers of a thread in gdb's numbering, and the target description (XML) that tells gdb
 * about them. Values are in the guest's byte order, as the protocol wants them. */
#ifndef SIM_GDB_REGS_H
#define SIM_GDB_REGS_H

#include "sim/isa/state.h"

#define REGS_MAX_BYTES 16u /* of one register */

/* How many there are. */
uint32_t regs_count(void);
/* Bytes of a register; it must exist. */
uint32_t regs_bytes(const struct cpu *s, uint32_t number);
void regs_read(struct cpu *s, uint32_t number, uint8_t *to);
/* Bits that do not exist are dropped. MSR is a constant of the program: writing it does nothing. */
void regs_write(struct cpu *s, uint32_t number, const uint8_t *from);

/* The number of the program counter. */
#define REGS_PC 32u

/* target.xml, for free(). */
char *regs_description(const struct cpu *s);

#endif
