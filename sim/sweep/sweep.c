#include "sim/sweep/sweep.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/log.h"
#include "sim/schema/config.h"
#include "sim/schema/value.h"
#include "sim/sweep/point.h"
#include "sim/sweep/pool.h"
#include "sim/sweep/progress.h"

const char sweep_help[] =
    "usage: simrun sweep [options] SWEEP.ini\n"
    "Runs the points that SWEEP.ini describes and that are not done yet; see README.md.\n\n"
    "  -j, --jobs N               points run at a time; default: one per processor\n"
    "  -n, --dry-run              list the points and their states, run nothing\n"
    "      --retry                run failed points and those that took too long again\n"
    "      --timeout DURATION     stop a point after so much wall time (10s, 3600s)\n"
    "      --memory SIZE          address space that one point may use (4GiB)\n"
    "      --collect              write sweep.h5 from what is there, run nothing\n"
    "  -q, --quiet                no progress, no summary\n"
    "      --help                 this text\n\n"
    "Exit status: 0 every point is done; 1 some are not; 125 a mistake in SWEEP.ini; 128 + N\n"
    "stopped by signal N: the next call goes on.\n";

enum { OPTION_RETRY = 256, OPTION_TIMEOUT, OPTION_MEMORY, OPTION_COLLECT, OPTION_HELP };
enum { SOME_NOT_DONE = 1, LIST_MAX = 10 };

struct sweep_options {
    struct pool_options pool;
    const char *file;
    bool dry_run, collect, help;
};

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

static bool take_option(struct sweep_options *o, int option, char **argv, struct err *e)
{
    uint64_t number;
    switch (option) {
    case 'j':
        if (!parse_value(KEY_U32, "1", "--jobs", optarg, &number, e))
            return false;
        o->pool.jobs = (uint32_t)number;
        return true;
    case 'n': o->dry_run = true; return true;
    case 'q': o->pool.quiet = true; return true;
    case OPTION_RETRY: o->pool.retry = true; return true;
    case OPTION_TIMEOUT:
        if (!parse_value(KEY_TIME, "1s", "--timeout", optarg, &number, e))
            return false;
        o->pool.timeout_seconds = number / UINT64_C(1000000000000);
        return true;
    case OPTION_MEMORY:
        return parse_value(KEY_SIZE, "64MiB", "--memory", optarg, &o->pool.memory_bytes, e);
    case OPTION_COLLECT: o->collect = true; return true;
    case OPTION_HELP: o->help = true; return true;
    case ':':
        return err_set(e, "option %s needs a value; try simrun sweep --help", argv[optind - 1]);
    default:
        return err_set(e, "unknown option %s; try simrun sweep --help", argv[optind - 1]);
    }
}

static bool parse_options(struct sweep_options *o, int argc, char **argv, struct err *e)
{
    static const struct option names[] = {
        {"jobs", required_argument, NULL, 'j'},
        {"dry-run", no_argument, NULL, 'n'},
        {"retry", no_argument, NULL, OPTION_RETRY},
        {"timeout", required_argument, NULL, OPTION_TIMEOUT},
        {"memory", required_argument, NULL, OPTION_MEMORY},
        {"collect", no_argument, NULL, OPTION_COLLECT},
        {"quiet", no_argument, NULL, 'q'},
        {"help", no_argument, NULL, OPTION_HELP},
        {NULL, 0, NULL, 0}};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int option;
    *o = (struct sweep_options){.pool.jobs = processors > 0 ? (uint32_t)processors : 1};
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":j:nq", names, NULL)) != -1)
        if (!take_option(o, option, argv, e))
            return false;
    if (o->help)
        return true;
    if (optind + 1 != argc)
        return err_set(e, "one SWEEP.ini is wanted; usage: simrun sweep [options] SWEEP.ini");
    o->file = argv[optind];
    return true;
}

/* The value of one axis as the resolved configuration has it: what the machine does not bind, it
 * has refused already. */
static void keep_value(struct point_value *v, const struct config *c, const struct axis *a)
{
    for (uint32_t n = 0; n < config_count(c); n++) {
        struct config_entry entry = config_get(c, n);
        if (strcmp(entry.section, a->section) || strcmp(entry.key, a->key))
            continue;
        *v = (struct point_value){xstrdup(entry.value), entry.unit, entry.number};
        return;
    }
    *v = (struct point_value){xstrdup(""), "", 0};
}

static struct config *configure(const struct sweep *s, const struct combination *c,
                                const struct sweep_env *env, struct err *e)
{
    const struct plan *plan = &s->plan;
    struct config *config = config_create(env->sections);
    struct setting *settings = xcalloc(plan_settings_max(plan) + 1, sizeof *settings);
    uint32_t count = plan_settings(plan, c, settings);
    bool ok = config_load(config, plan->config, e);
    for (uint32_t n = 0; ok && n < count; n++) {
        char *origin = xasprintf("%s:%u", plan->path, settings[n].line);
        ok = config_set(config, settings[n].section, settings[n].key, settings[n].value, origin, e);
        free(origin);
    }
    free(settings);
    if (ok)
        return config;
    config_destroy(config);
    return NULL;
}

static struct point *find_point(struct sweep *s, const char *id)
{
    for (uint32_t n = 0; n < s->point_count; n++)
        if (!strcmp(s->points[n].id, id))
            return &s->points[n];
    return NULL;
}

/* Whether the point's directory tells its configuration, so that it can be run there. */
static bool write_config(const struct point *p, const struct config *config, struct err *e)
{
    char *text = config_text(config), *path = xasprintf("%s/config.ini", p->folder);
    bool ok = true;
    if (access(path, F_OK))
        ok = point_prepare(p, e) && point_write(p, "config.ini", text, e);
    free(path);
    free(text);
    return ok;
}

