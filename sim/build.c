#include "sim/build.h"

#include <stdlib.h>
#include <string.h>

#include "models/cache/hierarchy.h"
#include "models/pipeline/profile.h"
#include "sim/base/bits.h"
#include "sim/bbv.h"
#include "sim/exec/wrong_path.h"
#include "sim/machine.h"
#include "sim/places.h"
#include "sim/points.h"
#include "sim/retire_trace.h"
#include "sim/sites.h"
#include "sim/trace.h"
#include "sim/warming.h"

static const struct stat_row machine_stat_rows[] = {
    MACHINE_STATS(STAT_ROW, machine_stats) STAT_END};

uint64_t machine_now_ns(void *ctx)
{
    const struct machine *m = ctx;
    if (m->core_started && m->system.time == TIME_CYCLES)
        return m->stats.fast_forwarded + engine_now(m->engine) / 1000;
    return cores_icount(m);
}

/* yes and no are not meant as the name of a file. */
static bool check_file_name(const struct machine *m, const char *key, const char *name,
                            const char *example, struct err *e)
{
    static const char *const words[] = {"yes", "no", "on", "off", "true", "false"};
    for (size_t n = 0; n < ARRAY_LEN(words); n++)
        if (!strcmp(name, words[n]))
            return config_error(m->setup.config, "output", key, e,
                                "wants the name of a file: %s, or ./%s if it is to be called that",
                                example, name);
    return true;
}

static bool bind_all(struct machine *m, struct err *e)
{
    struct config *c = m->setup.config;
    return config_bind(c, "system", system_key_rows, &m->system, e) &&
           config_bind(c, "workload", workload_key_rows, &m->workload, e) &&
           (m->system.kind != KIND_BARE ||
            config_bind(c, "board", board_key_rows, &m->board_keys, e)) &&
           (m->system.kind != KIND_FULL ||
            config_bind(c, "platform", platform_key_rows, &m->platform_keys, e)) &&
           cores_bind(m, e) &&
           config_bind(c, "sample", sample_key_rows, &m->sample, e) &&
           config_bind(c, "output", output_key_rows, &m->output, e) &&
           config_bind(c, "trace", trace_key_rows, &m->trace, e) &&
           several_check(m, e) && trace_check(m, e) &&
           check_file_name(m, "file", m->output.file, "result.h5 (none: no file)", e) &&
           check_file_name(m, "retire_trace", m->output.retire_trace, "retire.txt (empty: none)",
                           e);
}

static void build_profile(struct machine *m)
{
    if (m->output.functions || m->output.sites)
        m->places = places_create(m);
    if (m->output.sites)
        m->sites = sites_create(m->places);
    if (!m->output.functions)
        return;
    m->profile = profile_create();
    m->profile->page_used = places_page_used;
    m->profile->ctx = m->places;
}

static bool build_blocks(struct machine *m, struct err *e)
{
    if (!m->output.bbv)
        return true;
    if (m->core_count > 1)
        return config_error(m->setup.config, "output", "bbv", e, "is for one core, not %u",
                            m->core_count);
    if (m->setup.gdb_port >= 0)
        return config_error(m->setup.config, "output", "bbv", e,
                            "cannot be recorded while a debugger steps");
    if (!m->places)
        m->places = places_create(m);
    m->bbv = bbv_create(m->output.bbv_interval, m->places);
    return true;
}

/* What a run with points cannot have. */
static bool read_points(struct machine *m, struct err *e)
{
    const struct config *c = m->setup.config;
    static const char what[] = "sample.points says which instructions are timed";
    if (!*m->sample.points)
        return true;
    if (m->system.mode == MODE_FUNCTIONAL)
        return config_error(c, "sample", "points", e, "has no effect in functional mode");
    if (m->sample.fast_forward)
        return config_error(c, "sample", "fast_forward", e, "%s", what);
    if (m->sample.markers)
        return config_error(c, "sample", "markers", e, "%s", what);
    if (m->system.max_instructions)
        return config_error(c, "system", "max_instructions", e, "%s", what);
    if (m->system.time == TIME_CYCLES)
        return config_error(c, "system", "time", e, "no time passes between sample.points");
    if (m->setup.gdb_port >= 0 || m->core_count > 1)
        return config_error(c, "sample", "points", e, "is for one core and without a debugger");
    struct err why = {0};
    m->points = points_read(m->sample.points, &why);
    return m->points || config_blame(c, "sample", "points", &why, e);
}

static bool open_retire_trace(struct machine *m, struct err *e)
{
    const char *path = m->output.retire_trace;
    struct err why = {0};
    if (!*path || !strcmp(path, "none"))
        return true;
    m->retire_trace = retire_trace_open(path, &why);
    return m->retire_trace || config_blame(m->setup.config, "output", "retire_trace", &why, e);
}

static bool build_timing(struct machine *m, struct err *e)
{
    m->engine = engine_create();
    if (m->system.mode == MODE_TIMING)
        build_profile(m);
    if (!build_blocks(m, e) || !read_points(m, e))
        return false;
    struct hierarchy_setup setup = {.config = m->setup.config, .engine = m->engine,
                                    .clock = m->cores->clock, .cores = m->core_count,
                                    .seed = m->workload.seed, .probes = m->trace.memory};
    machine_walks(m, &setup);
    m->hierarchy = hierarchy_create(&setup, e);
    if (!open_retire_trace(m, e))
        return false;
    for (uint32_t n = 0; m->hierarchy && n < m->core_count; n++)
        if (!core_build(&m->cores[n], e))
            return false;
    return m->hierarchy && warming_build(m, e);
}

