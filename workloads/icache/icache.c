/* 1,024 different small functions, called in an order that repeats after 4,096 calls: a code
 * footprint several times a first-level instruction cache. */
#include "workloads/workload.h"

enum { FUNCTIONS = 1024, CALLS = 4096, ROUNDS = 40 };

/* The constants differ, so that the compiler cannot merge two functions. */
#define BODY(n) \
    static uint64_t work_##n(uint64_t x) \
    { \
        x ^= (x << 13) + UINT64_C(0x9e3779b9##n); \
        x += (x >> 7) ^ UINT64_C(0x85ebca6b##n); \
        if ((x & 0x100) != 0) \
            x = x * UINT64_C(0xc2b2ae35##n) + 1; \
        return x ^ x >> 29; \
    }
#define NAME(n) work_##n,
#define ROW(X, p) \
    X(p##0) X(p##1) X(p##2) X(p##3) X(p##4) X(p##5) X(p##6) X(p##7) \
    X(p##8) X(p##9) X(p##a) X(p##b) X(p##c) X(p##d) X(p##e) X(p##f)
#define BLOCK(X, p) \
    ROW(X, p##0) ROW(X, p##1) ROW(X, p##2) ROW(X, p##3) ROW(X, p##4) ROW(X, p##5) \
    ROW(X, p##6) ROW(X, p##7) ROW(X, p##8) ROW(X, p##9) ROW(X, p##a) ROW(X, p##b) \
    ROW(X, p##c) ROW(X, p##d) ROW(X, p##e) ROW(X, p##f)
#define ALL(X) BLOCK(X, 0) BLOCK(X, 1) BLOCK(X, 2) BLOCK(X, 3)

ALL(BODY)

static uint64_t (*const functions[FUNCTIONS])(uint64_t) = {ALL(NAME)};

int main(int argc, char **argv)
{
    static uint16_t order[CALLS];
    uint32_t scale = scale_argument(argc, argv);
    uint64_t seed = 14, x = 1;

    for (int i = 0; i < CALLS; i++)
        order[i] = (uint16_t)random_below(&seed, FUNCTIONS);
    for (uint64_t round = 0; round < (uint64_t)scale * ROUNDS; round++)
        for (int i = 0; i < CALLS; i++)
            x = functions[order[i]](x);
    printf("icache %d functions, %" PRIu32 " x %d x %d calls\n", FUNCTIONS, scale, ROUNDS, CALLS);
    printf("checksum %016" PRIx64 "\n", x);
    return 0;
}
