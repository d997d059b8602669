/* All ways to place N queens, by backtracking over columns and diagonals. */
#include "workloads/workload.h"

#include <stdbool.h>

enum { SIZE = 10 };

struct board {
    bool column[SIZE], rising[2 * SIZE], falling[2 * SIZE];
    int queen[SIZE]; /* column of the queen in each row */
    uint64_t visited;
    uint64_t sum;
    uint32_t solutions;
};

static void place(struct board *b, int row)
{
    b->visited++;
    if (row == SIZE) {
        b->solutions++;
        for (int i = 0; i < SIZE; i++)
            b->sum = checksum_add(b->sum, (uint64_t)b->queen[i]);
        return;
    }
    for (int column = 0; column < SIZE; column++) {
        bool *rising = &b->rising[row + column], *falling = &b->falling[row - column + SIZE];
        if (b->column[column] || *rising || *falling)
            continue;
        b->column[column] = *rising = *falling = true;
        b->queen[row] = column;
        place(b, row + 1);
        b->column[column] = *rising = *falling = false;
    }
}

int main(int argc, char **argv)
{
    uint32_t scale = scale_argument(argc, argv);
    struct board board = {.sum = 7};

    for (uint32_t i = 0; i < scale; i++)
        place(&board, 0);
    printf("queens on %d x %d, %" PRIu32 " times\n", SIZE, SIZE, scale);
    printf("%" PRIu32 " solutions, %" PRIu64 " boards\n", board.solutions, board.visited);
    printf("checksum %016" PRIx64 "\n", board.sum);
    return 0;
}
