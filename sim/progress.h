/* The progress line on a terminal: once a second from the second second on. */
#ifndef SIM_PROGRESS_H
#define SIM_PROGRESS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool wanted;        /* stderr is a terminal and nobody said -q */
    bool shown;         /* a line stands there and has to be wiped */
    uint64_t limit;     /* instructions at which the run will end; 0 when unknown */
    uint64_t last_instructions;
    double started, last; /* host seconds */
};

/* Starts a host timer that sets *attention every second (SIGALRM); nothing when not wanted. */
void progress_start(struct progress *p, bool quiet, uint64_t limit,
                    volatile sig_atomic_t *attention);
/* Call when *attention was set. */
void progress_show(struct progress *p, uint64_t instructions, uint64_t cycles);
/* Stops the timer and wipes the line. */
void progress_end(struct progress *p);

#endif
