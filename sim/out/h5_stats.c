/* /phases, /stats, /cpi and /checks: written once, at the end of a run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/out/h5_result_priv.h"

#define PHASE_NAMES "/phases/name"

/* What the parts of this file work on. */
struct job {
    struct result *result;
    struct h5_file *file;
    const struct stats *stats;
    const struct result_phase *phases;
    uint64_t *values; /* [phases][stats]: differences */
    uint32_t phase_count, stat_count, cores;
    const uint32_t *widths;
};

static void write_text(const struct job *j, const char *path, const char *long_name,
                       const char **texts, uint32_t count, const char *scale,
                       const char *scale_name)
{
    h5_write(j->file, &(struct h5_array){
                          path, "", long_name, H5_TEXT, 1, {count}, texts, {scale}, scale_name});
}

static void write_phases(const struct job *j)
{
    static const struct {
        const char *path, *units, *long_name;
        size_t offset;
    } columns[] = {
#define COLUMN(name, units, text)                                                                  \
    {"/phases/" #name, units, text, offsetof(struct result_phase, name)}
        COLUMN(start_instruction, "instructions", "instructions completed before the phase"),
        COLUMN(end_instruction, "instructions", "instructions completed at its end"),
        COLUMN(start_cycle, "cycles", "cycle in which the phase begins"),
        COLUMN(end_cycle, "cycles", "first cycle after it"),
#undef COLUMN
    };
    const char **names = xcalloc(j->phase_count + UINT64_C(1), sizeof *names);
    uint64_t *numbers = xcalloc(j->phase_count + UINT64_C(1), sizeof *numbers);
    h5_group(j->file, "/phases", "the named parts of the run");
    for (uint32_t i = 0; i < j->phase_count; i++)
        names[i] = j->phases[i].name;
    write_text(j, PHASE_NAMES, "name of the phase", names, j->phase_count, NULL, "phase");
    for (size_t k = 0; k < ARRAY_LEN(columns); k++) {
        for (uint32_t i = 0; i < j->phase_count; i++)
            memcpy(&numbers[i], (const char *)&j->phases[i] + columns[k].offset, sizeof *numbers);
        h5_write(j->file, &(struct h5_array){columns[k].path,
                                             columns[k].units,
                                             columns[k].long_name,
                                             H5_U64,
                                             1,
                                             {j->phase_count},
                                             numbers,
                                             .scales = {PHASE_NAMES}});
    }
    free(names);
    free(numbers);
}

/* For h5_phase_scale. */
static void keep_phases(struct result *r, const struct result_phase *phases, uint32_t count)
{
    r->phases = xcalloc(count + UINT64_C(1), sizeof *r->phases);
    for (uint32_t n = 0; n < count; n++)
        r->phases[n] = xstrdup(phases[n].name);
    r->phase_count = count;
}

char *h5_phase_scale(struct result *r, const char *group)
{
    char *path = xasprintf("%s/phase", group);
    if (h5_ok(&r->file) && H5Lexists(r->file.id, path, H5P_DEFAULT) <= 0)
        h5_write(&r->file, &(struct h5_array){path, "", "name of the phase", H5_TEXT, 1,
                                              {r->phase_count}, r->phases, {NULL}, "phase"});
    return path;
}

static void write_stats(const struct job *j)
{
    const char **texts[4];
    for (int k = 0; k < 4; k++)
        texts[k] = xcalloc(j->stat_count + UINT64_C(1), sizeof **texts);
    for (uint32_t i = 0; i < j->stat_count; i++) {
        struct stat_info info = stats_get(j->stats, i);
        texts[0][i] = info.full;
        texts[1][i] = stats_unit_name(info.unit);
        texts[2][i] = info.text;
        texts[3][i] = info.component;
    }
    uint32_t n = j->stat_count;
    h5_group(j->file, "/stats", "counters and figures derived from them, by phase");
    char *phases = h5_phase_scale(j->result, "/stats");
    write_text(j, "/stats/names", "full name of the statistic", texts[0], n, NULL, "stat");
    write_text(j, "/stats/units", "unit of the statistic", texts[1], n, "/stats/names", NULL);
    write_text(j, "/stats/descriptions", "what is counted", texts[2], n, "/stats/names", NULL);
    write_text(j, "/stats/component", "who counts it", texts[3], n, "/stats/names", NULL);
    h5_write(j->file, &(struct h5_array){"/stats/values",
                                         "see /stats/units",
                                         "what was counted in each phase",
                                         H5_U64,
                                         2,
                                         {j->phase_count, n},
                                         j->values,
                                         .scales = {phases, "/stats/names"}});
    free(phases);
    for (int k = 0; k < 4; k++)
        free(texts[k]);
}

static void write_formulas(const struct job *j)
{
    uint32_t n = stats_formula_count(j->stats);
    const char **texts[3];
    for (int k = 0; k < 3; k++)
        texts[k] = xcalloc(n + UINT64_C(1), sizeof **texts);
    double *values = xcalloc((uint64_t)n * j->phase_count + 1, sizeof *values);
    for (uint32_t i = 0; i < n; i++) {
        struct formula_info info = stats_formula_get(j->stats, i);
        texts[0][i] = info.full;
        texts[1][i] = info.equation;
        texts[2][i] = info.text;
        for (uint32_t p = 0; p < j->phase_count; p++)
            values[(uint64_t)p * n + i] =
                stats_formula_value(j->stats, i, j->values + (uint64_t)p * j->stat_count);
    }
    const char *names = "/stats/formula_names";
    char *phases = h5_phase_scale(j->result, "/stats");
    write_text(j, names, "full name of the formula", texts[0], n, NULL, "formula");
    write_text(j, "/stats/equations", "how the formula is computed", texts[1], n, names, NULL);
    write_text(j, "/stats/formula_descriptions", "what the formula says", texts[2], n, names, NULL);
    h5_write(j->file, &(struct h5_array){"/stats/formulas",
                                         "1",
                                         "formulas over each phase; NaN for x/0",
                                         H5_F64,
                                         2,
                                         {j->phase_count, n},
                                         values,
                                         .scales = {phases, names}});
    free(phases);
    free(values);
    for (int k = 0; k < 3; k++)
        free(texts[k]);
}

/* A part's statistic on one core; a machine with one core may leave the number out. */
static int32_t find_part(const struct job *j, const char *part, uint32_t core)
{
    char *plain = xasprintf("cpi.%s", part), *numbered = h5_core_name(plain, core);
    int32_t index = stats_find(j->stats, numbered);
    if (index < 0 && j->cores == 1)
        index = stats_find(j->stats, plain);
    free(plain);
    free(numbered);
    return index;
}

static uint32_t list_parts(const struct job *j, const char **parts)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < j->stat_count; i++) {
        struct stat_info info = stats_get(j->stats, i);
        if (!strcmp(info.component, "cpi") || !strcmp(info.component, "cpi.0"))
            parts[count++] = info.name;
    }
    return count;
}

