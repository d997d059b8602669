/* A reference prediction table (Baer, Chen: An Effective On-Chip Preloading Scheme to Reduce Data
 * Access Penalty, Supercomputing 1991): per instruction, the last address and the distance to the
 * one before it. When the same distance has been seen twice more, it is trusted.
 *
 * A stride shorter than a line is taken for a whole line in its direction, since the lines between
 * are the same one. The table is direct-mapped; the tag is the whole pc. */
#include <stdlib.h>

#include "models/cache/prefetch/prefetch.h"
#include "sim/base/err.h"
#include "sim/schema/schema.h"

#define STRIDE_KEYS(X, o)                                                                          \
    X(o, U32, stride_table_bits, "8", "1", "16", "the table has 2^n instructions")                 \
    X(o, U32, stride_distance, "4", "1", "64", "strides from an access to its first prefetch")     \
    X(o, U32, stride_degree, "1", "1", "16", "prefetches for one access")

struct stride_keys {
    STRIDE_KEYS(KEY_MEMBER, stride_keys)
};
static const struct key_row stride_key_rows[] = {STRIDE_KEYS(KEY_ROW, stride_keys) KEY_END};

enum { TRUSTED = 2, MOST = 3 }; /* of a two-bit confidence */

struct entry {
    uint64_t pc, last_pa;
    int64_t stride;
    uint32_t confidence;
};

struct stride {
    uint32_t mask, line_bytes, distance, degree;
    struct entry entry[];
};

static void *stride_create(const struct prefetch_setup *setup)
{
    const struct stride_keys *k = setup->keys;
    uint32_t entries = UINT32_C(1) << k->stride_table_bits;
    struct stride *p = xcalloc(1, sizeof *p + entries * sizeof *p->entry);
    p->mask = entries - 1;
    p->line_bytes = setup->line_bytes;
    p->distance = k->stride_distance;
    p->degree = k->stride_degree;
    return p;
}

/* True when the stride is trusted. A trusted one is not given up at its first exception. */
static bool train(struct entry *e, uint64_t pa)
{
    int64_t stride = (int64_t)(pa - e->last_pa);
    e->last_pa = pa;
    if (stride == e->stride)
        e->confidence += e->confidence < MOST;
    else if (e->confidence > 0)
        e->confidence--;
    else
        e->stride = stride;
    return e->confidence >= TRUSTED && e->stride;
}

static void stride_observe(void *prefetcher, const struct prefetch_access *a,
                           struct prefetch_list *wanted)
{
    struct stride *p = prefetcher;
    struct entry *e = &p->entry[(a->pc >> 2) & p->mask];
    if (!a->pc)
        return;
    if (e->pc != a->pc) {
        *e = (struct entry){.pc = a->pc, .last_pa = a->pa};
        return;
    }
    bool is_same_line = (e->last_pa ^ a->pa) < p->line_bytes;
    if (!train(e, a->pa) || is_same_line)
        return;
    int64_t step = e->stride, line = p->line_bytes;
    if (llabs(step) < line)
        step = step < 0 ? -line : line;
    for (uint32_t n = 0; n < p->degree; n++)
        prefetch_want(wanted, a->pa + (uint64_t)(step * (int64_t)(p->distance + n)));
}

const struct prefetch_ops prefetch_stride = {
    .name = "stride",
    .keys = stride_key_rows,
    .keys_bytes = sizeof(struct stride_keys),
    .create = stride_create,
    .destroy = free,
    .observe = stride_observe,
};
