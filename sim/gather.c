#include "sim/gather.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/out/h5_read.h"
#include "sim/out/h5_sweep.h"

char *gather_status(const char *path, double *host_seconds, uint32_t *exit_status)
{
    *exit_status = (uint32_t)result_read_number(path, "/meta/exit_status");
    *host_seconds = result_read_number(path, "/meta/host_seconds");
    return result_read_status(path);
}

static bool is_done(const struct point *p)
{
    return p->state == POINT_COMPLETE || p->state == POINT_LIMIT;
}

/* Every value of the axis is a number of one unit, or all are texts. */
static void fill_column(struct sweep_column *c, const struct sweep *s, uint32_t axis)
{
    const struct axis *a = &s->plan.axes[axis];
    const char **texts = xcalloc(s->point_count + UINT64_C(1), sizeof *texts);
    uint64_t *numbers = xcalloc(s->point_count + UINT64_C(1), sizeof *numbers);
    *c = (struct sweep_column){.name = a->label, .key = a->full, .unit = "", .is_number = true,
                               .texts = texts, .numbers = numbers};
    for (uint32_t n = 0; n < s->point_count; n++) {
        const struct point_value *v = &s->values[(size_t)n * s->plan.axis_count + axis];
        texts[n] = v->text;
        numbers[n] = v->number;
        c->unit = v->unit;
        c->is_number = c->is_number && *v->unit;
    }
}

static void fill_points(struct sweep_table *t, const struct sweep *s, uint8_t *done,
                        double *seconds, uint64_t *exits)
{
    for (uint32_t n = 0; n < s->point_count; n++) {
        const struct point *p = &s->points[n];
        char *result = xasprintf("%s/result.h5", p->folder);
        bool there = (is_done(p) || p->state == POINT_PARTIAL) && !access(result, R_OK);
        free(result);
        t->ids[n] = p->id;
        t->cases[n] = s->plan.cases[p->combination.case_number].name;
        t->states[n] = point_state_words[p->state];
        t->reasons[n] = p->reason ? p->reason : "";
        t->results[n] = there ? xasprintf("points/%s/result.h5", p->id) : xstrdup("");
        done[n] = is_done(p);
        seconds[n] = p->host_seconds;
        exits[n] = p->state == POINT_COMPLETE ? p->exit_status : 0;
    }
}

bool gather_sweep(const struct sweep *s, const char *path, struct err *e)
{
    uint64_t n = s->point_count + UINT64_C(1);
    struct sweep_column *columns = xcalloc(s->plan.axis_count + UINT64_C(1), sizeof *columns);
    uint8_t *done = xcalloc(n, sizeof *done);
    double *seconds = xcalloc(n, sizeof *seconds);
    uint64_t *exits = xcalloc(n, sizeof *exits);
    struct sweep_table t = {.sweep = s->plan.path, .points = s->point_count,
                            .columns = s->plan.axis_count, .column = columns,
                            .is_done = done, .host_seconds = seconds,
                            .exit_statuses = exits};
    const char ***texts[] = {&t.ids, &t.cases, &t.states, &t.reasons, &t.results};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        *texts[k] = xcalloc(n, sizeof **texts[k]);
    for (uint32_t a = 0; a < s->plan.axis_count; a++)
        fill_column(&columns[a], s, a);
    fill_points(&t, s, done, seconds, exits);
    bool ok = sweep_file_write(path, &t, e);
    for (uint32_t p = 0; p < s->point_count; p++)
        free((char *)t.results[p]);
    for (uint32_t a = 0; a < s->plan.axis_count; a++) {
        free(columns[a].texts);
        free((uint64_t *)columns[a].numbers);
    }
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        free(*texts[k]);
    free(columns);
    free(seconds);
    free(exits);
    free(done);
    return ok;
}
