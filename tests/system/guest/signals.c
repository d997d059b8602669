/* Delivery, frames, masks, faults: what a handler sees and what it can change. */
#define _GNU_SOURCE
#include "check.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#ifdef __powerpc64__
#define REGS(u) (u)->uc_mcontext.gp_regs
#else
#define REGS(u) (u)->uc_mcontext.uc_regs->gregs
#endif

static sigjmp_buf back;
static volatile int hits;
static char *expected;

static void plain(int signo)
{
    hits++;
    printf("handler %d, hit %d\n", signo, hits);
}

static void on_fault(int signo, siginfo_t *info, void *context)
{
    ucontext_t *u = context;
    printf("fault %d code %d addr %s nip %s\n", signo, info->si_code,
           (char *)info->si_addr == expected ? "as expected" : "another",
           REGS(u)[32] ? "set" : "zero");
    siglongjmp(back, 1);
}

/* Steps over the trapping instruction and changes a register. */
static void on_trap(int signo, siginfo_t *info, void *context)
{
    ucontext_t *u = context;
    printf("trap %d code %d addr==nip %d\n", signo, info->si_code,
           (unsigned long)info->si_addr == REGS(u)[32]);
    REGS(u)[32] += 4;
    REGS(u)[3] = 4242;
}

static void install(int signo, void (*handler)(int, siginfo_t *, void *), int flags)
{
    struct sigaction sa = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};
    sigaction(signo, &sa, NULL);
}

/* To an address: a function pointer would be a descriptor's in one of the ABIs. */
static void jump(unsigned long to)
{
    __asm__ volatile("mtctr %0\n bctrl" : : "r"(to) : "ctr", "lr", "memory");
}

