/* execve and execveat: scripts are followed to their interpreter as Linux does; the program is
 * mapped completely before anything of the old one goes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/isa/code.h"
#include "sim/isa/processor.h"
#include "sim/linux/exec_words.h"
#include "sim/linux/internal.h"
#include "sim/linux/open_flags.h"
#include "sim/linux/path.h"

#define SCRIPT_DEPTH   5   /* interpreters that are scripts themselves */
#define AT_EMPTY       0x1000u
#define AT_NOFOLLOW    0x100u
#define ARGUMENTS_LEAST (UINT64_C(128) << 10) /* ARG_MAX */
#define ARGUMENTS_MOST  (UINT64_C(6) << 20)   /* three quarters of the customary stack */

struct exec_request {
    int fd;                  /* of what is to be run, so far */
    char name[PATH_MAX];     /* as the caller names it; then an interpreter's */
    char called[PATH_MAX];   /* as the caller names it */
    bool is_inaccessible;    /* by that name, as its descriptor will be closed */
    struct exec_words argv, envp;
};

/* 0 with q->fd set when the file may be executed. */
static int64_t open_file(const struct guest_path *p, struct exec_request *q)
{
    char self[64];
    struct stat st;
    q->fd = p->text[0] ? openat(p->dirfd, p->text, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
                       : fcntl(p->dirfd, F_DUPFD_CLOEXEC, 3);
    if (q->fd < 0)
        return -errno;
    snprintf(self, sizeof self, "/proc/self/fd/%d", q->fd);
    bool may = fstat(q->fd, &st) == 0 && S_ISREG(st.st_mode) && access(self, X_OK) == 0;
    return may ? 0 : -EACCES;
}

static int64_t open_named(struct linux_process *l, uint64_t dirfd, enum path_end end,
                          struct exec_request *q)
{
    struct guest_path p;
    if (q->fd >= 0)
        close(q->fd);
    q->fd = -1;
    int64_t r = path_find(l, dirfd, q->name, end, &p);
    if (r < 0)
        return r;
    r = open_file(&p, q);
    path_done(&p);
    return r;
}

/* A relative name below a descriptor is called /dev/fd/N/NAME. */
static int64_t open_called(struct linux_process *l, const uint64_t *a, struct exec_request *q)
{
    bool is_relative = q->name[0] != '/' && a[0] != PATH_CWD;
    if (!q->name[0] && !(a[4] & AT_EMPTY))
        return -ENOENT;
    if (a[4] & ~(uint64_t)(AT_EMPTY | AT_NOFOLLOW))
        return -EINVAL;
    int64_t r = open_named(l, a[0], path_end_of(a[4]), q);
    if (r < 0)
        return r;
    const struct fd_entry *entry = is_relative ? fd_find(&l->fds, a[0]) : NULL;
    q->is_inaccessible = entry && entry->close_on_exec;
    if (is_relative)
        snprintf(q->called, sizeof q->called, "/dev/fd/%d%s%.4000s", (int)a[0],
                 q->name[0] ? "/" : "", q->name);
    else
        strcpy(q->called, q->name);
    strcpy(q->name, q->called);
    return 0;
}

/* Follows scripts to a file that is none. */
static int64_t find_interpreter(struct linux_process *l, struct exec_request *q)
{
    for (uint32_t depth = 0;; depth++) {
        char line[SCRIPT_LINE + 1], *interpreter, *argument;
        if (!exec_script_read(q->fd, line))
            return -errno;
        if (depth > SCRIPT_DEPTH)
            return -ELOOP;
        if (!exec_script_line(line, &interpreter, &argument))
            return -ENOEXEC;
        if (q->is_inaccessible)
            return -ENOENT;
        exec_words_drop_first(&q->argv);
        exec_words_push(&q->argv, q->name);
        if (argument)
            exec_words_push(&q->argv, argument);
        exec_words_push(&q->argv, interpreter);
        strcpy(q->name, interpreter);
        int64_t r = open_named(l, PATH_CWD, PATH_FOLLOW, q);
        if (r < 0)
            return r;
    }
}

static uint64_t arguments_most(const struct linux_process *l)
{
    uint64_t quarter = l->limits[GUEST_RLIMIT_STACK].soft / 4;
    return max_u64(min_u64(quarter, ARGUMENTS_MOST), ARGUMENTS_LEAST);
}

/* Both vectors; what they take together is limited. */
static int64_t read_words(struct linux_process *l, const uint64_t *a, struct exec_request *q)
{
    uint64_t left = arguments_most(l) - strlen(q->called) - 1;
    int64_t r = exec_words_read(&q->argv, l, a[2], &left);
    if (r < 0)
        return r;
    if (exec_words_are_none(&q->argv)) /* as Linux does since 5.18 */
        exec_words_push(&q->argv, "");
    return exec_words_read(&q->envp, l, a[3], &left);
}

/* Takes q's words and descriptor. */
static struct executable *make_executable(struct linux_process *l, struct exec_request *q)
{
    struct executable *x = xcalloc(1, sizeof *x);
    char path[PATH_MAX];
    x->users = 1;
    x->fd = q->fd;
    x->host_path = xasprintf("/proc/self/fd/%d", q->fd);
    x->name = xstrdup(path_of_descriptor(l, q->fd, path) < 0 ? q->name : path);
    x->called = xstrdup(q->called);
    x->argv = exec_words_take(&q->argv);
    x->envp = exec_words_take(&q->envp);
    q->fd = -1;
    return x;
}

/* The calling thread becomes the process's only one. */
static void end_old_program(struct linux_process *l)
{
    struct thread *t = thread_running(l);
    threads_end_others(l, t);
    futex_thread_ends(t);
    t->clear_child_tid = t->robust_list = 0;
    if (t != l->leader)
        l->leader->tid = t->tid;
    t->tid = l->pid;
    l->leader = t;
    for (uint32_t n = 0; n < l->fds.count; n++)
        if (l->fds.entries[n].close_on_exec)
            fd_drop(l, n);
    signals_reset_handlers(l);
    l->signals.alt = (struct signal_stack){.flags = SS_FLAG_DISABLE};
    for (uint32_t n = ITIMERS; n < TIMERS; n++)
        l->timers[n] = (struct guest_timer){0};
}

static void begin_program(struct linux_process *l, struct process *process,
                          const struct program_image *image, struct executable *x)
{
    struct kernel *k = l->kernel;
    struct address_space *old = l->space;
    struct mmu *mmu = process_mmu(process);
    struct code *code =
        old->code ? code_create_like(old->code, mmu, l == k->first) : NULL;
    end_old_program(l);
    space_give(l, space_create(k, process, code));
    program_release(l->exe);
    l->exe = x;
    l->image = *image;
    l->has_started_program = true;
    task_end_vfork(l);
    space_release(k, old);
    space_enter(l);
    program_start(l);
    l->registers_set = true;
}

static int64_t run(struct linux_process *l, struct exec_request *q)
{
    struct program_image image;
    struct process *process = process_create(l->mmu->phys, process_page_bytes(l->process));
    struct executable *x = make_executable(l, q);
    int64_t r = l->config.load(l->config.ctx, x->host_path, x->name, process, &image);
    if (r == 0 && image.is_64bit && l->config.processor->is_32bit)
        r = -ENOEXEC;
    if (r == 0) {
        begin_program(l, process, &image, x);
        return 0;
    }
    program_release(x);
    process_destroy(process);
    return r;
}

/* The arguments of execveat, with the name in q already. */
static int64_t execute(struct linux_process *l, const uint64_t *a, struct exec_request *q)
{
    if (!l->config.load)
        return syscall_refuse(l, "another program");
    int64_t r = open_called(l, a, q);
    if (r == 0)
        r = read_words(l, a, q);
    if (r == 0)
        r = find_interpreter(l, q);
    return r == 0 ? run(l, q) : r;
}

int64_t sys_execveat(struct linux_process *l, const uint64_t *a)
{
    struct exec_request *q = xcalloc(1, sizeof *q);
    q->fd = -1;
    int64_t r = guest_string(l, a[1], q->name, sizeof q->name);
    if (r >= 0)
        r = execute(l, a, q);
    if (q->fd >= 0)
        close(q->fd);
    exec_words_free(&q->argv);
    exec_words_free(&q->envp);
    free(q);
    return r;
}

int64_t sys_execve(struct linux_process *l, const uint64_t *a)
{
    return sys_execveat(l, (uint64_t[]){PATH_CWD, a[0], a[1], a[2], 0});
}
