#include "analysis/mem_trace.h"

#include <stdlib.h>

#include "analysis/simstat.h"

enum { HAS_PC = 1 };

/* Columns of a chunk as they are in the file. */
struct piece {
    int64_t *cycle, *pc, *address;
    uint32_t *latency;
    uint16_t *bytes;
    uint8_t *core, *kind, *level, *answered_by, *outcome, *flags;
};

static void read_piece(const struct mem_trace *t, struct piece *p, uint64_t first, uint64_t count)
{
#define ROWS(name, type) p->name = table_rows(&t->table, "/trace/mem/" #name, type, first, count)
    ROWS(cycle, H5T_NATIVE_INT64);
    ROWS(pc, H5T_NATIVE_INT64);
    ROWS(address, H5T_NATIVE_INT64);
    ROWS(latency, H5T_NATIVE_UINT32);
    ROWS(bytes, H5T_NATIVE_UINT16);
    ROWS(core, H5T_NATIVE_UINT8);
    ROWS(kind, H5T_NATIVE_UINT8);
    ROWS(level, H5T_NATIVE_UINT8);
    ROWS(answered_by, H5T_NATIVE_UINT8);
    ROWS(outcome, H5T_NATIVE_UINT8);
    ROWS(flags, H5T_NATIVE_UINT8);
#undef ROWS
}

static void free_piece(struct piece *p)
{
    void *all[] = {p->cycle, p->pc, p->address, p->latency, p->bytes, p->core, p->kind, p->level,
                   p->answered_by, p->outcome, p->flags};
    for (size_t n = 0; n < sizeof all / sizeof *all; n++)
        free(all[n]);
}

static uint64_t chunk_end(const struct mem_trace *t, uint64_t chunk)
{
    return chunk + 1 < t->chunk_count ? t->first_row[chunk + 1] : t->rows;
}

struct range {
    uint64_t first, last; /* rows, last excluded */
    void (*visit)(void *ctx, const struct traced_request *r);
    void *ctx;
};

static void check_codes(const struct mem_trace *t, const struct piece *p, uint64_t n)
{
    if (p->level[n] >= t->levels.count || p->kind[n] >= t->kinds.count ||
        p->outcome[n] >= t->outcomes.count ||
        (p->answered_by[n] >= t->levels.count && p->answered_by[n] != MEM_TRACE_NOBODY))
        fail("%s: /trace/mem: a number without a name; the file is damaged", t->table.path);
}

static void visit_chunk(const struct mem_trace *t, uint64_t chunk, const struct range *range)
{
    struct piece p;
    struct {
        uint64_t pc, address;
    } at[MEM_TRACE_LEVELS] = {{0, 0}};
    uint64_t row = t->first_row[chunk], count = chunk_end(t, chunk) - row;
    uint64_t cycle = t->base_cycle[chunk];
    read_piece(t, &p, row, count);
    for (uint64_t n = 0; n < count && row + n < range->last; n++) {
        uint8_t level = p.level[n];
        check_codes(t, &p, n);
        cycle += (uint64_t)p.cycle[n];
        at[level].address += (uint64_t)p.address[n];
        at[level].pc += (uint64_t)p.pc[n];
        struct traced_request r = {
            .row = row + n, .cycle = cycle, .latency = p.latency[n],
            .pc = p.flags[n] & HAS_PC ? at[level].pc : 0, .address = at[level].address,
            .bytes = p.bytes[n], .core = p.core[n], .kind = p.kind[n], .outcome = p.outcome[n],
            .level = level, .answered_by = p.answered_by[n]};
        if (r.row >= range->first)
            range->visit(range->ctx, &r);
    }
    free_piece(&p);
}

void mem_trace_visit(const struct mem_trace *t, uint64_t first, uint64_t count,
                     void (*visit)(void *ctx, const struct traced_request *r), void *ctx)
{
    struct range range = {first, count < t->rows - first ? first + count : t->rows, visit, ctx};
    for (uint64_t chunk = 0; first < t->rows && chunk < t->chunk_count; chunk++)
        if (t->first_row[chunk] < range.last && chunk_end(t, chunk) > first)
            visit_chunk(t, chunk, &range);
}

uint64_t mem_trace_row_near(const struct mem_trace *t, uint64_t cycle)
{
    uint64_t row = 0;
    for (uint64_t chunk = 0; chunk < t->chunk_count && t->base_cycle[chunk] <= cycle; chunk++)
        row = t->first_row[chunk];
    return row;
}

static struct mem_names read_names(const struct table *f, const char *path)
{
    uint64_t count = table_length(f, path);
    return (struct mem_names){table_texts(f, path, count), count};
}

static void free_names(struct mem_names *n)
{
    for (uint64_t k = 0; k < n->count; k++)
        H5free_memory(n->names[k]);
    free(n->names);
}

void mem_trace_open(struct mem_trace *t, const char *path)
{
    *t = (struct mem_trace){.table = table_open(path)};
    const struct table *f = &t->table;
    if (!table_has(f, "/trace/mem"))
        fail("%s: no requests were recorded; run with -s trace.memory=yes", path);
    t->rows = table_length(f, "/trace/mem/cycle");
    t->levels = read_names(f, "/trace/mem_names/level");
    t->kinds = read_names(f, "/trace/mem_names/kind");
    t->outcomes = read_names(f, "/trace/mem_names/outcome");
    if (t->levels.count > MEM_TRACE_LEVELS)
        fail("%s: /trace/mem_names/level: too many; the file is damaged", path);
    t->chunk_count = table_length(f, "/trace/mem_index/first_row");
    t->first_row = table_whole(f, "/trace/mem_index/first_row", H5T_NATIVE_UINT64, 1,
                               t->chunk_count);
    t->base_cycle = table_whole(f, "/trace/mem_index/cycle", H5T_NATIVE_UINT64, 1, t->chunk_count);
    table_check_chunks(f, "/trace/mem_index", t->first_row, t->chunk_count, t->rows);
}

void mem_trace_close(struct mem_trace *t)
{
    free_names(&t->levels);
    free_names(&t->kinds);
    free_names(&t->outcomes);
    free(t->first_row);
    free(t->base_cycle);
    table_close(&t->table);
}
