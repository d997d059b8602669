/* Waits of one process for another in calls that would hold up a host process: named pipes, locks
 * on files, copies into a pipe. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void show(const char *what, long value) { printf("%s: %ld\n", what, value); }

static pid_t start(int (*body)(void))
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        _exit(body());
    return child;
}

static int end_of(pid_t child)
{
    int status = -1;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void sleep_ms(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

/* Answers each number from one pipe in the other. */
static int answer(void)
{
    int in = open("to", O_RDONLY), out = open("from", O_WRONLY), number, count = 0;
    for (; read(in, &number, sizeof number) == sizeof number; count++) {
        number = number * 2 + 1;
        write(out, &number, sizeof number);
    }
    return count;
}

static int write_late(void)
{
    sleep_ms(20);
    int fd = open("to", O_WRONLY);
    return (int)write(fd, "late", 4);
}

static void on_alarm(int signo) { (void)signo; }

static void named_pipes(void)
{
    char text[9] = {0};
    int number = 3;
    show("made", mkfifo("to", 0600) + mkfifo("from", 0600));
    pid_t child = start(answer);
    int out = open("to", O_WRONLY), in = open("from", O_RDONLY);
    for (int n = 0; n < 10; n++) {
        write(out, &number, sizeof number);
        read(in, &number, sizeof number);
    }
    show("through both", number);
    close(out);
    show("answers", end_of(child));
    show("end", read(in, &number, sizeof number));
    close(in);
    child = start(write_late);
    in = open("to", O_RDONLY);
    show("late", read(in, text, sizeof text - 1));
    show("text", strcmp(text, "late"));
    show("writer", end_of(child));
    close(in);
    show("no reader", open("to", O_WRONLY | O_NONBLOCK) == -1 ? errno : 0);
    struct sigaction action = {.sa_handler = on_alarm};
    sigaction(SIGALRM, &action, NULL);
    child = start(write_late);
    ualarm(10000, 0);
    show("interrupted", open("from", O_RDONLY) == -1 ? errno : 0);
    in = open("to", O_RDONLY | O_NONBLOCK);
    show("not interrupted", end_of(child));
    close(in);
}

static int lock_and_add(void)
{
    char digit = 0;
    for (int n = 0; n < 20; n++) {
        int fd = open("counter", O_RDWR);
        flock(fd, LOCK_EX);
        pread(fd, &digit, 1, 0);
        if (n % 5 == 0)
            sleep_ms(1);
        digit++;
        pwrite(fd, &digit, 1, 0);
        close(fd);
    }
    return 0;
}

static void locks(void)
{
    char value = 0;
    int fd = open("counter", O_RDWR | O_CREAT, 0600);
    write(fd, &value, 1);
    pid_t a = start(lock_and_add), b = start(lock_and_add);
    end_of(a);
    end_of(b);
    pread(fd, &value, 1, 0);
    show("counted under a lock", value);
    close(fd);
}

static int record_lock(int fd, int command, short type, off_t from, off_t bytes)
{
    struct flock l = {.l_type = type, .l_whence = SEEK_SET, .l_start = from, .l_len = bytes};
    int r = fcntl(fd, command, &l);
    if (command != F_GETLK)
        return r == -1 ? errno : 0;
    return r == -1 ? -errno : l.l_type == F_UNLCK ? 0 : (int)(l.l_start * 100 + l.l_len);
}

static int lock_fd;

static int meet_locks(void)
{
    int wrong = record_lock(lock_fd, F_GETLK, F_RDLCK, 0, 0) != 1020;
    wrong |= (record_lock(lock_fd, F_SETLK, F_WRLCK, 15, 2) != EAGAIN) << 1;
    wrong |= (record_lock(lock_fd, F_SETLK, F_WRLCK, 0, 10) != 0) << 2;
    wrong |= (record_lock(lock_fd, F_SETLK, F_RDLCK, 40, 5) != 0) << 3;
    wrong |= (record_lock(lock_fd, F_SETLKW, F_WRLCK, 10, 5) != 0) << 4; /* when it is given up */
    return wrong;
}

