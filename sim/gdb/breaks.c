/* Breakpoints stand in the predecoded code (sim/isa/code.h); watchpoints are looked at after each
 * instruction that is stepped. */
#include "sim/gdb/internal.h"

#include <stdlib.h>

/* A client that sets more has gone wrong: each one costs time at every step. */
#define BREAKS_MAX  4096u
#define WATCHES_MAX 256u

static bool is_watch(enum break_kind kind) { return kind >= WATCH_WRITE; }

bool breaks_at(const struct gdb *g, uint64_t ea)
{
    for (uint32_t n = 0; n < g->break_count; n++)
        if (g->breaks[n] == ea)
            return true;
    return false;
}

static bool insert_break(struct gdb *g, uint64_t ea)
{
    uint32_t word;
    if (breaks_at(g, ea))
        return true;
    if (ea & 3 || g->break_count == BREAKS_MAX || memory_read(g, ea, &word, 4) != 4)
        return false;
    g->breaks = xrealloc(g->breaks, (g->break_count + 1) * sizeof *g->breaks);
    g->breaks[g->break_count++] = ea;
    code_set_breakpoint(g->cpu->code, ea, true);
    return true;
}

static bool same_watch(const struct watch *w, enum break_kind kind, uint64_t ea, uint64_t bytes)
{
    return w->kind == kind && w->ea == ea && w->bytes == bytes;
}

static bool insert_watch(struct gdb *g, enum break_kind kind, uint64_t ea, uint64_t bytes)
{
    for (uint32_t n = 0; n < g->watch_count; n++)
        if (same_watch(&g->watches[n], kind, ea, bytes))
            return true;
    if (!bytes || ea + bytes < ea || g->watch_count == WATCHES_MAX)
        return false;
    g->watches = xrealloc(g->watches, (g->watch_count + 1) * sizeof *g->watches);
    g->watches[g->watch_count++] = (struct watch){kind, ea, bytes};
    return true;
}

bool breaks_insert(struct gdb *g, enum break_kind kind, uint64_t ea, uint64_t bytes)
{
    return is_watch(kind) ? insert_watch(g, kind, ea, bytes) : insert_break(g, ea);
}

void breaks_remove(struct gdb *g, enum break_kind kind, uint64_t ea, uint64_t bytes)
{
    for (uint32_t n = 0; is_watch(kind) && n < g->watch_count; n++)
        if (same_watch(&g->watches[n], kind, ea, bytes))
            g->watches[n--] = g->watches[--g->watch_count];
    for (uint32_t n = 0; !is_watch(kind) && n < g->break_count; n++)
        if (g->breaks[n] == ea) {
            g->breaks[n--] = g->breaks[--g->break_count];
            code_set_breakpoint(g->cpu->code, ea, false);
        }
}

void breaks_clear(struct gdb *g)
{
    for (uint32_t n = 0; n < g->break_count; n++)
        code_set_breakpoint(g->cpu->code, g->breaks[n], false);
    g->break_count = g->watch_count = 0;
}

const struct watch *breaks_watch_hit(const struct gdb *g, const struct op *op)
{
    for (uint32_t n = 0; op->bytes && n < g->watch_count; n++) {
        const struct watch *w = &g->watches[n];
        uint32_t wanted = w->kind == WATCH_WRITE  ? OP_STORE
                          : w->kind == WATCH_READ ? OP_LOAD
                                                  : OP_LOAD | OP_STORE;
        if (op->flags & wanted && op->ea < w->ea + w->bytes && w->ea < op->ea + op->bytes)
            return w;
    }
    return NULL;
}

const char *breaks_event(enum break_kind kind)
{
    static const char *const names[] = {"swbreak", "hwbreak", "watch", "rwatch", "awatch"};
    return names[kind];
}
