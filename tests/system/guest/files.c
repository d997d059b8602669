/* Files, directories, descriptors: results and layouts of structures. */
#define _GNU_SOURCE
#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>

static void show_stat(const char *path)
{
    struct stat st;
    int r = lstat(path, &st);
    printf("%s: %d mode %o nlink %ld size %ld blksize>0 %d\n", path, r, st.st_mode,
           (long)st.st_nlink, (long)st.st_size, st.st_blksize > 0);
}

static void open_read_write(void)
{
    char buf[64] = {0};
    struct iovec v[2] = {{"hello ", 6}, {"world\n", 6}};
    SHOW(open("none", O_RDONLY));
    SHOW(open("a", O_RDWR | O_CREAT | O_EXCL, 0666));
    SHOW(open("a", O_RDWR | O_CREAT | O_EXCL, 0666));
    SHOW(open("a", O_RDONLY | O_DIRECTORY));
    SHOW(writev(3, v, 2));
    SHOW(lseek(3, 6, SEEK_SET));
    SHOW(read(3, buf, sizeof buf));
    printf("%s", buf);
    SHOW(pread(3, buf, 5, 0));
    SHOW(pwrite(3, "HELLO", 5, 0));
    SHOW(pread(3, buf, 64, 100));
    SHOW(pread(3, buf, 64, -1));
    SHOW(lseek(3, -1, SEEK_SET));
    SHOW(lseek(3, 0, 99));
    SHOW(ftruncate(3, 1000));
    SHOW(lseek(3, 0, SEEK_END));
    SHOW(read(3, buf, 1));
    SHOW(write(99, buf, 1));
    SHOW(syscall(3 /* read */, 3L, buf, -1L));
    SHOW(fsync(3));
    SHOW(fallocate(3, 0, 0, 5000));
    SHOW(posix_fadvise(3, 0, 0, POSIX_FADV_SEQUENTIAL));
    show_stat("a");
    SHOW(flock(3, LOCK_EX | LOCK_NB));
    SHOW(fcntl(3, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK));
    SHOW(fcntl(3, F_SETFL, O_APPEND));
    SHOW(fcntl(3, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK));
}

static void descriptors(void)
{
    int p[2];
    char c[8];
    SHOW(fcntl(3, F_GETFD));
    SHOW(fcntl(3, F_SETFD, FD_CLOEXEC));
    SHOW(fcntl(3, F_GETFD));
    SHOW(dup(3));
    SHOW(fcntl(4, F_GETFD));
    SHOW(dup2(3, 10));
    SHOW(dup3(3, 11, O_CLOEXEC));
    SHOW(fcntl(11, F_GETFD));
    SHOW(dup3(3, 3, 0));
    SHOW(dup2(3, 3));
    SHOW(dup2(77, 3));
    SHOW(fcntl(3, F_DUPFD, 20));
    SHOW(close(20));
    SHOW(close(20));
    SHOW(close_range(10, 11, 0));
    SHOW(fcntl(10, F_GETFD));
    SHOW(close(4));
    SHOW(pipe2(p, O_NONBLOCK));
    printf("%d %d\n", p[0], p[1]);
    SHOW(read(p[0], c, 8));
    SHOW(write(p[1], "pipe", 4));
    SHOW(read(p[0], c, 8));
    SHOW(lseek(p[0], 0, SEEK_CUR));
    SHOW(close(p[1]));
    SHOW(read(p[0], c, 8));
    SHOW(close(p[0]));
    struct termios t;
    SHOW(tcgetattr(3, &t));
    SHOW(isatty(3));
}

