#include "sim/out/h5_mem_trace.h"

#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/out/h5_columns.h"
#include "sim/out/h5_result_priv.h"

/* name, type, unit, meaning */
#define MEM_COLUMNS(X)                                                                             \
    X(cycle, I64, "cycles", "cycle in which it was accepted, difference to the row before")        \
    X(latency, U32, "cycles", "until its answer; 4294967295: none when recording ended")           \
    X(pc, I64, "bytes", "of the instruction, difference to the row before of its level that has "  \
                        "one")                                                                     \
    X(address, I64, "bytes", "physical, difference to the row before of its level")                \
    X(bytes, U16, "bytes", "moved by it")                                                          \
    X(core, U8, "1", "number of the core that it is for")                                          \
    X(kind, U8, "1", "what it is: place in /trace/mem_names/kind")                                 \
    X(level, U8, "1", "who was asked: place in /trace/mem_names/level")                            \
    X(answered_by, U8, "1", "who had the data: place in /trace/mem_names/level; 255: nobody yet")  \
    X(outcome, U8, "1", "what was found: place in /trace/mem_names/outcome")                       \
    X(flags, U8, "1", "1: has a pc")
#define MEM_COLUMN_ENUM(name, type, unit, text) MEM_COLUMN_##name,
enum mem_column { MEM_COLUMNS(MEM_COLUMN_ENUM) MEM_COLUMN_COUNT };
#undef MEM_COLUMN_ENUM

#define MEM_COLUMN(name, type, unit, text) {#name, unit, text, COLUMN_##type},
static const struct column mem_columns[] = {MEM_COLUMNS(MEM_COLUMN)};
#undef MEM_COLUMN

static const struct column mem_index[] = {{"cycle", "cycles", "of that row", COLUMN_U64}};

struct h5_mem_trace {
    struct h5_file *file;
    struct h5_columns *table;
};

static uint32_t latency_of(const struct mem_record *r)
{
    return r->answered == MEM_TRACE_UNANSWERED
               ? UINT32_MAX
               : (uint32_t)min_u64(r->answered - r->cycle, UINT32_MAX - 1);
}

/* What the requests of a level in a chunk were counted from. */
struct before {
    uint64_t pc, pa;
};

static void spread_addresses(const struct mem_record *r, uint32_t n, void *const *to,
                             struct before *b)
{
    int64_t *pc = to[MEM_COLUMN_pc], *address = to[MEM_COLUMN_address];
    uint8_t *flags = to[MEM_COLUMN_flags];
    address[n] = (int64_t)(r->pa - b->pa);
    b->pa = r->pa;
    if (!r->pc)
        return;
    flags[n] = MEM_TRACE_HAS_PC;
    pc[n] = (int64_t)(r->pc - b->pc);
    b->pc = r->pc;
}

static void spread(void *ctx, const void *records, uint32_t count, void *const *to,
                   uint64_t *index)
{
    const struct mem_record *from = records;
    struct before before[MEM_TRACE_LEVELS] = {{0, 0}};
    int64_t *cycle = to[MEM_COLUMN_cycle];
    uint32_t *latency = to[MEM_COLUMN_latency];
    uint16_t *bytes = to[MEM_COLUMN_bytes];
    uint8_t *core = to[MEM_COLUMN_core], *kind = to[MEM_COLUMN_kind];
    uint8_t *level = to[MEM_COLUMN_level], *answered_by = to[MEM_COLUMN_answered_by];
    uint8_t *outcome = to[MEM_COLUMN_outcome];
    uint64_t now = index[0] = from->cycle;
    (void)ctx;
    for (uint32_t n = 0; n < count; n++) {
        const struct mem_record *r = &from[n];
        cycle[n] = (int64_t)(r->cycle - now);
        now = r->cycle;
        latency[n] = latency_of(r);
        spread_addresses(r, n, to, &before[r->level]);
        bytes[n] = r->bytes;
        core[n] = r->core;
        kind[n] = r->kind;
        level[n] = r->level;
        answered_by[n] = r->answered_by;
        outcome[n] = r->outcome;
    }
}

static void write_names(struct h5_file *f, const char *column, const struct mem_trace_names *n)
{
    char *path = xasprintf("/trace/mem_names/%s", column);
    h5_write(f, &(struct h5_array){path, "", "what the numbers in that column mean", H5_TEXT, 1,
                                   {n->count}, n->names, {NULL}, column});
    free(path);
}

struct h5_mem_trace *result_mem_trace(struct result *r, const struct mem_trace_setup *setup)
{
    struct h5_mem_trace *t = r->mem_trace = xcalloc(1, sizeof *t);
    t->file = &r->file;
    const struct columns_setup table = {
        .group = "/trace/mem",
        .long_name = "requests to caches and memory in the order in which they were accepted",
        .columns = mem_columns,
        .column_count = MEM_COLUMN_COUNT,
        .index_group = "/trace/mem_index",
        .index_long_name = "where each chunk of /trace/mem begins",
        .index = mem_index,
        .index_count = 1,
        .record_bytes = sizeof(struct mem_record),
        .last = setup->last,
        .spread = spread,
    };
    result_trace_group(r);
    t->table = h5_columns_create(t->file, &table);
    h5_group(t->file, "/trace/mem_names", "what numbers in /trace/mem mean");
    write_names(t->file, "level", &setup->levels);
    write_names(t->file, "kind", &setup->kinds);
    write_names(t->file, "outcome", &setup->outcomes);
    return t;
}

void h5_mem_trace_add(struct h5_mem_trace *t, const struct mem_record *record)
{
    *(struct mem_record *)h5_columns_next(t->table) = *record;
}

/* Nothing more is written. */
void h5_mem_trace_stop(struct h5_mem_trace *t)
{
    h5_columns_destroy(t->table);
    free(t);
}

void result_mem_trace_end(struct result *r)
{
    struct h5_mem_trace *t = r->mem_trace;
    if (!t)
        return;
    h5_columns_end(t->table);
    r->mem_trace = NULL;
    h5_mem_trace_stop(t);
}
