/* Handlers for the chain that do more, or less, than those made of the rows' bodies: one for an
 * instruction in its plain form (no OE, no Rc ...), one for two instructions that often follow each
 * other. Which there are: fuse.def. */
#ifndef SIM_ISA_FUSE_H
#define SIM_ISA_FUSE_H

#include "sim/isa/insn.h"

/* For this instruction alone, as predecoded; NULL: there is none. is_host: programs of 64 bits in
 * the host's order alone will execute it. */
insn_handler *fuse_alone(const struct insn *i, bool is_host);
/* For this one and the next, both predecoded; NULL: there is none. */
insn_handler *fuse_pair(const struct insn *i, bool is_host);

#endif
