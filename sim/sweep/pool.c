#include "sim/sweep/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim/base/log.h"
#include "sim/sweep/point.h"
#include "sim/sweep/progress.h"

enum { KILL_SECONDS = 10, POLL_SECONDS = 1, RESULTLESS_MAX = 400 };

struct job {
    struct point *point; /* NULL: this place is free */
    pid_t pid;
    double started, asked_to_end; /* seconds; 0: not asked */
    bool timed_out;
};

struct pool {
    struct sweep *sweep;
    const struct sweep_env *env;
    const struct pool_options *options;
    struct job *jobs;
    uint32_t running, next; /* next: point to look at first */
    sigset_t watched, before;
    int signalled;
    double touched;
    struct sweep_progress progress;
};

static double now_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void pool_count(const struct sweep *s, uint32_t counts[POINT_STATE_COUNT])
{
    memset(counts, 0, POINT_STATE_COUNT * sizeof *counts);
    for (uint32_t n = 0; n < s->point_count; n++)
        counts[s->points[n].state]++;
}

static void open_as(const char *folder, const char *name, int flags, int as)
{
    char *path = *name == '/' ? xstrdup(name) : xasprintf("%s/%s", folder, name);
    int fd = open(path, flags, 0666);
    if (fd < 0 || dup2(fd, as) < 0)
        _exit(EXIT_USER);
    close(fd);
    free(path);
}

