/* The four loops of a memory bandwidth test: copy, scale, add, triad, over three arrays. */
#include "workloads/workload.h"

enum { COUNT = 32768, ROUNDS = 14 };

static double a[COUNT], b[COUNT], c[COUNT];

static void copy(double *restrict to, const double *restrict from)
{
    for (int i = 0; i < COUNT; i++)
        to[i] = from[i];
}

static void scale_by(double *restrict to, const double *restrict from, double factor)
{
    for (int i = 0; i < COUNT; i++)
        to[i] = factor * from[i];
}

static void add(double *restrict to, const double *restrict x, const double *restrict y)
{
    for (int i = 0; i < COUNT; i++)
        to[i] = x[i] + y[i];
}

static void triad(double *restrict to, const double *restrict x, const double *restrict y,
                  double factor)
{
    for (int i = 0; i < COUNT; i++)
        to[i] = x[i] + factor * y[i];
}

int main(int argc, char **argv)
{
    uint32_t scale = scale_argument(argc, argv);
    uint64_t sum = 0;

    for (int i = 0; i < COUNT; i++) {
        a[i] = 1.0 + i / 1024.0;
        b[i] = 2.0;
    }
    /* The factors keep the values bounded for any number of rounds. */
    for (uint64_t round = 0; round < (uint64_t)scale * ROUNDS; round++) {
        copy(c, a);
        scale_by(b, c, 0.25);
        add(c, a, b);
        triad(a, b, c, 0.5);
    }
    for (int i = 0; i < COUNT; i++)
        sum = checksum_add_double(sum, a[i]);
    printf("stream 3 arrays of %zu KiB, %" PRIu32 " x %d rounds\n", sizeof a / 1024, scale, ROUNDS);
    printf("first %.9f last %.9f\nchecksum %016" PRIx64 "\n", a[0], a[COUNT - 1], sum);
    return 0;
}
