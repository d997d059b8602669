/* Submits batches and waits for them: see batch.h. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "sim/base/log.h"
#include "sim/sweep/batch_files.h"
#include "sim/sweep/point.h"
#include "sim/sweep/progress.h"

enum {
    ARRAY_SIZE_DEFAULT = 1001, /* slurm.conf(5), MaxArraySize */
    ANSWER_MAX = 100000,
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

/* One job for each line of DIRECTORY/batch/jobs. */
struct jobs {
    char *path;
    unsigned long *numbers;
    uint32_t count;
};

static bool jobs_add(struct jobs *j, unsigned long number)
{
    j->numbers = xrealloc(j->numbers, (j->count + UINT64_C(1)) * sizeof *j->numbers);
    j->numbers[j->count++] = number;
    return true;
}

static void jobs_read(struct jobs *j)
{
    unsigned long number;
    FILE *f = fopen(j->path, "re");
    while (f && fscanf(f, "%lu", &number) == 1)
        jobs_add(j, number);
    if (f)
        fclose(f);
}

static bool jobs_write(const struct jobs *j, struct err *e)
{
    FILE *f = fopen(j->path, "we");
    for (uint32_t n = 0; f && n < j->count; n++)
        fprintf(f, "%lu\n", j->numbers[n]);
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

/* Forgets those that are gone; whether any is left. */
static bool jobs_alive(struct jobs *j)
{
    uint32_t kept = 0;
    for (uint32_t n = 0; n < j->count; n++)
        if (is_alive(j->numbers[n]))
            j->numbers[kept++] = j->numbers[n];
    j->count = kept;
    return kept > 0;
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
    return jobs_add(jobs, number);
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
        bool alive = jobs_alive(jobs);
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
    jobs.path = xasprintf("%s/jobs", folder);
    jobs_read(&jobs);
    sweep_progress_start(&progress, o->pool.quiet, 1, (double)time(NULL));
    if (ok && jobs_alive(&jobs)) {
        log_line("waiting for %u job%s of an earlier call", jobs.count,
                 jobs.count == 1 ? "" : "s");
        ok = wait_for_jobs(s, env, &jobs, &progress, signalled);
    }
    if (ok && submit_all(s, o, folder, &jobs, e))
        wait_for_jobs(s, env, &jobs, &progress, signalled);
    sweep_progress_end(&progress);
    if (*signalled)
        log_line("the jobs go on; call again to wait for them, `scancel` to end them");
    free(jobs.numbers);
    free(jobs.path);
    free(folder);
    return !e->status;
}
