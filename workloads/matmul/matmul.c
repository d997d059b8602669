/* C += A * B in doubles, cut into blocks that fit a first-level cache. */
#include "workloads/workload.h"

#include <math.h>

enum { SIZE = 128, BLOCK = 16 };

static double a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

static void fill(double matrix[SIZE][SIZE], uint64_t *seed)
{
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            matrix[i][j] = ((double)random_below(seed, 2001) - 1000.0) / 64.0;
}

/* fma is called by name because ISO mode forbids the compiler to contract; it is one instruction
 * on Power and exact everywhere. */
static void multiply_block(int row, int column, int depth)
{
    for (int i = row; i < row + BLOCK; i++)
        for (int k = depth; k < depth + BLOCK; k++) {
            double factor = a[i][k];
            for (int j = column; j < column + BLOCK; j++)
                c[i][j] = fma(factor, b[k][j], c[i][j]);
        }
}

static void multiply(void)
{
    for (int row = 0; row < SIZE; row += BLOCK)
        for (int column = 0; column < SIZE; column += BLOCK)
            for (int depth = 0; depth < SIZE; depth += BLOCK)
                multiply_block(row, column, depth);
}

int main(int argc, char **argv)
{
    uint32_t scale = scale_argument(argc, argv);
    uint64_t seed = 1, sum = 0;
    double trace = 0.0;

    fill(a, &seed);
    fill(b, &seed);
    for (uint32_t i = 0; i < scale; i++)
        multiply();

    for (int i = 0; i < SIZE; i++) {
        trace += c[i][i];
        for (int j = 0; j < SIZE; j++)
            sum = checksum_add_double(sum, c[i][j]);
    }
    printf("matmul %d x %d, %" PRIu32 " times\n", SIZE, SIZE, scale);
    printf("trace %.6f\nchecksum %016" PRIx64 "\n", trace, sum);
    return 0;
}