/* The least number of slots a cycle that all cores can be given. */
static uint64_t common_width(const struct job *j)
{
    uint64_t width = 1;
    for (uint32_t core = 0; core < j->cores; core++) {
        uint64_t w = width;
        while (w % j->widths[core])
            w += width;
        width = w;
    }
    return width;
}

static void write_width(const struct job *j)
{
    if (!h5_ok(j->file))
        return;
    hid_t set = H5Dopen2(j->file->id, "/cpi/slots", H5P_DEFAULT);
    h5_check(j->file, set >= 0, "/cpi/slots");
    h5_attribute_u64(j->file, set, "width", common_width(j));
    if (set >= 0)
        H5Dclose(set);
}

/* slots[phase, core, part], in slots of the common width; to be freed. */
static uint64_t *gather_slots(const struct job *j, const char *const *parts, uint32_t n)
{
    uint64_t *slots = xcalloc((uint64_t)j->phase_count * j->cores * n + 1, sizeof *slots);
    uint64_t *to = slots, width = common_width(j);
    for (uint32_t p = 0; p < j->phase_count; p++)
        for (uint32_t core = 0; core < j->cores; core++)
            for (uint32_t i = 0; i < n; i++) {
                int32_t index = find_part(j, parts[i], core);
                *to++ = index < 0 ? 0
                                  : j->values[(uint64_t)p * j->stat_count + (uint32_t)index] *
                                        (width / j->widths[core]);
            }
    return slots;
}

