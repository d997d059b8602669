/* /cpi/functions and /cpi/lines: the CPI stack by place in the program. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/out/h5_result_priv.h"

/* What differs between the kinds. */
static const struct kind {
    const char *group, *group_text, *scale, *scale_path, *scale_text;
    const char *file_path, *file_text, *number_path, *number_units, *number_text;
} kinds[] = {
    [RESULT_FUNCTIONS] = {"/cpi/functions", "where the commit slots went, by function", "function",
                          "/cpi/functions/name", "name of the function; empty: not known",
                          "/cpi/functions/object", "program or library that it is in",
                          "/cpi/functions/address", "1", "its address in that file"},
    [RESULT_LINES] = {"/cpi/lines", "where the commit slots went, by source line", "place",
                      "/cpi/lines/name", "file and line; empty: not known",
                      "/cpi/lines/file", "source file",
                      "/cpi/lines/line", "1", "number of the line in it"},
};

struct job {
    struct result *result;
    struct h5_file *file;
    const struct result_places *p;
    const struct kind *kind;
};

static void write_column(const struct job *j, const char *path, const char *units,
                         const char *text, enum h5_type type, const void *data, const char *scale)
{
    h5_write(j->file, &(struct h5_array){path, units, text, type, 1, {j->p->count}, data,
                                         {scale ? NULL : j->kind->scale_path}, scale});
}

static void write_names(const struct job *j)
{
    const struct result_places *p = j->p;
    char **made = xcalloc(p->count + UINT64_C(1), sizeof *made);
    const char **names = xcalloc(p->count + UINT64_C(1), sizeof *names);
    for (uint32_t n = 0; n < p->count; n++) {
        names[n] = p->names[n];
        if (p->kind == RESULT_LINES && *p->files[n])
            names[n] = made[n] = xasprintf("%s:%llu", p->files[n],
                                           (unsigned long long)p->numbers[n]);
    }
    write_column(j, j->kind->scale_path, "", j->kind->scale_text, H5_TEXT, names, j->kind->scale);
    for (uint32_t n = 0; n < p->count; n++)
        free(made[n]);
    free(names);
    free(made);
}

static void write_counts(const struct job *j)
{
    const struct result_places *p = j->p;
    char *path = xasprintf("%s/instructions", j->kind->group);
    char *phases = h5_phase_scale(j->result, j->kind->group);
    h5_write_packed(j->file, &(struct h5_array){path,
                                                "instructions",
                                                "times they were executed",
                                                H5_U64,
                                                2,
                                                {p->phases, p->count},
                                                p->executed,
                                                {phases, j->kind->scale_path},
                                                NULL});
    free(path);
    path = xasprintf("%s/slots", j->kind->group);
    h5_write_packed(j->file, &(struct h5_array){path,
                                                "slots",
                                                "commit slots charged to each part",
                                                H5_U64,
                                                3,
                                                {p->phases, p->count, p->parts},
                                                p->slots,
                                                {phases, j->kind->scale_path, "/cpi/part"},
                                                NULL});
    free(phases);
    free(path);
}

void result_places(struct result *r, const struct result_places *p)
{
    struct job j = {r, &r->file, p, &kinds[p->kind]};
    h5_group(j.file, j.kind->group, j.kind->group_text);
    write_names(&j);
    write_column(&j, j.kind->file_path, "", j.kind->file_text, H5_TEXT, p->files, NULL);
    write_column(&j, j.kind->number_path, j.kind->number_units, j.kind->number_text, H5_U64,
                 p->numbers, NULL);
    write_counts(&j);
}
