#include "sim/record.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/base/log.h"
#include "sim/bbv.h"
#include "sim/record_impl.h"
#include "sim/trace.h"

enum result_status record_status(const struct record *r)
{
    return r->end == MACHINE_EXITED  ? RESULT_COMPLETE
           : r->end == MACHINE_LIMIT ? RESULT_LIMIT
           : r->end == MACHINE_HUNG  ? RESULT_FAILED
                                     : RESULT_KILLED;
}

struct record *record_create(const struct record_setup *setup, struct err *e)
{
    struct record *r = xcalloc(1, sizeof *r);
    r->setup = *setup;
    if (setup->path && !(r->file = result_open(setup->path, setup->force, e))) {
        free(r);
        return NULL;
    }
    return r;
}

void record_destroy(struct record *r)
{
    result_abandon(r->file);
    trace_destroy(r->trace);
    for (uint32_t n = 0; n < r->phase_count; n++) {
        free(r->phases[n].name);
        free(r->phases[n].start);
        free(r->phases[n].end);
        free(r->phases[n].hists.start);
        free(r->phases[n].hists.end);
    }
    free(r->phases);
    free(r);
}

/* What every interval records, where the machine counts it; and the CPI stack. */
static const char *const wanted[] = {
    "core.instructions", "core.cycles", "bpred.branches", "bpred.mispredicts",
    "l1i.accesses", "l1i.misses", "l1d.accesses", "l1d.misses", "l2.accesses", "l2.misses",
    "l3.accesses", "l3.misses", "itlb.misses", "dtlb.misses", "tlb.misses", "mem.reads",
    "mem.writes"};

/* With several cores the number stands behind the first part of a name. */
static bool is_counted(const struct stats *s, const char *name)
{
    int first = (int)strcspn(name, ".");
    char *numbered = xasprintf("%.*s.0%s", first, name, name + first);
    bool found = stats_find(s, name) >= 0 || stats_find(s, numbered) >= 0;
    free(numbered);
    return found;
}

bool record_is_cpi(const struct stat_info *i)
{
    return !strcmp(i->component, "cpi") || !strcmp(i->component, "cpi.0");
}

/* `kept` gets those of the names that have to be freed, as many as names. */
static uint32_t choose_columns(const struct stats *s, const char **names, char **kept)
{
    uint32_t count = 0;
    for (size_t n = 0; n < ARRAY_LEN(wanted); n++)
        if (is_counted(s, wanted[n]))
            names[count++] = wanted[n];
    for (uint32_t n = 0; n < stats_count(s); n++) {
        struct stat_info info = stats_get(s, n);
        if (record_is_cpi(&info))
            names[count] = kept[count] = xasprintf("cpi.%s", info.name), count++;
    }
    return count;
}

static bool attach_intervals(struct record *r, struct err *e)
{
    struct stats *s = machine_stats(r->machine);
    uint64_t room = stats_count(s) + ARRAY_LEN(wanted);
    const char **names = xcalloc(room, sizeof *names);
    char **kept = xcalloc(room, sizeof *kept);
    uint32_t count = choose_columns(s, names, kept);
    bool ok = result_intervals(r->file, s, names, count, machine_core_count(r->machine), e);
    for (uint32_t n = 0; n < count; n++)
        free(kept[n]);
    free(kept);
    free(names);
    return ok;
}

static bool can_do_without_file(const struct machine *m, const struct config *config,
                                struct err *e)
{
    static const char why[] = "there is no file to record in (-o none)";
    const struct trace_keys *keys = machine_trace_keys(m);
    return (!machine_bbv(m) || config_error(config, "output", "bbv", e, "%s", why)) &&
           (!keys->instructions || config_error(config, "trace", "instructions", e, "%s", why)) &&
           (!keys->memory || config_error(config, "trace", "memory", e, "%s", why));
}

