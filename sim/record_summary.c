/* What a run tells at its end, on stderr. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/record_impl.h"

static const char *const status_names[] = {
#define STATUS(name, text) text,
    RESULT_STATUSES(STATUS)
#undef STATUS
};

static bool has_points(const struct record *r)
{
    return *machine_sample_keys(r->machine)->points;
}

/* The phase that the summary tells of: of marked ones, which may be tiny, and of points, of which
 * each stands for a part of the run, all together. */
static uint32_t first_summed(const struct record *r)
{
    return machine_sample_keys(r->machine)->markers || has_points(r) ? 0 : r->phase_count - 1;
}

static char *name_summed(const struct record *r)
{
    if (r->phase_count < 2)
        return NULL;
    if (has_points(r))
        return xstrdup("all points, unweighted");
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
        if (record_is_cpi(&(struct stat_info){.component = stats_get(s, n).component}))
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
    if (has_points(r))
        fputs("simrun: `simstat phases RESULT.h5` weighs the points: CPI of all of the program\n",
              to);
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
                                    .status = status_names[record_status(r)],
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
