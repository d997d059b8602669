/* System calls that 32-bit programs alone have, in the kernel's own structures: the C library has
 * left most of them behind. */
#define _GNU_SOURCE
#include "check.h"

#ifdef __powerpc64__
int main(void) { return 0; }
#else
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static uint32_t words[64];

static void show_words(const char *what, unsigned first, unsigned count)
{
    printf("%s", what);
    for (unsigned n = first; n < first + count; n++)
        printf(" %x", words[n]);
    printf("\n");
}

/* Modes, links, sizes and times: the rest differs from file system to file system. */
static void files(void)
{
    const int32_t times[4] = {1000, 5, -2, 7};
    const int64_t times64[4] = {UINT64_C(5000000000), 5, 3, 7};
    SHOW(open("f", O_RDWR | O_CREAT, 0644));
    SHOW(syscall(SYS_ftruncate64, 3, 0, 1, 0x23456789));
    SHOW(syscall(SYS_utimensat, AT_FDCWD, "f", times, 0));
    SHOW(syscall(SYS_fstat64, 3, words));
    show_words("mode, links", 4, 2);
    show_words("size", 12, 2);
    show_words("times", 18, 4);
    SHOW(syscall(SYS_stat64, "f", words));
    SHOW(syscall(SYS_lstat64, "f", words));
    SHOW(syscall(SYS_fstatat64, AT_FDCWD, "f", words, 0));
    SHOW(syscall(SYS_fstat, 3, words)); /* its size does not fit */
    SHOW(syscall(SYS_truncate64, "f", 0, 0, 77));
    SHOW(syscall(SYS_fstat, 3, words));
    show_words("mode", 2, 1);
    show_words("size", 7, 1);
    show_words("time", 10, 2); /* the other is now */
    SHOW(syscall(SYS_utimensat_time64, AT_FDCWD, "f", times64, 0));
    SHOW(syscall(SYS_fstat64, 3, words));
    SHOW(syscall(SYS_pwrite64, 3, "abc", 3, 0, 0, 10));
    SHOW(syscall(SYS_pread64, 3, words, 4, 0, 0, 9));
    show_words("read", 0, 1);
    SHOW(syscall(SYS__llseek, 3, 1, 2, words, SEEK_SET));
    show_words("offset", 0, 2);
    SHOW(syscall(SYS_statfs64, "f", 84, words));
    SHOW(syscall(SYS_statfs64, "f", 88, words));
}

static void locks(void)
{
    struct { int16_t type, whence; int32_t start, length, pid; } narrow = {F_WRLCK, 0, 5, 9, 0};
    struct { int16_t type, whence; int64_t start, length; int32_t pid; } wide = {
        F_WRLCK, 0, INT64_C(0x500000000), 9, 0};
    SHOW(syscall(SYS_fcntl, 3, 6, &narrow));
    SHOW(syscall(SYS_fcntl64, 3, 13, &wide));
    narrow.type = F_RDLCK;
    SHOW(syscall(SYS_fcntl64, 3, 5, &narrow));
    printf("%d %d %d\n", narrow.type, (int)narrow.start, (int)narrow.length);
    SHOW(syscall(SYS_fcntl64, 3, 12, &wide));
    printf("%d %llx %d\n", wide.type, (long long)wide.start, (int)wide.length);
}

static void clocks(void)
{
    int32_t narrow[2];
    int64_t wide[2], half[4] = {0, 0, 0, 1000000};
    SHOW(syscall(SYS_clock_gettime, CLOCK_REALTIME, narrow));
    SHOW(syscall(SYS_clock_gettime64, CLOCK_REALTIME, wide));
    GOOD(wide[0] - (uint32_t)narrow[0] <= 1 && wide[1] >= 0 && wide[1] < 1000000000);
    wide[0] = 0;
    wide[1] = 1000;
    SHOW(syscall(SYS_clock_nanosleep_time64, CLOCK_MONOTONIC, 0, wide, NULL));
    SHOW(syscall(SYS_futex_time64, words, 0, words[0], wide));
    SHOW(syscall(SYS_ppoll_time64, NULL, 0, wide, NULL, 8));
    SHOW(syscall(SYS_pselect6_time64, 0, NULL, NULL, NULL, half + 2, NULL));
}

static volatile int hits;

static void on_signal(int signo)
{
    hits++;
    printf("signal %d\n", signo);
}

/* Sets of signals are two words, the lower signals first; the old calls have the first alone. */
static void signals(void)
{
    uint32_t old[4] = {(uint32_t)(uintptr_t)on_signal, 1u << (SIGUSR2 - 1), 0, 0};
    uint32_t set[2] = {1u << (SIGUSR1 - 1), 1u << (40 - 33)}, now[2];
    SHOW(syscall(SYS_sigaction, SIGUSR1, old, NULL));
    SHOW(syscall(SYS_sigaction, SIGUSR1, NULL, words));
    GOOD(words[0] == old[0]);
    show_words("mask", 1, 1);
    SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, set, NULL, 8));
    SHOW(syscall(SYS_sigprocmask, SIG_SETMASK, old + 1, words));
    show_words("old mask", 0, 1);
    SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, now, 8));
    printf("%x %x\n", (unsigned)now[0], (unsigned)now[1]);
    raise(SIGUSR2);
    SHOW(syscall(SYS_sigpending, words));
    show_words("pending", 0, 1);
    raise(SIGUSR1);
    printf("%d hits\n", hits);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    files();
    locks();
    clocks();
    signals();
    return 0;
}
#endif
