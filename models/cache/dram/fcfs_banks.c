/* The oldest whose bank is ready goes first, row hit or not: banks work side by side, but nobody
 * goes first because of an open row. */
#include "models/cache/dram/sched.h"

static bool before(const struct dram_choice *a, const struct dram_choice *b)
{
    return a->order < b->order;
}

const struct dram_sched_ops dram_sched_fcfs_banks = {.name = "fcfs_banks", .before = before};
