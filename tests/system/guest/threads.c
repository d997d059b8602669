/* Threads: the locks of the library, time slices, waiting for descriptors, time and signals, the
 * end of the first thread before others. What is printed does not depend on who runs when. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>


static void show(const char *what, long value) { printf("%s: %ld\n", what, value); }

#define WORKERS 5
#define ROUNDS  2000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static __thread long own;
static long shared, turn;

static pthread_t start(void *(*run)(void *), void *arg)
{
    pthread_t t;
    if (pthread_create(&t, NULL, run, arg) != 0)
        abort();
    return t;
}

static long join(pthread_t t)
{
    void *result = NULL;
    return pthread_join(t, &result) == 0 ? (long)(intptr_t)result : -1;
}

/* Adds under a lock, keeps a count of its own, and reports when it is its turn. */
static void *worker(void *arg)
{
    long id = (long)(intptr_t)arg;
    for (int n = 0; n < ROUNDS; n++) {
        pthread_mutex_lock(&mutex);
        shared += id;
        pthread_mutex_unlock(&mutex);
        own += id;
        if (n % 100 == 0)
            sched_yield();
    }
    pthread_mutex_lock(&mutex);
    while (turn != id)
        pthread_cond_wait(&cond, &mutex);
    show("own count", own);
    turn++;
    pthread_cond_broadcast(&cond);
    pthread_mutex_unlock(&mutex);
    return (void *)(intptr_t)(id * 3);
}

static void locks(void)
{
    pthread_t t[WORKERS];
    long sum = 0;
    for (long n = 0; n < WORKERS; n++)
        t[n] = start(worker, (void *)(intptr_t)n);
    for (int n = 0; n < WORKERS; n++)
        sum += join(t[n]);
    show("shared sum", shared);
    show("results", sum);
}

/* Spins without a system call: only a time slice lets the others run. */
static volatile long flag;

static void *set_flag(void *arg)
{
    flag = (long)(intptr_t)arg;
    return NULL;
}

static void time_slices(void)
{
    pthread_t t = start(set_flag, (void *)7);
    while (flag != 7) {
    }
    show("flag seen", flag);
    join(t);
}

static long microseconds_since(const struct timespec *from)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - from->tv_sec) * 1000000 + (now.tv_nsec - from->tv_nsec) / 1000;
}

static void timeouts(void)
{
    struct timespec from, until;
    pthread_condattr_t monotonic;
    pthread_cond_t c;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&c, &monotonic);
    clock_gettime(CLOCK_MONOTONIC, &from);
    until = from;
    until.tv_nsec += 30000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&mutex);
    int r = pthread_cond_timedwait(&c, &mutex, &until);
    pthread_mutex_unlock(&mutex);
    show("timed wait", r);
    show("not before", microseconds_since(&from) >= 30000);
}

static pthread_barrier_t barrier;
static sem_t semaphore;
static int order[3], places;

static void *sleeper(void *arg)
{
    long id = (long)(intptr_t)arg;
    struct timespec t = {0, (3 - id) * 20000000};
    pthread_barrier_wait(&barrier);
    nanosleep(&t, NULL);
    order[places++] = (int)id;
    sem_post(&semaphore);
    return NULL;
}

static void sleeping(void)
{
    pthread_t t[3];
    pthread_barrier_init(&barrier, NULL, 3);
    sem_init(&semaphore, 0, 0);
    for (long n = 0; n < 3; n++)
        t[n] = start(sleeper, (void *)(intptr_t)n);
    for (int n = 0; n < 3; n++)
        sem_wait(&semaphore);
    for (int n = 0; n < 3; n++)
        join(t[n]);
    show("shortest sleep first", order[0] * 100 + order[1] * 10 + order[2]);
}

/* More than a pipe holds, and a reader that comes late. */
#define STREAM 300000
static int ends[2];

