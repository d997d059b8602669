#include "sim/platform/pseries/console.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

#define NS_PER_SECOND UINT64_C(1000000000)

struct console {
    int in;
    bool is_file; /* has all that it will ever have */
    bool at_end;
    bool is_terminal;
    struct termios before;
    char ahead[256]; /* read from the host and not by the guest */
    size_t first, count;
};

/* The simulator's signals still come from the keyboard. */
static void take_terminal(struct console *c)
{
    struct termios t;
    c->is_terminal = isatty(c->in) && !tcgetattr(c->in, &c->before);
    if (!c->is_terminal)
        return;
    t = c->before;
    t.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    t.c_iflag &= ~(tcflag_t)ICRNL;
    tcsetattr(c->in, TCSANOW, &t);
}

struct console *console_create(const char *input, struct err *e)
{
    struct stat st = {0};
    int fd = *input ? open(input, O_RDONLY | O_CLOEXEC) : fcntl(0, F_DUPFD_CLOEXEC, 3);
    bool is_closed = fd < 0 && !*input; /* standard input is: nothing to read */
    if ((fd < 0 && !is_closed) || (fd >= 0 && fstat(fd, &st))) {
        err_set(e, "%s: %s", input, strerror(errno));
        return NULL;
    }
    if (S_ISDIR(st.st_mode)) {
        close(fd);
        err_set(e, "%s: %s", input, strerror(EISDIR));
        return NULL;
    }
    signal(SIGPIPE, SIG_IGN); /* a write that nobody wants is no end of the run */
    struct console *c = xcalloc(1, sizeof *c);
    c->in = fd;
    c->is_file = S_ISREG(st.st_mode);
    c->at_end = is_closed;
    if (!is_closed)
        take_terminal(c);
    return c;
}

void console_destroy(struct console *c)
{
    if (!c)
        return;
    if (c->is_terminal)
        tcsetattr(c->in, TCSANOW, &c->before);
    if (c->in >= 0)
        close(c->in);
    free(c);
}

/* What cannot be written is lost, as on a line without a listener. */
void console_write(const char *text, size_t bytes)
{
    struct pollfd p = {.fd = STDOUT_FILENO, .events = POLLOUT};
    while (bytes) {
        ssize_t n = write(STDOUT_FILENO, text, bytes);
        if (n > 0) {
            text += n;
            bytes -= (size_t)n;
        } else if (errno == EAGAIN) {
            poll(&p, 1, -1);
        } else if (errno != EINTR) {
            return;
        }
    }
}

static bool is_ready(const struct console *c, int ms)
{
    struct pollfd p = {.fd = c->in, .events = POLLIN};
    return c->is_file || poll(&p, 1, ms) > 0;
}

bool console_has_input(struct console *c)
{
    if (c->first < c->count)
        return true;
    if (c->at_end || !is_ready(c, 0))
        return false;
    ssize_t n = read(c->in, c->ahead, sizeof c->ahead);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return false;
    c->first = 0;
    c->count = n > 0 ? (size_t)n : 0;
    c->at_end = n <= 0;
    return c->count;
}

size_t console_read(struct console *c, char *text, size_t room)
{
    if (!console_has_input(c))
        return 0;
    size_t n = min_u64(room, c->count - c->first);
    memcpy(text, c->ahead + c->first, n);
    c->first += n;
    return n;
}

bool console_is_at_end(const struct console *c) { return c->at_end && c->first == c->count; }

static uint64_t host_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * NS_PER_SECOND + (uint64_t)t.tv_nsec;
}

uint64_t console_wait_ns(struct console *c, uint64_t ns)
{
    struct timespec t = {.tv_sec = (time_t)(ns / NS_PER_SECOND),
                         .tv_nsec = (long)(ns % NS_PER_SECOND)};
    struct pollfd p = {.fd = c->in, .events = POLLIN};
    uint64_t start = host_ns();
    if (c->is_file || c->at_end)
        return 0;
    ppoll(&p, 1, &t, NULL);
    return host_ns() - start;
}
