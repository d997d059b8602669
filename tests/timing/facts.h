/* Facts that a processor's documents state and a timing test measures on its preset, told to
 * `make fidelity`: when the environment names a file in SIMRUN_FACTS, each fact is a line at its
 * end,
 *
 *   preset <tab> fact <tab> pinned|inferred <tab> reference <tab> ours
 *
 * A timing test named tests/timing/ppc*_test is found and asked by tests/fidelity. It still
 * asserts what the tree reaches; a fact that does not hold yet is recorded with its error. */
#ifndef TESTS_TIMING_FACTS_H
#define TESTS_TIMING_FACTS_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum fact_kind {
    FACT_PINNED,   /* the document says so */
    FACT_INFERRED, /* derived from what it says, or one of several readings */
};

/* `fact`: a few words with the rule's place ("G3-A.5 12 completes"), unique in its preset, without
 * tabs. Both figures in cycles; where the reference leaves a choice, the one nearest to ours. */
static inline void fact_record(const char *preset, const char *fact, enum fact_kind kind,
                               uint64_t reference, uint64_t ours)
{
    const char *path = getenv("SIMRUN_FACTS");
    FILE *file = path ? fopen(path, "a") : NULL;
    if (!file)
        return;
    fprintf(file, "%s\t%s\t%s\t%" PRIu64 "\t%" PRIu64 "\n", preset, fact,
            kind == FACT_PINNED ? "pinned" : "inferred", reference, ours);
    fclose(file);
}

#endif
