#include "sim/linux/linux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/log.h"
#include "sim/linux/exec_words.h"
#include "sim/linux/fd_object.h"
#include "sim/linux/internal.h"
#include "sim/linux/path.h"
#include "sim/linux/socket.h"

#define TIMEBASE_HZ UINT64_C(512000000) /* architected for POWER9 */
/* MAX_ARG_STRLEN at 4 KiB pages, for all words together */
#define STRING_MAX  (UINT64_C(128) << 10)

const struct key_row workload_key_rows[] = {WORKLOAD_KEYS(KEY_ROW, workload_keys) KEY_END};
const struct stat_row linux_stat_rows[] = {LINUX_STATS(STAT_ROW, linux_stats) STAT_END};

/* 512 million per second: 64 per 125 ns. */
static uint64_t timebase(void *board)
{
    const struct kernel *k = board;
    return (uint64_t)((u128)time_now_ns(k->first) * TIMEBASE_HZ / NS_PER_SECOND);
}

static uint64_t random_number(void *board)
{
    struct kernel *k = board;
    return rng_next(&k->rng);
}

static void set_limits(struct linux_process *l)
{
    static const struct {
        uint32_t resource;
        struct guest_limit limit;
    } finite[] = {
        {4, {0, UINT64_MAX}},        /* CORE */
        {6, {THREADS_MAX, THREADS_MAX}}, /* NPROC */
        {7, {1024, 4096}},           /* NOFILE */
        {8, {8 << 20, 8 << 20}},     /* MEMLOCK */
        {11, {SIGNAL_QUEUE, SIGNAL_QUEUE}}, /* SIGPENDING */
        {12, {819200, 819200}},      /* MSGQUEUE */
        {13, {0, 0}}, {14, {0, 0}},  /* NICE, RTPRIO */
    };
    for (uint32_t n = 0; n < RLIMITS; n++)
        l->limits[n] = (struct guest_limit){UINT64_MAX, UINT64_MAX};
    for (uint32_t n = 0; n < ARRAY_LEN(finite); n++)
        l->limits[finite[n].resource] = finite[n].limit;
    l->limits[3].soft = l->config.keys->stack_size; /* STACK */
}

static bool refuse_key(const struct linux_config *config, const char *key, const struct err *why,
                       struct err *e)
{
    if (!config->config)
        return err_set(e, "workload.%s: %s", key, why->text);
    return config_blame(config->config, "workload", key, why, e);
}

static bool refuse_file(const struct linux_config *config, const char *key, const char *path,
                        struct err *e)
{
    struct err why = {0};
    err_set(&why, "%s: %s", path, strerror(errno));
    return refuse_key(config, key, &why, e);
}

static bool open_input(struct linux_process *l, struct err *e)
{
    const char *path = l->config.keys->input;
    if (!path || !*path)
        return true;
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && !fstat(fd, &st) && S_ISDIR(st.st_mode)) {
        close(fd);
        errno = EISDIR;
        fd = -1;
    }
    if (fd < 0)
        return refuse_file(&l->config, "input", path, e);
    fd_replace(&l->fds, 0, fd, false);
    return true;
}

