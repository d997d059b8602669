#include "sim/sweep/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/log.h"
#include "sim/sweep/pool.h"

static const double redraw_seconds = 0.5;

void sweep_duration(char *text, size_t room, double seconds)
{
    uint64_t s = (uint64_t)(seconds + 0.5);
    if (s >= 3600)
        snprintf(text, room, "%llu h %02llu min", (unsigned long long)(s / 3600),
                 (unsigned long long)(s / 60 % 60));
    else if (s >= 60)
        snprintf(text, room, "%llu min %02llu s", (unsigned long long)(s / 60),
                 (unsigned long long)(s % 60));
    else
        snprintf(text, room, "%llu s", (unsigned long long)s);
}

char *sweep_point_name(const struct sweep *s, const struct point *p)
{
    const struct plan *plan = &s->plan;
    char *text = NULL;
    size_t bytes;
    FILE *f = open_memstream(&text, &bytes);
    const char *gap = "";
    if (*plan->cases[p->combination.case_number].name) {
        fputs(plan->cases[p->combination.case_number].name, f);
        gap = " ";
    }
    for (uint32_t n = 0; n < plan->axis_count; n++) {
        const struct axis *a = &plan->axes[n];
        if (a->count < 2)
            continue;
        fprintf(f, "%s%s=%s", gap, a->label, a->values[p->combination.levels[n]]);
        gap = " ";
    }
    fclose(f);
    return text;
}

void sweep_progress_start(struct sweep_progress *g, bool quiet, uint32_t jobs, double now)
{
    *g = (struct sweep_progress){.quiet = quiet, .on_terminal = isatty(STDERR_FILENO),
                                 .jobs = jobs, .started = now, .shown = now};
}

/* Points still to be run take as long as ours took on average. */
static double time_left(const struct sweep_progress *g, const struct sweep *s, uint32_t left,
                        uint32_t running)
{
    double seconds = 0;
    uint32_t count = 0;
    for (uint32_t n = 0; n < s->point_count; n++)
        if (s->points[n].host_seconds > 0) {
            seconds += s->points[n].host_seconds;
            count++;
        }
    double work = (double)left + (double)running / 2; /* those running are half done */
    return count ? seconds / count * work / g->jobs : -1;
}

void sweep_progress_show(struct sweep_progress *g, const struct sweep *s, uint32_t running,
                         double now)
{
    uint32_t counts[POINT_STATE_COUNT];
    char eta[40] = "?", spent[40];
    if (g->quiet || !g->on_terminal || now - g->shown < redraw_seconds)
        return;
    g->shown = now;
    pool_count(s, counts);
    double left = time_left(g, s, counts[POINT_QUEUED], running);
    if (left >= 0)
        sweep_duration(eta, sizeof eta, left);
    sweep_duration(spent, sizeof spent, now - g->started);
    fprintf(stderr, "\rsimrun: %u of %u points done, %u running, %u failed; %s, %s left\033[K",
            counts[POINT_COMPLETE] + counts[POINT_LIMIT], s->point_count, counts[POINT_RUNNING],
            counts[POINT_FAILED] + counts[POINT_KILLED] + counts[POINT_TIMEOUT], spent, eta);
    g->line_open = true;
}

void sweep_progress_end(struct sweep_progress *g)
{
    if (g->line_open)
        fputs("\r\033[K", stderr);
    g->line_open = false;
}

void sweep_progress_ended(struct sweep_progress *g, const struct sweep *s, const struct point *p)
{
    uint32_t counts[POINT_STATE_COUNT];
    char spent[40], exit_status[40] = "";
    bool odd = p->state == POINT_COMPLETE && p->exit_status;
    bool well = (p->state == POINT_COMPLETE && !odd) || p->state == POINT_LIMIT;
    if (g->quiet || (g->on_terminal && well))
        return;
    sweep_progress_end(g);
    pool_count(s, counts);
    char *name = sweep_point_name(s, p);
    sweep_duration(spent, sizeof spent, p->host_seconds);
    uint32_t ended = s->point_count - counts[POINT_QUEUED] - counts[POINT_RUNNING];
    if (odd)
        snprintf(exit_status, sizeof exit_status, ", exit status %u", p->exit_status);
    log_line("[%u/%u] %s %s: %s%s%s%s (%s)", ended, s->point_count, p->id, name,
             point_state_words[p->state], exit_status, p->reason ? ": " : "",
             p->reason ? p->reason : "", p->ours ? spent : "elsewhere");
    free(name);
}
