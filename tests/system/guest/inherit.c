/* Mutexes that inherit priority: uncontended, contended, with a timeout, left by a dead owner.
 * qemu-user is no oracle: it swaps no bytes for big-endian programs, and forgets dead owners. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <time.h>

#include "check.h"

static pthread_mutex_t mutex, robust;
static long shared;

static void *count(void *arg)
{
    for (int n = 0; n < 500; n++) {
        pthread_mutex_lock(&mutex);
        long seen = shared;
        if (n % 50 == 0)
            sched_yield();
        shared = seen + 1;
        pthread_mutex_unlock(&mutex);
    }
    return arg;
}

static void *hold(void *arg)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 10000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    SHOW(pthread_mutex_trylock(&mutex));
    SHOW(pthread_mutex_timedlock(&mutex, &until));
    return arg;
}

static void *die(void *arg)
{
    pthread_mutex_lock(&robust);
    return arg;
}

static void in_thread(void *(*run)(void *))
{
    pthread_t t;
    pthread_create(&t, NULL, run, NULL);
    pthread_join(t, NULL);
}

int main(void)
{
    pthread_mutexattr_t a;
    pthread_t t[4];
    pthread_mutexattr_init(&a);
    SHOW(pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_INHERIT));
    pthread_mutexattr_settype(&a, PTHREAD_MUTEX_ERRORCHECK);
    SHOW(pthread_mutex_init(&mutex, &a));
    SHOW(pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST));
    SHOW(pthread_mutex_init(&robust, &a));
    SHOW(pthread_mutex_lock(&mutex));
    SHOW(pthread_mutex_lock(&mutex));
    in_thread(hold);
    SHOW(pthread_mutex_unlock(&mutex));
    SHOW(pthread_mutex_unlock(&mutex));
    for (int n = 0; n < 4; n++)
        pthread_create(&t[n], NULL, count, NULL);
    for (int n = 0; n < 4; n++)
        pthread_join(t[n], NULL);
    SHOW(shared);
    in_thread(die);
    SHOW(pthread_mutex_lock(&robust));
    SHOW(pthread_mutex_consistent(&robust));
    SHOW(pthread_mutex_unlock(&robust));
    SHOW(pthread_mutex_lock(&robust));
    return 0;
}
