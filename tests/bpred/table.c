/* The tables of models/pipeline/bpred/README.md, in Markdown: `make bpred-table`. */
#include <inttypes.h>
#include <stdio.h>

#include "tests/bpred/replay.h"

#define MAX_CONTESTANTS 20
#define MAX_WORKLOADS   12

struct table {
    const struct contestant *contestants;
    uint32_t count, columns;
    const char *workloads[MAX_WORKLOADS];
    uint64_t rate[MAX_CONTESTANTS][MAX_WORKLOADS]; /* mispredicts per million instructions */
    uint64_t bits[MAX_CONTESTANTS];
};

static uint64_t direction_wrong(const struct bpred_stats *s) { return s->direction_mispredicts; }
static uint64_t target_wrong(const struct bpred_stats *s) { return s->indirect_mispredicts; }

static void add_workloads(struct table *t, const char *const *names)
{
    for (; *names; names++)
        t->workloads[t->columns++] = *names;
}

/* Each program is run to its end, with predictors that know nothing at its start. */
static void measure(struct table *t, const char *self, bool targets)
{
    while (t->contestants[t->count].name)
        t->count++;
    for (uint32_t w = 0; w < t->columns; w++) {
        struct replay *r = replay_create(t->contestants, t->count);
        replay_run(r, self, t->workloads[w], UINT64_MAX);
        for (uint32_t n = 0; n < t->count; n++) {
            const struct bpred_stats *s = branch_unit_stats(r->units[n]);
            struct branch_storage bits = branch_unit_storage(r->units[n]);
            t->rate[n][w] = replay_rate(r, targets ? target_wrong(s) : direction_wrong(s));
            t->bits[n] = targets ? bits.indirect : bits.direction + bits.loop;
        }
        replay_destroy(r);
    }
}

static void print_row(const struct table *t, uint32_t n)
{
    uint64_t sum = 0;
    const struct contestant *c = &t->contestants[n];
    printf("| %s | %" PRIu64, c->name, t->bits[n]);
    for (uint32_t w = 0; w < t->columns; w++) {
        printf(" | %" PRIu64 ".%02" PRIu64, (t->rate[n][w] + 5) / 1000,
               (t->rate[n][w] + 5) / 10 % 100);
        sum += t->rate[n][w];
    }
    sum = (sum + t->columns / 2) / t->columns;
    printf(" | %" PRIu64 ".%02" PRIu64 " |\n", (sum + 5) / 1000, (sum + 5) / 10 % 100);
}

static void print(const struct table *t)
{
    printf("| predictor | bits");
    for (uint32_t w = 0; w < t->columns; w++)
        printf(" | %s", t->workloads[w]);
    printf(" | mean |\n|---|--:");
    for (uint32_t w = 0; w <= t->columns; w++)
        printf("|--:");
    printf("|\n");
    for (uint32_t n = 0; n < t->count; n++)
        print_row(t, n);
}

int main(int argc, char **argv)
{
    (void)argc;
    struct table directions = {.contestants = direction_contestants};
    struct table targets = {.contestants = indirect_contestants};
    add_workloads(&directions, branchy_workloads);
    add_workloads(&directions, easy_workloads);
    add_workloads(&targets, indirect_workloads);
    measure(&directions, argv[0], false);
    measure(&targets, argv[0], true);
    printf("Wrong directions per thousand instructions; programs run to their end:\n\n");
    print(&directions);
    printf("\nWrong targets of indirect branches (returns are none) per thousand instructions; the "
           "BTB is beside them:\n\n");
    print(&targets);
    return 0;
}