bool record_attach(struct record *r, struct machine *m, const struct config *config, struct err *e)
{
    r->machine = m;
    r->config = config;
    clock_gettime(CLOCK_MONOTONIC, &r->started);
    if (!r->file)
        return can_do_without_file(m, config, e);
    result_config(r->file, config);
    result_arguments(r->file, machine_arguments(m));
    if (machine_bbv(m))
        bbv_attach(machine_bbv(m), r->file);
    r->trace = trace_create(m, r->file, e);
    if (!r->trace)
        return false;
    return !machine_output_keys(m)->interval || attach_intervals(r, e);
}

void record_retired(struct record *r, const struct retirement *retirement)
{
    if (r->trace)
        trace_retired(r->trace, retirement);
}

void record_squashed(struct record *r, const struct retirement *squashed)
{
    if (r->trace)
        trace_squashed(r->trace, squashed);
}

static void snapshot(struct record *r, uint64_t **stats, uint64_t **hists)
{
    struct stats *s = machine_stats(r->machine);
    *stats = xcalloc(stats_count(s), sizeof **stats);
    *hists = xcalloc(stats_hist_room(s) + 1, sizeof **hists);
    machine_update_stats(r->machine);
    stats_snapshot(s, *stats);
    stats_snapshot_hists(s, *hists);
}

static void end_phase(struct record *r)
{
    struct run_phase *p = &r->phases[r->phase_count - 1];
    machine_end_phase(r->machine);
    p->end_instruction = machine_instructions(r->machine);
    p->end_cycle = machine_cycles(r->machine);
    snapshot(r, &p->end, &p->hists.end);
}

void record_phase(struct record *r, const char *name)
{
    if (r->phase_count)
        end_phase(r);
    r->phases = xrealloc(r->phases, (r->phase_count + UINT64_C(1)) * sizeof *r->phases);
    r->phases[r->phase_count++] = (struct run_phase){
        .name = xstrdup(name),
        .start_instruction = machine_instructions(r->machine),
        .start_cycle = machine_cycles(r->machine),
    };
    struct run_phase *p = &r->phases[r->phase_count - 1];
    snapshot(r, &p->start, &p->hists.start);
}

void record_interval(struct record *r)
{
    machine_update_stats(r->machine);
    if (r->file)
        result_interval(r->file);
}

/* False with the first broken law in *e. */
static bool check_laws(struct record *r, struct err *e)
{
    struct stats *s = machine_stats(r->machine);
    const uint64_t *values = r->phases[r->phase_count - 1].end;
    for (uint32_t n = 0; n < stats_law_count(s); n++) {
        struct law_info law = stats_law_check(s, n, values);
        if (!law.held)
            return err_set_status(e, EXIT_INTERNAL,
                                  "internal error: broken law: %s: %s = %" PRId64 ", %s = %" PRId64,
                                  law.name, law.left, law.left_value, law.right, law.right_value);
    }
    return true;
}

/* A figure of warm-up, or of nothing, is easily taken for one of the program. */
static void warn_of_no_measurement(const struct record *r)
{
    const char *last = r->phases[r->phase_count - 1].name;
    if (!strcmp(last, "fast_forward") || !strcmp(last, "warmup"))
        log_warn("the run ended in its %s: nothing was measured", last);
}

bool record_finish(struct record *r, enum machine_end end, struct err *e)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    r->host_seconds = (double)(now.tv_sec - r->started.tv_sec) +
                      (double)(now.tv_nsec - r->started.tv_nsec) / 1e9;
    r->end = end;
    end_phase(r);
    warn_of_no_measurement(r);
    bool lawful = end == MACHINE_HUNG || check_laws(r, e); /* cut off anywhere, need not hold */
    if (!r->file)
        return lawful;
    if (machine_output_keys(r->machine)->interval)
        record_interval(r); /* what is left over */
    trace_end(r->trace);
    if (machine_bbv(r->machine))
        bbv_write(machine_bbv(r->machine));
    record_write(r);
    struct result *file = r->file;
    r->file = NULL; /* closing frees it, whatever happens */
    return result_close(file, lawful ? record_status(r) : RESULT_FAILED, e) && lawful;
}
