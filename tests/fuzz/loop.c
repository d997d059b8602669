/* Runs a fuzz target on made-up inputs, the same ones for the same arguments:
 *
 *     TARGET RUNS SEED [FILE...]
 *
 * An input is random bytes or, when there are files, one of them with some bytes changed, cut or
 * copied elsewhere. Where libFuzzer is at hand it finds more; this needs nothing but a compiler. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/base/rng.h"
#include "tests/fuzz/fuzz.h"

#define INPUT_ROOM   65536u
#define RANDOM_BYTES 2048u
#define MAX_CHANGES  16u
#define HANG_SECONDS 60u /* for one input */

static char current[100]; /* which input runs, for the message */

static void on_death(int number)
{
    ssize_t ignored = write(STDERR_FILENO, current, strlen(current));
    (void)ignored;
    signal(number, SIG_DFL);
    raise(number);
}

struct seed_file {
    uint8_t bytes[INPUT_ROOM];
    size_t count;
};

static struct seed_file *read_files(char **paths, int count)
{
    struct seed_file *files = xcalloc((uint64_t)count + 1, sizeof *files);
    for (int n = 0; n < count; n++) {
        FILE *f = fopen(paths[n], "rb");
        if (!f) {
            perror(paths[n]);
            exit(EXIT_USER);
        }
        files[n].count = fread(files[n].bytes, 1, INPUT_ROOM, f);
        fclose(f);
    }
    return files;
}

/* Headers stand at the start, so half of the changes do. */
static size_t place(struct rng *r, size_t count)
{
    return (size_t)rng_below(r, rng_below(r, 2) ? min_u64(count, 256) : count);
}

static void change(struct rng *r, uint8_t *bytes, size_t *count)
{
    static const uint8_t special[] = {0, 1, 0x7f, 0x80, 0xff};
    size_t at = place(r, *count);
    switch (rng_below(r, 5)) {
    case 0:
        bytes[at] = (uint8_t)rng_next(r);
        break;
    case 1:
        bytes[at] ^= (uint8_t)(1u << rng_below(r, 8));
        break;
    case 2:
        memset(bytes + at, special[rng_below(r, ARRAY_LEN(special))],
               (size_t)min_u64(1 + rng_below(r, 8), *count - at));
        break;
    case 3: {
        size_t from = place(r, *count);
        size_t most = *count - (from > at ? from : at);
        memmove(bytes + at, bytes + from, (size_t)rng_below(r, min_u64(most, 64) + 1));
        break;
    }
    default:
        if (rng_below(r, 8) == 0)
            *count = at + 1;
    }
}

static size_t make_input(struct rng *r, const struct seed_file *files, int count, uint8_t *out)
{
    if (count) {
        const struct seed_file *f = &files[rng_below(r, (uint64_t)count)];
        size_t bytes = f->count;
        memcpy(out, f->bytes, bytes);
        for (uint64_t n = 1 + rng_below(r, MAX_CHANGES); bytes && n; n--)
            change(r, out, &bytes);
        return bytes;
    }
    size_t bytes = (size_t)rng_below(r, RANDOM_BYTES);
    for (size_t n = 0; n < bytes; n++)
        out[n] = (uint8_t)rng_next(r);
    return bytes;
}

int main(int argc, char **argv)
{
    static uint8_t input[INPUT_ROOM];
    if (argc < 3) {
        fprintf(stderr, "usage: %s RUNS SEED [FILE...]\n", argv[0]);
        return EXIT_USER;
    }
    uint64_t runs = strtoull(argv[1], NULL, 0), seed = strtoull(argv[2], NULL, 0);
    struct seed_file *files = read_files(argv + 3, argc - 3);
    static const int deaths[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM};
    for (size_t n = 0; n < ARRAY_LEN(deaths); n++)
        signal(deaths[n], on_death);
    LLVMFuzzerInitialize(&argc, &argv);
    for (uint64_t n = 0; n < runs; n++) {
        struct rng r = rng_seeded(seed + n);
        snprintf(current, sizeof current, "ends the program: %s 1 %llu\n",
                 strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0],
                 (unsigned long long)(seed + n));
        alarm(HANG_SECONDS);
        size_t bytes = make_input(&r, files, argc - 3, input);
        LLVMFuzzerTestOneInput(input, bytes);
    }
    printf("%s: %llu inputs\n", argv[0], (unsigned long long)runs);
    free(files);
    return 0;
}
