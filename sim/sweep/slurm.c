/* Submits batches and waits for them: see batch.h. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "sim/base/bits.h"
#include "sim/base/log.h"
#include "sim/sweep/batch_files.h"
#include "sim/sweep/point.h"
#include "sim/sweep/progress.h"

enum {
    ARRAY_SIZE_DEFAULT = 1001, /* slurm.conf(5), MaxArraySize */
    ANSWER_MAX = 100000,
    FOLDER_MAX = 4200,
    POLL_FIRST_SECONDS = 1,
    POLL_LAST_SECONDS = 30,
    /* A file system may show a result only some time after the task has left the queue. */
    SETTLE_POLLS = 3,
};

/* Runs a command with its errors among its output; the exit status, -1 when it cannot be run. */
static int ask(const char *command, char *answer, size_t room)
{
    char *whole = xasprintf("%s 2>&1", command);
    FILE *f = popen(whole, "re");
    free(whole);
    if (!f)
        return -1;
    size_t bytes = fread(answer, 1, room - 1, f);
    answer[bytes] = 0;
    int status = pclose(f);
    return status >= 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

uint32_t batch_array_size(void)
{
    char *answer = xcalloc(1, ANSWER_MAX);
    uint32_t size = ARRAY_SIZE_DEFAULT;
    const char *at = ask("scontrol show config", answer, ANSWER_MAX) == 0
                         ? strstr(answer, "MaxArraySize")
                         : NULL;
    if (at && (at = strchr(at, '=')) && strtoul(at + 1, NULL, 10) > 1)
        size = (uint32_t)strtoul(at + 1, NULL, 10);
    free(answer);
    return size;
}

/* One job for each line of DIRECTORY/batch/jobs: its number and its batch's. */
struct job {
    unsigned long number, batch;
    bool alive;
};

struct jobs {
    const char *folder;
    char *path;
    struct job *list;
    uint32_t count;
};

static void jobs_add(struct jobs *j, unsigned long number, unsigned long batch)
{
    j->list = xrealloc(j->list, (j->count + UINT64_C(1)) * sizeof *j->list);
    j->list[j->count++] = (struct job){number, batch, true};
}

static void jobs_read(struct jobs *j)
{
    unsigned long number, batch;
    FILE *f = fopen(j->path, "re");
    while (f && fscanf(f, "%lu %lu", &number, &batch) == 2)
        jobs_add(j, number, batch);
    if (f)
        fclose(f);
}

/* Those that are gone are of no more use to another call. */
static bool jobs_write(const struct jobs *j, struct err *e)
{
    FILE *f = fopen(j->path, "we");
    for (uint32_t n = 0; f && n < j->count; n++)
        if (j->list[n].alive)
            fprintf(f, "%lu %lu\n", j->list[n].number, j->list[n].batch);
    return (f && !fclose(f)) || err_set(e, "%s: cannot be written: %s", j->path, strerror(errno));
}

/* Whether the job has tasks that wait or run. A controller that does not answer is no reason to
 * think that it has none. */
static bool is_alive(unsigned long job)
{
    char answer[4000];
    char *command = xasprintf("squeue -h -o %%i -j %lu", job);
    int status = ask(command, answer, sizeof answer);
    free(command);
    return status == 0 ? *answer != 0 : !strstr(answer, "Invalid job id");
}

static uint32_t jobs_alive(struct jobs *j)
{
    uint32_t alive = 0;
    for (uint32_t n = 0; n < j->count; n++)
        alive += j->list[n].alive = j->list[n].alive && is_alive(j->list[n].number);
    return alive;
}

/* What became of a task: by the accounting, or while the controller remembers it. Tasks that were
 * cancelled before they began are known by their job only. */
static char *fate_of(unsigned long job, uint32_t index)
{
    char answer[4000], *state = NULL;
    char *commands[] = {xasprintf("sacct -n -X -P -o State -j %lu_%u", job, index),
                        xasprintf("scontrol -o show job %lu_%u", job, index),
                        xasprintf("scontrol -o show job %lu", job)};
    for (size_t n = 0; n < ARRAY_LEN(commands); n++) {
        bool answered = !state && !ask(commands[n], answer, sizeof answer) && *answer;
        free(commands[n]);
        if (!answered)
            continue;
        state = strstr(answer, "JobState=");
        state = state ? state + strlen("JobState=") : n ? NULL : answer;
    }
    if (!state)
        return NULL;
    state[strcspn(state, " \n")] = 0;
    return xasprintf("Slurm: %s", state);
}

static struct point *point_in(struct sweep *s, const char *folder)
{
    const char *slash = strrchr(folder, '/');
    for (uint32_t n = 0; slash && n < s->point_count; n++)
        if (!strcmp(s->points[n].id, slash + 1))
            return &s->points[n];
    return NULL;
}

/* A point that its job has left as it was: cancelled, out of memory, a node that failed ... */
static void explain(struct sweep *s, const struct jobs *jobs)
{
    char line[FOLDER_MAX];
    for (uint32_t n = 0; n < jobs->count; n++) {
        char *path = xasprintf("%s/%lu.points", jobs->folder, jobs->list[n].batch);
        FILE *f = fopen(path, "re");
        for (uint32_t index = 0; f && fgets(line, sizeof line, f); index++) {
            line[strcspn(line, "\n")] = 0;
            struct point *p = point_in(s, line);
            if (p && p->state == POINT_QUEUED && !p->reason)
                p->reason = fate_of(jobs->list[n].number, index);
        }
        if (f)
            fclose(f);
        free(path);
    }
}

static bool submit(const struct batch *b, const struct sweep_options *o, struct jobs *jobs,
                   struct err *e)
{
    char answer[1000], *end;
    if (!batch_write(b, o, e))
        return false;
    char *command = xasprintf("sbatch --parsable %s '%s/%u.sh'", o->sbatch, b->folder, b->number);
    int status = ask(command, answer, sizeof answer);
    free(command);
    unsigned long number = strtoul(answer, &end, 10);
    answer[strcspn(answer, "\n")] = 0;
    if (status || end == answer)
        return err_set(e, "sbatch refuses: %s", answer);
    log_line("Slurm job %lu: %u point%s", number, b->count, b->count == 1 ? "" : "s");
    jobs_add(jobs, number, b->number);
    return true;
}

static bool submit_all(struct sweep *s, const struct sweep_options *o, const char *folder,
                       struct jobs *jobs, struct err *e)
{
    uint32_t count, size = batch_array_size();
    struct point **list = batch_wanted(s, o->pool.retry, &count);
    bool ok = true;
    for (uint32_t first = 0; ok && first < count; first += size) {
        struct batch b = {folder, (uint32_t)time(NULL) + first / size, list + first,
                          count - first < size ? count - first : size};
        ok = submit(&b, o, jobs, e);
    }
    for (uint32_t n = 0; n < count; n++)
        list[n]->tried = true;
    free(list);
    return jobs_write(jobs, e) && ok;
}

static void look_at_all(struct sweep *s, const struct sweep_env *env, struct sweep_progress *g)
{
    for (uint32_t n = 0; n < s->point_count; n++) {
        struct point *p = &s->points[n];
        enum point_state before = p->state;
        if (before == POINT_COMPLETE || before == POINT_LIMIT)
            continue;
        point_look(p, env);
        if (p->state != before && p->state != POINT_RUNNING && p->state != POINT_QUEUED)
            sweep_progress_ended(g, s, p);
    }
}

/* False when a signal came. */
static bool wait_for_jobs(struct sweep *s, const struct sweep_env *env, struct jobs *jobs,
                          struct sweep_progress *g, int *signalled)
{
    sigset_t ends, before;
    uint32_t quiet_polls = 0, pause = POLL_FIRST_SECONDS;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, &before);
    while (quiet_polls < SETTLE_POLLS && !*signalled) {
        bool alive = jobs_alive(jobs) > 0;
        uint32_t counts[POINT_STATE_COUNT];
        look_at_all(s, env, g);
        pool_count(s, counts);
        sweep_progress_show(g, s, counts[POINT_RUNNING], (double)time(NULL));
        quiet_polls = alive || counts[POINT_RUNNING] ? 0 : quiet_polls + 1;
        int number = sigtimedwait(&ends, NULL, &(struct timespec){quiet_polls ? 1 : pause, 0});
        if (number > 0)
            *signalled = number;
        pause = pause < POLL_LAST_SECONDS ? pause + 1 : pause;
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return !*signalled;
}

bool batch_slurm(struct sweep *s, const struct sweep_env *env, const struct sweep_options *o,
                 int *signalled, struct err *e)
{
    char *folder = NULL;
    struct jobs jobs = {0};
    struct sweep_progress progress;
    bool ok = batch_folder(s, &folder, e);
    jobs.folder = folder;
    jobs.path = xasprintf("%s/jobs", folder);
    jobs_read(&jobs);
    sweep_progress_start(&progress, o->pool.quiet, 1, (double)time(NULL));
    uint32_t earlier = ok ? jobs_alive(&jobs) : 0;
    if (earlier) {
        log_line("waiting for %u job%s of an earlier call", earlier, earlier == 1 ? "" : "s");
        ok = wait_for_jobs(s, env, &jobs, &progress, signalled);
    }
    if (ok && submit_all(s, o, folder, &jobs, e))
        wait_for_jobs(s, env, &jobs, &progress, signalled);
    sweep_progress_end(&progress);
    if (*signalled)
        log_line("the jobs go on; call again to wait for them, `scancel` to end them");
    else if (ok)
        explain(s, &jobs);
    free(jobs.list);
    free(jobs.path);
    free(folder);
    return !e->status;
}
