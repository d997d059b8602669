/* Run control: when the guest stops, what is said about it, and how it goes on. */
#include "sim/gdb/gdb.h"

#include <stdlib.h>

#include "sim/base/log.h"
#include "sim/gdb/internal.h"
#include "sim/gdb/regs.h"

struct gdb *gdb_create(const struct gdb_target *target, uint16_t port, struct err *e)
{
    struct gdb *g = xcalloc(1, sizeof *g);
    g->target = *target;
    g->exec = target->exec;
    g->cpu = target->exec->cpu;
    g->last_stop.signal = GDB_SIGTRAP;
    if (link_open(&g->link, port, e))
        return g;
    free(g);
    return NULL;
}

void gdb_destroy(struct gdb *g)
{
    if (!g)
        return;
    link_close(&g->link);
    free(g->breaks);
    free(g->watches);
    free(g->description);
    free(g);
}

/* From a signal handler. */
static void input_came(void *owner)
{
    struct gdb *g = owner;
    g->input = true;
    exec_interrupt(g->exec);
}

static bool attend(struct gdb *g)
{
    if (!g->ending)
        g->ending = !g->target.attend(g->target.ctx);
    return !g->ending;
}

/* Does what the client asks for until it lets the guest go on, or is gone. */
static void converse(struct gdb *g)
{
    g->stops++;
    g->resumed = false;
    g->steps = false;
    g->resume_signal = 0;
    while (!g->resumed && link_is_up(&g->link) && attend(g))
        if (link_receive(&g->link, true) == PACKET_COMPLETE)
            command(g, g->link.reader.data, g->link.reader.bytes);
    if (!link_is_up(&g->link)) {
        breaks_clear(g);
        g->steps = false;
    }
    g->stop = (struct stop){0};
    g->input = true; /* a byte may have come unnoticed behind the last packet */
    g->skip = true;
    g->skip_pc = g->cpu->nia;
    exec_interrupt(g->exec); /* back to gdb_run, which looks at what was asked for */
}

static void stop_and_converse(struct gdb *g)
{
    if (!g->knows_swbreak && g->stop.event == breaks_event(BREAK_SOFTWARE))
        g->stop.event = NULL;
    g->last_stop = g->stop;
    command_report_stop(g, &g->stop);
    converse(g);
}

void gdb_start(struct gdb *g)
{
    g->description = regs_description(g->cpu);
    memory_find_auxv(g);
    log_line("waiting for gdb on 127.0.0.1:%u", g->link.port);
    while (!link_is_up(&g->link) && attend(g))
        link_accept(&g->link);
    if (!link_is_up(&g->link))
        return;
    link_notify(&g->link, input_came, g);
    converse(g);
    g->skip = false; /* nothing has been reported at the first instruction */
}

/* While the guest runs the client may say Ctrl-C, or hang up. */
static void look_at_input(struct gdb *g)
{
    g->input = false;
    if (link_receive(&g->link, false) == PACKET_INTERRUPT)
        g->stop.signal = GDB_SIGINT;
    if (!link_is_up(&g->link))
        breaks_clear(g);
}

static void look_at_breakpoint(struct gdb *g)
{
    uint64_t pc = g->cpu->nia;
    if (!g->break_count || (g->skip && pc == g->skip_pc) || !breaks_at(g, pc))
        return;
    g->stop.signal = GDB_SIGTRAP;
    g->stop.event = breaks_event(BREAK_SOFTWARE);
}

static bool is_shown(const struct gdb *g)
{
    return !g->target.is_shown || g->target.is_shown(g->target.ctx);
}

/* Between two instructions. */
static void between(struct gdb *g)
{
    if (!is_shown(g))
        return;
    if (g->input && !g->stop.signal)
        look_at_input(g);
    if (!g->stop.signal)
        look_at_breakpoint(g);
    if (!g->stop.signal || !link_is_up(&g->link) || g->ending || g->exec->halted)
        return;
    stop_and_converse(g);
    g->injected = g->resume_signal;
    if (g->injected)
        g->target.raise(g->target.ctx, g->injected);
}

