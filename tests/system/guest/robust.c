/* Locks of threads that end: robust mutexes, which qemu-user does not know. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t mutex;

static void show(const char *what, long value) { printf("%s: %ld\n", what, value); }

static void *die_with_lock(void *arg)
{
    pthread_mutex_lock(&mutex);
    usleep(1000); /* the others come to wait for it */
    return arg;
}

static void *wait_for_lock(void *arg)
{
    int r = pthread_mutex_lock(&mutex);
    if (r == EOWNERDEAD)
        pthread_mutex_consistent(&mutex);
    pthread_mutex_unlock(&mutex);
    (void)arg;
    return (void *)(intptr_t)r;
}

/* The same between processes: one of them is killed with the lock. */
static void processes(void)
{
    pthread_mutexattr_t attr;
    pthread_mutex_t *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(shared, &attr);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        pthread_mutex_lock(shared);
        usleep(1000);
        raise(SIGKILL);
    }
    usleep(100);
    show("told of a killed process", pthread_mutex_lock(shared) == EOWNERDEAD);
    show("its number", waitpid(child, NULL, 0) == child);
}

int main(void)
{
    pthread_mutexattr_t attr;
    pthread_t t[3];
    void *result[3];
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&mutex, &attr);
    pthread_create(&t[0], NULL, die_with_lock, NULL);
    usleep(100);
    pthread_create(&t[1], NULL, wait_for_lock, NULL);
    pthread_create(&t[2], NULL, wait_for_lock, NULL);
    for (int n = 0; n < 3; n++)
        pthread_join(t[n], &result[n]);
    show("the first one is told of the owner's death", (intptr_t)result[1] == EOWNERDEAD);
    show("the second one gets a good lock", (intptr_t)result[2]);
    pthread_create(&t[0], NULL, die_with_lock, NULL);
    pthread_join(t[0], NULL);
    show("told without waiting", pthread_mutex_lock(&mutex) == EOWNERDEAD);
    show("left inconsistent", pthread_mutex_unlock(&mutex));
    show("is lost for good", pthread_mutex_lock(&mutex) == ENOTRECOVERABLE);
    processes();
    return 0;
}
