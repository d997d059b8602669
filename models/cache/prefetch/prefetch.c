#include "models/cache/prefetch/prefetch.h"

#include <stddef.h>
#include <string.h>

#include "sim/base/bits.h"

static const struct prefetch_ops *const prefetchers[] = {
#define PREFETCH(name) &prefetch_##name,
#include "models/cache/prefetch/prefetch.def"
#undef PREFETCH
};

#define PREFETCH(name) " " #name
const char prefetch_help[] =
    "what fetches lines ahead of their use: a plug-in's file, or one of: none"
#include "models/cache/prefetch/prefetch.def"
    ;
#undef PREFETCH

const struct prefetch_ops *prefetch_at(uint32_t index)
{
    return index < ARRAY_LEN(prefetchers) ? prefetchers[index] : NULL;
}

const struct prefetch_ops *prefetch_find(const char *name)
{
    for (uint32_t i = 0; i < ARRAY_LEN(prefetchers); i++)
        if (strcmp(prefetchers[i]->name, name) == 0)
            return prefetchers[i];
    return NULL;
}
