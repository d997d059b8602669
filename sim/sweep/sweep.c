#include "sim/sweep/sweep.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/log.h"
#include "sim/schema/config.h"
#include "sim/sweep/batch.h"
#include "sim/sweep/options.h"
#include "sim/sweep/point.h"
#include "sim/sweep/pool.h"
#include "sim/sweep/progress.h"

/* The value of one axis as the resolved configuration has it: what the machine does not bind, it
 * has refused already. */
static void keep_value(struct point_value *v, const struct config *c, const struct axis *a,
                       uint32_t level)
{
    if (axis_is_machines(a)) {
        *v = (struct point_value){xstrdup(a->values[level]), "", 0};
        return;
    }
    for (uint32_t n = 0; n < config_count(c); n++) {
        struct config_entry entry = config_get(c, n);
        if (strcmp(entry.section, a->section) || strcmp(entry.key, a->key))
            continue;
        *v = (struct point_value){xstrdup(entry.value), entry.unit, entry.number};
        return;
    }
    *v = (struct point_value){xstrdup(""), "", 0};
}

static bool load_machine(struct config *config, const struct plan *p, const struct combination *c,
                         struct err *e)
{
    char *path = plan_config(p, c);
    bool ok = !access(path, R_OK) ||
              config_error(p->own, "sweep", "config", e, "%s: %s", path, strerror(errno));
    ok = ok && config_load(config, path, e);
    free(path);
    return ok;
}

static struct config *configure(const struct sweep *s, const struct combination *c,
                                const struct sweep_env *env, struct err *e)
{
    const struct plan *plan = &s->plan;
    struct config *config = config_create(env->sections);
    struct setting *settings = xcalloc(plan_settings_max(plan) + 1, sizeof *settings);
    uint32_t count = plan_settings(plan, c, settings);
    bool ok = load_machine(config, plan, c, e);
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
                       &s->plan.axes[n], c->levels[n]);
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
        if (!add_point(s, &s->combinations[n], env, o->action != SWEEP_LIST, e))
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

enum { SOME_NOT_DONE = 1, LIST_MAX = 10 };

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
        bool is_bad = p->state == POINT_FAILED || p->state == POINT_KILLED ||
                      p->state == POINT_TIMEOUT || (p->state == POINT_QUEUED && p->reason);
        if (!is_bad)
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

/* A program that failed, for lack of an input say, has ended by itself all the same. */
static void print_exits(const struct sweep *s)
{
    const struct point *first = NULL;
    uint32_t count = 0;
    for (uint32_t n = 0; n < s->point_count; n++)
        if (s->points[n].state == POINT_COMPLETE && s->points[n].exit_status) {
            first = first ? first : &s->points[n];
            count++;
        }
    if (!first)
        return;
    char *name = sweep_point_name(s, first);
    log_warn("exit status of the program other than 0 in %u point%s, such as %u in %s (%s); see "
             "its stderr there", count, count == 1 ? "" : "s", first->exit_status, first->folder,
             name);
    free(name);
}

/* What the rest will cost, by the points that are done. */
static void print_estimate(const struct sweep *s, uint32_t jobs)
{
    double seconds = 0, bytes = 0, done = 0, left = 0;
    char time[40];
    for (uint32_t n = 0; n < s->point_count; n++) {
        const struct point *p = &s->points[n];
        bool counts = p->state == POINT_COMPLETE || p->state == POINT_LIMIT;
        seconds += counts ? p->host_seconds : 0;
        bytes += counts ? (double)p->bytes : 0;
        done += counts;
        left += !counts;
    }
    if (!(left > 0))
        return;
    if (!(done > 0)) {
        log_line("time and disk: not known before a point is done");
        return;
    }
    sweep_duration(time, sizeof time, seconds / done * left / jobs);
    log_line("the rest: about %s on %u worker%s and %.1f MiB, by the %.0f that are done", time,
             jobs, jobs == 1 ? "" : "s", bytes / done * left / (1 << 20), done);
}

static int list_points(const struct sweep *s, uint32_t jobs)
{
    for (uint32_t n = 0; n < s->point_count; n++) {
        char *name = sweep_point_name(s, &s->points[n]);
        printf("%s  %-10s%s\n", s->points[n].id, point_state_words[s->points[n].state], name);
        free(name);
    }
    fflush(stdout);
    print_counts(s);
    print_estimate(s, jobs);
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
    if (o->action == SWEEP_RUN && !pool_run(s, env, &options, &signalled, e))
        return 0;
    if (o->action == SWEEP_SLURM && !batch_slurm(s, env, o, &signalled, e))
        return 0;
    if (!o->pool.quiet) {
        print_counts(s);
        print_bad(s);
        print_exits(s);
        if (signalled)
            log_line("stopped by signal %d; the same command goes on", signalled);
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
    if (!sweep_options_parse(&o, argc, argv, e))
        return e->status;
    if (o.help) {
        fputs(sweep_help, stdout);
        return 0;
    }
    if (o.task)
        return batch_task(&o, env, e);
    if (prepare(&s, &o, env, e))
        status = o.action == SWEEP_LIST     ? list_points(&s, o.pool.jobs)
                 : o.action == SWEEP_SCRIPT ? batch_script(&s, &o, e)
                 : o.action == SWEEP_CONDOR ? batch_condor(&s, &o, e)
                                            : run(&s, &o, env, e);
    sweep_free(&s);
    return e->status ? e->status : status;
}