static void faults(void)
{
    char *page = mmap(NULL, 65536, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    install(SIGSEGV, on_fault, 0);
    install(SIGILL, on_fault, 0);
    expected = NULL;
    if (!sigsetjmp(back, 1))
        *(volatile int *)NULL = 1;
    expected = page + 100;
    if (!sigsetjmp(back, 1))
        *(volatile char *)(page + 100) = 1;
    expected = page;
    if (!sigsetjmp(back, 1))
        jump((unsigned long)page);
    expected = (char *)16;
    if (!sigsetjmp(back, 1))
        jump(16);
    munmap(page, 65536);
    expected = page + 8;
    if (!sigsetjmp(back, 1))
        printf("%d\n", *(volatile char *)(page + 8));
    install(SIGTRAP, on_trap, 0);
    register long r3 __asm__("r3") = 1;
    __asm__ volatile("trap" : "+r"(r3) : : "memory");
    printf("r3 %ld\n", r3);
}

/* The handler must leave every register as it was, the vector halves too. */
#ifdef __powerpc64__
static void scribble(int signo)
{
    (void)signo;
    __asm__ volatile("xxlxor 5,5,5\n xxlxor 40,40,40\n li 14,0\n li 4,0\n mtctr 4\n crclr 8\n"
                     : : : "r4", "r14", "ctr", "cr2", "vs5", "vs40");
}

static void registers(void)
{
    long pid = getpid(), tid = gettid(), r14, ctr, cr, out[4];
    long in[4] = {0x1111, 0x2222, 0x3333, 0x4444};
    signal(SIGUSR1, scribble);
    __asm__ volatile("lxvd2x 5,0,%[in]\n lxvd2x 40,%[in],%[off]\n li 14,77\n li 4,99\n mtctr 4\n"
                     "crset 8\n li 0,250\n mr 3,%[pid]\n mr 4,%[tid]\n li 5,10\n sc\n"
                     "mr %[r14],14\n mfctr %[ctr]\n mfcr %[cr]\n"
                     "stxvd2x 5,0,%[out]\n stxvd2x 40,%[out],%[off]\n"
                     : [r14] "=&r"(r14), [ctr] "=&r"(ctr), [cr] "=&r"(cr)
                     : [in] "b"(in), [out] "b"(out), [off] "r"(16L), [pid] "r"(pid), [tid] "r"(tid)
                     : "r0", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "r14",
                       "ctr", "cr0", "cr2", "vs5", "vs40", "memory");
    printf("%ld %ld %ld %lx %lx %lx %lx\n", r14, ctr, cr >> 23 & 1, out[0], out[1], out[2], out[3]);
}
#else
static void scribble(int signo)
{
    (void)signo;
    __asm__ volatile("fsub 5,5,5\n fsub 20,20,20\n li 14,0\n li 4,0\n mtctr 4\n crclr 8\n"
                     : : : "r4", "r14", "ctr", "cr2", "fr5", "fr20");
}

static void registers(void)
{
    long pid = getpid(), tid = gettid(), r14, ctr, cr;
    double in[2] = {1.25, -3.5}, out[2];
    signal(SIGUSR1, scribble);
    __asm__ volatile("lfd 5,0(%[in])\n lfd 20,8(%[in])\n li 14,77\n li 4,99\n mtctr 4\n"
                     "crset 8\n li 0,250\n mr 3,%[pid]\n mr 4,%[tid]\n li 5,10\n sc\n"
                     "mr %[r14],14\n mfctr %[ctr]\n mfcr %[cr]\n"
                     "stfd 5,0(%[out])\n stfd 20,8(%[out])\n"
                     : [r14] "=&r"(r14), [ctr] "=&r"(ctr), [cr] "=&r"(cr)
                     : [in] "b"(in), [out] "b"(out), [pid] "r"(pid), [tid] "r"(tid)
                     : "r0", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "r14",
                       "ctr", "cr0", "cr2", "fr5", "fr20", "memory");
    printf("%ld %ld %ld %g %g\n", r14, ctr, cr >> 23 & 1, out[0], out[1]);
}
#endif

static void masks(void)
{
    sigset_t set, old;
    struct sigaction sa = {.sa_handler = plain};
    sigaction(SIGUSR1, &sa, NULL);
    sigaction(SIGUSR2, &sa, NULL);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    SHOW(sigprocmask(SIG_BLOCK, &set, &old));
    raise(SIGUSR2);
    raise(SIGUSR1);
    raise(SIGUSR1);
    SHOW(sigpending(&set));
    SHOW(sigismember(&set, SIGUSR1));
    printf("before\n");
    SHOW(sigprocmask(SIG_SETMASK, &old, NULL));
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR1);
    SHOW(sigsuspend(&old));
    raise(SIGUSR2);
    siginfo_t info;
    SHOW(sigwaitinfo(&set, &info));
    printf("code %d pid %d\n", info.si_code, info.si_pid == getpid());
    struct timespec t = {0, 1000};
    SHOW(sigtimedwait(&set, &info, &t));
    sigprocmask(SIG_SETMASK, &old, NULL);
}

static void once_and_queued(void)
{
    sigset_t set;
    siginfo_t info;
    struct sigaction sa = {.sa_handler = plain};
    sigemptyset(&set);
    sa.sa_flags = (int)SA_RESETHAND;
    sigaction(SIGUSR1, &sa, NULL);
    raise(SIGUSR1);
    sigaction(SIGUSR1, NULL, &sa);
    GOOD(sa.sa_handler == SIG_DFL);
    union sigval v = {.sival_ptr = (void *)0x1234};
    sigaddset(&set, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    SHOW(sigqueue(getpid(), SIGRTMIN, v));
    SHOW(sigqueue(getpid(), SIGRTMIN, v));
    GOOD(sigwaitinfo(&set, &info) == SIGRTMIN && info.si_value.sival_ptr == v.sival_ptr);
    GOOD(sigwaitinfo(&set, &info) == SIGRTMIN);
    SHOW(pthread_sigqueue(pthread_self(), SIGRTMIN, v));
    GOOD(sigwaitinfo(&set, &info) == SIGRTMIN && info.si_value.sival_ptr == v.sival_ptr &&
         info.si_code == SI_QUEUE && info.si_pid == getpid());
    info.si_code = SI_QUEUE;
    SHOW(syscall(SYS_rt_tgsigqueueinfo, getpid(), 77777, SIGRTMIN, &info));
    SHOW(syscall(SYS_rt_tgsigqueueinfo, getpid(), 0, SIGRTMIN, &info));
    SHOW(syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), SIGRTMIN, NULL));
    SHOW(kill(getpid(), 0));
    SHOW(kill(getpid(), 99));
    SHOW(sigaction(SIGKILL, &sa, NULL));
}

