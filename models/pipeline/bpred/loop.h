/* Loop predictor (Sherwood and Calder 2000; the form of Seznec's L-TAGE, 2007, and TAGE-SC-L,
 * 2014/2016): a branch that leaves a loop after the same number of executions each time is
 * predicted exactly, whatever lies between. An adder to any direction predictor: it speaks up only
 * when it is confident, and while that has paid.
 *
 * Iterations are counted when branches are fetched. What a wrong path counted is undone by a log,
 * which stands for the checkpoints of the hardware. */
#ifndef MODELS_PIPELINE_BPRED_LOOP_H
#define MODELS_PIPELINE_BPRED_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#define LOOP_WAYS 4
#define LOOP_LOG  4096 /* counts in flight that can be undone; a power of two */

/* Widths in bits and the confidence needed are those of the 8 KiB predictor of TAGE-SC-L 2016. */
enum { LOOP_COUNT_BITS = 10, LOOP_TAG_BITS = 10, LOOP_CONFIDENCE_BITS = 4, LOOP_AGE_BITS = 4 };

struct loop_entry {
    uint16_t tag;     /* and one; 0: empty */
    uint16_t trips;   /* executions of the branch in a run of the loop; 0: not known */
    uint16_t retired; /* of this run */
    uint16_t fetched; /* of this run, wrong path included */
    uint8_t confidence;
    uint8_t age;     /* 0: may be replaced */
    bool stays;      /* the direction that stays in the loop */
};

struct loop {
    uint32_t entries; /* LOOP_WAYS times a power of two, or 0: every lookup misses */
    uint32_t set_mask;
    int32_t trust; /* -64..63: >= 0 when it has been better than the predictor it corrects */
    uint32_t seed;
    uint32_t counted; /* since the start; the log's next place */
    struct {
        uint32_t slot;
        uint16_t tag, fetched;
    } log[LOOP_LOG]; /* what the n-th count changed, at n modulo LOOP_LOG */
    struct loop_entry table[];
};

struct loop_lookup {
    bool confident;
    bool taken; /* of a confident entry */
};

/* Entries must be a multiple of LOOP_WAYS that is a power of two, or 0. */
struct loop *loop_create(uint32_t entries);
void loop_destroy(struct loop *l);

/* Changes nothing. */
struct loop_lookup loop_find(struct loop *l, uint64_t pc);

/* To be believed rather than the other predictor? */
static inline bool loop_overrides(const struct loop *l, struct loop_lookup found)
{
    return found.confident && l->trust >= 0;
}

/* The branch at pc is fetched and goes on as `taken` says. */
void loop_count(struct loop *l, uint64_t pc, bool taken);

/* Forgets all counts since l->counted was `counted`. */
void loop_restore(struct loop *l, uint32_t counted);

/* The branch retires: what was found when it was fetched, what the other predictor said, and
 * whether that and the loop predictor together were wrong. */
void loop_train(struct loop *l, uint64_t pc, struct loop_lookup found, bool other, bool wrong,
                bool taken);

uint64_t loop_storage_bits(const struct loop *l);

#endif
