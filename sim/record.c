#include "sim/record.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "git_commit.h" /* generated: GIT_COMMIT */
#include "sim/base/bits.h"
#include "sim/base/log.h"
#include "sim/base/version.h"
#include "sim/bbv.h"
#include "sim/identity.h"
#include "sim/places.h"
#include "sim/points.h"
#include "sim/sites.h"
#include "sim/streams.h"
#include "sim/trace.h"

struct run_phase {
    char *name;
    uint64_t start_instruction, end_instruction, start_cycle, end_cycle;
    uint64_t *start, *end; /* snapshots of all statistics */
    struct {
        uint64_t *start, *end;
    } hists; /* and of histograms */
};

struct record {
    struct record_setup setup;
    struct result *file; /* NULL: none wanted */
    struct machine *machine;
    struct trace *trace;      /* NULL: no file to record in */
    const struct config *config;
    struct run_phase *phases;
    uint32_t phase_count;
    enum machine_end end;
    struct timespec started;
    double host_seconds;
};

static const char *const status_names[] = {
#define STATUS(name, text) text,
    RESULT_STATUSES(STATUS)
#undef STATUS
};

static enum result_status status_of(enum machine_end end)
{
    return end == MACHINE_EXITED ? RESULT_COMPLETE
           : end == MACHINE_LIMIT ? RESULT_LIMIT
           : end == MACHINE_HUNG ? RESULT_FAILED
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

/* With several cores the number stands behind the first part of a name. */
static bool is_counted(const struct stats *s, const char *name)
{
    int first = (int)strcspn(name, ".");
    char *numbered = xasprintf("%.*s.0%s", first, name, name + first);
    bool found = stats_find(s, name) >= 0 || stats_find(s, numbered) >= 0;
    free(numbered);
    return found;
}

static bool is_cpi(const struct stat_info *i)
{
    return !strcmp(i->component, "cpi") || !strcmp(i->component, "cpi.0");
}

/* What every interval records; names that this machine does not count are left out. `kept` gets
 * those that have to be freed, as many as names. */
static uint32_t choose_columns(const struct stats *s, const char **names, char **kept)
{
    static const char *const wanted[] = {
        "core.instructions", "core.cycles", "bpred.branches", "bpred.mispredicts",
        "l1i.accesses", "l1i.misses", "l1d.accesses", "l1d.misses", "l2.accesses", "l2.misses",
        "l3.accesses", "l3.misses", "itlb.misses", "dtlb.misses", "tlb.misses", "mem.reads",
        "mem.writes"};
    uint32_t count = 0;
    for (size_t n = 0; n < ARRAY_LEN(wanted); n++)
        if (is_counted(s, wanted[n]))
            names[count++] = wanted[n];
    for (uint32_t n = 0; n < stats_count(s); n++) {
        struct stat_info info = stats_get(s, n);
        if (is_cpi(&info))
            names[count] = kept[count] = xasprintf("cpi.%s", info.name), count++;
    }
    return count;
}

static bool attach_intervals(struct record *r, struct err *e)
{
    struct stats *s = machine_stats(r->machine);
    uint64_t room = stats_count(s) + UINT64_C(32);
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
    static const char why[] = "there is no file to record in";
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

static void identify(struct record *r)
{
    struct identity i;
    struct err none = {0};
    identity_find(&i, r->config, machine_named_path(r->machine), machine_arguments(r->machine),
                  "", &none);
    result_identity(r->file, MODEL_VERSION, i.id);
    result_meta_text(r->file, "program_sha256", i.program, "SHA-256 of the program's file");
    result_meta_text(r->file, "config_sha256", i.config, "SHA-256 of the resolved configuration");
}

static void write_command_line(struct record *r)
{
    size_t bytes = 1;
    for (int n = 0; n < r->setup.argc; n++)
        bytes += strlen(r->setup.argv[n]) + 1;
    char *text = xcalloc(1, bytes);
    for (int n = 0; n < r->setup.argc; n++) {
        strcat(text, n ? " " : "");
        strcat(text, r->setup.argv[n]);
    }
    result_meta_text(r->file, "command_line", text, "command that made this file");
    free(text);
}

/* As they were when the run began: it has closed none of them. */
static void write_streams(struct record *r)
{
    result_meta_text(r->file, "stdin", stream_kind(STDIN_FILENO),
                     "kind of standard input, which the program can see: terminal, pipe, file");
    result_meta_text(r->file, "stdout", stream_kind(STDOUT_FILENO), "the same of its output");
}

static double host_mips(const struct record *r)
{
    return r->host_seconds > 0
               ? (double)machine_instructions(r->machine) / r->host_seconds / 1e6
               : 0;
}

static void write_meta(struct record *r)
{
    struct utsname host;
    struct rusage usage;
    char created[64];
    time_t now = time(NULL);
    uname(&host);
    getrusage(RUSAGE_SELF, &usage);
    strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
    identify(r);
    write_command_line(r);
    result_meta_text(r->file, "created", created, "when the run ended, UTC");
    result_meta_text(r->file, "version", SIMRUN_VERSION, "version of the simulator");
    result_meta_text(r->file, "git_commit", GIT_COMMIT, "commit the simulator was built from");
    result_meta_text(r->file, "compiler", __VERSION__, "compiler that built the simulator");
    write_streams(r);
    result_meta_text(r->file, "host", host.nodename, "machine that ran the simulator");
    result_meta_text(r->file, "host_machine", host.machine, "its architecture");
    result_meta_text(r->file, "program", machine_named_path(r->machine), "program simulated");
    result_meta_u64(r->file, "seed", machine_workload_keys(r->machine)->seed, "1",
                    "seed of all random choices");
    result_meta_u64(r->file, "exit_status", (uint64_t)machine_exit_status(r->machine), "1",
                    "the program's exit status, 128 + N when signal N ended it");
    uint64_t value;
    if (machine_result(r->machine, &value))
        result_meta_u64(r->file, "program_result", value, "1",
                        "doubleword that the program left at board.result_address");
    result_meta_f64(r->file, "host_seconds", r->host_seconds, "s", "wall time of the run");
    result_meta_f64(r->file, "host_mips", host_mips(r), "1e6/s",
                    "instructions simulated per second of host time");
    result_meta_u64(r->file, "peak_memory", (uint64_t)usage.ru_maxrss * 1024, "bytes",
                    "largest resident set of the simulator, guest's pages included");
}

static void write_points(struct record *r, const struct points *p)
{
    struct result_point *rows = xcalloc(p->count, sizeof *rows);
    for (uint32_t n = 0; n < p->count; n++)
        rows[n] = (struct result_point){xasprintf("point%u", n), p->row[n].first,
                                        p->row[n].instructions, p->row[n].weight};
    result_points(r->file, rows, p->count);
    for (uint32_t n = 0; n < p->count; n++)
        free((char *)(uintptr_t)rows[n].phase);
    free(rows);
}

static void write_stats(struct record *r)
{
    struct result_phase *phases = xcalloc(r->phase_count, sizeof *phases);
    struct result_hists *hists = xcalloc(r->phase_count, sizeof *hists);
    uint32_t cores = machine_core_count(r->machine);
    uint32_t *widths = xcalloc(cores, sizeof *widths);
    for (uint32_t n = 0; n < cores; n++) {
        const struct core *core = machine_core(r->machine, n);
        widths[n] = core->ops->width(core);
    }
    for (uint32_t n = 0; n < r->phase_count; n++) {
        const struct run_phase *p = &r->phases[n];
        phases[n] = (struct result_phase){
            .name = p->name, .start = p->start, .end = p->end,
            .start_instruction = p->start_instruction, .end_instruction = p->end_instruction,
            .start_cycle = p->start_cycle, .end_cycle = p->end_cycle};
        hists[n] = (struct result_hists){p->hists.start, p->hists.end};
    }
    result_stats(r->file, machine_stats(r->machine), phases, r->phase_count, cores,
                 widths);
    free(widths);
    result_hists(r->file, machine_stats(r->machine), hists, r->phase_count);
    if (machine_places(r->machine))
        places_write(machine_places(r->machine), r->file);
    if (machine_sites(r->machine))
        sites_write(machine_sites(r->machine), r->file);
    free(hists);
    free(phases);
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
    if (machine_points(r->machine))
        write_points(r, machine_points(r->machine));
    write_meta(r);
    write_stats(r);
    struct result *file = r->file;
    r->file = NULL; /* closing frees it, whatever happens */
    return result_close(file, lawful ? status_of(end) : RESULT_FAILED, e) && lawful;
}

/* The phase that the summary tells of: of marked ones, which may be tiny, all together. */
static uint32_t first_summed(const struct record *r)
{
    return machine_sample_keys(r->machine)->markers ? 0 : r->phase_count - 1;
}

static char *name_summed(const struct record *r)
{
    if (r->phase_count < 2)
        return NULL;
    return first_summed(r) ? xasprintf("%s, the last of %u", r->phases[r->phase_count - 1].name,
                                       r->phase_count)
                           : xasprintf("all %u together", r->phase_count);
}

/* Figures of the summary, by full name. */
static double summary_lookup(void *context, const char *full, bool *present)
{
    const struct record *r = context;
    uint64_t sum = 0;
    int32_t n = stats_find(machine_stats(r->machine), full);
    *present = true;
    if (!strcmp(full, "meta.host_seconds"))
        return r->host_seconds;
    *present = n >= 0;
    for (uint32_t p = first_summed(r); n >= 0 && p < r->phase_count; p++)
        sum += r->phases[p].end[n] - r->phases[p].start[n];
    return (double)sum;
}

static uint32_t cpi_parts(const struct stats *s, const char **names)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < stats_count(s); n++)
        if (is_cpi(&(struct stat_info){.component = stats_get(s, n).component}))
            names[count++] = stats_get(s, n).name;
    return count;
}