static bool add_point(struct sweep *s, const struct combination *c, const struct sweep_env *env,
                      bool write, struct err *e)
{
    struct point *p = &s->points[s->point_count];
    struct config *config = configure(s, c, env, e);
    if (!config)
        return false;
    bool ok = env->resolve(config, s->plan.keys.inputs, p->id, e);
    if (ok && find_point(s, p->id)) {
        s->duplicates++;
    } else if (ok) {
        p->combination = *c;
        p->folder = xasprintf("%s/points/%s", s->plan.directory, p->id);
        for (uint32_t n = 0; n < s->plan.axis_count; n++)
            keep_value(&s->values[(size_t)s->point_count * s->plan.axis_count + n], config,
                       &s->plan.axes[n]);
        s->point_count++;
        ok = !write || write_config(p, config, e);
    }
    config_destroy(config);
    return ok;
}

/* Every point is built once before the first is run: a mistake in the last one is seen now. */
static bool prepare(struct sweep *s, const struct sweep_options *o, const struct sweep_env *env,
                    struct err *e)
{
    if (!plan_read(&s->plan, o->file, e) ||
        !plan_expand(&s->plan, &s->combinations, &s->combination_count, e))
        return false;
    s->points = xcalloc(s->combination_count, sizeof *s->points);
    s->values = xcalloc((uint64_t)s->combination_count * (s->plan.axis_count + 1),
                        sizeof *s->values);
    for (uint32_t n = 0; n < s->combination_count; n++)
        if (!add_point(s, &s->combinations[n], env, !o->dry_run, e))
            return false;
    for (uint32_t n = 0; n < s->point_count; n++)
        point_look(&s->points[n], env);
    return true;
}

static void sweep_free(struct sweep *s)
{
    for (uint32_t n = 0; n < s->point_count; n++) {
        free(s->points[n].folder);
        free(s->points[n].reason);
        for (uint32_t a = 0; a < s->plan.axis_count; a++)
            free(s->values[(size_t)n * s->plan.axis_count + a].text);
    }
    free(s->values);
    free(s->points);
    combinations_free(s->combinations, s->combination_count);
    plan_free(&s->plan);
}

static void print_counts(const struct sweep *s)
{
    uint32_t counts[POINT_STATE_COUNT];
    pool_count(s, counts);
    log_line("%u point%s in %s%s", s->point_count, s->point_count == 1 ? "" : "s",
             s->plan.directory, s->duplicates ? " (duplicates counted once)" : "");
    for (uint32_t n = 0; n < POINT_STATE_COUNT; n++)
        if (counts[n])
            log_line("  %-10s%8u", point_state_words[n], counts[n]);
}

/* What a person has to look at. */
static void print_bad(const struct sweep *s)
{
    uint32_t listed = 0;
    for (uint32_t n = 0; n < s->point_count; n++) {
        const struct point *p = &s->points[n];
        if (p->state != POINT_FAILED && p->state != POINT_KILLED && p->state != POINT_TIMEOUT)
            continue;
        if (listed++ == LIST_MAX) {
            log_line("  ... and more; `simrun sweep --dry-run` lists all");
            return;
        }
        char *name = sweep_point_name(s, p);
        log_line("  %s %s: %s%s%s", p->folder, name, point_state_words[p->state],
                 p->reason ? ": " : "", p->reason ? p->reason : "");
        free(name);
    }
}

/* Figures for planning come from points that are done. */
static int list_points(const struct sweep *s)
{
    for (uint32_t n = 0; n < s->point_count; n++) {
        char *name = sweep_point_name(s, &s->points[n]);
        printf("%s  %-10s%s\n", s->points[n].id, point_state_words[s->points[n].state], name);
        free(name);
    }
    fflush(stdout);
    print_counts(s);
    return 0;
}

static int exit_status_of(const struct sweep *s)
{
    uint32_t counts[POINT_STATE_COUNT];
    pool_count(s, counts);
    return counts[POINT_COMPLETE] + counts[POINT_LIMIT] == s->point_count ? 0 : SOME_NOT_DONE;
}

static bool collect(const struct sweep *s, const struct sweep_env *env, bool quiet, struct err *e)
{
    char *path = xasprintf("%s/sweep.h5", s->plan.directory);
    bool ok = env->collect(s, path, e);
    if (ok && !quiet)
        log_line("table of all points: %s", path);
    free(path);
    return ok;
}

static int run(struct sweep *s, const struct sweep_options *o, const struct sweep_env *env,
               struct err *e)
{
    int signalled = 0;
    struct pool_options options = o->pool;
    if (!options.timeout_seconds)
        options.timeout_seconds = s->plan.keys.timeout / UINT64_C(1000000000000);
    if (!options.memory_bytes)
        options.memory_bytes = s->plan.keys.memory;
    if (!o->collect && !pool_run(s, env, &options, &signalled, e))
        return 0;
    if (!o->pool.quiet) {
        print_counts(s);
        print_bad(s);
    }
    if (!collect(s, env, o->pool.quiet, e))
        return 0;
    return signalled ? 128 + signalled : exit_status_of(s);
}

int sweep_main(int argc, char **argv, const struct sweep_env *env, struct err *e)
{
    struct sweep_options o;
    struct sweep s = {0};
    int status = 0;
    if (!parse_options(&o, argc, argv, e))
        return e->status;
    if (o.help) {
        fputs(sweep_help, stdout);
        return 0;
    }
    if (prepare(&s, &o, env, e))
        status = o.dry_run ? list_points(&s) : run(&s, &o, env, e);
    sweep_free(&s);
    return e->status ? e->status : status;
}