static char alt[65536];

static void on_alt(int signo, siginfo_t *info, void *context)
{
    char here;
    (void)info, (void)context;
    stack_t now;
    sigaltstack(NULL, &now);
    printf("signal %d on alternate stack: %d, flags %d\n", signo,
           &here > alt && &here < alt + sizeof alt, now.ss_flags);
    siglongjmp(back, 1);
}

static int __attribute__((noinline)) overflow(int depth)
{
    volatile char frame[4096];
    frame[0] = (char)depth;
    return depth > 100000000 ? 0 : overflow(depth + 1) + frame[0];
}

static void stacks(void)
{
    stack_t s = {.ss_sp = alt, .ss_size = sizeof alt}, old;
    SHOW(sigaltstack(&s, &old));
    printf("%d\n", old.ss_flags);
    install(SIGSEGV, on_alt, SA_ONSTACK);
    if (!sigsetjmp(back, 1))
        overflow(0);
    s.ss_size = 100;
    SHOW(sigaltstack(&s, NULL));
}

static void count(int signo)
{
    (void)signo;
    hits++;
}

static void timers(void)
{
    /* The first wait is long enough for a busy host of the oracle. */
    struct itimerval v = {{0, 0}, {0, 300000}};
    struct timespec t = {5, 0}, left;
    signal(SIGALRM, plain);
    hits = 0;
    SHOW(setitimer(ITIMER_REAL, &v, NULL));
    SHOW(nanosleep(&t, &left));
    printf("left %ld\n", (long)left.tv_sec);
    SHOW(alarm(100));
    SHOW(alarm(0));
    signal(SIGALRM, count);
    v.it_interval.tv_usec = 1000;
    v.it_value.tv_usec = 1000;
    SHOW(setitimer(ITIMER_REAL, &v, NULL));
    while (hits < 4)
        ;
    alarm(0);
    hits = 0;
    timer_t id;
    struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2};
    struct itimerspec spec = {{0, 0}, {0, 300000000}}, old;
    signal(SIGUSR2, plain);
    SHOW(timer_create(CLOCK_MONOTONIC, &e, &id));
    SHOW(timer_settime(id, 0, &spec, NULL));
    SHOW(nanosleep(&t, NULL));
    SHOW(timer_gettime(id, &old));
    printf("%ld %ld\n", (long)old.it_value.tv_sec, old.it_value.tv_nsec);
    SHOW(timer_delete(id));
    SHOW(timer_delete(id));
}

static ucontext_t here, there;
static char there_stack[65536];

static void coroutine(int number)
{
    printf("coroutine %d\n", number);
    swapcontext(&there, &here);
    printf("coroutine again\n");
}

/* Two stacks and the mask that goes with each. */
static void contexts(void)
{
    sigset_t set;
    SHOW(getcontext(&there));
    there.uc_stack = (stack_t){.ss_sp = there_stack, .ss_size = sizeof there_stack};
    there.uc_link = &here;
    sigaddset(&there.uc_sigmask, SIGUSR2);
    makecontext(&there, (void (*)(void))coroutine, 1, 42);
    SHOW(swapcontext(&here, &there));
    sigprocmask(SIG_SETMASK, NULL, &set);
    SHOW(sigismember(&set, SIGUSR2));
    SHOW(swapcontext(&here, &there));
    sigprocmask(SIG_SETMASK, NULL, &set);
    SHOW(sigismember(&set, SIGUSR2));
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    faults();
    registers();
    masks();
    once_and_queued();
    stacks();
    timers();
    contexts();
    abort();
}
