#include "sim/places.h"

#include <stdlib.h>
#include <string.h>

#include "models/pipeline/profile.h"
#include "sim/base/bits.h"
#include "sim/loader/symbols.h"
#include "sim/machine.h"
#include "sim/out/h5_result.h"

/* A program or library, by the name of its mapping. */
struct object {
    const char *name;
    struct symbols *symbols; /* NULL: without */
};

/* A row that instructions are folded into: a function (file: the object) or a source line. */
struct place {
    const char *file, *name;
    uint64_t number; /* the function's address, or the line */
};

struct fold {
    const struct machine *m;
    const struct profile *profile;
    struct object *objects;
    uint32_t object_count;
    uint64_t *pcs; /* ascending, each once */
    uint64_t pc_count;
    struct place *functions, *lines; /* [pcs] */
    bool has_lines;
};

static int compare_pcs(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void list_pcs(struct fold *f)
{
    const struct profile *p = f->profile;
    uint64_t count = 0;
    for (uint32_t phase = 0; phase < p->phase_count; phase++)
        count += p->phases[phase].count;
    f->pcs = xcalloc(count + 1, sizeof *f->pcs);
    for (uint32_t phase = 0; phase < p->phase_count; phase++)
        for (uint64_t n = 0; n < p->phases[phase].count; n++)
            f->pcs[f->pc_count++] = p->phases[phase].entries[n].pc;
    qsort(f->pcs, f->pc_count, sizeof *f->pcs, compare_pcs);
    uint64_t kept = 0;
    for (uint64_t n = 0; n < f->pc_count; n++)
        if (!kept || f->pcs[kept - 1] != f->pcs[n])
            f->pcs[kept++] = f->pcs[n];
    f->pc_count = kept;
}

static struct symbols *open_symbols(const struct machine *m, const char *name)
{
    if (!strcmp(name, m->workload.program))
        return symbols_open(m->program_path);
    char *host = *name == '/' ? roots_host_name(&m->roots, name) : NULL;
    struct symbols *s = host ? symbols_open(host) : NULL;
    free(host);
    return s;
}

/* Opened when the first of its addresses is looked for. */
static const struct object *object_named(struct fold *f, const char *name)
{
    for (uint32_t n = 0; n < f->object_count; n++)
        if (!strcmp(f->objects[n].name, name))
            return &f->objects[n];
    f->objects = xrealloc(f->objects, (f->object_count + UINT64_C(1)) * sizeof *f->objects);
    f->objects[f->object_count] = (struct object){name, open_symbols(f->m, name)};
    return &f->objects[f->object_count++];
}

/* What is mapped there now: a library that the program has let go of has no names any more. On a
 * board addresses are those of the program's file. */
static struct object object_at(struct fold *f, uint64_t pc, uint64_t *address)
{
    *address = pc;
    if (!f->m->process)
        return *object_named(f, f->m->workload.program);
    const struct area *a = process_area_at(f->m->process, pc);
    if (!a || a->start > pc)
        return (struct object){"[unmapped]", NULL};
    if (!a->source)
        return (struct object){a->name ? a->name : "[anonymous]", NULL};
    struct object o = *object_named(f, a->name);
    if (o.symbols && !symbols_address(o.symbols, pc - a->start + a->source_offset, address))
        o.symbols = NULL;
    return o;
}

static void name_pcs(struct fold *f)
{
    f->functions = xcalloc(f->pc_count + 1, sizeof *f->functions);
    f->lines = xcalloc(f->pc_count + 1, sizeof *f->lines);
    for (uint64_t n = 0; n < f->pc_count; n++) {
        uint64_t address;
        const char *file = "";
        uint32_t line = 0;
        struct object o = object_at(f, f->pcs[n], &address);
        const struct symbol *y = o.symbols ? symbols_function(o.symbols, address) : NULL;
        f->functions[n] = y ? (struct place){o.name, y->name, y->start}
                            : (struct place){o.name, "", 0};
        if (o.symbols && symbols_line(o.symbols, address, &file, &line))
            f->has_lines = true;
        f->lines[n] = (struct place){file, "", line};
    }
}

static int compare_places(const struct place *a, const struct place *b)
{
    int c = strcmp(a->file, b->file);
    if (c || a->number != b->number)
        return c ? c : a->number < b->number ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* Order of places, for qsort. */
static int compare_links(const void *a, const void *b)
{
    return compare_places(*(const struct place *const *)a, *(const struct place *const *)b);
}

/* In the order of files and numbers. */
struct rows {
    const struct place **places;
    uint32_t *of_pc; /* row of each pc */
    uint32_t count;
};

static struct rows make_rows(const struct fold *f, const struct place *places)
{
    struct rows r = {.places = xcalloc(f->pc_count + 1, sizeof *r.places),
                     .of_pc = xcalloc(f->pc_count + 1, sizeof *r.of_pc)};
    const struct place **sorted = xcalloc(f->pc_count + 1, sizeof *sorted);
    for (uint64_t n = 0; n < f->pc_count; n++)
        sorted[n] = &places[n];
    qsort(sorted, f->pc_count, sizeof *sorted, compare_links);
    for (uint64_t n = 0; n < f->pc_count; n++) {
        if (!r.count || compare_places(r.places[r.count - 1], sorted[n]))
            r.places[r.count++] = sorted[n];
        r.of_pc[sorted[n] - places] = r.count - 1;
    }
    free(sorted);
    return r;
}

static uint64_t pc_index(const struct fold *f, uint64_t pc)
{
    const uint64_t *found = bsearch(&pc, f->pcs, f->pc_count, sizeof pc, compare_pcs);
    return (uint64_t)(found - f->pcs);
}

static void add_up(const struct fold *f, const struct rows *r, uint64_t *executed, uint64_t *slots)
{
    for (uint32_t phase = 0; phase < f->profile->phase_count; phase++) {
        const struct profile_phase *p = &f->profile->phases[phase];
        for (uint64_t n = 0; n < p->count; n++) {
            const struct profile_entry *e = &p->entries[n];
            uint64_t row = (uint64_t)phase * r->count + r->of_pc[pc_index(f, e->pc)];
            if (e->part == PART_COUNT)
                executed[row] += e->slots;
            else
                slots[row * PART_COUNT + e->part] += e->slots;
        }
    }
}

static void write_rows(const struct fold *f, const struct place *places, struct result *file,
                       enum result_places_kind kind)
{
    struct rows r = make_rows(f, places);
    uint64_t cells = (uint64_t)f->profile->phase_count * r.count;
    uint64_t *executed = xcalloc(cells + 1, sizeof *executed);
    uint64_t *slots = xcalloc(cells * PART_COUNT + 1, sizeof *slots);
    uint64_t *numbers = xcalloc(r.count + UINT64_C(1), sizeof *numbers);
    const char **files = xcalloc(r.count + UINT64_C(1), sizeof *files);
    const char **names = xcalloc(r.count + UINT64_C(1), sizeof *names);
    add_up(f, &r, executed, slots);
    for (uint32_t n = 0; n < r.count; n++) {
        files[n] = r.places[n]->file;
        names[n] = r.places[n]->name;
        numbers[n] = r.places[n]->number;
    }
    result_places(file, &(struct result_places){
                            .kind = kind, .files = files, .names = names, .numbers = numbers,
                            .executed = executed, .slots = slots, .count = r.count,
                            .phases = f->profile->phase_count, .parts = PART_COUNT});
    free(names);
    free(files);
    free(numbers);
    free(slots);
    free(executed);
    free(r.of_pc);
    free(r.places);
}

void places_write(const struct machine *m, struct result *file)
{
    struct fold f = {.m = m, .profile = m->profile};
    if (!m->profile || !m->profile->cpi)
        return;
    list_pcs(&f);
    name_pcs(&f);
    write_rows(&f, f.functions, file, RESULT_FUNCTIONS);
    if (f.has_lines)
        write_rows(&f, f.lines, file, RESULT_LINES);
    for (uint32_t n = 0; n < f.object_count; n++)
        symbols_close(f.objects[n].symbols);
    free(f.objects);
    free(f.functions);
    free(f.lines);
    free(f.pcs);
}
