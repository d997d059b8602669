/* The interrupts of a processor: what an exception does to its registers, and which of those that
 * wait is taken. Book III, chapter 6. */
#ifndef SIM_PLATFORM_INTERRUPT_H
#define SIM_PLATFORM_INTERRUPT_H

#include "sim/isa/state.h"

enum interrupt {
#define INTERRUPT(name, vector, registers, text) INTERRUPT_##name,
#include "sim/platform/interrupt.def"
#undef INTERRUPT
    INTERRUPT_COUNT
};

/* "decrementer"; for messages. */
const char *interrupt_text(enum interrupt which);

/* Saves where it was and enters the vector; `bits` go into the places of SRR1 (HSRR1) that do not
 * hold the MSR. */
void interrupt_take(struct cpu *s, enum interrupt which, uint64_t bits);

/* Turns s->exception into an interrupt and takes it. INTERRUPT_MACHINE_CHECK with MSR[ME] off: not
 * taken, the processor has stopped (a checkstop). */
enum interrupt interrupt_of_exception(struct cpu *s);

/* Lines and timers that may be pending; the external line is the board's. */
struct interrupt_lines {
    bool external;
};

/* Something is pending, masked or not. */
bool interrupt_is_pending(const struct cpu *s, const struct interrupt_lines *lines);
/* Takes the first one that is pending and not masked; INTERRUPT_COUNT: there is none. */
enum interrupt interrupt_poll(struct cpu *s, const struct interrupt_lines *lines);
/* Time base at which a decrementer will be the next to interrupt, as masks are now; UINT64_MAX:
 * never. */
uint64_t interrupt_next_timebase(const struct cpu *s);

#endif