static void *write_stream(void *arg)
{
    char *bytes = malloc(STREAM);
    for (long n = 0; n < STREAM; n++)
        bytes[n] = (char)(n * 31 >> 3);
    long done = write(ends[1], bytes, STREAM);
    free(bytes);
    close(ends[1]);
    (void)arg;
    return (void *)(intptr_t)done;
}

static void pipes(void)
{
    char part[777];
    uint32_t sum = 0;
    long total = 0, n;
    struct pollfd p = {.events = POLLIN};
    show("pipe", pipe(ends));
    pthread_t t = start(write_stream, NULL);
    p.fd = ends[0];
    show("poll", poll(&p, 1, -1));
    while ((n = read(ends[0], part, sizeof part)) > 0) {
        total += n;
        for (long i = 0; i < n; i++)
            sum = sum * 31 + (unsigned char)part[i];
    }
    show("bytes read", total);
    show("sum of bytes", sum & 0xffffff);
    show("written at once", join(t));
    close(ends[0]);
}

static void *read_event(void *arg)
{
    uint64_t value = 0;
    long n = read((int)(intptr_t)arg, &value, sizeof value);
    return (void *)(intptr_t)(n == 8 ? (long)value : -1);
}

static void events(void)
{
    int fd = eventfd(0, 0);
    uint64_t value = 42;
    pthread_t t = start(read_event, (void *)(intptr_t)fd);
    usleep(1000);
    show("event written", write(fd, &value, sizeof value));
    show("event read", join(t));
    close(fd);
}

static volatile sig_atomic_t handled_by_other;
static pthread_t other;

static void on_usr1(int signo)
{
    (void)signo;
    handled_by_other = pthread_equal(pthread_self(), other);
}

static void *wait_in_read(void *arg)
{
    char c;
    (void)arg;
    errno = 0;
    long r = read(ends[0], &c, 1);
    return (void *)(intptr_t)(r == -1 ? errno == EINTR : 2);
}

static void *wait_for_usr2(void *arg)
{
    int signo = 0;
    sigset_t set;
    (void)arg;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigwait(&set, &signo);
    return (void *)(intptr_t)(signo == SIGUSR2);
}

static void signals(void)
{
    struct sigaction action = {.sa_handler = on_usr1};
    sigset_t set;
    sigaction(SIGUSR1, &action, NULL);
    show("pipe", pipe(ends));
    other = start(wait_in_read, NULL);
    usleep(10000);
    pthread_kill(other, SIGUSR1);
    show("read interrupted", join(other));
    show("handler ran in that thread", handled_by_other);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    pthread_t t = start(wait_for_usr2, NULL);
    usleep(1000);
    kill(getpid(), SIGUSR2);
    show("sigwait in a thread", join(t));
    show("no such thread", syscall(SYS_tgkill, getpid(), 1, 0) == -1 && errno == ESRCH);
}

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

static void *read_locked(void *arg)
{
    pthread_rwlock_rdlock(&rwlock);
    long seen = shared;
    pthread_rwlock_unlock(&rwlock);
    (void)arg;
    return (void *)(intptr_t)seen;
}

static void readers(void)
{
    pthread_t t[3];
    long sum = 0;
    pthread_rwlock_wrlock(&rwlock);
    for (int n = 0; n < 3; n++)
        t[n] = start(read_locked, NULL);
    usleep(1000);
    shared = 5;
    pthread_rwlock_unlock(&rwlock);
    for (int n = 0; n < 3; n++)
        sum += join(t[n]);
    show("readers wait for the writer", sum);
}

static void *outlive_main(void *arg)
{
    usleep(2000);
    show("main has ended", 1);
    return arg;
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    locks();
    time_slices();
    timeouts();
    sleeping();
    pipes();
    events();
    signals();
    readers();
    start(outlive_main, NULL);
    fflush(stdout);
    syscall(SYS_exit, 3); /* of this thread alone: not the status of the process */
}
