/* /sample: the points of a sampled run. */
#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/out/h5_result_priv.h"

void result_points(struct result *r, const struct result_point *points, uint32_t count)
{
    struct h5_file *f = &r->file;
    const char **names = xcalloc(count + UINT64_C(1), sizeof *names);
    uint64_t *first = xcalloc(count + UINT64_C(1), sizeof *first);
    uint64_t *instructions = xcalloc(count + UINT64_C(1), sizeof *instructions);
    double *weight = xcalloc(count + UINT64_C(1), sizeof *weight);
    for (uint32_t n = 0; n < count; n++) {
        names[n] = points[n].phase;
        first[n] = points[n].first;
        instructions[n] = points[n].instructions;
        weight[n] = points[n].weight;
    }
    const struct h5_array arrays[] = {
        {"/sample/phase", "", "phase that is the point's", H5_TEXT, 1, {count}, names, {NULL},
         "point"},
        {"/sample/first", "instructions", "executed before the point", H5_U64, 1, {count}, first,
         {"/sample/phase"}, NULL},
        {"/sample/instructions", "instructions", "length of the point", H5_U64, 1, {count},
         instructions, {"/sample/phase"}, NULL},
        {"/sample/weight", "1", "share of the run that it stands for", H5_F64, 1, {count}, weight,
         {"/sample/phase"}, NULL},
    };
    h5_group(f, "/sample", "the points that were timed (sample.points)");
    for (size_t n = 0; n < ARRAY_LEN(arrays); n++)
        h5_write(f, &arrays[n]);
    free(weight);
    free(instructions);
    free(first);
    free(names);
}
