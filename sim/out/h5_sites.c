/* /branches and /loads: what was counted at each such instruction. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/out/h5_result_priv.h"

struct job {
    struct h5_file *file;
    const struct result_sites *s;
    const char *group;
    char *phases, *sites; /* paths of the scales */
};

static void write_column(const struct job *j, const char *name, const char *units, const char *text,
                         enum h5_type type, const void *data)
{
    char *path = xasprintf("%s/%s", j->group, name);
    h5_write(j->file, &(struct h5_array){path, units, text, type, 1, {j->s->count}, data,
                                         {j->sites}, NULL});
    free(path);
}

static void write_names(const struct job *j)
{
    const struct result_sites *s = j->s;
    const char **texts = xcalloc(s->count + 1, sizeof *texts);
    uint64_t *numbers = xcalloc(s->count + 1, sizeof *numbers);
#define TEXTS(member, text)                                                                        \
    for (uint64_t n = 0; n < s->count; n++)                                                        \
        texts[n] = s->sites[n].member;                                                             \
    write_column(j, #member, "", text, H5_TEXT, texts)
#define NUMBERS(member, text)                                                                      \
    for (uint64_t n = 0; n < s->count; n++)                                                        \
        numbers[n] = s->sites[n].member;                                                           \
    write_column(j, #member, "1", text, H5_U64, numbers)
    TEXTS(object, "program or library that it is in");
    TEXTS(function, "function that it is in; empty: not known");
    TEXTS(file, "source file; empty: not known");
    NUMBERS(address, "its address in the program or library");
    NUMBERS(line, "line in the source file; 0: not known");
#undef TEXTS
#undef NUMBERS
    free(texts);
    free(numbers);
}

/* [phase, site], of the member at that offset. */
static void write_count(const struct job *j, const char *name, const char *units, const char *text,
                        size_t offset)
{
    const struct result_sites *s = j->s;
    uint64_t *values = xcalloc(s->phases * s->count + 1, sizeof *values);
    for (uint64_t n = 0; n < s->count; n++)
        for (uint32_t phase = 0; phase < s->phases; phase++)
            memcpy(&values[phase * s->count + n],
                   (const char *)&s->counts[n * s->phases + phase] + offset, sizeof *values);
    char *path = xasprintf("%s/%s", j->group, name);
    h5_write_packed(j->file, &(struct h5_array){path, units, text, H5_U64, 2,
                                                {s->phases, s->count}, values,
                                                {j->phases, j->sites}, NULL});
    free(path);
    free(values);
}

static void write_levels(const struct job *j)
{
    const struct result_sites *s = j->s;
    uint64_t *values = xcalloc(s->phases * s->count * RESULT_LEVELS + 1, sizeof *values), *to;
    for (uint64_t n = 0; n < s->count; n++)
        for (uint32_t phase = 0; phase < s->phases; phase++) {
            to = &values[(phase * s->count + n) * RESULT_LEVELS];
            memcpy(to, s->counts[n * s->phases + phase].served, RESULT_LEVELS * sizeof *to);
        }
    h5_write_dimension(j->file, "/loads", "level", RESULT_LEVELS);
    h5_write_packed(j->file, &(struct h5_array){"/loads/served", "loads",
                                                "by the farthest level that data came from: 1 the "
                                                "first cache or the store buffer, the last one "
                                                "counted memory",
                                                H5_U64, 3, {s->phases, s->count, RESULT_LEVELS},
                                                values, {j->phases, j->sites, "/loads/level"},
                                                NULL});
    free(values);
}

void result_sites(struct result *r, const struct result_sites *s)
{
    struct job j = {&r->file, s, s->branches ? "/branches" : "/loads", NULL, NULL};
#define COUNT(member, units, text)                                                                 \
    write_count(&j, #member, units, text, offsetof(struct result_site_counts, member))
    h5_group(j.file, j.group, s->branches ? "each branch that was executed"
                                          : "each load that was executed");
    const char *scale = s->branches ? "branch" : "load";
    h5_write_dimension(j.file, j.group, scale, s->count);
    j.sites = xasprintf("%s/%s", j.group, scale);
    j.phases = h5_phase_scale(r, j.group);
    write_names(&j);
    COUNT(count, "instructions", "times that it was executed");
    if (s->branches) {
        COUNT(taken, "instructions", "times that it branched");
        COUNT(mispredicts, "instructions", "times that fetch went on elsewhere until it executed");
    } else {
        COUNT(latency, "cycles", "cycles from issue to result, summed");
        write_levels(&j);
    }
    free(j.sites);
    free(j.phases);
#undef COUNT
}