/* Of one core; its statistics are numbered when there are several. */
static void add_formulas(const struct machine_core *c, struct stats *s)
{
    const char *number = c->section + strlen("core");
    char *bpred = xasprintf("bpred%s", number);
    char *ipc = xasprintf("core%s.instructions / core%s.cycles", number, number);
    char *cpi = xasprintf("core%s.cycles / core%s.instructions", number, number);
    char *mpki = xasprintf("1000 * bpred%s.mispredicts / core%s.instructions", number, number);
    stats_formula(s, c->section, "ipc", ipc, "instructions per cycle");
    stats_formula(s, c->section, "cpi", cpi, "cycles per instruction");
    stats_formula(s, bpred, "mpki", mpki, "mispredicts per thousand instructions");
    char *const texts[] = {bpred, ipc, cpi, mpki};
    for (uint32_t n = 0; n < ARRAY_LEN(texts); n++)
        free(texts[n]);
}

static void build_stats(struct machine *m)
{
    struct stats *s = m->tree = stats_create();
    stats_add(s, "system", machine_stat_rows, &m->stats);
    guest_add_stats(m, s);
    for (uint32_t n = 0; n < m->core_count; n++)
        m->cores[n].core->ops->add_stats(m->cores[n].core, s);
    if (m->profile && m->profile->cpi)
        profile_register(m->profile, s, "core", m->cores->core->ops->width(m->cores->core));
    hierarchy_register(m->hierarchy, s);
    hierarchy_register_time(m->hierarchy, s, "system.ticks");
    for (uint32_t n = 0; n < m->core_count; n++)
        add_formulas(&m->cores[n], s);
}

struct machine *machine_create(const struct machine_setup *setup, struct err *e)
{
    struct machine *m = xcalloc(1, sizeof *m);
    m->setup = *setup;
    m->roots = ROOTS_NONE;
    if (bind_all(m, e) && build_timing(m, e) && config_finish(setup->config, e) &&
        guest_create(m, e) && executors_build(m, e)) {
        build_stats(m);
        return m;
    }
    machine_destroy(m);
    return NULL;
}

void machine_destroy(struct machine *m)
{
    if (!m)
        return;
    for (uint32_t n = 0; n < m->core_count; n++)
        if (m->cores[n].core)
            m->cores[n].core->ops->destroy(m->cores[n].core);
    profile_destroy(m->profile);
    sites_destroy(m->sites);
    bbv_destroy(m->bbv);
    points_destroy(m->points);
    warming_destroy(m);
    places_destroy(m->places);
    if (m->hierarchy)
        hierarchy_destroy(m->hierarchy);
    if (m->engine)
        engine_destroy(m->engine);
    if (m->tree)
        stats_destroy(m->tree);
    retire_trace_finish(m->retire_trace, &(struct err){0});
    gdb_destroy(m->gdb);
    for (uint32_t n = 0; n < m->core_count; n++)
        wrong_path_destroy(m->cores[n].wrong_path);
    guest_destroy(m);
    free(m->several.cpus);
    free(m->cores);
    free(m);
}

bool machine_finish(struct machine *m, struct err *e)
{
    struct err why = {0};
    bool ok = retire_trace_finish(m->retire_trace, &why);
    m->retire_trace = NULL;
    return ok || config_blame(m->setup.config, "output", "retire_trace", &why, e);
}

int machine_exit_status(const struct machine *m) { return guest_exit_status(m); }
struct stats *machine_stats(struct machine *m) { return m->tree; }

void machine_update_stats(struct machine *m)
{
    m->stats.ticks = engine_now(m->engine);
    hierarchy_update_hists(m->hierarchy);
    hierarchy_audit(m->hierarchy);
    guest_update_stats(m);
    if (m->system.mode == MODE_FUNCTIONAL)
        m->cores->core->stats.instructions = cores_icount(m);
}

struct core *machine_core(struct machine *m, uint32_t number) { return m->cores[number].core; }
uint32_t machine_core_count(const struct machine *m) { return m->core_count; }
struct places *machine_places(const struct machine *m) { return m->profile ? m->places : NULL; }
const struct points *machine_points(const struct machine *m) { return m->points; }
struct bbv *machine_bbv(const struct machine *m) { return m->bbv; }
struct sites *machine_sites(const struct machine *m) { return m->sites; }

void machine_end_phase(struct machine *m)
{
    if (m->profile)
        profile_cut(m->profile);
    if (m->sites)
        sites_end_phase(m->sites);
}

/* The executor is ahead of a core's retirement. */
uint64_t machine_instructions(const struct machine *m)
{
    uint64_t sum = m->stats.fast_forwarded;
    for (uint32_t n = 0; n < m->core_count; n++)
        sum += m->cores[n].core->stats.instructions;
    return m->core_started ? sum : cores_icount(m);
}

uint64_t machine_cycles(const struct machine *m)
{
    uint64_t most = 0;
    for (uint32_t n = 0; n < m->core_count; n++)
        most = max_u64(most, m->cores[n].core->stats.cycles);
    return most;
}

const struct system_keys *machine_system_keys(const struct machine *m) { return &m->system; }
const struct sample_keys *machine_sample_keys(const struct machine *m) { return &m->sample; }
const struct output_keys *machine_output_keys(const struct machine *m) { return &m->output; }
const struct trace_keys *machine_trace_keys(const struct machine *m) { return &m->trace; }
const struct workload_keys *machine_workload_keys(const struct machine *m) { return &m->workload; }
const char *machine_named_path(const struct machine *m)
{
    return m->script.path ? m->script.path : m->program_path;
}

const char *machine_program_path(const struct machine *m) { return m->program_path; }
const char *const *machine_arguments(const struct machine *m) { return m->setup.arguments; }
