/* What the files of this folder share. */
#ifndef SIM_GDB_INTERNAL_H
#define SIM_GDB_INTERNAL_H

#include "sim/gdb/gdb.h"
#include "sim/gdb/link.h"

#define GDB_SIGNALS 160u /* numbers of the protocol */
enum { GDB_SIGINT = 2, GDB_SIGTRAP = 5 };
#define GUEST_SIGKILL_NUMBER 9u
#define AUXV_ROOM 1024u

/* The kinds of Z packets; a hardware breakpoint is the same as a software one here. */
enum break_kind { BREAK_SOFTWARE, BREAK_HARDWARE, WATCH_WRITE, WATCH_READ, WATCH_ACCESS };

struct watch {
    enum break_kind kind;
    uint64_t ea, bytes;
};

/* Why the guest stands still. */
struct stop {
    uint32_t signal;   /* the protocol's number; 0: it runs */
    const char *event; /* "swbreak", "watch" ...; NULL: the signal says all */
    uint64_t ea;       /* of a watchpoint */
};

struct gdb {
    struct gdb_target target;
    struct exec *exec;
    struct cpu *cpu;
    struct exec_system inner;
    struct link link;
    char *description;          /* target.xml */
    uint8_t auxv[AUXV_ROOM];    /* as on the stack at the start */
    uint32_t auxv_bytes;

    /* What the client has asked for. */
    uint64_t *breaks;
    struct watch *watches;
    uint32_t break_count, watch_count;
    bool knows_swbreak;
    bool passes[GDB_SIGNALS];   /* signals that are delivered without a stop */
    bool steps;                 /* one instruction, or until outside [range_start, range_end) */
    uint64_t range_start, range_end;
    uint32_t resume_signal;     /* Linux's number, to be delivered on going on */

    /* Where the run stands. */
    struct stop stop, last_stop;
    bool resumed, ending;
    bool skip;                  /* the breakpoint at skip_pc has been reported */
    uint64_t skip_pc;
    uint64_t stops;             /* so far */
    uint32_t injected;          /* the signal that target.raise was asked for; not reported again */
    uint32_t delivered;         /* the signal let through last, in the current exception or poll */
    uint32_t killed_by;         /* Linux's number; 0: the guest has not ended by a signal */
    volatile bool input;        /* bytes may have come from the client */
};

/* commands.c: does what a packet asks for and answers it. */
void command(struct gdb *g, const char *packet, size_t bytes);
/* Tells the client why the guest stands still. */
void command_report_stop(struct gdb *g, const struct stop *stop);
void command_report_end(struct gdb *g, int status);

/* resume.c: c, s, C, S, vCont; false when malformed. */
bool resume_by_letter(struct gdb *g, const char *text);
bool resume_by_vcont(struct gdb *g, const char *actions);

/* memory.c: bytes done before the first that cannot be accessed. */
uint64_t memory_read(struct gdb *g, uint64_t ea, void *to, uint64_t bytes);
uint64_t memory_write(struct gdb *g, uint64_t ea, const void *from, uint64_t bytes);
/* The auxiliary vector, found from the stack pointer at the start. */
void memory_find_auxv(struct gdb *g);

/* breaks.c */
bool breaks_insert(struct gdb *g, enum break_kind kind, uint64_t ea, uint64_t bytes);
void breaks_remove(struct gdb *g, enum break_kind kind, uint64_t ea, uint64_t bytes);
void breaks_clear(struct gdb *g);
bool breaks_at(const struct gdb *g, uint64_t ea);
/* The watchpoint that an executed instruction has hit, or NULL. */
const struct watch *breaks_watch_hit(const struct gdb *g, const struct op *op);
const char *breaks_event(enum break_kind kind); /* its name in a stop reply */

/* signals.c: between Linux's numbers and the protocol's; 0 when there is none. */
uint32_t signal_to_gdb(uint32_t linux_number);
uint32_t signal_from_gdb(uint64_t gdb_number);

#endif
