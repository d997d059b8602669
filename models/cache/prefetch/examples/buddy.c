/* The buddy of each line that misses: the other half of an aligned pair of lines, as if lines were
 * twice as long. An example of a plug-in: models/PLUGINS.md. */
#include <stdlib.h>

#include "models/cache/prefetch/prefetch.h"
#include "sim/base/err.h"
#include "sim/schema/plugin.h"

struct buddy {
    uint32_t line_bytes;
};

static void *buddy_create(const struct prefetch_setup *setup)
{
    struct buddy *b = xmalloc(sizeof *b);
    b->line_bytes = setup->line_bytes;
    return b;
}

static void buddy_observe(void *prefetcher, const struct prefetch_access *a,
                          struct prefetch_list *wanted)
{
    const struct buddy *b = prefetcher;
    if (a->is_miss)
        prefetch_want(wanted, a->pa ^ b->line_bytes);
}

static const struct prefetch_ops buddy = {
    .name = "buddy", .create = buddy_create, .destroy = free, .observe = buddy_observe};
PLUGIN_EXPORT(prefetch, buddy);
