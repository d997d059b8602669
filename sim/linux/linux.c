#include "sim/linux/linux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/isa/fpscr.h"
#include "sim/linux/internal.h"
#include "sim/linux/path.h"

#define TIMEBASE_HZ UINT64_C(512000000) /* architected for POWER9 */

const struct key_row workload_key_rows[] = {WORKLOAD_KEYS(KEY_ROW, workload_keys) KEY_END};
const struct stat_row linux_stat_rows[] = {LINUX_STATS(STAT_ROW, linux_stats) STAT_END};

/* 512 million per second: 64 per 125 ns. */
static uint64_t timebase(void *board)
{
    const struct linux_process *l = board;
    return (uint64_t)((u128)l->config.now_ns(l->config.ctx) * TIMEBASE_HZ / NS_PER_SECOND);
}

static uint64_t random_number(void *board)
{
    struct linux_process *l = board;
    return rng_next(&l->rng);
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

static bool open_input(struct linux_process *l, struct err *e)
{
    const char *path = l->config.keys->input;
    if (!path || !*path)
        return true;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set(e, "%s: cannot be the program's input: %s", path, strerror(errno));
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
        return err_set(e, "%s: cannot be the working directory: %s", path, strerror(errno));
    return true;
}

/* argv[0] is the program as configured; the command line's arguments replace the configured
 * ones. */
static char **build_argv(const struct linux_config *config, struct err *e)
{
    const char *program = config->keys->program ? config->keys->program : "";
    if (!config->args)
        return words_split(config->keys->args, program, e);
    uint64_t count = 0, bytes = strlen(program) + 1;
    for (; config->args[count]; count++)
        bytes += strlen(config->args[count]) + 1;
    char **argv = xmalloc((count + 2) * sizeof *argv + bytes);
    char *to = (char *)(argv + count + 2);
    for (uint64_t n = 0; n <= count; n++) {
        argv[n] = to;
        to = stpcpy(to, n ? config->args[n - 1] : program) + 1;
    }
    argv[count + 1] = NULL;
    return argv;
}

/* Where the program seems to be: a relative name hangs below the root, so that the place it is run
 * from does not show. */
static char *name_program(const char *configured)
{
    char *name = xcalloc(strlen(configured) + 2, 1);
    path_normalise(configured, name);
    return name;
}

/* A descriptor that cannot be read leaves the address, which cannot be fetched from either. */
static void set_entry(struct linux_process *l)
{
    struct cpu *s = l->cpu;
    uint64_t start = l->image.start, entry, toc;
    s->nia = start;
    if (l->image.descriptors) {
        if (guest_read_long(l, start, &entry) && guest_read_long(l, start + 8, &toc)) {
            s->nia = entry + l->image.start_bias;
            s->gpr[2] = toc + l->image.start_bias;
        }
    } else if (l->image.is_64bit) {
        s->gpr[12] = start; /* ELFv2's global entry finds its TOC from it */
    }
}

static void start_thread(struct linux_process *l)
{
    struct cpu *s = l->cpu;
    set_entry(l);
    s->board = l;
    s->timebase = timebase;
    s->random = random_number;
    const char *name = strrchr(l->argv[0], '/');
    struct thread *t = l->threads.current;
    strncpy(t->name, name ? name + 1 : l->argv[0], sizeof t->name - 1);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

static const struct roots no_roots = {.root_fd = -1, .sysroot_fd = -1};

struct linux_process *linux_create(struct process *process, struct cpu *cpu,
                                   const struct linux_config *config, struct err *e)
{
    struct linux_process *l = xcalloc(1, sizeof *l);
    l->process = process;
    l->mmu = process_mmu(process);
    l->cpu = cpu;
    l->config = *config;
    if (!config->roots)
        l->config.roots = &no_roots;
    l->image = config->image;
    l->rng = rng_seeded(config->keys->seed);
    l->umask = 022;
    l->host_uid = geteuid();
    l->host_gid = getegid();
    l->cwd_fd = -1;
    fd_table_init(&l->fds);
    threads_init(l);
    signals_init(l);
    timers_init(l);
    set_limits(l);
    l->exe_name = name_program(config->keys->program ? config->keys->program : "");
    l->argv = build_argv(config, e);
    l->envp = words_split(config->keys->env, NULL, e);
    if (!l->argv || !l->envp || !open_input(l, e) || !open_cwd(l, e) || !stack_build(l, e)) {
        linux_destroy(l);
        return NULL;
    }
    start_thread(l);
    return l;
}

void linux_destroy(struct linux_process *l)
{
    threads_free(l);
    fd_table_free(&l->fds);
    if (l->cwd_fd >= 0)
        close(l->cwd_fd);
    free(l->argv);
    free(l->envp);
    free(l->exe_name);
    free(l);
}

static uint32_t fp_code(uint64_t fpscr)
{
    static const struct {
        uint64_t enabled_and_set;
        uint32_t code;
    } rows[] = {
        /* FPSCR 56..60: VE OE UE ZE XE; 34..38: VX OX UX ZX XX. In the order of Linux's
         * __parse_fpscr. */
        {0x20000080, CODE_FPE_FLTINV}, {0x10000040, CODE_FPE_FLTOVF}, {0x08000020, CODE_FPE_FLTUND},
        {0x04000010, CODE_FPE_FLTDIV}, {0x02000008, CODE_FPE_FLTRES},
    };
    for (uint32_t n = 0; n < ARRAY_LEN(rows); n++)
        if ((fpscr & rows[n].enabled_and_set) == rows[n].enabled_and_set)
            return rows[n].code;
    return CODE_FPE_FLTUNK;
}

static struct signal_info storage_fault(uint32_t why, uint64_t ea)
{
    if (why == MMU_BUS_ERROR)
        return (struct signal_info){.signo = GUEST_SIGBUS, .code = CODE_BUS_ADRERR, .addr = ea};
    return (struct signal_info){.signo = GUEST_SIGSEGV,
                                .code = why == MMU_PROTECTED ? CODE_SEGV_ACCERR
                                                             : CODE_SEGV_MAPERR,
                                .addr = ea};
}

/* The signal that Linux/ppc64 makes of an exception; nia is the instruction's. */
static struct signal_info fault_of(struct cpu *s)
{
    const struct exception_record *x = &s->exception;
    struct signal_info info = {.signo = GUEST_SIGILL, .code = CODE_ILL_OPC, .addr = s->nia};
    switch (x->kind) {
    case EXC_DSI:
    case EXC_ISI:
        return storage_fault(x->detail, x->ea);
    case EXC_ALIGNMENT:
        return (struct signal_info){
            .signo = GUEST_SIGBUS, .code = CODE_BUS_ADRALN, .addr = x->ea};
    case EXC_TRAP:
        info.signo = GUEST_SIGTRAP;
        info.code = CODE_TRAP_BRKPT;
        return info;
    case EXC_FP_ENABLED:
        info.signo = GUEST_SIGFPE;
        info.code = (int32_t)fp_code(fpscr_read(s));
        return info;
    case EXC_PRIVILEGED:
    case EXC_SYSCALL: /* sc 1: a hypervisor call */
        info.code = CODE_ILL_PRVOPC;
        return info;
    default:
        return info;
    }
}

/* By the processor, as no instruction of its own or not one for programs. */
static bool is_refused(const struct cpu *s)
{
    return s->exception.kind == EXC_ILLEGAL || s->exception.kind == EXC_PRIVILEGED;
}

/* A call that waits is made again before anything else happens to its thread. */
static bool leave_kernel(struct linux_process *l)
{
    thread_schedule(l);
    if (!l->threads.current->waiting)
        signals_deliver(l);
    l->in_syscall = false;
    return !l->exited;
}

static bool exception(void *system, struct cpu *s)
{
    struct linux_process *l = system;
    l->in_syscall = s->exception.kind == EXC_SYSCALL && s->exception.detail == 0;
    if (l->in_syscall) {
        linux_syscall(l);
    } else if (is_refused(s) && emulate_instruction(l)) {
        return true;
    } else {
        /* scv is not offered (AT_HWCAP2), and neither it nor sc 1 counts as done. */
        if (s->exception.kind == EXC_SYSCALL || s->exception.kind == EXC_SYSCALL_V)
            s->nia = (s->nia - 4) & s->ea_mask;
        signal_force(l, fault_of(s));
    }
    return leave_kernel(l);
}

static bool poll_signals(void *system, struct cpu *s)
{
    struct linux_process *l = system;
    (void)s;
    timers_check(l);
    return leave_kernel(l);
}

struct exec_system linux_system(struct linux_process *l)
{
    return (struct exec_system){.exception = exception, .poll = poll_signals, .system = l};
}

void linux_raise(struct linux_process *l, uint32_t signo)
{
    signal_send(l, (struct signal_info){.signo = signo, .code = CODE_USER});
}

void linux_exit(struct linux_process *l, int status)
{
    l->exited = true;
    l->exit_status = status & 255;
}

bool linux_has_exited(const struct linux_process *l) { return l->exited; }
int linux_exit_status(const struct linux_process *l) { return l->exit_status; }

const struct linux_stats *linux_update_stats(struct linux_process *l)
{
    l->stats.page_faults = process_pages_touched(l->process);
    l->stats.resident_bytes = phys_resident_bytes(l->mmu->phys);
    return &l->stats;
}
