/* RLIMIT_FSIZE: files do not become longer, and SIGXFSZ tells why. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static int signals;
static char text[65536];

static void count(int signo)
{
    (void)signo;
    signals++;
}

static void show_size(int fd)
{
    struct stat st;
    printf("  %d signals, size %ld\n", signals, fstat(fd, &st) ? -1 : (long)st.st_size);
}

static void by_writing(int fd)
{
    struct iovec three[3] = {{text, 100}, {text, 150}, {text, 7}};
    SHOW(write(fd, text, 800));
    SHOW(writev(fd, three, 3));
    show_size(fd);
    SHOW(write(fd, text, 1));
    show_size(fd);
    SHOW(write(fd, text, 0));
    SHOW(pwrite(fd, text, 300, 900));
    SHOW(pwrite(fd, text, 300, 1000));
}

static void by_other_ways(int fd, int in)
{
    SHOW(ftruncate(fd, 1001));
    SHOW(truncate("made", 5000));
    SHOW(ftruncate(fd, 500));
    SHOW(lseek(fd, 600, SEEK_SET));
    SHOW(lseek(in, 0, SEEK_SET));
    SHOW(sendfile(fd, in, NULL, 3000));
    signals = 0; /* Linux has tried to write the rest */
    SHOW(sendfile(fd, in, NULL, 3000));
    show_size(fd);
    SHOW(fallocate(fd, 0, 0, 5000));
    SHOW(ftruncate(in, 2000));
    SHOW(fcntl(fd, F_SETFL, O_APPEND));
    SHOW(pwrite(fd, text, 1, 0));
    show_size(fd);
}

int main(void)
{
    struct rlimit limit = {1000, 100000};
    int fd = open("made", O_RDWR | O_CREAT, 0600), in = open("source", O_RDWR | O_CREAT, 0600);
    int pipes[2], status;
    setvbuf(stdout, NULL, _IONBF, 0);
    signal(SIGXFSZ, count);
    memset(text, 'x', sizeof text);
    SHOW(write(in, text, 3000));
    SHOW(setrlimit(RLIMIT_FSIZE, &limit));
    by_writing(fd);
    by_other_ways(fd, in);
    SHOW(pipe(pipes));
    SHOW(write(pipes[1], text, 2000));
    limit.rlim_cur = 40000;
    SHOW(setrlimit(RLIMIT_FSIZE, &limit));
    SHOW(write(fd, text, sizeof text));
    show_size(fd);
    signal(SIGXFSZ, SIG_DFL);
    if (fork() == 0) {
        if (write(fd, text, 1) < 0)
            _exit(1);
        _exit(0);
    }
    SHOW(wait(&status) > 0);
    printf("status %d\n", WTERMSIG(status));
    SHOW(unlink("made"));
    SHOW(unlink("source"));
    return 0;
}