static void record_locks(void)
{
    lock_fd = open("records", O_RDWR | O_CREAT, 0600);
    show("locked", record_lock(lock_fd, F_SETLK, F_WRLCK, 10, 20));
    show("locked for reading", record_lock(lock_fd, F_SETLK, F_RDLCK, 40, 10));
    show("nobody else", record_lock(lock_fd, F_GETLK, F_WRLCK, 0, 0));
    pid_t child = start(meet_locks);
    sleep_ms(10);
    show("the child's", record_lock(lock_fd, F_GETLK, F_WRLCK, 0, 5));
    show("given up in part", record_lock(lock_fd, F_SETLK, F_UNLCK, 10, 5));
    show("child", end_of(child));
    show("all free", record_lock(lock_fd, F_SETLK, F_WRLCK, 0, 0));
    close(lock_fd);
}

#define BYTES 300000
static int ends[2];

static int send_all(void)
{
    static char data[BYTES];
    int fd = open("data", O_RDWR | O_CREAT, 0600);
    off_t at = 0;
    for (int n = 0; n < BYTES; n++)
        data[n] = (char)(n * 7 >> 3);
    write(fd, data, BYTES);
    lseek(fd, 0, SEEK_SET);
    close(ends[0]);
    for (long sent = 0; sent < BYTES / 2;)
        sent += sendfile(ends[1], fd, NULL, (size_t)(BYTES / 2 - sent));
    if (lseek(fd, 0, SEEK_CUR) != BYTES / 2)
        return 1;
    for (at = BYTES / 2; at < BYTES;)
        if (sendfile(ends[1], fd, &at, (size_t)(BYTES - at)) <= 0)
            return 2;
    return lseek(fd, 0, SEEK_CUR) == BYTES / 2 ? 0 : 3;
}

static void copies(void)
{
    unsigned char part[1000];
    unsigned sum = 0;
    long total = 0;
    ssize_t n;
    pipe(ends);
    pid_t child = start(send_all);
    close(ends[1]);
    while ((n = read(ends[0], part, sizeof part)) > 0) {
        total += n;
        for (ssize_t i = 0; i < n; i++)
            sum = sum * 31 + part[i];
    }
    show("bytes", total);
    show("sum", sum & 0xffffff);
    show("sender", end_of(child));
}

/* What a pipe has promised to take is taken at once, and what is asked for is given together,
 * wherever the bytes lie. */
static int read_slowly(void)
{
    static char place[8192];
    char *crossing = place + 4096 - ((unsigned long)place & 4095) - 7;
    int short_reads = 0;
    close(ends[1]);
    sleep_ms(20);
    for (ssize_t n; (n = read(ends[0], crossing, 64)) > 0;)
        short_reads += n != 64;
    return short_reads;
}

static void promises(void)
{
    static char place[12288];
    char *crossing = place + 4096 - ((unsigned long)place & 4095) - 48;
    struct pollfd p = {.events = POLLOUT};
    long total = 0;
    pipe(ends);
    pid_t child = start(read_slowly);
    close(ends[0]);
    p.fd = ends[1];
    while (poll(&p, 1, 0) == 1)
        total += write(ends[1], crossing, 4096);
    show("full before anything was read", total == 65536);
    close(ends[1]);
    show("short reads", end_of(child));
}

/* Something is there long before the time is over. */
static int write_and_sleep(void)
{
    sleep_ms(1);
    write(ends[1], "x", 1);
    sleep_ms(500);
    return 0;
}

static void in_time(void)
{
    struct pollfd p = {.events = POLLIN};
    pipe(ends);
    p.fd = ends[0];
    pid_t child = start(write_and_sleep);
    show("in time", poll(&p, 1, 200));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    in_time();
    promises();
    named_pipes();
    locks();
    record_locks();
    copies();
    return 0;
}
