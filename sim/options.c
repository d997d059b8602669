#include "sim/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/schema/nearest.h"
#include "sim/verbs.h"

#define OPTION_FORCE      1000
#define OPTION_MAX_INSTS  1001
#define OPTION_VERSION    1002
#define OPTION_GDB        1003

const char options_help[] =
    "usage: simrun [options] CONFIG.ini [-- PROGRAM [ARG...]]\n"
    "       simrun check [--bare] [--isa VERSION] PROGRAM\n"
    "       simrun explain [SECTION[.KEY] | KEY]\n"
    "       simrun sweep SWEEP.ini      (simrun sweep --help)\n"
    "       simrun verify RESULT.h5\n"
    "\n"
    "Runs a PowerPC Linux program on the machine that CONFIG.ini describes (with system.kind =\n"
    "bare: a program in supervisor state, without an operating system). The program's standard\n"
    "input, output and error are simrun's; simrun's own lines go to standard error.\n"
    "\n"
    "  -o, --output FILE          result file (HDF5); `none`: no file; default: CONFIG's name\n"
    "  -s, --set SECTION.KEY=VALUE  override one key; may be repeated\n"
    "  -m, --mode MODE            timing (every cycle) or functional (the instruction set alone)\n"
    "      --max-insts N          end after N instructions (500K, 10M, 2G)\n"
    "      --gdb PORT             wait for gdb on this port of 127.0.0.1 (0: any free one)\n"
    "      --force                overwrite an existing result file\n"
    "  -q, --quiet                no progress, no summary\n"
    "  -h, --help                 this text\n"
    "      --version              version of the program and of its models\n"
    "\n"
    "`simrun check` tells without running it what PROGRAM (--bare: in supervisor state) needs\n"
    "that is not implemented; exit status 0: nothing, 1: something. `simrun explain` prints\n"
    "every key that a CONFIG.ini may set, `simrun explain sweep` those of a sweep.\n"
    "\n"
    "exit status: the program's own, or 128+N when signal N ended it; 124 when a limit of the\n"
    "configuration ended the run; 125 for a mistake in configuration or files; 126 when PROGRAM\n"
    "cannot be run; 70 for an internal error.\n";

static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"set", required_argument, NULL, 's'},
    {"mode", required_argument, NULL, 'm'},
    {"max-insts", required_argument, NULL, OPTION_MAX_INSTS},
    {"gdb", required_argument, NULL, OPTION_GDB},
    {"force", no_argument, NULL, OPTION_FORCE},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

/* Everything behind `--` is the program's; returns how many words are ours. */
static int cut_arguments(struct options *o, int argc, char **argv)
{
    for (int n = 1; n < argc; n++)
        if (!strcmp(argv[n], "--")) {
            if (n + 1 < argc)
                o->arguments = (const char **)(argv + n + 1);
            return n;
        }
    return argc;
}

static bool take_port(struct options *o, const char *text, struct err *e)
{
    char *end;
    unsigned long port = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || port > UINT16_MAX)
        return err_set(e, "--gdb %s: not a port; 0 (any free one) to 65535", text);
    o->gdb_port = (int32_t)port;
    return true;
}

static bool refuse_option(const char *word, struct err *e)
{
    char hint[NEAREST_HINT_MAX];
    nearest_option_hint(word, long_options, hint);
    return err_set(e, "unknown option %s%s; try simrun --help", word, hint);
}

static bool take_option(struct options *o, int option, char **argv, size_t *overrides,
                        struct err *e)
{
    switch (option) {
    case 'o': o->output = optarg; return true;
    case 's': o->overrides[(*overrides)++] = xstrdup(optarg); return true;
    case 'm': o->overrides[(*overrides)++] = xasprintf("system.mode=%s", optarg); return true;
    case OPTION_MAX_INSTS:
        o->overrides[(*overrides)++] = xasprintf("system.max_instructions=%s", optarg);
        return true;
    case OPTION_GDB: return take_port(o, optarg, e);
    case OPTION_FORCE: o->force = true; return true;
    case 'q': o->quiet = true; return true;
    case 'h': o->help = true; return true;
    case OPTION_VERSION: o->version = true; return true;
    case ':': return err_set(e, "option %s needs a value; try simrun --help", argv[optind - 1]);
    default: return refuse_option(argv[optind - 1], e);
    }
}

bool options_parse(struct options *o, int argc, char **argv, struct err *e)
{
    int option, ours;
    size_t overrides = 0;
    *o = (struct options){.gdb_port = -1};
    o->overrides = xcalloc((uint64_t)argc + 1, sizeof *o->overrides);
    ours = cut_arguments(o, argc, argv);
    opterr = 0;
    while ((option = getopt_long(ours, argv, ":o:s:m:qh", long_options, NULL)) != -1)
        if (!take_option(o, option, argv, &overrides, e))
            return false;
    if (o->help || o->version)
        return true;
    if (optind < ours && verb_is(argv[optind]))
        return err_set(e, "%s: a verb comes first, its options after it: simrun %s ...; a "
                          "configuration of that name is ./%s", argv[optind], argv[optind],
                       argv[optind]);
    if (optind == ours)
        return err_set(e, "no configuration; usage: simrun [options] CONFIG.ini [-- PROGRAM "
                          "[ARG...]]");
    if (optind + 1 < ours)
        return err_set(e, "one CONFIG.ini only, but there is also '%s'; the program and its "
                          "arguments come after --", argv[optind + 1]);
    o->config = argv[optind];
    return true;
}

void options_destroy(struct options *o)
{
    for (char **s = o->overrides; *s; s++)
        free(*s);
    free(o->overrides);
}
