#include "sim/schema/stats.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/err.h"
#include "sim/schema/equation.h"

struct formula {
    struct formula_info info;
    struct equation *equation;
};

struct law {
    const char *name, *left, *right;
    struct equation *left_equation, *right_equation;
    bool of_hists; /* the left side is over histograms' totals */
    enum hist_total total;
};

struct stats {
    struct stat_info *infos;
    struct formula *formulas;
    struct law *laws;
    struct hist_info *hists;
    uint64_t hist_room;
    int32_t *slots; /* open addressing: full name to index; -1 is free */
    char **strings; /* owns all texts but the callers' descriptions */
    uint32_t count, formula_count, law_count, hist_count, slot_count, string_count;
};

struct stats *stats_create(void) { return xcalloc(1, sizeof(struct stats)); }

void stats_destroy(struct stats *s)
{
    if (!s)
        return;
    for (uint32_t i = 0; i < s->formula_count; i++)
        equation_destroy(s->formulas[i].equation);
    for (uint32_t i = 0; i < s->law_count; i++) {
        equation_destroy(s->laws[i].left_equation);
        equation_destroy(s->laws[i].right_equation);
    }
    for (uint32_t i = 0; i < s->string_count; i++)
        free(s->strings[i]);
    free(s->strings);
    free(s->slots);
    free(s->hists);
    free(s->laws);
    free(s->formulas);
    free(s->infos);
    free(s);
}

static const char *keep(struct stats *s, char *owned)
{
    s->strings = xrealloc(s->strings, (s->string_count + UINT64_C(1)) * sizeof *s->strings);
    s->strings[s->string_count++] = owned;
    return owned;
}

/* FNV-1a; the order it gives is never seen. */
static uint32_t hash(const char *text)
{
    uint32_t h = 2166136261u;
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 16777619u;
    return h;
}

/* The slot that holds the name, or the free one where it belongs. */
static int32_t *find_slot(const struct stats *s, const char *full)
{
    uint32_t i = hash(full) & (s->slot_count - 1);
    while (s->slots[i] >= 0 && strcmp(s->infos[s->slots[i]].full, full))
        i = (i + 1) & (s->slot_count - 1);
    return &s->slots[i];
}

static void grow_slots(struct stats *s)
{
    s->slot_count = s->slot_count ? 2 * s->slot_count : 64;
    s->slots = xrealloc(s->slots, s->slot_count * sizeof *s->slots);
    memset(s->slots, 0xff, s->slot_count * sizeof *s->slots);
    for (uint32_t i = 0; i < s->count; i++)
        *find_slot(s, s->infos[i].full) = (int32_t)i;
}

int32_t stats_find(const struct stats *s, const char *full)
{
    return s->count ? *find_slot(s, full) : -1;
}

void stats_add_one(struct stats *s, const char *component, const char *name, enum stat_unit unit,
                   const char *text, const uint64_t *value)
{
    struct stat_info info = {.component = keep(s, xstrdup(component)),
                             .name = keep(s, xstrdup(name)),
                             .full = keep(s, xasprintf("%s.%s", component, name)),
                             .text = text,
                             .unit = unit,
                             .value = value};
    if (2 * s->count >= s->slot_count)
        grow_slots(s);
    int32_t *slot = find_slot(s, info.full);
    if (*slot >= 0)
        panic("statistic %s is registered twice", info.full);
    *slot = (int32_t)s->count;
    s->infos = xrealloc(s->infos, (s->count + UINT64_C(1)) * sizeof *s->infos);
    s->infos[s->count++] = info;
}

void stats_add(struct stats *s, const char *component, const struct stat_row *rows,
               const void *base)
{
    for (; rows->name; rows++)
        stats_add_one(s, component, rows->name, rows->unit, rows->text,
                      (const uint64_t *)(const void *)((const char *)base + rows->offset));
}

static int32_t find_for_equation(void *stats, const char *full) { return stats_find(stats, full); }

static int32_t find_hist(void *stats, const char *full)
{
    const struct stats *s = stats;
    for (uint32_t n = 0; n < s->hist_count; n++)
        if (!strcmp(s->hists[n].full, full))
            return (int32_t)n;
    return -1;
}

void stats_add_hists(struct stats *s, const char *component, const struct hist_row *rows,
                     const void *base)
{
    for (; rows->name; rows++) {
        const struct hist *h = (const struct hist *)(const void *)((const char *)base +
                                                                   rows->offset);
        struct hist_info info = {.full = keep(s, xasprintf("%s.%s", component, rows->name)),
                                 .text = rows->text, .value_unit = rows->value_unit,
                                 .count_unit = rows->count_unit, .hist = h, .at = s->hist_room};
        if (find_hist(s, info.full) >= 0)
            panic("histogram %s is registered twice", info.full);
        s->hist_room += h->bins + UINT64_C(1);
        s->hists = xrealloc(s->hists, (s->hist_count + UINT64_C(1)) * sizeof *s->hists);
        s->hists[s->hist_count++] = info;
    }
}

static struct equation *compile(struct stats *s, const char *owner, const char *text,
                                int32_t (*find)(void *context, const char *full))
{
    struct err e = {0};
    struct equation *q = equation_compile(text, find, s, &e);
    if (!q)
        panic("%s: %s", owner, e.text);
    return q;
}

