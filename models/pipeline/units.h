/* Execution units as the configuration describes them: pipes of several kinds, and for each unit
 * class the kind it uses, its latency and its initiation interval. Section [core.units]:
 *
 *   pipes = alu*2 mul fpu lsu bru       kinds, each with an optional count
 *   int   = alu 1                       KIND LATENCY [INTERVAL [SLOTS]]: cycles, and slots of the
 *                                       dispatch width; interval and slots are 1 unless given
 *   divd  = mul 35 35
 *   int   = iu1|iu2 1                   either kind; they stand side by side in `pipes`
 *   loada = lsu 1 + alu 1               cracked into steps
 * Slots and steps are for out-of-order cores only. A variant (class.def) that is not given is as
 * the class it is a variant of. */
#ifndef MODELS_PIPELINE_UNITS_H
#define MODELS_PIPELINE_UNITS_H

#include <stddef.h>

#include "sim/isa/insn.h"
#include "sim/schema/config.h"

#define UNITS_MAX_KINDS 16
#define UNITS_MAX_PIPES 32
#define UNITS_MAX_STEPS 4 /* of one class */

struct unit_step {
    uint8_t first, count; /* pipes that can execute it */
    uint16_t kinds;       /* the same by name: bit n is units.kind[n] */
    uint16_t latency, interval;
    uint8_t slots; /* of those that dispatch has in a cycle */
};

struct unit_class {
    uint8_t first, count; /* of the first step, as are the next two */
    uint16_t latency, interval;
    uint8_t steps;
    struct unit_step step[UNITS_MAX_STEPS];
};

struct unit_kind {
    char name[16];
    uint32_t first, count; /* pipes */
};

struct units {
    struct unit_class class[CLASS_COUNT];
    struct unit_kind kind[UNITS_MAX_KINDS];
    uint32_t kind_count, pipe_count;
    uint8_t as[CLASS_COUNT]; /* the general class that a variant is as; else itself */
    /* First cycle in which the pipe accepts another instruction. */
    uint64_t free_from[UNITS_MAX_PIPES];
};

struct units_keys {
    const char *pipes;
    const char *class[CLASS_COUNT];
};
extern const struct key_row units_key_rows[];

bool units_create(struct units *u, struct config *c, const char *section, struct err *e);
/* An error if a class has several steps or takes several slots: the core knows neither. */
bool units_refuse_steps(const struct units *u, const struct config *c, const char *section,
                        struct err *e);
/* NULL: no such kind. */
const struct unit_kind *units_kind(const struct units *u, const char *name);

/* Helpers of such lists in the configuration. Copies the next blank-separated word, as much of it
 * as there is room for; false at the end. */
bool units_next_word(const char **text, char *word, size_t room);
/* A whole number that is all of the text, 1..max; 0 when it is not. */
uint32_t units_number(const char *text, uint32_t max);

/* A pipe that accepts an instruction of this class in this cycle, or -1 with *when the first cycle
 * in which one does. */
static inline int32_t units_find(const struct units *u, enum insn_class class, uint64_t cycle,
                                 uint64_t *when)
{
    const struct unit_class *k = &u->class[class];
    *when = UINT64_MAX;
    for (uint32_t n = k->first; n < (uint32_t)k->first + k->count; n++) {
        if (u->free_from[n] <= cycle)
            return (int32_t)n;
        if (u->free_from[n] < *when)
            *when = u->free_from[n];
    }
    return -1;
}

#endif
