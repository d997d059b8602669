#include "sim/streams.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

const char *stream_kind(int fd)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return "none";
    if (isatty(fd))
        return "terminal";
    return S_ISREG(st.st_mode) ? "file" : S_ISCHR(st.st_mode) ? "device" : "pipe";
}

static _Noreturn void read_all(int from)
{
    char bytes[4096];
    close_range(STDERR_FILENO + 1, (unsigned)from - 1, 0);
    close_range((unsigned)from + 1, ~0u, 0);
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        close(fd);
    while (read(from, bytes, sizeof bytes) > 0)
        ;
    _exit(0);
}

/* By a grandchild, for whom nobody has to wait. */
static bool drain(int from)
{
    pid_t child = fork();
    if (child == 0) {
        if (fork() == 0)
            read_all(from);
        _exit(0);
    }
    close(from);
    return child > 0 && waitpid(child, NULL, 0) == child;
}

static int open_pipe(bool is_input)
{
    int ends[2];
    if (pipe(ends) < 0)
        return -1;
    if (!is_input)
        return drain(ends[0]) ? ends[1] : -1;
    close(ends[1]);
    return ends[0];
}

/* A reader is told that the input has ended. */
static int open_terminal(void)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
        return -1;
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    return slave >= 0 && write(master, "\004", 1) == 1 && drain(master) ? slave : -1;
}

bool stream_imitate(int fd, const char *kind)
{
    int made = !strcmp(kind, "pipe")       ? open_pipe(fd == STDIN_FILENO)
               : !strcmp(kind, "terminal") ? open_terminal()
               : !strcmp(kind, "file")     ? memfd_create("output", 0)
                                           : open("/dev/null", O_RDWR);
    if (made < 0 || dup2(made, fd) < 0)
        return false;
    return made == fd || close(made) == 0;
}