void stats_formula(struct stats *s, const char *component, const char *name, const char *equation,
                   const char *text)
{
    const char *full = keep(s, xasprintf("%s.%s", component, name));
    for (uint32_t i = 0; i < s->formula_count; i++)
        if (!strcmp(s->formulas[i].info.full, full))
            panic("formula %s is registered twice", full);
    s->formulas = xrealloc(s->formulas, (s->formula_count + UINT64_C(1)) * sizeof *s->formulas);
    s->formulas[s->formula_count++] =
        (struct formula){{full, keep(s, xstrdup(equation)), text},
                         compile(s, full, equation, find_for_equation)};
}

static void add_law(struct stats *s, struct law law)
{
    if (!equation_exact(law.left_equation) || !equation_exact(law.right_equation))
        panic("law %s: a law compares whole numbers; no '/' and no fractions", law.name);
    s->laws = xrealloc(s->laws, (s->law_count + UINT64_C(1)) * sizeof *s->laws);
    s->laws[s->law_count++] = law;
}

void stats_law(struct stats *s, const char *name, const char *left, const char *right)
{
    add_law(s, (struct law){.name = keep(s, xstrdup(name)), .left = keep(s, xstrdup(left)),
                            .right = keep(s, xstrdup(right)),
                            .left_equation = compile(s, name, left, find_for_equation),
                            .right_equation = compile(s, name, right, find_for_equation)});
}

void stats_hist_law(struct stats *s, const char *name, enum hist_total total, const char *left,
                    const char *right)
{
    char *text = xasprintf("%s of %s", total == HIST_COUNT ? "counts" : "values", left);
    add_law(s, (struct law){.name = keep(s, xstrdup(name)), .left = keep(s, text),
                            .right = keep(s, xstrdup(right)),
                            .left_equation = compile(s, name, left, find_hist),
                            .right_equation = compile(s, name, right, find_for_equation),
                            .of_hists = true, .total = total});
}

uint32_t stats_count(const struct stats *s) { return s->count; }

struct stat_info stats_get(const struct stats *s, uint32_t index) { return s->infos[index]; }

const char *stats_unit_name(enum stat_unit unit)
{
    switch (unit) {
    case STAT_COUNT:
        return "1";
    case STAT_CYCLES:
        return "cycles";
    case STAT_BYTES:
        return "bytes";
    case STAT_TICKS:
        return "ps";
    case STAT_INSTRUCTIONS:
        return "instructions";
    case STAT_SLOTS:
        return "slots";
    }
    panic("no such unit of a statistic: %d", (int)unit);
}

void stats_snapshot(const struct stats *s, uint64_t *values)
{
    for (uint32_t i = 0; i < s->count; i++)
        values[i] = *s->infos[i].value;
}

uint32_t stats_hist_count(const struct stats *s) { return s->hist_count; }

struct hist_info stats_hist_get(const struct stats *s, uint32_t index) { return s->hists[index]; }

uint64_t stats_hist_room(const struct stats *s) { return s->hist_room; }

void stats_snapshot_hists(const struct stats *s, uint64_t *values)
{
    for (uint32_t n = 0; n < s->hist_count; n++) {
        const struct hist *h = s->hists[n].hist;
        memcpy(values + s->hists[n].at, h->counts, h->bins * sizeof *values);
        values[s->hists[n].at + h->bins] = hist_sum(h);
    }
}

uint32_t stats_formula_count(const struct stats *s) { return s->formula_count; }

struct formula_info stats_formula_get(const struct stats *s, uint32_t index)
{
    return s->formulas[index].info;
}

double stats_formula_value(const struct stats *s, uint32_t index, const uint64_t *values)
{
    return equation_evaluate(s->formulas[index].equation, values).real;
}

uint32_t stats_law_count(const struct stats *s) { return s->law_count; }

/* For the report only; the comparison is made before. */
static int64_t clamp(s128 v)
{
    return v > INT64_MAX ? INT64_MAX : v < INT64_MIN ? INT64_MIN : (int64_t)v;
}

static struct equation_value total_of_hists(const struct stats *s, const struct law *law)
{
    uint64_t *totals = xcalloc(s->hist_count + UINT64_C(1), sizeof *totals);
    for (uint32_t n = 0; n < s->hist_count; n++)
        totals[n] = law->total == HIST_COUNT ? hist_count(s->hists[n].hist)
                                             : hist_sum(s->hists[n].hist);
    struct equation_value v = equation_evaluate(law->left_equation, totals);
    free(totals);
    return v;
}

struct law_info stats_law_check(const struct stats *s, uint32_t index, const uint64_t *values)
{
    const struct law *law = &s->laws[index];
    struct equation_value left = law->of_hists ? total_of_hists(s, law)
                                               : equation_evaluate(law->left_equation, values);
    struct equation_value right = equation_evaluate(law->right_equation, values);
    if (!left.exact || !right.exact)
        panic("law %s: a product does not fit in 128 bits", law->name);
    return (struct law_info){law->name,         law->left,          law->right,
                             clamp(left.whole), clamp(right.whole), left.whole == right.whole};
}
