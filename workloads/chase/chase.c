/* Follows one random cycle through a list of cache-line-sized nodes: every load needs the last. */
#include "workloads/workload.h"

enum { NODE_BYTES = 128, STEPS = 1500000 };

struct node {
    struct node *next;
    uint64_t value;
    char padding[NODE_BYTES - sizeof(struct node *) - sizeof(uint64_t)];
};

/* Sattolo's shuffle: a permutation that is a single cycle, so that the walk visits every node. */
static void link_cycle(struct node *nodes, uint32_t count, uint64_t *seed)
{
    uint32_t *order = malloc(count * sizeof *order);
    if (order == NULL)
        exit(1);
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    for (uint32_t i = count - 1; i > 0; i--) {
        uint32_t j = random_below(seed, i), old = order[i];
        order[i] = order[j];
        order[j] = old;
    }
    for (uint32_t i = 0; i < count; i++) {
        nodes[i].next = &nodes[order[i]];
        nodes[i].value = i;
    }
    free(order);
}

int main(int argc, char **argv)
{
    uint32_t scale = scale_argument(argc, argv);
    uint32_t kib = number_argument(argc, argv, 2, 2048);
    uint32_t count = kib * 1024 / NODE_BYTES;
    uint64_t seed = 3, sum = 0;

    struct node *nodes = aligned_alloc(NODE_BYTES, (size_t)count * sizeof *nodes);
    if (nodes == NULL)
        return 1;
    link_cycle(nodes, count, &seed);

    const struct node *at = nodes;
    for (uint32_t round = 0; round < scale; round++)
        for (uint32_t i = 0; i < STEPS; i++) {
            sum += at->value;
            at = at->next;
        }
    printf("chase %" PRIu32 " nodes of %d bytes, %" PRIu32 " x %d steps\n", count, NODE_BYTES,
           scale, STEPS);
    printf("last node %" PRIu64 "\nchecksum %016" PRIx64 "\n", at->value, sum);
    free(nodes);
    return 0;
}
