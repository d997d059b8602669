/* What happens to files, as inotify tells it. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static char buffer[4096] __attribute__((aligned(8)));

static void print_mask(unsigned mask)
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {{IN_ACCESS, "access"}, {IN_MODIFY, "modify"}, {IN_ATTRIB, "attrib"},
                 {IN_CLOSE_WRITE, "close_write"}, {IN_CLOSE_NOWRITE, "close_nowrite"},
                 {IN_OPEN, "open"}, {IN_MOVED_FROM, "moved_from"}, {IN_MOVED_TO, "moved_to"},
                 {IN_CREATE, "create"}, {IN_DELETE, "delete"}, {IN_DELETE_SELF, "delete_self"},
                 {IN_IGNORED, "ignored"}, {IN_ISDIR, "isdir"}};
    for (unsigned n = 0; n < sizeof names / sizeof *names; n++)
        if (mask & names[n].bit)
            printf(" %s", names[n].name);
}

/* Cookies are compared with one another: only whether they are equal says anything. */
static void print_events(ssize_t bytes)
{
    static unsigned last_cookie;
    if (bytes < 0)
        printf("%s\n", strerror(errno));
    for (ssize_t at = 0; at < bytes;) {
        const struct inotify_event *e = (const void *)(buffer + at);
        printf("watch %d:", e->wd);
        print_mask(e->mask);
        printf("%s %s", !e->cookie ? "" : e->cookie == last_cookie ? " (same)" : " (new)",
               e->len ? e->name : "");
        printf(e->len % 4 ? " of odd length\n" : "\n");
        last_cookie = e->cookie;
        at += (ssize_t)sizeof *e + e->len;
    }
}

static void drain(int fd)
{
    print_events(read(fd, buffer, sizeof buffer));
}

static void write_file(const char *name)
{
    int fd = open(name, O_WRONLY | O_CREAT, 0600);
    if (write(fd, "x", 1) != 1)
        puts("not written");
    close(fd);
}

static void renames(int fd)
{
    rename("dir/one", "dir/two");
    rename("dir/two", "dir/three");
    drain(fd);
    rename("dir/three", "outside");
    mkdir("dir/below", 0700);
    unlink("outside");
    rmdir("dir/below");
    drain(fd);
}

/* A process that waits is woken by what another one does. */
static void wait_for_a_child(int fd)
{
    if (fork() == 0) {
        usleep(1000);
        write_file("dir/late");
        _exit(0);
    }
    ssize_t n = read(fd, buffer, sizeof buffer);
    const struct inotify_event *first = (const void *)buffer;
    printf("%d bytes, first:", n >= 32 ? 32 : (int)n);
    print_mask(first->mask);
    printf(" %s\n", first->name);
    wait(NULL);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    while (read(fd, buffer, sizeof buffer) > 0)
        continue;
}

static void mistakes(int fd)
{
    int file = open("dir/late", O_RDONLY);
    printf("no such file: %d\n", inotify_add_watch(fd, "absent", IN_ACCESS) < 0 ? errno : 0);
    printf("no events: %d\n", inotify_add_watch(fd, "dir", 0) < 0 ? errno : 0);
    printf("no instance: %d\n", inotify_add_watch(file, "dir", IN_ACCESS) < 0 ? errno : 0);
    printf("no descriptor: %d\n", inotify_add_watch(99, "dir", IN_ACCESS) < 0 ? errno : 0);
    printf("no such watch: %d\n", inotify_rm_watch(fd, 77) < 0 ? errno : 0);
    printf("no directory: %d\n",
           inotify_add_watch(fd, "dir/late", IN_ACCESS | IN_ONLYDIR) < 0 ? errno : 0);
    printf("flags: %d\n", inotify_init1(1) < 0 ? errno : 0);
    close(file);
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    mkdir("dir", 0700);
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    printf("watch %d\n", inotify_add_watch(fd, "dir", IN_ALL_EVENTS & ~IN_ACCESS));
    drain(fd);
    write_file("dir/one");
    struct pollfd p = {.fd = fd, .events = POLLIN};
    printf("poll %d\n", poll(&p, 1, 0));
    printf("too small: %d\n", read(fd, buffer, 16) < 0 ? errno : 0);
    struct iovec iov = {buffer, 32}; /* one event with its name */
    print_events(readv(fd, &iov, 1));
    drain(fd);
    renames(fd);
    printf("watch %d\n", inotify_add_watch(fd, ".", IN_CREATE | IN_DELETE));
    int copy = dup(fd);
    write_file("here");
    unlink("here");
    drain(copy);
    printf("removed: %d\n", inotify_rm_watch(fd, 2));
    drain(fd);
    fcntl(fd, F_SETFL, 0);
    wait_for_a_child(fd);
    mistakes(fd);
    unlink("dir/late");
    rmdir("dir");
    drain(fd);
    drain(fd);
    return 0;
}
