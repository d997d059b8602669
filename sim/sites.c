#include "sim/sites.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/isa/code.h"
#include "sim/out/h5_result.h"
#include "sim/places.h"

/* One instruction in one phase. */
struct site {
    uint64_t pc;
    uint32_t asid, phase;
    bool is_used, is_branch;
    struct result_site_counts n;
};

struct sites {
    struct places *places;
    struct site *table; /* open addressing; a power of two */
    uint64_t size, count;
    uint32_t phase;
};

struct sites *sites_create(struct places *places)
{
    struct sites *s = xcalloc(1, sizeof *s);
    s->places = places;
    s->size = 1024;
    s->table = xcalloc(s->size, sizeof *s->table);
    return s;
}

void sites_destroy(struct sites *s)
{
    if (s)
        free(s->table);
    free(s);
}

void sites_end_phase(struct sites *s) { s->phase++; }

static struct site *find(const struct sites *s, uint64_t pc, uint32_t asid, uint32_t phase)
{
    uint64_t n = ((pc >> 2) + ((uint64_t)asid << 40) + phase) * UINT64_C(0x9e3779b97f4a7c15) >> 24;
    struct site *t;
    do
        t = &s->table[n++ & (s->size - 1)];
    while (t->is_used && (t->pc != pc || t->asid != asid || t->phase != phase));
    return t;
}

static void grow(struct sites *s)
{
    struct sites old = *s;
    s->size *= 2;
    s->table = xcalloc(s->size, sizeof *s->table);
    for (uint64_t n = 0; n < old.size; n++)
        if (old.table[n].is_used)
            *find(s, old.table[n].pc, old.table[n].asid, old.table[n].phase) = old.table[n];
    free(old.table);
}

static struct site *site_of(struct sites *s, const struct op *op)
{
    uint32_t asid = code_page_of(op->insn)->asid;
    struct site *t = find(s, op->pc, asid, s->phase);
    if (t->is_used)
        return t;
    if (2 * ++s->count > s->size) {
        grow(s);
        t = find(s, op->pc, asid, s->phase);
    }
    *t = (struct site){.pc = op->pc, .asid = asid, .phase = s->phase, .is_used = true,
                       .is_branch = op->flags & OP_BRANCH};
    places_page_used(s->places, asid, PAGE_OF(op->pc));
    return t;
}

void sites_retired(struct sites *s, const struct retirement *r)
{
    uint32_t flags = r->op->flags;
    if (flags & OP_FAULT || r->partial || !(flags & (OP_BRANCH | OP_LOAD)))
        return;
    struct result_site_counts *n = &site_of(s, r->op)->n;
    n->count++;
    if (flags & OP_BRANCH) {
        n->taken += (flags & OP_TAKEN) != 0;
        n->mispredicts += r->mispredicted;
    } else {
        n->served[min_u64(r->level, RESULT_LEVELS - 1)]++;
        n->latency += r->load_cycles;
    }
}

/* A site with its name. */
struct row {
    const struct site *site;
    struct place_name name;
};

/* Several processes of a program have the same sites. */
static int compare_names(const struct row *a, const struct row *b)
{
    int c = strcmp(a->name.object, b->name.object);
    if (c || a->name.address != b->name.address)
        return c ? c : a->name.address < b->name.address ? -1 : 1;
    return 0;
}

static int compare_rows(const void *pa, const void *pb)
{
    const struct row *a = pa, *b = pb;
    int c = compare_names(a, b);
    if (c || a->site->phase != b->site->phase)
        return c ? c : a->site->phase < b->site->phase ? -1 : 1;
    return a->site->asid < b->site->asid ? -1 : a->site->asid > b->site->asid;
}

static struct row *list_rows(const struct sites *s, bool branches, uint64_t *count)
{
    struct row *rows = xcalloc(s->count + 1, sizeof *rows);
    *count = 0;
    for (uint64_t n = 0; n < s->size; n++)
        if (s->table[n].is_used && s->table[n].is_branch == branches)
            rows[(*count)++] = (struct row){
                &s->table[n], places_find(s->places, s->table[n].asid, s->table[n].pc)};
    qsort(rows, *count, sizeof *rows, compare_rows);
    return rows;
}

static void add_counts(struct result_site_counts *to, const struct result_site_counts *n)
{
    to->count += n->count;
    to->taken += n->taken;
    to->mispredicts += n->mispredicts;
    to->latency += n->latency;
    for (uint32_t level = 0; level < RESULT_LEVELS; level++)
        to->served[level] += n->served[level];
}

static void write_kind(const struct sites *s, bool branches, struct result *file)
{
    uint64_t listed;
    struct row *rows = list_rows(s, branches, &listed);
    struct result_sites r = {.branches = branches, .phases = s->phase};
    struct result_site *sites = xcalloc(listed + 1, sizeof *sites);
    struct result_site_counts *counts = xcalloc(listed * s->phase + 1, sizeof *counts);
    for (uint64_t n = 0; n < listed; n++) {
        if (!n || compare_names(&rows[n - 1], &rows[n])) {
            const struct place_name *p = &rows[n].name;
            sites[r.count++] = (struct result_site){.object = p->object, .function = p->function,
                                                    .file = p->file, .address = p->address,
                                                    .line = p->line};
        }
        add_counts(&counts[(r.count - 1) * s->phase + rows[n].site->phase], &rows[n].site->n);
    }
    r.sites = sites;
    r.counts = counts;
    result_sites(file, &r);
    free(counts);
    free(sites);
    free(rows);
}

void sites_write(const struct sites *s, struct result *file)
{
    write_kind(s, true, file);
    write_kind(s, false, file);
}
