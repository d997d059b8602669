/* Directories below /proc and /sys, as ps, top, lsof and lscpu walk through them. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *type_name(unsigned char type)
{
    return type == DT_DIR ? "directory" : type == DT_LNK ? "link" : type == DT_REG ? "file" : "?";
}

static void find(const char *dir, const char *name)
{
    DIR *d = opendir(dir);
    const char *kind = "absent";
    for (struct dirent *e; d && (e = readdir(d));)
        if (strcmp(e->d_name, name) == 0)
            kind = type_name(e->d_type);
    if (d)
        closedir(d);
    printf("%s in %s: %s\n", name, dir, kind);
}

static unsigned count(const char *dir)
{
    unsigned entries = 0;
    DIR *d = opendir(dir);
    while (d && readdir(d))
        entries++;
    if (d)
        closedir(d);
    return entries;
}

static void show_link(const char *path)
{
    char to[256];
    struct stat st;
    ssize_t n = readlink(path, to, sizeof to - 1);
    to[n < 0 ? 0 : n] = 0;
    printf("%s -> %s, %s\n", path, n < 0 ? strerror(errno) : to,
           lstat(path, &st) == 0 && S_ISLNK(st.st_mode) ? "a link" : "no link");
}

static void show(int dir, const char *path)
{
    char text[64] = "";
    int fd = openat(dir, path, O_RDONLY);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    text[strcspn(text, "\n")] = 0;
    printf("%s: %s\n", path, n < 0 ? strerror(errno) : text);
    if (fd >= 0)
        close(fd);
}

static void *sleeper(void *barrier)
{
    pthread_setname_np(pthread_self(), "other");
    pthread_barrier_wait(barrier);
    pthread_barrier_wait(barrier);
    return NULL;
}

/* Two directories of threads; the second one is named by its number. */
static void threads(void)
{
    pthread_t t;
    pthread_barrier_t b;
    pthread_barrier_init(&b, NULL, 2);
    pthread_create(&t, NULL, sleeper, &b);
    pthread_barrier_wait(&b);
    printf("two threads: %u entries\n", count("/proc/self/task"));
    show(AT_FDCWD, "/proc/self/task/1001/comm");
    show(AT_FDCWD, "/proc/1000/task/1000/comm");
    show(AT_FDCWD, "/proc/thread-self/comm");
    find("/proc/self/task/1001", "task");
    pthread_barrier_wait(&b);
    pthread_join(t, NULL);
    printf("one thread: %u entries\n", count("/proc/self/task"));
}

static void children(void)
{
    char dir[32];
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    snprintf(dir, sizeof dir, "/proc/%d", (int)child);
    find("/proc", dir + 6);
    int fd = open(dir, O_RDONLY | O_DIRECTORY);
    show(fd, "comm");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    show(fd, "comm");
    close(fd);
    find("/proc", dir + 6);
}

static void as_a_descriptor(void)
{
    struct stat st;
    char buffer[64];
    int fd = open("/proc/self", O_RDONLY | O_DIRECTORY);
    printf("fstat: %s\n", fstat(fd, &st) == 0 && S_ISDIR(st.st_mode) ? "directory" : "else");
    printf("fstatat: %s\n",
           fstatat(fd, "", &st, AT_EMPTY_PATH) == 0 && S_ISDIR(st.st_mode) ? "directory" : "else");
    printf("stat: %s\n", stat("/proc", &st) == 0 && S_ISDIR(st.st_mode) ? "directory" : "else");
    printf("read: %s\n", read(fd, buffer, sizeof buffer) < 0 ? strerror(errno) : "done");
    printf("for writing: %s\n", open("/proc", O_WRONLY) < 0 ? strerror(errno) : "done");
    printf("a file as a directory: %s\n",
           open("/proc/self/stat", O_RDONLY | O_DIRECTORY) < 0 ? strerror(errno) : "done");
    int copy = dup(fd);
    close(fd);
    show(copy, "comm");
    show(copy, "../self/comm");
    show(copy, "absent");
    snprintf(buffer, sizeof buffer, "/dev/fd/%d", copy);
    int again = open(buffer, O_RDONLY | O_DIRECTORY);
    show(again, "comm");
    close(again);
    if (fchdir(copy) || !getcwd(buffer, sizeof buffer))
        strcpy(buffer, strerror(errno));
    printf("working directory %s\n", buffer);
    show(AT_FDCWD, "comm");
    find(".", "stat");
    show_link("cwd");
    if (chdir("/proc/self/root") || !getcwd(buffer, sizeof buffer))
        strcpy(buffer, strerror(errno));
    printf("working directory %s\n", buffer);
    close(copy);
}

/* The place that telldir gave leads back to the same entry. */
static void places(void)
{
    char name[256] = "";
    DIR *d = opendir("/proc/self");
    readdir(d);
    long place = telldir(d);
    struct dirent *e = readdir(d);
    strcpy(name, e ? e->d_name : "");
    while (readdir(d))
        continue;
    seekdir(d, place);
    e = readdir(d);
    printf("the second entry again: %d\n", e && strcmp(e->d_name, name) == 0);
    rewinddir(d);
    e = readdir(d);
    printf("the first entry again: %s\n", e ? e->d_name : "none");
    closedir(d);
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    find("/proc", "self");
    find("/proc", "1000");
    find("/proc", "cpuinfo");
    find("/proc", "1001");
    find("/proc/sys", "kernel");
    find("/proc/self", "task");
    find("/proc/1000/fd", "1");
    find("/sys/devices/system/cpu", "cpu0");
    find("/sys/devices/system/cpu", "cpu1");
    show(AT_FDCWD, "/sys/devices/system/cpu/cpu0/topology/core_siblings_list");
    show(AT_FDCWD, "/sys/devices/system/cpu/cpu1/topology/core_id");
    show_link("/proc/self");
    show_link("/proc/thread-self");
    show_link("/proc/self/root");
    show_link("/proc/self/stat");
    show(AT_FDCWD, "/proc/absent");
    show(AT_FDCWD, "/proc/self/root/proc/self/comm");
    as_a_descriptor();
    places();
    threads();
    children();
    return 0;
}
