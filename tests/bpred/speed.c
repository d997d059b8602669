/* What branch prediction costs the host: nanoseconds to predict and retire one branch, with each
 * contestant of the table, over the recorded branches of a program. `make bench-bpred` */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/bpred/replay.h"

#define INSTRUCTIONS UINT64_C(10000000)
#define ROUNDS       5

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* The best of some rounds, less those of a host that is busy otherwise. Mispredicts are repaired
 * and the tables stay warm, so that every round does the same work but the first. */
static uint64_t picoseconds(const struct branch_trace *t, const struct contestant *c)
{
    struct replay *r = replay_create(c, 1);
    uint64_t best = UINT64_MAX;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint64_t start = now_ns();
        branch_trace_predict(t, r->units[0]);
        uint64_t took = now_ns() - start;
        best = took < best ? took : best;
    }
    replay_destroy(r);
    return best * 1000 / branch_trace_count(t);
}

static void print_all(const struct branch_trace *t, const struct contestant *c)
{
    for (; c->name; c++) {
        uint64_t ps = picoseconds(t, c);
        printf("%-22s %3" PRIu32 " KiB %6" PRIu64 ".%" PRIu64 " ns\n", c->name, c->kib, ps / 1000,
               ps / 100 % 10);
    }
}

int main(int argc, char **argv)
{
    struct branch_trace *t = branch_trace_record(argv[0], argc > 1 ? argv[1] : "hashtable",
                                                 INSTRUCTIONS);
    print_all(t, direction_contestants);
    print_all(t, indirect_contestants);
    branch_trace_destroy(t);
    return 0;
}
