/* Functions that do little but call: Fibonacci, Ackermann, Towers of Hanoi, a pair that call each
 * other, and calls through pointers. */
#include "workloads/workload.h"

#include <stdbool.h>

struct towers {
    int peg[3][16];
    int height[3];
    uint64_t sum;
};

static uint32_t fibonacci(uint32_t n)
{
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

static uint32_t ackermann(uint32_t m, uint32_t n)
{
    if (m == 0)
        return n + 1;
    return ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}

static void hanoi(struct towers *t, int discs, int from, int to, int other)
{
    if (discs == 0)
        return;
    hanoi(t, discs - 1, from, other, to);
    int disc = t->peg[from][--t->height[from]];
    t->peg[to][t->height[to]++] = disc;
    t->sum = checksum_add(t->sum, (uint64_t)(disc * 3 + to));
    hanoi(t, discs - 1, other, to, from);
}

static bool is_odd(uint32_t n);

static bool is_even(uint32_t n)
{
    return n == 0 || is_odd(n - 1);
}

static bool is_odd(uint32_t n)
{
    return n != 0 && is_even(n - 1);
}

static uint64_t twice(uint64_t x) { return x * 2; }
static uint64_t next(uint64_t x) { return x + 1; }
static uint64_t flip(uint64_t x) { return ~x; }
static uint64_t half(uint64_t x) { return x >> 1; }

static uint64_t apply(uint64_t x, uint64_t *seed)
{
    static uint64_t (*const functions[])(uint64_t) = {twice, next, flip, half};
    for (int i = 0; i < 20000; i++)
        x = functions[random_below(seed, 4)](x);
    return x;
}

int main(int argc, char **argv)
{
    uint32_t scale = scale_argument(argc, argv), fib = 0, ack = 0, even = 0;
    uint64_t seed = 11, sum = 0;
    struct towers towers = {.sum = 0};

    for (uint32_t round = 0; round < scale; round++) {
        fib = fibonacci(26);
        ack = ackermann(2, 200);
        towers.height[0] = 14;
        towers.height[1] = towers.height[2] = 0;
        for (int i = 0; i < 14; i++)
            towers.peg[0][i] = 14 - i;
        hanoi(&towers, 14, 0, 2, 1);
        even = 0;
        for (uint32_t i = 0; i < 300; i++)
            even += is_even(i);
        sum = checksum_add(sum, apply(round, &seed));
    }
    printf("calls %" PRIu32 " times\n", scale);
    printf("fibonacci(26) %" PRIu32 " ackermann(2, 200) %" PRIu32 " even %" PRIu32 "\n", fib, ack,
           even);
    printf("towers %d %d %d\n", towers.height[0], towers.height[1], towers.height[2]);
    printf("checksum %016" PRIx64 "\n", checksum_add(sum, towers.sum));
    return 0;
}