static void waiting(void)
{
    int p[2];
    SHOW(pipe(p));
    struct pollfd f[3] = {{p[0], POLLIN, 0}, {p[1], POLLOUT, 0}, {88, POLLIN, 0}};
    SHOW(poll(f, 3, 0));
    printf("%x %x %x\n", f[0].revents, f[1].revents, f[2].revents);
    struct timeval zero = {0, 1000};
    fd_set in, out;
    FD_ZERO(&in);
    FD_ZERO(&out);
    FD_SET(p[0], &in);
    FD_SET(p[1], &out);
    SHOW(select(p[1] + 1, &in, &out, NULL, &zero));
    printf("%d %d\n", !!FD_ISSET(p[0], &in), !!FD_ISSET(p[1], &out));
    FD_SET(60, &in); /* Linux looks at 64 descriptors at least: more depend on its table's size */
    SHOW(select(61, &in, NULL, NULL, &zero));
    SHOW(write(p[1], "xyz", 3));
    SHOW(poll(f, 1, -1));
    int e = epoll_create1(0);
    struct epoll_event ev = {.events = EPOLLIN, .data.u64 = 0x123456789abcdef0}, got = {0};
    SHOW(epoll_ctl(e, EPOLL_CTL_ADD, p[0], &ev));
    SHOW(epoll_ctl(e, EPOLL_CTL_ADD, p[0], &ev));
    SHOW(epoll_wait(e, &got, 1, 1000));
    printf("%x %lx\n", got.events, (long)got.data.u64);
    close(e);
    close(p[0]);
    close(p[1]);
    int ef = eventfd(3, 0);
    uint64_t v;
    SHOW(read(ef, &v, 8));
    printf("%lu\n", (unsigned long)v);
    close(ef);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* struct linux_dirent, which only small C libraries still ask for: longs, a name, and the type in
 * the last byte. */
static void old_entries(const char *path)
{
    static const char *const wanted[] = {".", "..", "e", "link", "fifo", "harder"};
    long entries[512];
    int fd = open(path, O_RDONLY | O_DIRECTORY), seen = 0;
    SHOW(syscall(SYS_getdents, fd, entries, 8L));
    long bytes = syscall(SYS_getdents, fd, entries, sizeof entries);
    for (long at = 0; at < bytes;) {
        const char *entry = (const char *)entries + at;
        const char *name = entry + 2 * sizeof(long) + 2;
        unsigned short length;
        memcpy(&length, entry + 2 * sizeof(long), sizeof length);
        for (int n = 0; n < 6; n++)
            if (!strcmp(wanted[n], name))
                seen |= 1 << n;
        GOOD(length % sizeof(long) == 0 && name + strlen(name) < entry + length - 1);
        GOOD(entry[length - 1] == DT_DIR || strlen(name) > 2);
        at += length;
    }
    GOOD(seen == 63);
    SHOW(syscall(SYS_getdents, fd, entries, sizeof entries));
    SHOW(syscall(SYS_getdents, 0x7777, entries, sizeof entries));
    close(fd);
}

static void names(void)
{
    char buf[300];
    SHOW(mkdir("d", 0777));
    SHOW(mkdir("d", 0777));
    SHOW(umask(077));
    SHOW(mkdir("d/e", 0777));
    SHOW(umask(022));
    SHOW(mkdirat(AT_FDCWD, "none/x", 0777));
    SHOW(symlink("../a", "d/link"));
    SHOW(readlink("d/link", buf, sizeof buf));
    SHOW(readlink("d/link", buf, 2));
    SHOW(readlink("a", buf, sizeof buf));
    SHOW(link("a", "d/hard"));
    SHOW(rename("d/hard", "d/harder"));
    SHOW(renameat2(AT_FDCWD, "a", AT_FDCWD, "d/harder", RENAME_NOREPLACE));
    SHOW(access("a", R_OK | W_OK));
    SHOW(access("a", 99));
    SHOW(chmod("a", 0640));
    SHOW(mkfifo("d/fifo", 0600));
    show_stat("a");
    show_stat("d/e");
    show_stat("d/link");
    show_stat("d/fifo");
    SHOW(chdir("d"));
    printf("%s\n", strrchr(getcwd(buf, sizeof buf), '/'));
    SHOW(syscall(182 /* getcwd */, buf, 1L));
    SHOW(chdir("e/../.."));
    struct dirent **list;
    int n = scandir("d", &list, NULL, by_name);
    for (int i = 0; i < n; i++)
        printf("%s %d\n", list[i]->d_name, list[i]->d_type);
    old_entries("d");
}

static void times_and_ends(void)
{
    char buf[300];
    struct timespec t[2] = {{1000, 5}, {2000, 7}};
    struct stat st;
    SHOW(utimensat(AT_FDCWD, "a", t, 0));
    stat("a", &st);
    printf("%ld.%ld %ld.%ld\n", (long)st.st_atim.tv_sec, st.st_atim.tv_nsec,
           (long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
    struct statx x;
    SHOW(statx(AT_FDCWD, "a", 0, STATX_BASIC_STATS, &x));
    printf("%o %llu %u %lld\n", x.stx_mode, (unsigned long long)x.stx_size, x.stx_nlink,
           (long long)x.stx_mtime.tv_sec);
    SHOW(rmdir("d"));
    SHOW(unlink("d"));
    SHOW(unlink("d/harder"));
    SHOW(unlinkat(AT_FDCWD, "d/e", AT_REMOVEDIR));
    SHOW(truncate("a", 3));
    show_stat("a");
    int out = open("copy", O_CREAT | O_WRONLY, 0600), in = open("a", O_RDONLY);
    SHOW(sendfile(out, in, NULL, 100));
    SHOW(write(in, "x", 1));
    SHOW(read(out, buf, 1));
    show_stat("copy");
}

/* A transfer larger than what is moved at once. */
static void large(void)
{
    size_t size = 9 << 20;
    unsigned char *p = malloc(size), *q = malloc(size);
    for (size_t n = 0; n < size; n++)
        p[n] = (unsigned char)(n * 7 + (n >> 12));
    int fd = open("large", O_CREAT | O_RDWR, 0600);
    SHOW(write(fd, p, size));
    SHOW(lseek(fd, 0, SEEK_SET));
    SHOW(read(fd, q, size));
    SHOW(memcmp(p, q, size));
    close(fd);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    open_read_write();
    descriptors();
    waiting();
    names();
    times_and_ends();
    large();
    return 3;
}
