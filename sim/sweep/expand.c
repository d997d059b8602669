/* From axes to points: see plan.h. */
#include <stdlib.h>
#include <string.h>

#include "sim/sweep/design.h"
#include "sim/sweep/plan.h"
#include "sim/sweep/rules.h"

enum { POINTS_MAX = 10000000 };

struct expansion {
    const struct plan *plan;
    uint32_t *factor_of; /* of each axis; axes of one value belong to no factor but level 0 */
    uint32_t *level_counts;
    uint32_t factors;
    struct combination *list;
    uint32_t count, room;
};

/* A factor is a group of axes with more than one value, in the order of the file. */
static void find_factors(struct expansion *x)
{
    const struct plan *p = x->plan;
    x->factor_of = xcalloc(p->axis_count + 1, sizeof *x->factor_of);
    x->level_counts = xcalloc(p->axis_count + 1, sizeof *x->level_counts);
    for (uint32_t n = 0; n < p->axis_count; n++) {
        const struct axis *a = &p->axes[n];
        if (a->count < 2)
            x->factor_of[n] = UINT32_MAX;
        else if (a->group != n)
            x->factor_of[n] = x->factor_of[a->group];
        else {
            x->level_counts[x->factors] = a->count;
            x->factor_of[n] = x->factors++;
        }
    }
}

static void add(struct expansion *x, uint32_t case_number, const uint32_t *levels)
{
    const struct plan *p = x->plan;
    struct combination c = {case_number, xcalloc(p->axis_count + 1, sizeof *c.levels)};
    for (uint32_t n = 0; n < p->axis_count; n++)
        c.levels[n] = x->factor_of[n] == UINT32_MAX ? 0 : levels[x->factor_of[n]];
    if (rules_exclude(p, &c)) {
        free(c.levels);
        return;
    }
    if (x->count == x->room) {
        x->room = x->room ? 2 * x->room : 64;
        x->list = xrealloc(x->list, (uint64_t)x->room * sizeof *x->list);
    }
    x->list[x->count++] = c;
}

static void add_product(struct expansion *x, uint32_t case_number)
{
    uint32_t *levels = xcalloc(x->factors + 1, sizeof *levels), f;
    do {
        add(x, case_number, levels);
        for (f = x->factors; f > 0 && ++levels[f - 1] == x->level_counts[f - 1]; f--)
            levels[f - 1] = 0;
    } while (f > 0);
    free(levels);
}

static bool check_size(const struct expansion *x, struct err *e)
{
    uint64_t points = x->plan->case_count;
    for (uint32_t f = 0; f < x->factors && points <= POINTS_MAX; f++)
        points *= x->level_counts[f];
    return points <= POINTS_MAX || err_set(e, "%s: more than %d points", x->plan->path, POINTS_MAX);
}

static bool expand(struct expansion *x, struct err *e)
{
    const struct plan *p = x->plan;
    uint32_t *levels = NULL, points = p->keys.points;
    bool is_product = p->keys.design == DESIGN_PRODUCT;
    struct err why = {0};
    if (is_product && !check_size(x, e))
        return false;
    if (!is_product && !design_draw((enum design)p->keys.design, x->level_counts, x->factors,
                                    p->keys.seed, &points, &levels, &why)) {
        free(levels);
        return config_blame(p->own, "sweep", "design", &why, e);
    }
    for (uint32_t k = 0; k < p->case_count; k++) {
        if (is_product)
            add_product(x, k);
        for (uint32_t n = 0; !is_product && n < points; n++)
            add(x, k, levels + (size_t)n * x->factors);
    }
    free(levels);
    return x->count || config_error(p->own, "sweep", "exclude", e, "no point is left");
}

bool plan_expand(const struct plan *p, struct combination **list, uint32_t *count, struct err *e)
{
    struct expansion x = {.plan = p};
    find_factors(&x);
    bool ok = expand(&x, e);
    free(x.factor_of);
    free(x.level_counts);
    *list = x.list;
    *count = x.count;
    return ok;
}

void combinations_free(struct combination *list, uint32_t count)
{
    for (uint32_t n = 0; n < count; n++)
        free(list[n].levels);
    free(list);
}
