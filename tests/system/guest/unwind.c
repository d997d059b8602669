/* Unwinding through the frames of signal handlers, as exceptions, backtraces and the cancellation
 * of threads do. qemu-user has no vDSO to tell what these frames hold. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <unwind.h>

static void clean_up(void *name) { printf("cleaned up: %s\n", (char *)name); }

static void *sleeper(void *arg)
{
    pthread_cleanup_push(clean_up, "sleeping");
    for (;;)
        sleep(100);
    pthread_cleanup_pop(0);
    return arg;
}

static void *counter(void *arg)
{
    volatile unsigned long n = 0;
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    pthread_cleanup_push(clean_up, "counting");
    for (;;)
        n++;
    pthread_cleanup_pop(0);
    return arg;
}

static void cancel(void *(*run)(void *))
{
    pthread_t t;
    void *result;
    pthread_create(&t, NULL, run, NULL);
    usleep(1000);
    pthread_cancel(t);
    pthread_join(t, &result);
    printf("cancelled: %d\n", result == PTHREAD_CANCELED);
}

struct walk {
    void *wanted;
    unsigned frames;
    int found;
};

static _Unwind_Reason_Code look(struct _Unwind_Context *c, void *arg)
{
    struct walk *w = arg;
    int before = 0; /* the place of what was interrupted is itself that of an instruction */
    _Unwind_Ptr ip = _Unwind_GetIPInfo(c, &before);
    void *function = _Unwind_FindEnclosingFunction((void *)(ip + !!before));
    w->found |= function == w->wanted;
    return ++w->frames < 100 ? _URC_NO_REASON : _URC_END_OF_STACK;
}

__attribute__((noipa)) static int interrupted(volatile int *p);
/* Its code, where the ABI has descriptors for functions. */
static void *code_of(void *function)
{
#if defined(__powerpc64__) && _CALL_ELF != 2
    memcpy(&function, function, sizeof function);
#endif
    return function;
}

static void on_signal(int signo)
{
    struct walk w = {.wanted = code_of((void *)interrupted)};
    _Unwind_Reason_Code r = _Unwind_Backtrace(look, &w);
    printf("signal %d: end of the stack %d, interrupted function seen %d\n", signo,
           r == _URC_END_OF_STACK, w.found);
}

static void on_info(int signo, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    on_signal(signo);
}

/* The signal comes in its own code, not in a function of the library. */
static int interrupted(volatile int *p)
{
    __asm__ volatile("trap" : : : "memory");
    return *p;
}

static void skip_trap(int signo, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    on_signal(signo);
    _exit(0);
}

int main(void)
{
    int zero = 0;
    setvbuf(stdout, NULL, _IONBF, 0);
    cancel(sleeper);
    cancel(counter);
    signal(SIGUSR1, on_signal);
    raise(SIGUSR1);
    sigaction(SIGUSR2, &(struct sigaction){.sa_sigaction = on_info, .sa_flags = SA_SIGINFO}, NULL);
    raise(SIGUSR2);
    sigaction(SIGTRAP, &(struct sigaction){.sa_sigaction = skip_trap, .sa_flags = SA_SIGINFO},
              NULL);
    return interrupted(&zero);
}
