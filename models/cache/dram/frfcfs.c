/* First ready, first come first served (Rixner et al. 2000): bursts whose row is open go first, so
 * that a row once opened is used up; among equals the older. Those that have starved go before all,
 * in their order. */
#include "models/cache/dram/sched.h"

static bool before(const struct dram_choice *a, const struct dram_choice *b)
{
    if (a->starved != b->starved)
        return a->starved;
    if (!a->starved && a->hit != b->hit)
        return a->hit;
    return a->order < b->order;
}

const struct dram_sched_ops dram_sched_frfcfs = {.name = "frfcfs", .before = before};
