/* Private to batch.c and slurm.c. */
#ifndef SIM_SWEEP_BATCH_FILES_H
#define SIM_SWEEP_BATCH_FILES_H

#include "sim/sweep/batch.h"

struct batch {
    const char *folder;
    uint32_t number;
    struct point **list;
    uint32_t count;
};

/* Points that somebody has to run, in their order; the caller frees the list. */
struct point **batch_wanted(const struct sweep *s, bool retry, uint32_t *count);
/* DIRECTORY/batch as an absolute path, made; the caller frees it. */
bool batch_folder(const struct sweep *s, char **folder, struct err *e);
/* N.points and N.sh. */
bool batch_write(const struct batch *b, const struct sweep_options *o, struct err *e);
/* Most tasks of one array: Slurm's MaxArraySize, or its default where Slurm cannot be asked. */
uint32_t batch_array_size(void);

#endif
