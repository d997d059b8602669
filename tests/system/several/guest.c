/* What threads do to each other on several cores: `guest WHAT THREADS ROUNDS`. The result does not
 * depend on who is faster. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define THREADS_MAX 8
#define SIZE        32
#define ROOM        16

static long threads, rounds, counter;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER, not_empty = PTHREAD_COND_INITIALIZER;
static long box[ROOM], head, tail, held;
static long neighbours[THREADS_MAX] __attribute__((aligned(128)));
static struct {
    long value;
    char pad[120];
} apart[THREADS_MAX] __attribute__((aligned(128)));
static long a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];
static long turn, message;

/* Nothing is shared: as many rounds in all, however many threads. */
static void independent(long id)
{
    unsigned long x = 1;
    for (long n = 0; n < rounds / threads; n++)
        x = x * 6364136223846793005UL + 1442695040888963407UL;
    apart[id].value = (long)(x & 1);
}

static void atomic(long id)
{
    (void)id;
    for (long n = 0; n < rounds; n++)
        __atomic_fetch_add(&counter, 1, __ATOMIC_SEQ_CST);
}

static void mutex(long id)
{
    (void)id;
    for (long n = 0; n < rounds; n++) {
        pthread_mutex_lock(&lock);
        counter++;
        pthread_mutex_unlock(&lock);
    }
}

static void false_sharing(long id)
{
    for (long n = 0; n < rounds; n++)
        __atomic_fetch_add(&neighbours[id], 1, __ATOMIC_SEQ_CST);
}

static void padded(long id)
{
    for (long n = 0; n < rounds; n++)
        __atomic_fetch_add(&apart[id].value, 1, __ATOMIC_SEQ_CST);
}

static void produce(void)
{
    for (long n = 0; n < rounds; n++) {
        pthread_mutex_lock(&lock);
        while (held == ROOM)
            pthread_cond_wait(&not_full, &lock);
        box[head++ % ROOM] = n;
        held++;
        pthread_cond_signal(&not_empty);
        pthread_mutex_unlock(&lock);
    }
}

static void consume(void)
{
    for (long n = 0; n < rounds; n++) {
        pthread_mutex_lock(&lock);
        while (!held)
            pthread_cond_wait(&not_empty, &lock);
        counter += box[tail++ % ROOM];
        held--;
        pthread_cond_signal(&not_full);
        pthread_mutex_unlock(&lock);
    }
}

static void producer_consumer(long id) { id % 2 ? consume() : produce(); }

static void matmul(long id)
{
    for (long i = id; i < SIZE; i += threads)
        for (long j = 0; j < SIZE; j++)
            for (long k = 0; k < SIZE; k++)
                c[i][j] += a[i][k] * b[k][j];
}

/* Message passing: what is stored before the flag is seen after it. */
static void token(long id)
{
    for (long n = 0; n < rounds; n++) {
        while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) % threads != id) {
        }
        message = message * 3 + id;
        __atomic_fetch_add(&turn, 1, __ATOMIC_RELEASE);
    }
}

static int word, ready, go;

/* Another thread stores what is there already: the reservation is lost all the same. */
static void reservation(long id)
{
    unsigned value, cr, waits;
    if (id == 1) {
        while (!__atomic_load_n(&ready, __ATOMIC_ACQUIRE)) {
        }
        __atomic_store_n(&word, 0, __ATOMIC_RELAXED);
        __atomic_store_n(&go, 1, __ATOMIC_RELEASE);
    }
    if (id)
        return;
    __asm__ volatile("lwarx %0,0,%3\n\tstw %5,0(%6)\n1:\tlwz %2,0(%4)\n\tcmpwi %2,0\n\t"
                     "beq 1b\n\tstwcx. %0,0,%3\n\tmfcr %1"
                     : "=&r"(value), "=&r"(cr), "=&r"(waits)
                     : "r"(&word), "b"(&go), "r"(1), "b"(&ready)
                     : "cr0", "memory");
    counter += 1 + !(cr >> 29 & 1);
}

/* Each on a core of its own, which it is told. */
static void bound(long id)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(id, &set);
    if (sched_setaffinity(0, sizeof set, &set))
        return;
    sched_yield();
    __atomic_fetch_add(&counter, sched_getcpu() == id, __ATOMIC_SEQ_CST);
}

static const struct {
    const char *name;
    void (*run)(long id);
} all[] = {{"independent", independent}, {"atomic", atomic}, {"mutex", mutex},
           {"false_sharing", false_sharing}, {"padded", padded},
           {"producer_consumer", producer_consumer}, {"matmul", matmul}, {"token", token},
           {"reservation", reservation}, {"bound", bound}};
static void (*chosen)(long id);

static void *run(void *id)
{
    chosen((long)id);
    return NULL;
}

static long result(void)
{
    long sum = counter + message;
    for (long n = 0; n < THREADS_MAX; n++)
        sum += neighbours[n] + apart[n].value;
    for (long i = 0; i < SIZE; i++)
        for (long j = 0; j < SIZE; j++)
            sum += c[i][j] * (i + 2 * j);
    return sum;
}

int main(int argc, char **argv)
{
    pthread_t thread[THREADS_MAX];
    for (unsigned n = 0; argc == 4 && n < sizeof all / sizeof *all; n++)
        if (!strcmp(argv[1], all[n].name))
            chosen = all[n].run;
    if (!chosen)
        return 2;
    threads = atol(argv[2]);
    rounds = atol(argv[3]);
    for (long i = 0; i < SIZE; i++)
        for (long j = 0; j < SIZE; j++)
            a[i][j] = i + j, b[i][j] = i - j;
    for (long n = 1; n < threads; n++)
        if (pthread_create(&thread[n], NULL, run, (void *)n))
            return 3;
    run(NULL);
    for (long n = 1; n < threads; n++)
        pthread_join(thread[n], NULL);
    printf("%s %ld, %ld cores\n", argv[1], result(), sysconf(_SC_NPROCESSORS_ONLN));
    return 0;
}
