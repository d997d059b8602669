/* Bad pointers: every system call with each pointer argument in turn outside the address space, in
 * a page without any right, or at the last bytes of a page. The answer must be an error, and the
 * process must live on. Compared with a file: qemu-user checks less than Linux does. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE 65536L
#define BAD  (-0x100000L)

#ifdef __powerpc64__
#define SYS_STAT_AT    SYS_newfstatat
#define STATFS64_BYTES 120
#else
#define SYS_STAT_AT    SYS_fstatat64
#define STATFS64_BYTES 88
#endif

static int cases;
static long edge; /* the last 4 bytes before a page that nobody may touch */
static char path[] = "file";

/* Calls whose result for a bad pointer is EFAULT on every Linux; arguments as given, P replaced. */
#define CASES(X, P)                                                                                \
    X(SYS_read, 3, P, 100)                                                                         \
    X(SYS_write, 4, P, 100)                                                                        \
    X(SYS_pread64, 3, P, 100, 0)                                                                   \
    X(SYS_pwrite64, 4, P, 100, 0)                                                                  \
    X(SYS_readv, 3, P, 2)                                                                          \
    X(SYS_writev, 4, P, 2)                                                                         \
    X(SYS_openat, AT_FDCWD, P, O_RDONLY)                                                           \
    X(SYS_STAT_AT, AT_FDCWD, P, (long)buffer, 0)                                                \
    X(SYS_STAT_AT, AT_FDCWD, (long)path, P, 0)                                                  \
    X(SYS_fstat, 3, P)                                                                             \
    X(SYS_statx, AT_FDCWD, (long)path, 0, 0x7ff, P)                                                \
    X(SYS_statfs64, (long)path, STATFS64_BYTES, P)                                                 \
    X(SYS_fstatfs64, 3, STATFS64_BYTES, P)                                                         \
    X(SYS_access, P, 0)                                                                            \
    X(SYS_readlinkat, AT_FDCWD, P, (long)buffer, 100)                                              \
    X(SYS_readlinkat, AT_FDCWD, (long)"link", P, 100)                                              \
    X(SYS_mkdirat, AT_FDCWD, P, 0700)                                                              \
    X(SYS_unlinkat, AT_FDCWD, P, 0)                                                                \
    X(SYS_renameat2, AT_FDCWD, P, AT_FDCWD, (long)path, 0)                                         \
    X(SYS_renameat2, AT_FDCWD, (long)path, AT_FDCWD, P, 0)                                         \
    X(SYS_linkat, AT_FDCWD, (long)path, AT_FDCWD, P, 0)                                            \
    X(SYS_symlinkat, P, AT_FDCWD, (long)"other")                                                   \
    X(SYS_symlinkat, (long)path, AT_FDCWD, P)                                                      \
    X(SYS_chdir, P)                                                                                \
    X(SYS_getcwd, P, 4096)                                                                         \
    X(SYS_truncate, P, 0)                                                                          \
    X(SYS_utimensat, AT_FDCWD, (long)path, P, 0)                                                   \
    X(SYS_getdents64, 5, P, 4096)                                                                  \
    X(SYS_getdents, 5, P, 4096)                                                                    \
    X(SYS__llseek, 3, 0, 0, P, SEEK_SET)                                                           \
    X(SYS_pipe2, P, 0)                                                                             \
    X(SYS_uname, P)                                                                                \
    X(SYS_sysinfo, P)                                                                              \
    X(SYS_times, P)                                                                                \
    X(SYS_getrusage, 0, P)                                                                         \
    X(SYS_getrlimit, 7, P)                                                                         \
    X(SYS_setrlimit, 7, P)                                                                         \
    X(SYS_prlimit64, 0, 7, P, 0)                                                                   \
    X(SYS_prlimit64, 0, 7, 0, P)                                                                   \
    X(SYS_clock_gettime, 0, P)                                                                     \
    X(SYS_clock_getres, 0, P)                                                                      \
    X(SYS_nanosleep, P, 0)                                                                         \
    X(SYS_clock_nanosleep, 0, 0, P, 0)                                                             \
    X(SYS_gettimeofday, P, 0)                                                                      \
    X(SYS_setitimer, 0, P, 0)                                                                      \
    X(SYS_getitimer, 0, P)                                                                         \
    X(SYS_rt_sigaction, 10, P, 0, 8)                                                               \
    X(SYS_rt_sigaction, 10, 0, P, 8)                                                               \
    X(SYS_rt_sigprocmask, 0, P, 0, 8)                                                              \
    X(SYS_rt_sigprocmask, 0, 0, P, 8)                                                              \
    X(SYS_rt_sigpending, P, 8)                                                                     \
    X(SYS_rt_sigsuspend, P, 8)                                                                     \
    X(SYS_rt_sigtimedwait, P, 0, 0, 8)                                                             \
    X(SYS_sigaltstack, P, 0)                                                                       \
    X(SYS_poll, P, 3, 0)                                                                           \
    X(SYS_ppoll, (long)pollfds, 1, P, 0, 0)                                                        \
    X(SYS_pselect6, 10, P, 0, 0, 0, 0)                                                             \
    X(SYS_pselect6, 10, 0, 0, 0, P, 0)                                                             \
    X(SYS_sched_getaffinity, 0, 128, P)                                                            \
    X(SYS_getrandom, P, 100, 0)                                                                    \
    X(SYS_getresuid, P, (long)buffer, (long)buffer)

static char buffer[4096];
static struct pollfd pollfds[1] = {{.fd = 3, .events = POLLIN}};

#define CASE(number, ...)                                                                          \
    do {                                                                                           \
        errno = 0;                                                                                 \
        long r = syscall(number, __VA_ARGS__);                                                     \
        cases++;                                                                                   \
        if (r != -1 || errno != EFAULT)                                                            \
            printf("%s(%s): %ld, errno %d\n", #number, #__VA_ARGS__, r, errno);                    \
    } while (0);

/* A buffer that is good at first: the count of what fitted, as Linux has it for files. */
static void partial(void)
{
    char *p = (char *)edge;
    struct iovec v[3] = {{buffer, 10}, {(void *)BAD, 10}, {buffer, 10}};
    SHOW(lseek(3, 0, SEEK_SET));
    SHOW(syscall(SYS_read, 3L, p, 100L));
    SHOW(syscall(SYS_write, 4L, p, 100L));
    SHOW(lseek(3, 0, SEEK_SET));
    SHOW(readv(3, v, 3));
    v[1].iov_base = p + 4;
    SHOW(readv(3, v, 3));
    SHOW(syscall(SYS_read, 3L, BAD, 0L));
    SHOW(syscall(SYS_write, 99L, BAD, 10L));
    memcpy(p, "file", 4);
    SHOW(syscall(SYS_openat, (long)AT_FDCWD, p, (long)O_RDONLY));
    p[3] = 0;
    SHOW(syscall(SYS_openat, (long)AT_FDCWD, p, (long)O_RDONLY));
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    char *area = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(area + PAGE, PAGE, PROT_NONE);
    edge = (long)(area + PAGE - 4);
    SHOW(open(path, O_RDWR | O_CREAT | O_TRUNC, 0600));
    SHOW(write(3, buffer, 1000));
    SHOW(open("out", O_RDWR | O_CREAT, 0600));
    SHOW(open(".", O_RDONLY | O_DIRECTORY));
    SHOW(symlink("file", "link"));
    CASES(CASE, BAD)
    CASES(CASE, (long)(area + PAGE))
    printf("%d cases\n", cases);
    partial();
    return 0;
}
