/* The reference: the guest runner under an emulator, spoken to through pipes. */
#ifndef TESTS_ISA_ORACLE_H
#define TESTS_ISA_ORACLE_H

#include <stdbool.h>

#include "tests/isa/block.h"

struct oracle;

/* `command` is the emulator and the runner, NULL-terminated; `swap` says that the runner's byte
 * order is not the host's. NULL when they cannot be started. */
struct oracle *oracle_create(char *const command[], bool swap);
void oracle_destroy(struct oracle *o);

/* Asks for a batch (at most ISA_SLOTS) and collects its answers; the oracle works while the
 * caller does other things in between. False when the runner died: the batch made it crash. nia
 * is an address in the answers. */
bool oracle_ask(struct oracle *o, const struct isa_block *blocks, uint32_t count);
bool oracle_answer(struct oracle *o, struct isa_regs *results, uint32_t count);

#endif
