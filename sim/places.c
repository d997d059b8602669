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
    char *name;
    struct symbols *symbols; /* NULL: without */
};

/* What was mapped at a page of code when it was executed first. */
struct mapping {
    uint64_t page_ea, offset; /* in the object's file */
    uint32_t asid, object;
    bool has_offset;
};

struct places {
    const struct machine *m;
    struct object *objects;
    struct mapping *mappings;
    uint32_t object_count, mapping_count;
};

/* A row that instructions are folded into: a function (file: the object) or a source line. */
struct place {
    const char *file, *name;
    uint64_t number; /* the function's address, or the line */
};

struct address {
    uint64_t pc;
    uint32_t asid;
};

struct fold {
    struct places *p;
    const struct profile *profile;
    struct address *pcs; /* ascending, each once */
    uint64_t pc_count;
    struct place *functions, *lines; /* [pcs] */
    bool has_lines;
};

struct places *places_create(const struct machine *m)
{
    struct places *p = xcalloc(1, sizeof *p);
    p->m = m;
    return p;
}

void places_destroy(struct places *p)
{
    for (uint32_t n = 0; p && n < p->object_count; n++) {
        symbols_close(p->objects[n].symbols);
        free(p->objects[n].name);
    }
    if (p) {
        free(p->objects);
        free(p->mappings);
    }
    free(p);
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

/* Opened when the first of its pages is used. */
static uint32_t object_named(struct places *p, const char *name)
{
    uint32_t n = 0;
    while (n < p->object_count && strcmp(p->objects[n].name, name))
        n++;
    if (n == p->object_count) {
        p->objects = xrealloc(p->objects, (n + UINT64_C(1)) * sizeof *p->objects);
        p->objects[p->object_count++] = (struct object){xstrdup(name), open_symbols(p->m, name)};
    }
    return n;
}

static const struct mapping *find_mapping(const struct places *p, uint32_t asid, uint64_t page_ea)
{
    for (uint32_t n = p->mapping_count; n-- > 0;)
        if (p->mappings[n].page_ea == page_ea && p->mappings[n].asid == asid)
            return &p->mappings[n];
    return NULL;
}

/* On a board addresses are those of the program's file. */
static struct mapping map_page(struct places *p, uint32_t asid, uint64_t page_ea)
{
    struct mapping page = {.page_ea = page_ea, .asid = asid};
    const struct process *process = p->m->os ? linux_address_space(p->m->os, asid) : NULL;
    const struct area *a = process ? process_area_at(process, page_ea) : NULL;
    if (!p->m->os) {
        page.object = object_named(p, p->m->workload.program);
    } else if (!a || a->start > page_ea) {
        page.object = object_named(p, "[unmapped]");
    } else {
        page.object = object_named(p, a->name ? a->name : "[anonymous]");
        page.has_offset = a->source;
        page.offset = page_ea - a->start + a->source_offset;
    }
    return page;
}

void places_page_used(void *ctx, uint32_t asid, uint64_t page_ea)
{
    struct places *p = ctx;
    if (find_mapping(p, asid, page_ea))
        return;
    if (!(p->mapping_count & (p->mapping_count - 1)))
        p->mappings = xrealloc(p->mappings,
                               (2 * (uint64_t)p->mapping_count + 1) * sizeof *p->mappings);
    p->mappings[p->mapping_count] = map_page(p, asid, page_ea);
    p->mapping_count++;
}

static int compare_pcs(const void *pa, const void *pb)
{
    const struct address *a = pa, *b = pb;
    if (a->asid != b->asid)
        return a->asid < b->asid ? -1 : 1;
    return a->pc < b->pc ? -1 : a->pc > b->pc;
}

static void list_pcs(struct fold *f)
{
    const struct profile *p = f->profile;
    uint64_t count = 0;
    for (uint32_t phase = 0; phase < p->phase_count; phase++)
        count += p->phases[phase].count;
    f->pcs = xcalloc(count + 1, sizeof *f->pcs);
    for (uint32_t phase = 0; phase < p->phase_count; phase++)
        for (uint64_t n = 0; n < p->phases[phase].count; n++) {
            const struct profile_entry *e = &p->phases[phase].entries[n];
            f->pcs[f->pc_count++] = (struct address){e->pc, e->asid};
        }
    qsort(f->pcs, f->pc_count, sizeof *f->pcs, compare_pcs);
    uint64_t kept = 0;
    for (uint64_t n = 0; n < f->pc_count; n++)
        if (!kept || compare_pcs(&f->pcs[kept - 1], &f->pcs[n]))
            f->pcs[kept++] = f->pcs[n];
    f->pc_count = kept;
}

/* The object of an instruction, and its address in the object's file; without symbols when it has
 * none there. */
static struct object object_at(const struct places *p, const struct address *at, uint64_t *address)
{
    uint64_t page_ea = at->pc & ~(FRAME_BYTES - 1);
    const struct mapping *page = find_mapping(p, at->asid, page_ea);
    struct object o = p->objects[page->object];
    *address = at->pc;
    if (p->m->os && o.symbols &&
        (!page->has_offset ||
         !symbols_address(o.symbols, page->offset + (at->pc - page_ea), address)))
        o.symbols = NULL;
    return o;
}

struct place_name places_find(const struct places *p, uint32_t asid, uint64_t pc)
{
    struct place_name name = {.function = "", .file = ""};
    const struct address at = {pc, asid};
    struct object o = object_at(p, &at, &name.address);
    const struct symbol *y = o.symbols ? symbols_function(o.symbols, name.address) : NULL;
    name.object = o.name;
    if (y)
        name.function = y->name;
    if (o.symbols)
        symbols_line(o.symbols, name.address, &name.file, &name.line);
    return name;
}

static void name_pcs(struct fold *f)
{
    f->functions = xcalloc(f->pc_count + 1, sizeof *f->functions);
    f->lines = xcalloc(f->pc_count + 1, sizeof *f->lines);
    for (uint64_t n = 0; n < f->pc_count; n++) {
        uint64_t address;
        const char *file = "";
        uint32_t line = 0;
        struct object o = object_at(f->p, &f->pcs[n], &address);
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

static uint64_t pc_index(const struct fold *f, const struct profile_entry *e)
{
    const struct address key = {e->pc, e->asid};
    const struct address *found = bsearch(&key, f->pcs, f->pc_count, sizeof key, compare_pcs);
    return (uint64_t)(found - f->pcs);
}

static void add_up(const struct fold *f, const struct rows *r, uint64_t *executed, uint64_t *slots)
{
    for (uint32_t phase = 0; phase < f->profile->phase_count; phase++) {
        const struct profile_phase *p = &f->profile->phases[phase];
        for (uint64_t n = 0; n < p->count; n++) {
            const struct profile_entry *e = &p->entries[n];
            uint64_t row = (uint64_t)phase * r->count + r->of_pc[pc_index(f, e)];
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

void places_write(struct places *p, struct result *file)
{
    struct fold f = {.p = p, .profile = p->m->profile};
    if (!f.profile->cpi)
        return;
    list_pcs(&f);
    name_pcs(&f);
    write_rows(&f, f.functions, file, RESULT_FUNCTIONS);
    if (f.has_lines)
        write_rows(&f, f.lines, file, RESULT_LINES);
    free(f.functions);
    free(f.lines);
    free(f.pcs);
}
