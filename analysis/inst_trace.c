#include "analysis/inst_trace.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/simstat.h"

/* Columns of a piece of the trace as they are in the file. */
struct piece {
    int64_t *pc, *ea, *fetch;
    uint32_t *word, *decode, *issue, *done, *retire;
    uint16_t *bytes, *flags;
};

static void read_piece(const struct inst_trace *t, struct piece *p, uint64_t first, uint64_t count)
{
#define ROWS(name, type) p->name = table_rows(&t->table, "/trace/inst/" #name, type, first, count)
    ROWS(pc, H5T_NATIVE_INT64);
    ROWS(ea, H5T_NATIVE_INT64);
    ROWS(fetch, H5T_NATIVE_INT64);
    ROWS(word, H5T_NATIVE_UINT32);
    ROWS(decode, H5T_NATIVE_UINT32);
    ROWS(issue, H5T_NATIVE_UINT32);
    ROWS(done, H5T_NATIVE_UINT32);
    ROWS(retire, H5T_NATIVE_UINT32);
    ROWS(bytes, H5T_NATIVE_UINT16);
    ROWS(flags, H5T_NATIVE_UINT16);
#undef ROWS
}

static void free_piece(struct piece *p)
{
    void *all[] = {p->pc, p->ea, p->fetch, p->word, p->decode, p->issue, p->done, p->retire,
                   p->bytes, p->flags};
    for (size_t n = 0; n < sizeof all / sizeof *all; n++)
        free(all[n]);
}

static size_t find_code(const struct inst_trace *t, uint64_t pc, uint32_t word)
{
    size_t low = 0, high = t->code_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        bool before = t->code_pc[middle] != pc ? t->code_pc[middle] < pc
                                               : t->code_word[middle] < word;
        if (before)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == t->code_count || t->code_pc[low] != pc || t->code_word[low] != word)
        fail("%s: /trace/code lacks an instruction; the file is damaged", t->path);
    return low;
}

static uint64_t chunk_end(const struct inst_trace *t, size_t chunk)
{
    return chunk + 1 < t->chunk_count ? t->first_row[chunk + 1] : t->rows;
}

struct range {
    uint64_t first, last; /* rows, last excluded */
    void (*visit)(void *ctx, const struct traced *i);
    void *ctx;
};

static void visit_chunk(const struct inst_trace *t, size_t chunk, const struct range *range)
{
    struct piece p;
    uint64_t row = t->first_row[chunk], count = chunk_end(t, chunk) - row;
    uint64_t pc = t->base_pc[chunk], ea = t->base_ea[chunk], fetch = t->base_fetch[chunk];
    read_piece(t, &p, row, count);
    for (uint64_t n = 0; n < count && row + n < range->last; n++) {
        pc += (uint64_t)p.pc[n];
        fetch += (uint64_t)p.fetch[n];
        if (p.bytes[n])
            ea += (uint64_t)p.ea[n];
        struct traced i = {.row = row + n, .pc = pc, .ea = p.bytes[n] ? ea : 0, .fetch = fetch,
                           .word = p.word[n], .bytes = p.bytes[n], .flags = p.flags[n]};
        if (i.row < range->first)
            continue;
        i.decode = fetch + p.decode[n];
        i.issue = i.decode + p.issue[n];
        i.done = i.issue + p.done[n];
        i.retire = i.done + p.retire[n];
        i.code = find_code(t, pc, i.word);
        range->visit(range->ctx, &i);
    }
    free_piece(&p);
}

void inst_trace_visit(const struct inst_trace *t, uint64_t first, uint64_t count,
                      void (*visit)(void *ctx, const struct traced *i), void *ctx)
{
    struct range range = {first, count < t->rows - first ? first + count : t->rows, visit, ctx};
    for (size_t chunk = 0; first < t->rows && chunk < t->chunk_count; chunk++)
        if (t->first_row[chunk] < range.last && chunk_end(t, chunk) > first)
            visit_chunk(t, chunk, &range);
}

uint64_t inst_trace_row_near(const struct inst_trace *t, uint64_t cycle)
{
    for (size_t chunk = 0; chunk < t->chunk_count; chunk++)
        if (t->last_retire[chunk] >= cycle)
            return t->first_row[chunk];
    return t->rows;
}

static void read_tables(struct inst_trace *t)
{
    const struct table *f = &t->table;
    uint64_t count = t->code_count = table_length(f, "/trace/code/pc");
    t->code_pc = table_whole(f, "/trace/code/pc", H5T_NATIVE_UINT64, 1, count);
    t->code_word = table_whole(f, "/trace/code/word", H5T_NATIVE_UINT64, 1, count);
    t->code_text = table_texts(f, "/trace/code/text", count);
    t->code_class = table_texts(f, "/trace/code/class", count);
    t->in = table_whole(f, "/trace/code/in", H5T_NATIVE_UINT8, TRACED_REGISTERS, count);
    t->out = table_whole(f, "/trace/code/out", H5T_NATIVE_UINT8, TRACED_REGISTERS, count);
    uint64_t chunks = t->chunk_count = table_length(f, "/trace/index/first_row");
    t->first_row = table_whole(f, "/trace/index/first_row", H5T_NATIVE_UINT64, 1, chunks);
    t->base_pc = table_whole(f, "/trace/index/pc", H5T_NATIVE_UINT64, 1, chunks);
    t->base_ea = table_whole(f, "/trace/index/ea", H5T_NATIVE_UINT64, 1, chunks);
    t->base_fetch = table_whole(f, "/trace/index/fetch", H5T_NATIVE_UINT64, 1, chunks);
    t->last_retire = table_whole(f, "/trace/index/last_retire", H5T_NATIVE_UINT64, 1, chunks);
    table_check_chunks(f, "/trace/index", t->first_row, chunks, t->rows);
}

void inst_trace_open(struct inst_trace *t, const char *path)
{
    *t = (struct inst_trace){.path = path, .table = table_open(path)};
    if (!table_has(&t->table, "/trace/inst"))
        fail("%s: no instructions were recorded; run with -s trace.instructions=yes", path);
    t->rows = table_length(&t->table, "/trace/inst/pc");
    read_tables(t);
}

void inst_trace_close(struct inst_trace *t)
{
    for (size_t n = 0; n < t->code_count; n++) {
        H5free_memory(t->code_text[n]);
        H5free_memory(t->code_class[n]);
    }
    void *all[] = {t->code_pc, t->code_word, t->code_text, t->code_class, t->in, t->out,
                   t->first_row, t->base_pc, t->base_ea, t->base_fetch, t->last_retire};
    for (size_t n = 0; n < sizeof all / sizeof *all; n++)
        free(all[n]);
    table_close(&t->table);
}
