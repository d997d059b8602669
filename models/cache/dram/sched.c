#include "models/cache/dram/sched.h"

#include <stddef.h>
#include <string.h>

#include "models/cache/dram/dram.h"
#include "sim/base/bits.h"

static const struct dram_sched_ops *const schedulers[] = {
#define SCHED(name) &dram_sched_##name,
#include "models/cache/dram/sched.def"
#undef SCHED
};

#define SCHED(name) " " #name
const char dram_sched_help[] = "order of the bursts waiting for a channel, one of:"
#include "models/cache/dram/sched.def"
    ;
#undef SCHED

const struct dram_sched_ops *dram_sched_at(uint32_t index)
{
    return index < ARRAY_LEN(schedulers) ? schedulers[index] : NULL;
}

const struct dram_sched_ops *dram_sched_find(const char *name)
{
    for (uint32_t n = 0; n < ARRAY_LEN(schedulers); n++)
        if (strcmp(schedulers[n]->name, name) == 0)
            return schedulers[n];
    return NULL;
}
