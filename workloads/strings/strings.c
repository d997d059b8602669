/* The C library's string functions over many lengths and alignments, each checked against what the
 * data say must come out. */
#include "workloads/workload.h"

enum { BUFFER_BYTES = 4096, CASES = 2000 };

static char source[BUFFER_BYTES + 64], target[BUFFER_BYTES + 64];

/* One case: a piece of text at some alignment, copied, measured, searched and compared. */
static uint64_t try_case(uint64_t sum, uint64_t *seed)
{
    size_t from = random_below(seed, 32), to = random_below(seed, 32);
    size_t length = random_below(seed, 1 + random_below(seed, BUFFER_BYTES - 64));
    char *text = source + from, *copy = target + to;

    char after = text[length];
    text[length] = '\0';
    sum = checksum_add(sum, strlen(text));
    memcpy(copy, text, length + 1);
    sum = checksum_add(sum, (uint64_t)(memcmp(copy, text, length + 1) == 0));
    sum = checksum_add(sum, (uint64_t)(strcmp(copy, text) == 0));

    size_t change = random_below(seed, (uint32_t)length + 1);
    copy[change] = '~'; /* greater than every letter, and than the final NUL */
    sum = checksum_add(sum, (uint64_t)(strncmp(text, copy, length + 1) < 0));
    sum = checksum_add(sum, (uint64_t)((char *)memchr(copy, '~', length + 1) - copy));
    const char *letter = strchr(text, 'a' + (int)random_below(seed, 26));
    sum = checksum_add(sum, letter == NULL ? length : (size_t)(letter - text));

    memmove(copy + 5, copy, length + 1);
    memset(copy, 'x', 5);
    sum = checksum_add(sum, (uint64_t)((char *)memchr(copy, '~', length + 6) - copy));
    text[length] = after;
    return sum;
}

static uint64_t search(const char *needle)
{
    uint64_t found = 0;
    for (const char *at = source; (at = strstr(at, needle)) != NULL; at++)
        found++;
    return found;
}

int main(int argc, char **argv)
{
    uint32_t scale = scale_argument(argc, argv);
    uint64_t seed = 10, sum = 0;

    for (size_t i = 0; i + 1 < sizeof source; i++)
        source[i] = (char)('a' + random_below(&seed, 26));
    for (uint64_t i = 0; i < (uint64_t)scale * CASES; i++)
        sum = try_case(sum, &seed);
    printf("strings %" PRIu32 " x %d cases\n", scale, CASES);
    printf("\"ab\" occurs %" PRIu64 " times, \"abc\" %" PRIu64 " times\n", search("ab"),
           search("abc"));
    printf("checksum %016" PRIx64 "\n", sum);
    return 0;
}
