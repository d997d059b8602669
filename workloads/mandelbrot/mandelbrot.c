/* The Mandelbrot set as text: an escape-time loop in doubles for every character. */
#include "workloads/workload.h"

enum { WIDTH = 64, HEIGHT = 24, DEPTH = 2000 };

static int escape_time(double cx, double cy)
{
    double x = 0.0, y = 0.0;
    int count = 0;
    while (count < DEPTH && x * x + y * y <= 4.0) {
        double old = x;
        x = x * x - y * y + cx;
        y = 2.0 * old * y + cy;
        count++;
    }
    return count;
}

int main(int argc, char **argv)
{
    static const char shades[] = " .:-=+*%@#";
    uint32_t scale = scale_argument(argc, argv);
    uint64_t sum = 0;

    for (uint32_t round = 0; round < scale; round++)
        for (int row = 0; row < HEIGHT; row++) {
            char line[WIDTH + 1] = "";
            for (int column = 0; column < WIDTH; column++) {
                /* Each round looks a little further to the right, so that none repeats another. */
                double cx = -2.2 + 3.2 * column / WIDTH + round / 65536.0;
                double cy = -1.2 + 2.4 * row / HEIGHT;
                int count = escape_time(cx, cy);
                sum = checksum_add(sum, (uint64_t)count);
                line[column] = count == DEPTH ? '#' : shades[count % 9];
            }
            if (round == 0)
                printf("%s\n", line);
        }
    printf("checksum %016" PRIx64 "\n", sum);
    return 0;
}
