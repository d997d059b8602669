/* Files below /proc as those who keep them open read them, their file system, and links there. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static char text[4096];

static const char *line(ssize_t n)
{
    text[n < 0 ? 0 : n] = 0;
    text[strcspn(text, "\n")] = 0;
    for (size_t end = strlen(text); end && text[end - 1] == ' '; end--)
        text[end - 1] = 0;
    return text;
}

/* Whoever reads from the start sees what is, from elsewhere what was. */
static void fresh(void)
{
    struct iovec v = {text, sizeof text - 1};
    char old[64];
    int fd = open("/proc/self/comm", O_RDONLY);
    prctl(PR_SET_NAME, "before");
    printf("first read: %s\n", line(read(fd, text, sizeof text - 1)));
    strcpy(old, text);
    prctl(PR_SET_NAME, "afterwards");
    printf("at the end: %zd\n", read(fd, text, sizeof text - 1));
    printf("in the middle: %s\n", line(pread(fd, text, 3, 3)));
    printf("pread: %s\n", line(pread(fd, text, sizeof text - 1, 0)));
    prctl(PR_SET_NAME, "short");
    lseek(fd, 0, SEEK_SET);
    printf("readv: %s\n", line(readv(fd, &v, 1)));
    prctl(PR_SET_NAME, "copied");
    int copy = dup(fd);
    lseek(copy, 0, SEEK_SET);
    printf("a copy: %s\n", line(read(copy, text, sizeof text - 1)));
    close(copy);
    close(fd);
}

static unsigned long used_ticks(int fd)
{
    unsigned long ticks = 0;
    line(pread(fd, text, sizeof text - 1, 0));
    sscanf(text, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu", &ticks);
    return ticks;
}

/* As top does. */
static void time_goes_on(void)
{
    int fd = open("/proc/self/stat", O_RDONLY);
    unsigned long start = used_ticks(fd), now = start;
    for (unsigned n = 0; n < 1000000 && now <= start + 1; n++)
        now = used_ticks(fd);
    printf("time goes on: %d\n", now > start + 1);
    close(fd);
}

static void of_the_dead(void)
{
    char path[32];
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    snprintf(path, sizeof path, "/proc/%d/stat", (int)child);
    int fd = open(path, O_RDONLY);
    GOOD(pread(fd, text, 10, 0) == 10);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    SHOW(pread(fd, text, 10, 0));
    close(fd);
}

static void as_files(void)
{
    struct stat st;
    struct statx x;
    char path[32];
    int fd = open("/proc/self/status", O_RDONLY);
    SHOW(stat("/proc/self/status", &st));
    printf("size %ld, type %o\n", (long)st.st_size, st.st_mode);
    SHOW(fstat(fd, &st));
    printf("size %ld, type %o\n", (long)st.st_size, st.st_mode);
    SHOW(statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &x));
    printf("size %ld, type %o\n", (long)x.stx_size, x.stx_mode);
    GOOD(mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, 0) != MAP_FAILED);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    printf("its name: %s\n", line(readlink(path, text, sizeof text - 1)));
    close(fd);
}

static void kind(const char *path)
{
    struct statfs a, b;
    int fd = open(path, O_RDONLY);
    int by_name = statfs(path, &a), by_fd = fstatfs(fd, &b);
    printf("%s: %d %d, type %lx %lx, blocks %lu, names of %lu\n", path, by_name, by_fd,
           (unsigned long)a.f_type, (unsigned long)b.f_type, (unsigned long)a.f_blocks,
           (unsigned long)a.f_namelen);
    close(fd);
}

static void links(void)
{
    char up[4096] = "";
    prctl(PR_SET_NAME, "linked");
    SHOW(symlink("/proc/self/comm", "absolute"));
    SHOW(symlink("absolute", "second"));
    for (int n = 0; n < 40; n++)
        strcat(up, "../");
    strcat(up, "proc/self/comm");
    SHOW(symlink(up, "relative"));
    static const char *const names[] = {"absolute", "second", "relative"};
    for (int n = 0; n < 3; n++) {
        int fd = open(names[n], O_RDONLY);
        printf("%s: %s\n", names[n], line(read(fd, text, sizeof text - 1)));
        close(fd);
    }
    printf("without following: %s\n", line(readlink("absolute", text, sizeof text - 1)));
    char path[PATH_MAX];
    if (!getcwd(path, sizeof path - 16))
        return;
    strcat(path, "/second");
    int fd = open(path, O_RDONLY);
    printf("by its whole path: %s\n", line(read(fd, text, sizeof text - 1)));
    close(fd);
    SHOW(unlink("absolute"));
    SHOW(open("second", O_RDONLY));
}

static void show(const char *path)
{
    int fd = open(path, O_RDONLY);
    printf("%s: %s\n", path, line(read(fd, text, sizeof text - 1)));
    close(fd);
}

static void the_system(void)
{
    char first[64];
    show("/proc/self/limits");
    show("/proc/self/cgroup");
    show("/proc/sys/kernel/cap_last_cap");
    show("/sys/devices/system/node/node0/distance");
    int fd = open("/proc/sys/kernel/random/uuid", O_RDONLY);
    line(pread(fd, first, sizeof first - 1, 0));
    printf("a uuid of %d characters\n", (int)strlen(line(pread(fd, text, 60, 0))));
    printf("another one: %d\n", memcmp(first, text, 36) != 0);
    close(fd);
    fd = open("/proc/stat", O_RDONLY);
    unsigned long busy = 0, idle = 0, later = 0;
    line(pread(fd, text, 200, 0));
    sscanf(text, "cpu %lu %*u %*u %lu", &busy, &idle);
    usleep(100000);
    line(pread(fd, text, 200, 0));
    sscanf(text, "cpu %*u %*u %*u %lu", &later);
    printf("idle for a tenth of a second: %d\n", later - idle >= 9 && later - idle <= 12);
    close(fd);
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    fresh();
    time_goes_on();
    of_the_dead();
    as_files();
    kind("/proc");
    kind("/proc/self/stat");
    kind("/sys/devices/system/cpu");
    links();
    the_system();
    return 0;
}
