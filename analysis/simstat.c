#include "analysis/simstat.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/options.h"
#include "sim/out/seal.h"

/* name, number of files, function, arguments, meaning */
#define VERBS(X)                                                                                   \
    X(summary, 1, "RESULT.h5", "what simrun printed at the end of the run")                        \
    X(cpi, 1, "RESULT.h5", "the CPI stack of each core, with bars")                                \
    X(branches, 1, "RESULT.h5", "the branches that mispredict most (output.sites = yes)")          \
    X(loads, 1, "RESULT.h5", "the loads that wait longest, and who had their data (likewise)")     \
    X(intervals, 1, "RESULT.h5", "what was counted in each interval")                              \
    X(compare, 2, "A.h5 B.h5", "configuration, statistics and CPI of two runs")                    \
    X(histograms, 1, "RESULT.h5", "how often each latency, queue length and the like occurred") \
    X(phases, 1, "RESULT.h5", "groups of intervals that execute the same code, and their CPI")     \
    X(belady, 1, "RESULT.h5", "misses of traced caches beside the least possible")

#define VERB_WORD(name, files, arguments, text) #name "; "
#define VERB_LIST                                                                                  \
    VERBS(VERB_WORD) FILE_VERBS(FILE_VERB_WORD) LIST_VERBS(FILE_VERB_WORD)

enum { FILES_MAX = 2 };

/* These read files of another kind than one run's. name, function, arguments, meaning */
#define FILE_VERBS(X)                                                                              \
    X(report, "FILE.h5", "one page of HTML of a run (machine, charts, pipeline) or of a sweep")    \
    X(export, "RESULT.h5", "recorded instructions for Konata, Perfetto, ChampSim, or as CSV")      \
    X(tail, "RESULT.h5", "intervals of a run under way as they come, until it ends")               \
    X(sweep, "sweep.h5", "means, ratios with confidence, sensitivity, Pareto front of a sweep")

/* These read any number of them, one at least. */
#define LIST_VERBS(X)                                                                              \
    X(fit, "RESULT.h5...", "what each kind of event costs: regression of CPI over intervals")

#define FILE_VERB_WORD(name, arguments, text) #name "; "

static const struct {
    const char *name;
    void (*run)(const char *path, const struct options *o);
} file_verbs[] = {
#define FILE_VERB(name, arguments, text) {#name, verb_##name},
    FILE_VERBS(FILE_VERB)
#undef FILE_VERB
};

static const struct {
    const char *name;
    void (*run)(char **paths, int count, const struct options *o);
} list_verbs[] = {
#define LIST_VERB(name, arguments, text) {#name, verb_##name},
    LIST_VERBS(LIST_VERB)
#undef LIST_VERB
};

static const struct {
    const char *name;
    int files;
    void (*run)(const struct run *runs, const struct options *o);
} verbs[] = {
#define VERB(name, files, arguments, text) {#name, files, verb_##name},
    VERBS(VERB)
#undef VERB
};

void fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fflush(stdout);
    fputs("simstat: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(SIMSTAT_USER_ERROR);
}

void *allocate(size_t count, size_t size)
{
    void *p = calloc(count, size);
    if (!p)
        fail("out of memory");
    return p;
}

void print_status(const struct run *r)
{
    if (strcmp(r->status, "complete"))
        printf("%s: status %s: the run did not end by itself%s\n", r->path, r->status,
               strcmp(r->status, RESULT_RUNNING) ? "" : "; it is being written, or was cut off");
}

static void print_help(void)
{
    puts("usage: simstat VERB [OPTIONS] RESULT.h5...\n");
#define VERB(name, files, arguments, text) printf("  %-10s %-12s  %s\n", #name, arguments, text);
    VERBS(VERB)
#undef VERB
#define VERB(name, arguments, text) printf("  %-10s %-12s  %s\n", #name, arguments, text);
    FILE_VERBS(VERB)
    LIST_VERBS(VERB)
#undef VERB
    putchar('\n');
    options_print_help();
    puts("\nA file of a run that did not complete is read too; the first line says its status.\n"
         "Exit status: 0, or 125 for a wrong command line or file.");
}

static int end(void)
{
    if (fflush(stdout) || ferror(stdout))
        fail("cannot write to stdout");
    return 0;
}

/* A verb that opens its own files; false when the word is none. */
static bool run_file_verb(int argc, char **argv, const struct options *o)
{
    for (size_t n = 0; n < sizeof file_verbs / sizeof *file_verbs; n++) {
        if (strcmp(file_verbs[n].name, argv[optind]))
            continue;
        if (argc - optind - 1 != 1)
            fail("%s takes 1 file, not %d", argv[optind], argc - optind - 1);
        file_verbs[n].run(argv[optind + 1], o);
        return true;
    }
    for (size_t n = 0; n < sizeof list_verbs / sizeof *list_verbs; n++) {
        if (strcmp(list_verbs[n].name, argv[optind]))
            continue;
        if (argc - optind < 2)
            fail("%s takes at least 1 file", argv[optind]);
        list_verbs[n].run(argv + optind + 1, argc - optind - 1, o);
        return true;
    }
    return false;
}

static bool is_verb(const char *word)
{
    static const char words[] = VERB_LIST;
    size_t length = strlen(word);
    for (const char *at = words; *at; at += strcspn(at, ";") + 2)
        if (strcspn(at, ";") == length && !strncmp(at, word, length))
            return true;
    return false;
}

/* Before HDF5 sees them: it may crash on what is damaged. Words that are no files pass. */
static void check_seals(char **words)
{
    for (; *words; words++)
        if (seal_check(*words) == SEAL_BROKEN)
            fail("%s: damaged: its bytes are not those that were written (checksum)", *words);
}

int main(int argc, char **argv)
{
    struct options o = options_parse(argc, argv);
    struct run runs[FILES_MAX];
    size_t v = 0, count = sizeof verbs / sizeof *verbs;
    if (o.help) {
        print_help();
        return end();
    }
    if (optind == argc)
        fail("the verb is missing; allowed: " VERB_LIST "'simstat --help' says more");
    if (is_verb(argv[optind]))
        options_check(&o, argv[optind]);
    check_seals(argv + optind);
    if (run_file_verb(argc, argv, &o))
        return end();
    while (v < count && strcmp(verbs[v].name, argv[optind]))
        v++;
    if (v == count)
        fail("%s: unknown verb; allowed: " VERB_LIST "'simstat --help' says more", argv[optind]);
    if (argc - optind - 1 != verbs[v].files)
        fail("%s takes %d result file%s, not %d", verbs[v].name, verbs[v].files,
             verbs[v].files == 1 ? "" : "s", argc - optind - 1);
    for (int i = 0; i < verbs[v].files; i++)
        run_open(&runs[i], argv[optind + 1 + i], o.phase);
    verbs[v].run(runs, &o);
    for (int i = 0; i < verbs[v].files; i++)
        run_close(&runs[i]);
    return end();
}
