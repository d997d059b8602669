/* First come, first served: one burst at a time, the least that a controller can do. */
#include "models/cache/dram/sched.h"

static bool before(const struct dram_choice *a, const struct dram_choice *b)
{
    return a->order < b->order;
}

const struct dram_sched_ops dram_sched_fcfs = {.name = "fcfs", .before = before, .in_order = true};
