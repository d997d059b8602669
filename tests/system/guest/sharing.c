/* What passes between processes: pipes, shared memory. What is printed does not depend on
 * who runs when. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>

#include "child.h"

/* More than a pipe holds goes through a filter. */
#define STREAM 300000
static int in[2], out[2];
static unsigned char data[STREAM];

static int filter(void)
{
    char part[5000];
    ssize_t n;
    close(in[1]);
    close(out[0]);
    while ((n = read(in[0], part, sizeof part)) > 0) {
        for (ssize_t i = 0; i < n; i++)
            part[i] ^= 0x55;
        for (ssize_t done = 0; done < n;)
            done += write(out[1], part + done, (size_t)(n - done));
    }
    return 3;
}

static int feed(void)
{
    close(in[0]);
    close(out[0]);
    close(out[1]);
    for (long n = 0; n < STREAM; n++)
        data[n] = (unsigned char)(n * 31 >> 4);
    return write(in[1], data, STREAM) == STREAM ? 4 : 0;
}

static void pipes(void)
{
    uint32_t sum = 0;
    long total = 0;
    ssize_t n;
    show("pipes", pipe(in) + pipe(out));
    pid_t filtering = start(filter), feeding = start(feed);
    close(in[0]);
    close(in[1]);
    close(out[1]);
    struct pollfd p = {.fd = out[0], .events = POLLIN};
    show("poll", poll(&p, 1, -1));
    while ((n = read(out[0], data, 777)) > 0) {
        total += n;
        for (ssize_t i = 0; i < n; i++)
            sum = sum * 31 + data[i];
    }
    show("bytes", total);
    show("sum", sum & 0xffffff);
    show("filter", WEXITSTATUS(status_of(filtering)));
    show("feeder", WEXITSTATUS(status_of(feeding)));
    close(out[0]);
}

static int write_without_reader(void)
{
    write(out[1], "x", 1);
    return 0;
}

static void broken_pipe(void)
{
    show("pipe", pipe(out));
    close(out[0]);
    show("broken pipe", WTERMSIG(status_of(start(write_without_reader))));
    close(out[1]);
}

struct shared {
    sem_t to_child, to_parent;
    pthread_mutex_t lock;
    long value;
};
static struct shared *shared;

static int count_up(void)
{
    for (int n = 0; n < 3000; n++) {
        pthread_mutex_lock(&shared->lock);
        shared->value++;
        pthread_mutex_unlock(&shared->lock);
    }
    return 0;
}

static int play(void)
{
    for (int n = 0; n < 100; n++) {
        sem_wait(&shared->to_child);
        shared->value *= 3;
        shared->value %= 1000003;
        sem_post(&shared->to_parent);
    }
    return 0;
}

static void locks(struct shared *memory)
{
    pthread_mutexattr_t attr;
    shared = memory;
    sem_init(&shared->to_child, 1, 0);
    sem_init(&shared->to_parent, 1, 0);
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&shared->lock, &attr);
    pid_t a = start(count_up), b = start(count_up);
    count_up();
    status_of(a);
    status_of(b);
    show("counted together", shared->value);
    a = start(play);
    shared->value = 7;
    for (int n = 0; n < 100; n++) {
        sem_post(&shared->to_child);
        sem_wait(&shared->to_parent);
        shared->value += n;
    }
    status_of(a);
    show("played", shared->value);
}

static void shared_memory(void)
{
    int prot = PROT_READ | PROT_WRITE, file = open("shared", O_RDWR | O_CREAT, 0644);
    locks(mmap(NULL, sizeof(struct shared), prot, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    ftruncate(file, 65536);
    locks(mmap(NULL, sizeof(struct shared), prot, MAP_SHARED, file, 0));
    close(file);
}

/* Numbers go round by themselves, whoever has to wait. */
static void ring(void)
{
    enum { MEMBERS = 5, ROUNDS = 20 };
    int fd[MEMBERS + 1][2], value = 0;
    for (int n = 0; n <= MEMBERS; n++)
        pipe(fd[n]);
    fflush(stdout);
    for (int n = 0; n < MEMBERS; n++)
        if (fork() == 0) {
            for (int round = 0; round < ROUNDS; round++) {
                read(fd[n][0], &value, sizeof value);
                value = value * 3 + n;
                write(fd[n + 1][1], &value, sizeof value);
            }
            _exit(0);
        }
    for (int round = 0; round < ROUNDS; round++) {
        write(fd[0][1], &value, sizeof value);
        read(fd[MEMBERS][0], &value, sizeof value);
        value &= 0xfff;
    }
    show("round and round", value);
    for (int n = 0; n < MEMBERS; n++)
        wait(NULL);
}

int main(void)
{
    pipes();
    broken_pipe();
    shared_memory();
    ring();
    unlink("shared");
    return 0;
}
