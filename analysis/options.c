#include "analysis/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* letter, name, argument ("": none), verbs that look at it, meaning */
#define OPTIONS(X)                                                                                 \
    X('p', "phase", "NAME", "summary cpi branches loads compare histograms export report",         \
      "figures of one phase; default: all phases together")                                        \
    X('c', "core", "N", "summary cpi intervals fit tail",                                          \
      "one core; default: every core (tail: core 0)")                                              \
    X('F', "functions", "", "cpi", "by function (of a run with output.functions = yes)")           \
    X('L', "lines", "", "cpi", "by source line, of a program with debug information")              \
    X('k', "columns", "A,B,...", "intervals fit histograms",                                       \
      "these columns (ipc is computed), events or histograms;\n"                                   \
      "default: ipc, misses and mispredicts; histograms: a line each")                             \
    X('v', "csv", "", "cpi branches loads fit histograms intervals phases belady sweep tail",      \
      "comma separated values")                                                                    \
    X('H', "histograms", "", "summary", "a line for each histogram as well")                       \
    X('N', "non-negative", "", "fit", "least squares with costs of 0 or more")                     \
    X('m', "min", "PERCENT", "compare", "leave out smaller changes")                               \
    X('a', "all", "", "cpi branches loads compare histograms intervals phases sweep",              \
      "also what is small or the same; bins of all histograms;\n"                                  \
      "all columns; each interval (phases: with --csv); each point")                               \
    X('t', "format", "FORMAT", "export",                                                           \
      "konata, perfetto, csv, champsim, requests, callgrind, flame")                               \
    X('r', "first", "ROW", "export report", "from this instruction on")                            \
    X('y', "cycle", "N", "export report", "from near this cycle on")                               \
    X('n', "count", "N", "export report", "so many")                                               \
    X('o', "output", "FILE", "export report phases",                                               \
      "to this file; default: standard output; phases: the intervals\n"                            \
      "that stand for the others, for simrun's sample.points; also -o FILE")                   \
    X('M', "most", "N", "phases", "at most so many phases; default: 10")                           \
    X('P', "phases", "N", "phases", "exactly so many")                                             \
    X('S', "seed", "N", "phases", "of projection and k-means; default: 1")                         \
    X('f', "metric", "FIGURE", "sweep report",                                                     \
      "ipc, cpi (default), a statistic, or a ratio A/B of two")                                    \
    X('q', "pareto", "A,B", "sweep", "points that no other beats in both figures")                 \
    X('h', "help", "", "", "this text")

static const struct row {
    int letter;
    const char *name, *argument, *verbs, *text;
} rows[] = {
#define ROW(letter, name, argument, verbs, text) {letter, name, argument, verbs, text},
    OPTIONS(ROW)
#undef ROW
};
enum { ROWS = sizeof rows / sizeof *rows };
_Static_assert((size_t)ROWS <= OPTIONS_MAX, "each has a place");

void options_print_help(void)
{
    for (const struct row *row = rows; row < rows + ROWS; row++) {
        char head[60];
        snprintf(head, sizeof head, "--%s%s%s", row->name, *row->argument ? " " : "",
                 row->argument);
        printf("  %-18s", head);
        for (const char *at = row->text; *at; at += *at == '\n') {
            int length = (int)strcspn(at, "\n");
            printf("%*s%.*s\n", at == row->text ? 1 : 21, "", length, at);
            at += length;
        }
        if (*row->verbs)
            printf("%21s(%s)\n", "", row->verbs);
    }
}

static int parse_core(const char *text)
{
    char *end;
    long core = strtol(text, &end, 10);
    if (end == text || *end || core < 0 || core > 65535)
        fail("--core %s: not the number of a core; allowed: 0 to 65535", text);
    return (int)core;
}

static double parse_percent(const char *text)
{
    char *end;
    double percent = strtod(text, &end);
    if (end == text || (*end && strcmp(end, "%")) || !(percent >= 0))
        fail("--min %s: not a percentage; write 0.5 or 2", text);
    return percent;
}

/* Where the text of an option goes; NULL when it is not kept as a text. */
static const char **text_of(struct options *o, int letter)
{
    switch (letter) {
    case 'p': return &o->phase;
    case 'k': return &o->columns;
    case 'f': return &o->metric;
    case 'q': return &o->pareto;
    case 't': return &o->format;
    case 'r': return &o->first;
    case 'y': return &o->cycle;
    case 'n': return &o->count;
    case 'o': return &o->output;
    case 'M': return &o->most;
    case 'P': return &o->clusters;
    case 'S': return &o->seed;
    default: return NULL;
    }
}

static void take_option(struct options *o, int letter)
{
    const char **text = text_of(o, letter);
    if (text)
        *text = optarg;
    switch (letter) {
    case 'c': o->core = parse_core(optarg); break;
    case 'm': o->min_percent = parse_percent(optarg); break;
    case 'v': o->csv = true; break;
    case 'a': o->all = true; break;
    case 'N': o->non_negative = true; break;
    case 'H': o->histograms = true; break;
    case 'F': o->places = "functions"; break;
    case 'L': o->places = "lines"; break;
    case 'h': o->help = true; break;
    default: break;
    }
    for (size_t n = 0; n < ROWS; n++)
        o->given[n] = o->given[n] || rows[n].letter == letter;
}

/* Names between commas. */
static void check_columns(const char *list)
{
    size_t length = strlen(list);
    if (!length || *list == ',' || list[length - 1] == ',' || strstr(list, ",,"))
        fail("--columns %s: a name is missing; write A,B,...", length ? list : "''");
}

struct options options_parse(int argc, char **argv)
{
    struct option names[ROWS + 1] = {{NULL, 0, NULL, 0}};
    struct options o = {.core = -1};
    int letter;
    for (size_t n = 0; n < ROWS; n++)
        names[n] = (struct option){rows[n].name,
                                   *rows[n].argument ? required_argument : no_argument, NULL,
                                   rows[n].letter};
    opterr = 0;
    while ((letter = getopt_long(argc, argv, ":ho:", names, NULL)) != -1) {
        if (letter == ':' || letter == '?')
            fail(letter == ':' ? "%s: the value is missing; 'simstat --help' lists the options"
                               : "%s: unknown option; 'simstat --help' lists them",
                 argv[optind - 1]);
        take_option(&o, letter);
    }
    if (o.columns)
        check_columns(o.columns);
    return o;
}

static bool is_for(const char *verbs, const char *verb)
{
    size_t length = strlen(verb);
    for (const char *at = verbs; *at; at += strcspn(at, " ") + (at[strcspn(at, " ")] != 0))
        if (strcspn(at, " ") == length && !strncmp(at, verb, length))
            return true;
    return false;
}

void options_check(const struct options *o, const char *verb)
{
    for (size_t n = 0; n < ROWS; n++)
        if (o->given[n] && !is_for(rows[n].verbs, verb))
            fail("%s takes no --%s: that is for %s; 'simstat --help' says more", verb,
                 rows[n].name, rows[n].verbs);
}
