/* Tagged next-line prefetch (Smith: Cache Memories, ACM Computing Surveys 14(3), 1982, section
 * 2.1): a miss, or the first use of a prefetched line, brings the lines that follow. */
#include <stdlib.h>

#include "models/cache/prefetch/prefetch.h"
#include "sim/base/err.h"
#include "sim/schema/schema.h"

#define NEXT_LINE_KEYS(X, o)                                                                       \
    X(o, U32, next_line_degree, "1", "1", "16", "lines fetched after the one used")

struct next_line_keys {
    NEXT_LINE_KEYS(KEY_MEMBER, next_line_keys)
};
static const struct key_row next_line_key_rows[] = {NEXT_LINE_KEYS(KEY_ROW, next_line_keys)
                                                        KEY_END};

struct next_line {
    uint32_t degree, line_bytes;
};

static void *next_line_create(const struct prefetch_setup *setup)
{
    const struct next_line_keys *k = setup->keys;
    struct next_line *p = xmalloc(sizeof *p);
    *p = (struct next_line){k->next_line_degree, setup->line_bytes};
    return p;
}

static void next_line_observe(void *prefetcher, const struct prefetch_access *a,
                              struct prefetch_list *wanted)
{
    const struct next_line *p = prefetcher;
    if (!a->is_miss && !a->is_first_use)
        return;
    for (uint32_t n = 1; n <= p->degree; n++)
        prefetch_want(wanted, a->pa + (uint64_t)n * p->line_bytes);
}

const struct prefetch_ops prefetch_next_line = {
    .name = "next_line",
    .keys = next_line_key_rows,
    .keys_bytes = sizeof(struct next_line_keys),
    .create = next_line_create,
    .destroy = free,
    .observe = next_line_observe,
};