/* The marked phases, in lines of their own. */
static void summary_phases(const struct record *r, FILE *to)
{
    uint64_t value;
    for (uint32_t n = 0; n < r->phase_count; n++) {
        const struct run_phase *p = &r->phases[n];
        uint64_t instructions = p->end_instruction - p->start_instruction;
        if (machine_sample_keys(r->machine)->markers)
            fprintf(to, "simrun: phase %-12s %16" PRIu64 " instructions %16" PRIu64 " cycles\n",
                    p->name, instructions, p->end_cycle - p->start_cycle);
    }
    if (machine_result(r->machine, &value))
        fprintf(to, "simrun: %-34s0x%016" PRIx64 "\n", "result", value);
}

void record_summary(struct record *r, FILE *to)
{
    struct stats *s = machine_stats(r->machine);
    const char **parts = xcalloc(stats_count(s), sizeof *parts);
    char *phases = name_summed(r);
    struct summary_source source = {.context = r, .value = summary_lookup,
                                    .program = machine_named_path(r->machine),
                                    .status = status_names[status_of(r->end)],
                                    .phases = phases,
                                    .cpi_parts = parts, .cpi_part_count = cpi_parts(s, parts),
                                    .cores = machine_core_count(r->machine)};
    char *text = NULL, *save = NULL;
    size_t bytes;
    FILE *memory = open_memstream(&text, &bytes);
    summary_print(memory, &source);
    fclose(memory);
    for (char *line = text; (save = strchr(line, '\n')); line = save + 1)
        fprintf(to, save == line ? "simrun:\n" : "simrun: %.*s\n", (int)(save - line), line);
    summary_phases(r, to);
    free(text);
    free(parts);
    free(phases);
}
