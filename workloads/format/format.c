/* Numbers to text and back through the C library's printf and scanf families, and qsort. */
#include "workloads/workload.h"

#include <math.h>
#include <stdbool.h>

enum { ROWS = 300 };

struct row {
    char name[16];
    int64_t amount;
    double price;
};

static struct row rows[ROWS];

static int by_amount(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    return (x->amount > y->amount) - (x->amount < y->amount);
}

static void fill(uint64_t *seed)
{
    for (int i = 0; i < ROWS; i++) {
        snprintf(rows[i].name, sizeof rows[i].name, "item-%03d", i);
        uint32_t shift = random_below(seed, 60);
        rows[i].amount = (int64_t)random_next(seed) >> shift;
        int exponent = (int)random_below(seed, 160) - 140;
        rows[i].price = ldexp((double)random_next(seed), exponent);
    }
}

/* One line of the table; says whether the numbers come back from it as they were. The price does
 * because 17 digits tell any two doubles apart. */
static bool print_row(char *line, size_t bytes, const struct row *r)
{
    char name[16];
    int64_t amount;
    double price;
    int length = snprintf(line, bytes,
                          "%-10s|%+20" PRId64 "|%#18" PRIx64 "|%24.17g|%14.3e|%-12.4f|", r->name,
                          r->amount, (uint64_t)r->amount, r->price, r->price, r->price / 1e16);
    if (length < 0 || (size_t)length >= bytes)
        return false;
    if (sscanf(line, "%15s |%" SCNd64 "|%*[^|]|%lf", name, &amount, &price) != 3)
        return false;
    return strcmp(name, r->name) == 0 && amount == r->amount && price == r->price;
}

int main(int argc, char **argv)
{
    uint32_t scale = scale_argument(argc, argv);
    uint64_t seed = 13, sum = 0, good = 0;
    char line[160];

    for (uint32_t round = 0; round < scale; round++) {
        fill(&seed);
        qsort(rows, ROWS, sizeof rows[0], by_amount);
        for (int i = 0; i < ROWS; i++) {
            good += print_row(line, sizeof line, &rows[i]);
            for (const char *c = line; *c != '\0'; c++)
                sum = checksum_add(sum, (uint8_t)*c);
            if (round == 0 && i % 50 == 0)
                printf("%s\n", line);
        }
    }
    printf("format %" PRIu64 " of %" PRIu64 " rows read back\n", good, (uint64_t)scale * ROWS);
    printf("checksum %016" PRIx64 "\n", sum);
    return good == (uint64_t)scale * ROWS ? 0 : 1;
}
