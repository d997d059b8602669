/* Any system calls with any arguments, one after the other in one process: none harms the host.
 *
 * The calls act on real files and sockets, so the target first shuts itself into a new directory
 * (chroot) below the one it is started in, leaves the network and gives its privileges up; where it
 * may not, it does nothing and says so. A process that stays outside removes the directory at the
 * end. A timer interrupts calls that would wait for ever. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/sim/linux/guest.h"

#define CALLS       40u
#define NOBODY      65534u
#define LARGEST     (UINT64_C(1) << 20) /* file */
#define INTERRUPT_NS 20000000
#define TEXT_ROOM   16u /* bytes between the strings at the start of the scratch page */

static const char *const texts[] = {"file", "dir", "dir/file", "", ".", "..", "/", "link", "file/",
                                    "/proc/self/maps", "/proc/self/exe", "/proc/self/fd/3"};
static int null_fd;

static void ignore(int number) { (void)number; }

/* Goes on as a child; the parent waits for its end, which becomes its own. What was made in the
 * directory may have any mode. */
static void leave_one_to_tidy_up(char *root)
{
    int status;
    pid_t child = fork();
    if (child <= 0)
        return;
    signal(SIGINT, SIG_IGN); /* the child ends of them */
    signal(SIGTERM, SIG_IGN);
    while (waitpid(child, &status, 0) < 0)
        continue;
    if (fork() == 0) {
        execlp("sh", "sh", "-c", "chmod -R u+rwx \"$0\"; rm -rf \"$0\"", root, (char *)NULL);
        _exit(127);
    }
    wait(NULL);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static void shut_in(void)
{
    char root[] = "root_XXXXXX";
    const struct rlimit largest = {LARGEST, LARGEST};
    null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    bool shut = mkdtemp(root);
    if (shut)
        leave_one_to_tidy_up(root);
    shut = shut && !chdir(root) && !chmod(".", 0777) &&
                !unshare(CLONE_NEWNET | (getuid() ? CLONE_NEWUSER : 0)) && !chroot(".");
    if (getuid() == 0)
        shut = shut && !setresgid(NOBODY, NOBODY, NOBODY) && !setresuid(NOBODY, NOBODY, NOBODY);
    if (!shut || null_fd < 0) {
        printf("SKIPPED: system calls cannot be confined here; nothing was tested\n");
        exit(0);
    }
    setrlimit(RLIMIT_FSIZE, &largest);
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* now: another user's process would have lost it */
}

static void start_interrupts(void)
{
    timer_t timer;
    const struct itimerspec often = {{0, INTERRUPT_NS}, {0, INTERRUPT_NS}};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGURG};
    const struct sigaction action = {.sa_handler = ignore}; /* no SA_RESTART */
    sigaction(SIGURG, &action, NULL);
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) || timer_settime(timer, 0, &often, NULL))
        abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    shut_in();
    start_interrupts();
    return 0;
}

/* The guest's files: what it says goes nowhere. */
static struct guest *create(bool big_endian, bool is_64bit)
{
    struct guest *g = guest_create(big_endian);
    g->l->image.is_64bit = g->cpu->is_64bit = is_64bit;
    g->cpu->ea_mask = is_64bit ? UINT64_MAX : UINT32_MAX;
    for (uint32_t n = 0; n < 3; n++)
        fd_replace(&g->l->fds, n, dup(null_fd), false);
    for (size_t n = 0; n < SYSCALL_NUMBERS; n++)
        g->l->kernel->warned[n] = true;
    g->l->kernel->refused = g->l->kernel->threads.warned = true;
    for (size_t n = 0; n < ARRAY_LEN(texts); n++)
        guest_write(g->l, SCRATCH + n * TEXT_ROOM, texts[n], strlen(texts[n]) + 1);
    return g;
}

/* Mostly something that a call gets further with than EFAULT or EBADF. */
static uint64_t take_argument(struct fuzz_input *in)
{
    uint64_t kind = fuzz_take(in, 1), value = fuzz_take(in, 2);
    switch (kind % 11) {
    case 0:
        return value % 8;
    case 1:
        return SCRATCH + value % ARRAY_LEN(texts) * TEXT_ROOM;
    case 2:
        return SCRATCH + value;
    case 3:
        return SCRATCH + GUEST_PAGE - value % 64;
    case 4:
        return (uint64_t)-(int64_t)value;
    case 5:
        return value;
    case 6:
        return value << 16;
    case 7:
        return UINT64_C(1) << value % 64;
    case 8:
        return 0;
    case 9:
        return fuzz_take(in, 8);
    default:
        return UINT64_C(1) << value % 20 | UINT64_C(1) << (value >> 8) % 20;
    }
}

/* Structures for the call to read: numbers of the kinds that arguments have. The process that runs
 * may be another one than the first. */
static void put_structure(struct guest *g, struct fuzz_input *in)
{
    struct linux_process *running = g->l->kernel->threads.current->process;
    uint64_t at = SCRATCH + fuzz_take(in, 2);
    for (uint64_t words = fuzz_take(in, 1) % 16; words; words--, at += 8)
        guest_write_long(running, at, take_argument(in));
}

static void call(struct guest *g, struct fuzz_input *in)
{
    struct exec_system system = linux_system(g->l);
    g->cpu->gpr[0] = fuzz_take(in, 2) % SYSCALL_NUMBERS;
    for (uint32_t n = 3; n < 9; n++)
        g->cpu->gpr[n] = take_argument(in);
    g->cpu->exception = (struct exception_record){.kind = EXC_SYSCALL};
    system.exception(system.system, g->cpu);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct fuzz_input in = {data, bytes};
    uint64_t choice = fuzz_take(&in, 1);
    struct guest *g = create(choice & 1, !(choice & 2));
    for (uint32_t n = 0; n < CALLS && in.left && !linux_has_exited(g->l); n++) {
        if (fuzz_take(&in, 1) & 1)
            put_structure(g, &in);
        call(g, &in);
    }
    guest_destroy(g);
    return 0;
}