/* In the child. Dies with the sweep: nobody would take its result. */
static _Noreturn void become_point(const struct pool *pool, const struct point *p, pid_t parent)
{
    const char *program = pool->env->program;
    char *config = xasprintf("%s/config.ini", p->folder);
    char *result = xasprintf("%s/result.h5", p->folder);
    uint64_t memory = pool->options->memory_bytes;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(EXIT_USER);
    if (memory)
        setrlimit(RLIMIT_AS, &(struct rlimit){memory, memory});
    open_as(p->folder, "/dev/null", O_RDONLY, STDIN_FILENO);
    open_as(p->folder, "stdout", O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
    open_as(p->folder, "stderr", O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
    setpgid(0, 0); /* a terminal's Ctrl-C reaches the sweep alone, which ends its points itself */
    sigprocmask(SIG_SETMASK, &pool->before, NULL);
    execl(program, "simrun", "-q", "--force", "-o", result, config, (char *)NULL);
    dprintf(STDERR_FILENO, "simrun: %s: cannot be run: %s\n", program, strerror(errno));
    _exit(EXIT_USER);
}

static bool start(struct pool *pool, struct job *job, struct point *p, struct err *e)
{
    pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        become_point(pool, p, parent);
    if (pid < 0) {
        point_release(p);
        return err_set(e, "cannot start a process: %s", strerror(errno));
    }
    *job = (struct job){.point = p, .pid = pid, .started = now_seconds()};
    p->state = POINT_RUNNING;
    p->tried = p->ours = true;
    pool->running++;
    return true;
}

bool pool_wants(const struct point *p, bool retry)
{
    static const bool again[POINT_STATE_COUNT] = {
#define AGAIN(name, word, again, text) again,
        POINT_STATES(AGAIN)
#undef AGAIN
    };
    bool failed = p->state == POINT_FAILED || p->state == POINT_TIMEOUT;
    return !p->tried && (again[p->state] || (failed && retry));
}

static bool is_wanted(const struct pool *pool, const struct point *p)
{
    return pool_wants(p, pool->options->retry);
}

/* Claims a point that is still wanted when the claim is ours. */
static bool take(struct pool *pool, struct point *p, struct err *e)
{
    if (!point_claim(p, e)) {
        p->state = POINT_RUNNING;
        return false;
    }
    point_look_at_files(p, pool->env);
    if (is_wanted(pool, p)) {
        point_clear(p);
        return true;
    }
    point_release(p);
    return false;
}

static struct point *next_point(struct pool *pool, struct err *e)
{
    struct sweep *s = pool->sweep;
    for (; pool->next < s->point_count && !e->status; pool->next++) {
        struct point *p = &s->points[pool->next];
        if (is_wanted(pool, p) && take(pool, p, e))
            return p;
    }
    return NULL;
}

static bool fill(struct pool *pool, struct err *e)
{
    for (uint32_t n = 0; n < pool->options->jobs; n++) {
        struct job *job = &pool->jobs[n];
        if (job->point)
            continue;
        struct point *p = next_point(pool, e);
        if (!p)
            return !e->status;
        if (!start(pool, job, p, e))
            return false;
    }
    return true;
}

/* A run that left no result in order: why, in a file for those who come later. */
static void note_failure(struct pool *pool, const struct job *job, int status, struct err *e)
{
    struct point *p = job->point;
    char *words = point_last_words(p), *text;
    if (job->timed_out)
        text = xasprintf("timeout after %llu s",
                         (unsigned long long)pool->options->timeout_seconds);
    else if (WIFSIGNALED(status))
        text = xasprintf("killed by signal %d (%s)", WTERMSIG(status),
                         strsignal(WTERMSIG(status)));
    else if (pool->signalled)
        text = NULL;
    else
        text = xasprintf("failed exit status %d: %.*s", WEXITSTATUS(status), RESULTLESS_MAX, words);
    if (text)
        point_write(p, "state", text, e);
    free(text);
    free(words);
}

static void end(struct pool *pool, struct job *job, int status, struct err *e)
{
    struct point *p = job->point;
    point_look_at_files(p, pool->env);
    if (p->state == POINT_QUEUED || p->state == POINT_FAILED ||
        (job->timed_out && p->state == POINT_PARTIAL)) {
        note_failure(pool, job, status, e);
        point_look_at_files(p, pool->env);
    }
    if (!(p->host_seconds > 0))
        p->host_seconds = now_seconds() - job->started;
    point_release(p);
    *job = (struct job){0};
    pool->running--;
    sweep_progress_ended(&pool->progress, pool->sweep, p);
}

static void reap(struct pool *pool, struct err *e)
{
    int status;
    for (uint32_t n = 0; n < pool->options->jobs; n++) {
        struct job *job = &pool->jobs[n];
        if (job->point && waitpid(job->pid, &status, WNOHANG) == job->pid)
            end(pool, job, status, e);
    }
}

/* First kindly, so that what was measured is kept, then not. */
static void ask_to_end(struct job *job, double now)
{
    if (!job->asked_to_end) {
        job->asked_to_end = now;
        kill(job->pid, SIGTERM);
    } else if (now - job->asked_to_end > KILL_SECONDS) {
        kill(job->pid, SIGKILL);
    }
}

static void look_after(struct pool *pool)
{
    double now = now_seconds();
    bool touch = now - pool->touched > POINT_HEARTBEAT_SECONDS;
    for (uint32_t n = 0; n < pool->options->jobs; n++) {
        struct job *job = &pool->jobs[n];
        if (!job->point)
            continue;
        uint64_t limit = pool->options->timeout_seconds;
        job->timed_out = job->timed_out || (limit && now - job->started > (double)limit);
        if (job->timed_out || pool->signalled)
            ask_to_end(job, now);
        if (touch)
            point_touch(job->point);
    }
    if (touch)
        pool->touched = now;
}

static void wait_a_while(struct pool *pool)
{
    int number = sigtimedwait(&pool->watched, NULL, &(struct timespec){POLL_SECONDS, 0});
    if (number == SIGINT || number == SIGTERM)
        pool->signalled = number;
}

/* What others were running may have ended, or their hosts. True while there is any of it. */
static bool look_at_others(struct pool *pool)
{
    bool any = false;
    for (uint32_t n = 0; n < pool->sweep->point_count; n++) {
        struct point *p = &pool->sweep->points[n];
        if (p->state != POINT_RUNNING)
            continue;
        point_look(p, pool->env);
        if (p->state == POINT_RUNNING || is_wanted(pool, p))
            any = true;
        else
            sweep_progress_ended(&pool->progress, pool->sweep, p);
    }
    pool->next = 0;
    return any;
}

static bool work(struct pool *pool, struct err *e)
{
    for (;;) {
        reap(pool, e);
        if (!pool->signalled && !e->status && !fill(pool, e))
            pool->signalled = SIGTERM; /* and *e says why */
        if (!pool->running && (pool->signalled || e->status || !look_at_others(pool)))
            return !e->status;
        sweep_progress_show(&pool->progress, pool->sweep, pool->running, now_seconds());
        wait_a_while(pool);
        look_after(pool);
    }
}

bool pool_run(struct sweep *s, const struct sweep_env *env, const struct pool_options *o,
              int *signalled, struct err *e)
{
    struct pool pool = {.sweep = s, .env = env, .options = o, .touched = now_seconds(),
                        .jobs = xcalloc(o->jobs, sizeof *pool.jobs)};
    sigemptyset(&pool.watched);
    sigaddset(&pool.watched, SIGCHLD);
    sigaddset(&pool.watched, SIGINT);
    sigaddset(&pool.watched, SIGTERM);
    sigprocmask(SIG_BLOCK, &pool.watched, &pool.before);
    sweep_progress_start(&pool.progress, o->quiet, o->jobs, now_seconds());
    for (uint32_t n = 0; n < s->point_count; n++)
        point_drop_stale(&s->points[n]);
    bool ok = work(&pool, e);
    sweep_progress_end(&pool.progress);
    sigprocmask(SIG_SETMASK, &pool.before, NULL);
    free(pool.jobs);
    *signalled = e->status ? 0 : pool.signalled;
    return ok;
}
