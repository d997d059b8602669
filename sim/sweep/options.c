#include "sim/sweep/options.h"

#include <getopt.h>
#include <unistd.h>

#include "sim/schema/nearest.h"
#include "sim/schema/value.h"

const char sweep_help[] =
    "usage: simrun sweep [options] SWEEP.ini\n"
    "       simrun sweep --task FILE [--index N]     (inside a batch job: see --script)\n"
    "Runs the points that SWEEP.ini describes and that are not done yet; see README.md.\n\n"
    "  -j, --jobs N               points run at a time; default: one per processor\n"
    "  -n, --dry-run              list the points and their states, run nothing\n"
    "      --retry                run failed points and those that took too long again\n"
    "      --timeout DURATION     stop a point after so much wall time (10s, 3600s)\n"
    "      --memory SIZE          address space that one point may use (4GiB)\n"
    "      --slurm                submit the points to Slurm as job arrays and wait for them;\n"
    "                             interrupted and called again it goes on with the same jobs\n"
    "      --script               write Slurm's batch scripts, submit nothing\n"
    "      --condor               write HTCondor's submit file, submit nothing\n"
    "      --sbatch OPTIONS       further options of sbatch: \"-p long --time=2:00:00\"\n"
    "      --collect              write sweep.h5 from what is there, run nothing\n"
    "  -q, --quiet                no progress, no summary\n"
    "      --help                 this text\n\n"
    "Exit status: 0 every point is done; 1 some are not; 125 a mistake in SWEEP.ini; 128 + N\n"
    "stopped by signal N: the next call goes on.\n";

enum { OPTION_RETRY = 256, OPTION_TIMEOUT, OPTION_MEMORY, OPTION_COLLECT, OPTION_SLURM,
       OPTION_SCRIPT, OPTION_CONDOR, OPTION_SBATCH, OPTION_TASK, OPTION_INDEX, OPTION_HELP };

static bool parse_value(enum key_type type, const char *min, const char *name, const char *text,
                        uint64_t *number, struct err *e)
{
    const struct key_row row = {name, type, 0, "0", min, "", ""};
    char why[VALUE_TEXT_MAX], allowed[VALUE_TEXT_MAX];
    if (value_parse(&row, text, number, why))
        return true;
    value_allowed(&row, allowed);
    return err_set(e, "%s %s: %s; allowed: %s", name, text, why, allowed);
}

static const struct option long_options[] = {
    {"jobs", required_argument, NULL, 'j'},
    {"dry-run", no_argument, NULL, 'n'},
    {"retry", no_argument, NULL, OPTION_RETRY},
    {"timeout", required_argument, NULL, OPTION_TIMEOUT},
    {"memory", required_argument, NULL, OPTION_MEMORY},
    {"collect", no_argument, NULL, OPTION_COLLECT},
    {"slurm", no_argument, NULL, OPTION_SLURM},
    {"script", no_argument, NULL, OPTION_SCRIPT},
    {"condor", no_argument, NULL, OPTION_CONDOR},
    {"sbatch", required_argument, NULL, OPTION_SBATCH},
    {"task", required_argument, NULL, OPTION_TASK},
    {"index", required_argument, NULL, OPTION_INDEX},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static bool refuse_option(const char *word, struct err *e)
{
    char hint[NEAREST_HINT_MAX];
    nearest_option_hint(word, long_options, hint);
    return err_set(e, "unknown option %s%s; try simrun sweep --help", word, hint);
}

static bool take_option(struct sweep_options *o, int option, char **argv, struct err *e)
{
    uint64_t number;
    switch (option) {
    case 'j':
        if (!parse_value(KEY_U32, "1", "--jobs", optarg, &number, e))
            return false;
        o->pool.jobs = (uint32_t)number;
        return true;
    case 'n': o->action = SWEEP_LIST; return true;
    case 'q': o->pool.quiet = true; return true;
    case OPTION_RETRY: o->pool.retry = true; return true;
    case OPTION_TIMEOUT:
        if (!parse_value(KEY_TIME, "1s", "--timeout", optarg, &number, e))
            return false;
        o->pool.timeout_seconds = number / UINT64_C(1000000000000);
        return true;
    case OPTION_MEMORY:
        return parse_value(KEY_SIZE, "64MiB", "--memory", optarg, &o->pool.memory_bytes, e);
    case OPTION_COLLECT: o->action = SWEEP_COLLECT; return true;
    case OPTION_SLURM: o->action = SWEEP_SLURM; return true;
    case OPTION_SCRIPT: o->action = SWEEP_SCRIPT; return true;
    case OPTION_CONDOR: o->action = SWEEP_CONDOR; return true;
    case OPTION_SBATCH: o->sbatch = optarg; return true;
    case OPTION_TASK: o->task = optarg; return true;
    case OPTION_INDEX: return parse_value(KEY_U64, "", "--index", optarg, &o->index, e);
    case OPTION_HELP: o->help = true; return true;
    case ':':
        return err_set(e, "option %s needs a value; try simrun sweep --help", argv[optind - 1]);
    default: return refuse_option(argv[optind - 1], e);
    }
}

bool sweep_options_parse(struct sweep_options *o, int argc, char **argv, struct err *e)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int option;
    *o = (struct sweep_options){.pool.jobs = processors > 0 ? (uint32_t)processors : 1,
                                .sbatch = "", .index = UINT64_MAX};
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":j:nq", long_options, NULL)) != -1)
        if (!take_option(o, option, argv, e))
            return false;
    if (o->help)
        return true;
    if (o->task)
        return optind == argc || err_set(e, "--task takes no SWEEP.ini");
    if (optind + 1 != argc)
        return err_set(e, "one SWEEP.ini is wanted; usage: simrun sweep [options] SWEEP.ini");
    o->file = argv[optind];
    return true;
}
