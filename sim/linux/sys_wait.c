/* Waiting for children: wait4, waitid and the old waitpid. */
#include <errno.h>

#include "sim/linux/fd_object.h"
#include "sim/linux/internal.h"

enum wait_option {
    NO_HANG = 1, STOPPED = 2 /* WUNTRACED */, EXITED = 4, CONTINUED = 8, NO_REAP = 0x1000000,
    OWN_THREAD = 0x20000000, ALL_KINDS = 0x40000000,
};
#define OTHER_KIND UINT32_C(0x80000000) /* __WCLONE: whose end is not told by SIGCHLD */
enum id_type { ID_ALL, ID_PID, ID_GROUP, ID_PIDFD };
#define CONTINUED_STATUS 0xffffu

struct wait_request {
    enum id_type type;
    uint32_t id, options;
};

/* What is reported of a child. */
struct wait_news {
    struct linux_process *child;
    int32_t code;    /* CODE_CLD_... */
    uint32_t status; /* as wait4 gives it */
    uint64_t cpu_ns;
};

static bool is_meant(const struct linux_process *l, const struct linux_process *child,
                     const struct wait_request *q)
{
    bool other_kind = child->exit_signal != GUEST_SIGCHLD;
    if (child->parent != l || child->state == TASK_GONE ||
        (!(q->options & ALL_KINDS) && other_kind != !!(q->options & OTHER_KIND)))
        return false;
    return q->type == ID_ALL || q->id == (q->type == ID_PID ? child->pid : child->group);
}

/* Fills *news when there are any that were asked for. */
static bool has_news(struct linux_process *child, const struct wait_request *q,
                     struct wait_news *news)
{
    *news = (struct wait_news){.child = child, .cpu_ns = child->cpu_ns + child->children_cpu_ns};
    if (child->state == TASK_ZOMBIE && q->options & EXITED) {
        news->status = child->end_status;
        news->code = child->end_status & 127 ? CODE_CLD_KILLED : CODE_CLD_EXITED;
    } else if (child->stop_news && q->options & STOPPED) {
        news->status = child->stop_news << 8 | 0x7f;
        news->code = CODE_CLD_STOPPED;
    } else if (child->continue_news && q->options & CONTINUED) {
        news->status = CONTINUED_STATUS;
        news->code = CODE_CLD_CONTINUED;
    }
    return news->code;
}

/* Told once, unless the caller only looks. */
static void forget_news(const struct wait_news *news, const struct wait_request *q)
{
    if (q->options & NO_REAP)
        return;
    news->child->stop_news = 0;
    news->child->continue_news = false;
    if (news->child->state == TASK_ZOMBIE)
        task_reap(news->child);
}

/* 1 with *news, 0 when there are none and the caller does not wait, or a negative errno. */
static int64_t wait_for_news(struct linux_process *l, const struct wait_request *q,
                             struct wait_news *news)
{
    bool any = false;
    for (struct linux_process *c = NULL; (c = task_next(l->kernel, 0, c));) {
        if (!is_meant(l, c, q))
            continue;
        any = true;
        if (has_news(c, q, news))
            return 1;
    }
    *news = (struct wait_news){0};
    if (!any)
        return -ECHILD;
    if (q->options & NO_HANG)
        return 0;
    struct thread_wait *w = &thread_running(l)->wait;
    w->for_child = true;
    w->woken = false;
    thread_wait_until(l, WAIT_FOR_EVER);
    return CALL_RESTART;
}

int64_t sys_wait4(struct linux_process *l, const uint64_t *a)
{
    int64_t pid = (int64_t)a[0];
    struct wait_request q = {.options = (uint32_t)a[2] | EXITED};
    struct wait_news news;
    if ((uint32_t)a[2] & ~(NO_HANG | STOPPED | CONTINUED | OWN_THREAD | ALL_KINDS | OTHER_KIND))
        return -EINVAL;
    if (pid == INT32_MIN)
        return -ESRCH;
    q.type = pid == -1 ? ID_ALL : pid > 0 ? ID_PID : ID_GROUP;
    q.id = pid > 0 ? (uint32_t)pid : pid == 0 ? l->group : (uint32_t)-pid;
    int64_t r = wait_for_news(l, &q, &news);
    if (r <= 0)
        return r;
    if ((a[1] && !guest_write_u32(l, a[1], news.status)) ||
        (a[3] && !rusage_put(l, a[3], news.cpu_ns, false)))
        return -EFAULT;
    r = news.child->pid;
    forget_news(&news, &q);
    return r;
}

int64_t sys_waitpid(struct linux_process *l, const uint64_t *a)
{
    return sys_wait4(l, (uint64_t[]){a[0], a[1], a[2], 0});
}

/* The number or signal of a status. */
static uint32_t short_status(const struct wait_news *news)
{
    switch (news->code) {
    case CODE_CLD_KILLED: return news->status & 127;
    case CODE_CLD_CONTINUED: return GUEST_SIGCONT;
    default: return news->status >> 8;
    }
}

/* struct siginfo, all zero without news. */
static bool put_news(struct linux_process *l, uint64_t ea, const struct wait_news *news)
{
    struct wire w;
    wire_init(&w, l);
    if (!news->child) {
        wire_zero(&w, 128);
    } else {
        struct signal_info info = {.signo = GUEST_SIGCHLD, .code = news->code,
                                   .pid = news->child->pid, .uid = l->config.keys->uid,
                                   .value = short_status(news)};
        signal_put_info(&w, &info);
    }
    return wire_store(&w, l, ea);
}

int64_t sys_waitid(struct linux_process *l, const uint64_t *a)
{
    const uint32_t kinds = EXITED | STOPPED | CONTINUED;
    struct wait_request q = {.type = (enum id_type)a[0], .id = (uint32_t)a[1],
                             .options = (uint32_t)a[3]};
    struct wait_news news;
    bool nonblocking = false;
    if (q.options & ~(kinds | NO_HANG | NO_REAP | OWN_THREAD | ALL_KINDS | OTHER_KIND) ||
        !(q.options & kinds) || a[0] > ID_PIDFD || (a[0] == ID_PID && (int64_t)a[1] <= 0) ||
        (int64_t)a[1] < 0)
        return -EINVAL;
    if (q.type == ID_GROUP && !q.id)
        q.id = l->group;
    int64_t r = 0;
    if (q.type == ID_PIDFD) {
        r = pidfd_process(l, a[1], &q.id, &nonblocking);
        q.type = ID_PID;
        q.options |= nonblocking ? NO_HANG : 0;
    }
    if (r == 0)
        r = wait_for_news(l, &q, &news);
    if (r == 0 && nonblocking && !(a[3] & NO_HANG))
        r = -EAGAIN;
    if (r < 0)
        return r;
    if ((a[2] && !put_news(l, a[2], &news)) ||
        (a[4] && r && !rusage_put(l, a[4], news.cpu_ns, false)))
        return -EFAULT;
    if (r)
        forget_news(&news, &q);
    return 0;
}
