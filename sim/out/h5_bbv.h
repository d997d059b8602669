/* /bbv: basic-block vectors, one an interval, as a sparse matrix in compressed rows.
 *
 *   interval (scale), instructions, cycles (0: not timed), indptr[interval + 1]
 *   block, count: rows indptr[n] to indptr[n + 1] - 1 are interval n's: number of the block,
 *       instructions executed in it
 *   pc (scale), asid, object, function: of each block, by its number
 * attribute interval_instructions: length of an interval */
#ifndef SIM_OUT_H5_BBV_H
#define SIM_OUT_H5_BBV_H

#include "sim/out/h5_result.h"

/* Before the first interval; the result owns what it makes. */
void result_bbv(struct result *r);
/* The blocks of an interval in the order of their numbers, and the end of the interval. */
void result_bbv_count(struct result *r, uint32_t block, uint64_t count);
struct result_bbv_interval {
    uint64_t instructions, cycles;
};
void result_bbv_interval(struct result *r, const struct result_bbv_interval *row);

struct result_bbv_block {
    uint64_t pc;
    uint32_t asid;
    const char *object, *function; /* "": not known */
};
/* Writes all that is left. Before result_close. */
void result_bbv_end(struct result *r, uint64_t interval, const struct result_bbv_block *blocks,
                    uint32_t count);

#endif
