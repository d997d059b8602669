#include "analysis/inst_trace.h"

#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/simstat.h"

/* Columns of a piece of the trace as they are in the file. */
struct piece {
    int64_t *pc, *ea, *fetch;
    uint32_t *word, *decode, *issue, *done, *retire;
    uint16_t *bytes, *flags;
};

static void *read_rows(const struct inst_trace *t, const char *name, hid_t type, uint64_t first,
                       uint64_t count)
{
    char path[100];
    snprintf(path, sizeof path, "/trace/inst/%s", name);
    hsize_t start = first, rows = count;
    hid_t set = H5Dopen2(t->file, path, H5P_DEFAULT);
    hid_t space = set < 0 ? -1 : H5Dget_space(set), memory = H5Screate_simple(1, &rows, NULL);
    void *data = allocate(count + 1, H5Tget_size(type));
    if (space < 0 ||
        H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, NULL, &rows, NULL) < 0 ||
        H5Dread(set, type, memory, space, H5P_DEFAULT, data) < 0)
        fail("%s: %s: cannot be read; the file is damaged", t->path, path);
    H5Sclose(memory);
    H5Sclose(space);
    H5Dclose(set);
    return data;
}

static void read_piece(const struct inst_trace *t, struct piece *p, uint64_t first, uint64_t count)
{
    p->pc = read_rows(t, "pc", H5T_NATIVE_INT64, first, count);
    p->ea = read_rows(t, "ea", H5T_NATIVE_INT64, first, count);
    p->fetch = read_rows(t, "fetch", H5T_NATIVE_INT64, first, count);
    p->word = read_rows(t, "word", H5T_NATIVE_UINT32, first, count);
    p->decode = read_rows(t, "decode", H5T_NATIVE_UINT32, first, count);
    p->issue = read_rows(t, "issue", H5T_NATIVE_UINT32, first, count);
    p->done = read_rows(t, "done", H5T_NATIVE_UINT32, first, count);
    p->retire = read_rows(t, "retire", H5T_NATIVE_UINT32, first, count);
    p->bytes = read_rows(t, "bytes", H5T_NATIVE_UINT16, first, count);
    p->flags = read_rows(t, "flags", H5T_NATIVE_UINT16, first, count);
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

static uint64_t length_of(const struct inst_trace *t, const char *name)
{
    hsize_t rows[2] = {0, 1};
    hid_t set = H5Dopen2(t->file, name, H5P_DEFAULT), space = set < 0 ? -1 : H5Dget_space(set);
    if (space < 0 || H5Sget_simple_extent_ndims(space) > 2 ||
        H5Sget_simple_extent_dims(space, rows, NULL) < 0)
        fail("%s: %s: missing; the file is damaged", t->path, name);
    H5Sclose(space);
    H5Dclose(set);
    return rows[0];
}

static void *read_whole(const struct inst_trace *t, const char *name, hid_t type, size_t width,
                        uint64_t rows)
{
    if (length_of(t, name) != rows)
        fail("%s: %s: not as many rows as its neighbours; the file is damaged", t->path, name);
    hid_t set = H5Dopen2(t->file, name, H5P_DEFAULT);
    void *data = allocate(rows * width + 1, H5Tget_size(type));
    if (rows && H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0)
        fail("%s: %s: cannot be read; the file is damaged", t->path, name);
    H5Dclose(set);
    return data;
}

static void read_tables(struct inst_trace *t)
{
    hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, H5T_VARIABLE);
    H5Tset_cset(text, H5T_CSET_UTF8);
    t->code_count = length_of(t, "/trace/code/pc");
    t->code_pc = read_whole(t, "/trace/code/pc", H5T_NATIVE_UINT64, 1, t->code_count);
    t->code_word = read_whole(t, "/trace/code/word", H5T_NATIVE_UINT64, 1, t->code_count);
    t->code_text = read_whole(t, "/trace/code/text", text, 1, t->code_count);
    t->code_class = read_whole(t, "/trace/code/class", text, 1, t->code_count);
    t->in = read_whole(t, "/trace/code/in", H5T_NATIVE_UINT8, TRACED_REGISTERS, t->code_count);
    t->out = read_whole(t, "/trace/code/out", H5T_NATIVE_UINT8, TRACED_REGISTERS, t->code_count);
    H5Tclose(text);
    t->chunk_count = length_of(t, "/trace/index/first_row");
    t->first_row = read_whole(t, "/trace/index/first_row", H5T_NATIVE_UINT64, 1, t->chunk_count);
    t->base_pc = read_whole(t, "/trace/index/pc", H5T_NATIVE_UINT64, 1, t->chunk_count);
    t->base_ea = read_whole(t, "/trace/index/ea", H5T_NATIVE_UINT64, 1, t->chunk_count);
    t->base_fetch = read_whole(t, "/trace/index/fetch", H5T_NATIVE_UINT64, 1, t->chunk_count);
    t->last_retire = read_whole(t, "/trace/index/last_retire", H5T_NATIVE_UINT64, 1,
                                t->chunk_count);
    for (size_t n = 0; n < t->chunk_count; n++)
        if (t->first_row[n] >= t->rows || (n ? t->first_row[n] <= t->first_row[n - 1]
                                             : t->first_row[n] != 0))
            fail("%s: /trace/index: damaged", t->path);
}

void inst_trace_open(struct inst_trace *t, const char *path)
{
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    /* As reader.c opens it: HDF5 refuses a second handle with another rule for locks. */
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_file_locking(list, false, true);
    *t = (struct inst_trace){.path = path, .file = H5Fopen(path, H5F_ACC_RDONLY, list)};
    H5Pclose(list);
    if (t->file < 0)
        fail("%s: cannot be read as a result file", path);
    if (H5Lexists(t->file, "/trace", H5P_DEFAULT) <= 0 ||
        H5Lexists(t->file, "/trace/inst", H5P_DEFAULT) <= 0)
        fail("%s: no instructions were recorded; run with -s trace.instructions=yes", path);
    t->rows = length_of(t, "/trace/inst/pc");
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
    H5Fclose(t->file);
}