static bool open_cwd(struct linux_process *l, struct err *e)
{
    const char *path = l->config.keys->cwd;
    bool confined = l->config.roots->root_fd >= 0;
    char text[PATH_MAX];
    int dirfd = AT_FDCWD, r = 0;
    if (!path || !*path)
        path = confined ? "/" : ".";
    if (confined || path[0] == '/')
        r = roots_find(l->config.roots, path, true, &dirfd, text);
    errno = -r;
    l->cwd_fd = r ? -1 : openat(dirfd, dirfd == AT_FDCWD ? path : text,
                                O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (l->cwd_fd < 0)
        return refuse_file(&l->config, "cwd", path, e);
    return true;
}

static char **split_key(const struct linux_config *config, const char *key, const char *text,
                        struct err *e)
{
    struct err why = {0};
    char **words = words_split(text, NULL, &why);
    if (!words)
        refuse_key(config, key, &why, e);
    return words;
}

/* argv[0] is the program as configured, a script behind it; the command line's arguments replace
 * the configured ones. */
static char **build_argv(const struct linux_config *config, struct err *e)
{
    const char *const *args = config->args;
    char **configured = NULL;
    struct exec_words argv = {0};
    if (!args) {
        configured = split_key(config, "args", config->keys->args, e);
        if (!configured)
            return NULL;
        args = (const char *const *)configured;
    }
    exec_words_append(&argv, config->keys->program ? config->keys->program : "");
    if (config->script_argument)
        exec_words_append(&argv, config->script_argument);
    if (config->script)
        exec_words_append(&argv, config->script);
    for (; *args; args++)
        exec_words_append(&argv, *args);
    free(configured);
    return exec_words_take(&argv);
}

/* Where the program seems to be: a relative name hangs below the root, so that the place it is run
 * from does not show. */
static char *name_program(const char *configured)
{
    char *name = xcalloc(strlen(configured) + 2, 1);
    path_normalise(configured, name);
    return name;
}

static const struct roots no_roots = {.root_fd = -1, .sysroot_fd = -1};

/* Of the first process. NULL when the configuration's words cannot be taken apart. */
static struct executable *make_executable(const struct linux_config *config, struct err *e)
{
    const char *program = config->keys->program ? config->keys->program : "";
    struct executable *x = xcalloc(1, sizeof *x);
    x->users = 1;
    x->fd = -1;
    x->called = xstrdup(program);
    x->name = name_program(program);
    x->host_path = xstrdup(config->program_path);
    x->argv = build_argv(config, e);
    x->envp = x->argv ? split_key(config, "env", config->keys->env, e) : NULL;
    if (x->envp && stack_words_bytes(x->argv, x->envp) <= STRING_MAX)
        return x;
    if (x->envp)
        err_set(e, "workload: arguments and environment are longer than %llu KiB",
                (unsigned long long)(STRING_MAX >> 10));
    program_release(x);
    return NULL;
}

static struct linux_process *make_first(struct kernel *k, const struct linux_config *config)
{
    struct linux_process *l = xcalloc(1, sizeof *l);
    l->kernel = k;
    l->cpu = k->cpu;
    l->config = *config;
    if (!config->roots)
        l->config.roots = &no_roots;
    l->image = config->image;
    l->umask = 022;
    l->host_uid = geteuid();
    l->host_gid = getegid();
    l->cwd_fd = -1;
    fd_table_init(&l->fds);
    signals_init(l);
    timers_init(l);
    set_limits(l);
    k->first = l;
    k->threads.next_tid = GUEST_PID;
    k->threads.current = thread_create_leader(l);
    k->threads.current->runs = true;
    l->group = l->session = k->foreground_group = l->pid;
    return l;
}

static void begin(struct kernel *k, struct process *process)
{
    struct cpu *s = k->cpu;
    space_give(k->first, space_create(k, process, s->code));
    k->entered = k->first->space; /* the creator has attached the code */
    for (uint32_t n = 0; n < k->cores.count; n++) {
        k->cores.core[n].cpu->board = k;
        k->cores.core[n].cpu->timebase = timebase;
        k->cores.core[n].cpu->random = random_number;
    }
    s->asid = k->entered->id;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    program_start(k->first);
}

struct linux_process *linux_create(struct process *process, struct cpu *cpu,
                                   const struct linux_config *config, struct err *e)
{
    struct executable *x = make_executable(config, e);
    if (!x)
        return NULL;
    struct kernel *k = xcalloc(1, sizeof *k);
    cores_init(k, cpu, config);
    k->phys = process_mmu(process)->phys;
    k->rng = rng_seeded(config->keys->seed);
    struct linux_process *l = make_first(k, config);
    l->exe = x;
    task_add(k, l);
    if (!open_input(l, e) || !open_cwd(l, e)) {
        l->state = TASK_ZOMBIE; /* without an address space of its own */
        linux_destroy(l);
        return NULL;
    }
    begin(k, process);
    return l;
}

void linux_destroy(struct linux_process *l)
{
    struct kernel *k = l->kernel;
    threads_free(k);
    socket_names_free(k);
    tasks_free(k);
    fd_objects_free(k);
    k->cores.used = 0; /* none of them executes anything any more */
    spaces_free_dead(k);
    free(k);
}

/* By the processor, as no instruction of its own or not one for programs. */
static bool is_refused(const struct cpu *s)
{
    return s->exception.kind == EXC_ILLEGAL || s->exception.kind == EXC_PRIVILEGED;
}

/* Said once, for programs that were built for another processor. */
static void tell_illegal(struct kernel *k, const struct cpu *s)
{
    if (s->exception.kind == EXC_ILLEGAL && !k->refused_instruction) {
        log_warn("0x%08x at 0x%llx is no instruction of core.isa: SIGILL (simrun check lists all)",
                 (unsigned)s->exception.detail, (unsigned long long)s->nia);
        k->refused_instruction = true;
    }
}

static struct linux_process *running(const struct kernel *k) { return k->threads.current->process; }

/* A call that waits is made again before anything else happens to its thread. */
static void deliver_signals(struct kernel *k)
{
    const struct thread *t = k->threads.current;
    if (t && !t->ended && !t->waiting && !k->threads.must_wait && !t->process->stopped)
        signals_deliver(t->process);
}

void core_leave(struct kernel *k)
{
    do {
        deliver_signals(k);
    } while (k->threads.current && thread_schedule(k));
}

static bool leave_kernel(struct kernel *k)
{
    if (k->threads.current)
        running(k)->in_syscall = false;
    core_leave(k);
    if (k->cores.used > 1)
        cores_spread(k);
    return !k->over;
}

static bool exception(void *system, struct cpu *s)
{
    struct kernel *k = system;
    if (s != k->cpu)
        core_select_cpu(k, s);
    struct linux_process *l = running(k);
    l->in_syscall = s->exception.kind == EXC_SYSCALL && s->exception.detail == 0;
    if (l->in_syscall) {
        k->cores.core[k->cores.active].calls++;
        spaces_free_dead(k);
        linux_syscall(l);
    } else if (is_refused(s) && emulate_instruction(l)) {
        return true;
    } else {
        /* scv is not offered (AT_HWCAP2), and neither it nor sc 1 counts as done. */
        if (s->exception.kind == EXC_SYSCALL || s->exception.kind == EXC_SYSCALL_V)
            s->nia = (s->nia - 4) & s->ea_mask;
        tell_illegal(k, s);
        signal_force(l, fault_signal(s));
    }
    return leave_kernel(k);
}

static bool poll_signals(void *system, struct cpu *s)
{
    struct kernel *k = system;
    if (s != k->cpu)
        core_select_cpu(k, s);
    timers_check(k->first);
    return leave_kernel(k);
}

struct exec_system linux_system(struct linux_process *l)
{
    return (struct exec_system){
        .exception = exception, .poll = poll_signals, .system = l->kernel};
}

void linux_raise(struct linux_process *l, uint32_t signo)
{
    signal_send(l, (struct signal_info){.signo = signo, .code = CODE_USER});
}

bool linux_has_exited(const struct linux_process *l) { return l->kernel->over; }
bool linux_is_running(const struct linux_process *l) { return cores_run(l->kernel, l); }

int linux_exit_status(const struct linux_process *l)
{
    uint32_t signo = l->end_status & 127;
    return signo ? 128 + (int)signo : (int)(l->end_status >> 8);
}

/* Of process n, unless it shares them with one before it. */
static uint64_t page_faults_of(const struct kernel *k, uint32_t n)
{
    const struct linux_process *l = k->tasks[n];
    for (uint32_t m = 0; m < n; m++)
        if (k->tasks[m]->state == TASK_ALIVE && k->tasks[m]->space == l->space)
            return 0;
    return l->state == TASK_ALIVE ? process_pages_touched(l->process) : 0;
}

const struct process *linux_address_space(const struct linux_process *l, uint32_t asid)
{
    const struct kernel *k = l->kernel;
    for (const struct address_space *s = k->dead; s; s = s->next)
        if (s->id == asid)
            return s->process;
    for (uint32_t n = 0; n < k->task_count; n++)
        if (k->tasks[n]->space && k->tasks[n]->space->id == asid)
            return k->tasks[n]->space->process;
    return NULL;
}

const struct linux_stats *linux_update_stats(struct linux_process *l)
{
    struct kernel *k = l->kernel;
    k->stats.page_faults = k->dead_page_faults;
    for (const struct address_space *s = k->dead; s; s = s->next)
        k->stats.page_faults += process_pages_touched(s->process);
    for (uint32_t n = 0; n < k->task_count; n++)
        k->stats.page_faults += page_faults_of(k, n);
    k->stats.resident_bytes = phys_resident_bytes(k->phys);
    return &k->stats;
}