static void write_cpi(const struct job *j)
{
    const char **parts = xcalloc(j->stat_count + UINT64_C(1), sizeof *parts);
    uint32_t n = list_parts(j, parts);
    uint64_t *slots = gather_slots(j, parts, n);
    uint64_t *cores = xcalloc(j->cores, sizeof *cores);
    for (uint32_t core = 0; core < j->cores; core++)
        cores[core] = core;
    if (n) {
        h5_group(j->file, "/cpi", "where the commit slots went");
        char *phases = h5_phase_scale(j->result, "/cpi");
        write_text(j, "/cpi/part", "part of the CPI stack", parts, n, NULL, "part");
        h5_write(j->file, &(struct h5_array){"/cpi/core", "1", "number of the core", H5_U64, 1,
                                             {j->cores}, cores, .scale_name = "core"});
        h5_write(j->file, &(struct h5_array){"/cpi/slots", "slots",
                                             "commit slots charged to each part", H5_U64, 3,
                                             {j->phase_count, j->cores, n}, slots,
                                             .scales = {phases, "/cpi/core", "/cpi/part"}});
        free(phases);
        write_width(j);
    }
    free(cores);
    free(slots);
    free(parts);
}

#define LAW_SCALE "/checks/law"

static void write_law_texts(const struct job *j, const struct law_info *laws, uint32_t n)
{
    const char **texts[3];
    for (int k = 0; k < 3; k++)
        texts[k] = xcalloc(n + UINT64_C(1), sizeof **texts);
    for (uint32_t i = 0; i < n; i++) {
        texts[0][i] = laws[i].name;
        texts[1][i] = laws[i].left;
        texts[2][i] = laws[i].right;
    }
    write_text(j, LAW_SCALE, "name of the law", texts[0], n, NULL, "law");
    write_text(j, "/checks/left_equation", "left side of the law", texts[1], n, LAW_SCALE, NULL);
    write_text(j, "/checks/right_equation", "right side of the law", texts[2], n, LAW_SCALE, NULL);
    for (int k = 0; k < 3; k++)
        free(texts[k]);
}

static void write_law_column(const struct job *j, const char *path, const char *long_name,
                             enum h5_type type, uint32_t n, const void *data)
{
    h5_write(j->file,
             &(struct h5_array){path, "1", long_name, type, 1, {n}, data, .scales = {LAW_SCALE}});
}

static void write_checks(const struct job *j)
{
    uint32_t n = stats_law_count(j->stats);
    struct law_info *laws = xcalloc(n + UINT64_C(1), sizeof *laws);
    int64_t *left = xcalloc(n + UINT64_C(1), sizeof *left);
    int64_t *right = xcalloc(n + UINT64_C(1), sizeof *right);
    uint8_t *held = xcalloc(n + UINT64_C(1), sizeof *held);
    uint64_t *now = xcalloc(j->stat_count + UINT64_C(1), sizeof *now);
    stats_snapshot(j->stats, now);
    for (uint32_t i = 0; i < n; i++) {
        laws[i] = stats_law_check(j->stats, i, now);
        left[i] = laws[i].left_value;
        right[i] = laws[i].right_value;
        held[i] = laws[i].held;
    }
    h5_group(j->file, "/checks", "conservation laws at the end of the run");
    write_law_texts(j, laws, n);
    write_law_column(j, "/checks/left", "value of the left side", H5_I64, n, left);
    write_law_column(j, "/checks/right", "value of the right side", H5_I64, n, right);
    write_law_column(j, "/checks/held", "1 when the law held", H5_U8, n, held);
    free(now);
    free(held);
    free(right);
    free(left);
    free(laws);
}

void result_stats(struct result *r, const struct stats *s, const struct result_phase *phases,
                  uint32_t phase_count, uint32_t cores, const uint32_t *widths)
{
    struct job j = {r, &r->file, s, phases, NULL, phase_count, stats_count(s), cores, widths};
    j.values = xcalloc((uint64_t)phase_count * j.stat_count + 1, sizeof *j.values);
    for (uint32_t p = 0; p < phase_count; p++)
        for (uint32_t i = 0; i < j.stat_count; i++)
            j.values[(uint64_t)p * j.stat_count + i] =
                phases[p].end[i] - (phases[p].start ? phases[p].start[i] : 0);
    keep_phases(r, phases, phase_count);
    write_phases(&j);
    write_stats(&j);
    write_formulas(&j);
    write_cpi(&j);
    write_checks(&j);
    free(j.values);
}
