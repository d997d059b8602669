/* Basic-block vectors: how many instructions each block executed in every interval of the run, for
 * the result's /bbv. Intervals end at exact multiples of their length, in every mode, and are
 * numbered from the start of the program. */
#ifndef SIM_BBV_H
#define SIM_BBV_H

#include "models/pipeline/pipeline.h"
#include "sim/isa/blocks.h"

struct bbv;
struct places;
struct result;

/* `places` names the blocks, and must outlive the object. */
struct bbv *bbv_create(uint64_t interval, struct places *places);
void bbv_destroy(struct bbv *b);

/* Functional mode, of the processor that counts for b: before its first instruction, and after its
 * last one. */
void bbv_start(struct bbv *b, struct cpu *s);
void bbv_stop(struct bbv *b, struct cpu *s);
/* Instructions at which the interval ends: to be told at exactly so many. */
uint64_t bbv_until(const struct bbv *b);
void bbv_reached(struct bbv *b, struct cpu *s);

/* An instruction is executed, by whoever looks at each of them; between bbv_start and bbv_stop
 * nobody does. */
void bbv_executed(struct bbv *b, const struct op *op);
/* Timing mode: an instruction retires. */
void bbv_retired(struct bbv *b, const struct retirement *r);

/* Vectors go to the file as they come; before the first instruction. */
void bbv_attach(struct bbv *b, struct result *file);
/* The last interval and the tables; before result_close. */
void bbv_write(struct bbv *b);

#endif