static bool in_range(const struct gdb *g)
{
    return g->cpu->nia >= g->range_start && g->cpu->nia < g->range_end;
}

/* After an instruction or the delivery of an exception. A signal may have stopped the guest on the
 * way; stepping from there into the handler is a step. */
static void look_back(struct gdb *g, const struct op *op, bool was_stopped)
{
    const struct watch *w = breaks_watch_hit(g, op);
    if (w) {
        g->stop.signal = GDB_SIGTRAP;
        g->stop.event = breaks_event(w->kind);
        g->stop.ea = w->ea;
    } else if (g->steps && (!was_stopped || g->delivered) && !in_range(g)) {
        g->stop.signal = GDB_SIGTRAP;
    }
}

static enum exec_status step(struct gdb *g, struct op *op, bool is_oldest)
{
    bool skips = g->skip;
    uint64_t stops = g->stops;
    g->skip = false;
    enum exec_status status = exec_next(g->exec, op, is_oldest);
    if (status == EXEC_WAIT)
        g->skip |= skips; /* still the same instruction */
    if (status == EXEC_OK && is_shown(g))
        look_back(g, op, g->stops != stops);
    return status;
}

enum exec_status gdb_next(struct gdb *g, struct op *op, bool is_oldest)
{
    between(g);
    return step(g, op, is_oldest);
}

/* Of another process only a breakpoint that it shares after a vfork is in the way. */
static bool must_step(const struct gdb *g)
{
    if (!is_shown(g))
        return breaks_at(g, g->cpu->nia);
    return g->steps || g->watch_count || (g->skip && breaks_at(g, g->cpu->nia));
}

enum exec_status gdb_run(struct gdb *g, uint64_t until)
{
    struct op op;
    between(g);
    if (!must_step(g)) {
        g->skip = false;
        return exec_run(g->exec, until);
    }
    return step(g, &op, true) == EXEC_HALTED ? EXEC_HALTED : EXEC_STOPPED;
}

uint32_t gdb_signal(struct gdb *g, uint32_t signo)
{
    uint32_t number = signal_to_gdb(signo);
    bool reported = signo == g->injected || g->passes[number] || signo == GUEST_SIGKILL_NUMBER;
    if (signo == g->injected)
        g->injected = 0;
    if (!reported && link_is_up(&g->link) && !g->ending) {
        g->stop = (struct stop){.signal = number};
        stop_and_converse(g);
        if (link_is_up(&g->link)) /* otherwise it runs on as if there had been no debugger */
            signo = g->resume_signal;
    }
    g->delivered = signo;
    return signo;
}

static bool take_exception(void *ctx, struct cpu *s)
{
    struct gdb *g = ctx;
    if (s->exception.kind == EXC_BREAKPOINT) {
        exec_interrupt(g->exec); /* gdb_run sees where it is */
        return true;
    }
    g->delivered = 0;
    bool goes_on = g->inner.exception(g->inner.system, s);
    if (!goes_on && g->delivered)
        g->killed_by = g->delivered;
    return goes_on;
}

static bool take_poll(void *ctx, struct cpu *s)
{
    struct gdb *g = ctx;
    g->delivered = 0;
    bool goes_on = !g->inner.poll || g->inner.poll(g->inner.system, s);
    if (!goes_on && g->delivered)
        g->killed_by = g->delivered;
    return goes_on;
}

static bool take_event(void *ctx, struct cpu *s, const struct insn *i)
{
    const struct gdb *g = ctx;
    return g->inner.event(g->inner.system, s, i);
}

struct exec_system gdb_system(struct gdb *g, struct exec_system inner)
{
    g->inner = inner;
    return (struct exec_system){.exception = take_exception, .poll = take_poll,
                                .event = take_event, .system = g};
}

void gdb_end(struct gdb *g, int status)
{
    if (link_is_up(&g->link))
        command_report_end(g, status);
    link_close(&g->link);
}
