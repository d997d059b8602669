#include "sim/progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t *alarm_flag; /* a signal handler has no other way to its object */

static void on_alarm(int signal_number)
{
    (void)signal_number;
    *alarm_flag = 1;
}

static double host_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void set_timer(time_t seconds)
{
    struct itimerval every = {{seconds, 0}, {seconds, 0}};
    setitimer(ITIMER_REAL, &every, NULL);
}

void progress_start(struct progress *p, bool quiet, uint64_t limit,
                    volatile sig_atomic_t *attention)
{
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    *p = (struct progress){.wanted = !quiet && isatty(STDERR_FILENO), .limit = limit};
    p->started = p->last = host_seconds();
    if (!p->wanted)
        return;
    alarm_flag = attention;
    sigaction(SIGALRM, &action, NULL);
    set_timer(1);
}

void progress_show(struct progress *p, uint64_t instructions, uint64_t cycles)
{
    double now = host_seconds(), since = now - p->last;
    char eta[64] = "";
    if (!p->wanted || now - p->started < 2 || since < 0.5)
        return;
    double rate = (double)(instructions - p->last_instructions) / since;
    if (p->limit && rate > 0)
        snprintf(eta, sizeof eta, ", ETA %.0f s", (double)(p->limit - instructions) / rate);
    fprintf(stderr, "\rsimrun: %.1f M instructions, %.1f M cycles, IPC %.3f, %.1f MIPS%s\033[K",
            (double)instructions / 1e6, (double)cycles / 1e6,
            cycles ? (double)instructions / (double)cycles : 0, rate / 1e6, eta);
    p->shown = true;
    p->last = now;
    p->last_instructions = instructions;
}

void progress_end(struct progress *p)
{
    if (!p->wanted)
        return;
    set_timer(0);
    if (p->shown)
        fputs("\r\033[K", stderr);
}
