#include "sim/out/h5_inst_trace.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/out/h5_result_priv.h"
#include "sim/out/inst_trace_encode.h"

enum { CHUNKS = 8 }; /* between the simulation and the thread */

/* A chunk goes round: filled by the simulation, encoded by the thread, written by the simulation.
 * Positions count up for ever; written <= encoded <= filled <= written + CHUNKS. */
struct pipe {
    struct trace_chunk *chunk[CHUNKS];
    uint64_t filled, encoded, written;
    bool closed;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    pthread_t thread;
};

/* The youngest records, when not all are wanted. */
struct ring {
    struct trace_record *records;
    uint64_t room, count; /* count: all that were ever added */
};

struct h5_inst_trace {
    struct h5_file *file;
    struct inst_trace_setup setup;
    struct pipe pipe;
    struct ring ring;
    struct trace_chunk *current; /* being filled */
    hid_t set[TRACE_COLUMN_COUNT];
    uint64_t rows;               /* in the file */
    struct trace_index_row *index;
    uint64_t index_count;
    struct trace_codes codes;    /* the thread's until it has ended */
};

static const struct {
    const char *name, *unit, *text;
} columns[TRACE_COLUMN_COUNT] = {
#define COLUMN(name, type, unit, text) {#name, unit, text},
    TRACE_COLUMNS(COLUMN)
#undef COLUMN
};

static hid_t type_of(enum trace_column n)
{
    switch (n) {
    case TRACE_COLUMN_pc:
    case TRACE_COLUMN_ea:
    case TRACE_COLUMN_fetch: return H5T_NATIVE_INT64;
    case TRACE_COLUMN_bytes:
    case TRACE_COLUMN_flags: return H5T_NATIVE_UINT16;
    default: return H5T_NATIVE_UINT32;
    }
}

static void create_column(struct h5_inst_trace *t, enum trace_column n)
{
    hsize_t none = 0, any = H5S_UNLIMITED, chunk = TRACE_CHUNK;
    char *path = xasprintf("/trace/inst/%s", columns[n].name);
    hid_t list = h5_creation_list(t->file), space = H5Screate_simple(1, &none, &any);
    h5_check(t->file,
             H5Pset_chunk(list, 1, &chunk) >= 0 && H5Pset_shuffle(list) >= 0 &&
                 H5Pset_deflate(list, TRACE_DEFLATE_LEVEL) >= 0,
             path);
    t->set[n] = h5_create_dataset(t->file, path, type_of(n), space, list, columns[n].unit,
                                  columns[n].text);
    H5Sclose(space);
    H5Pclose(list);
    free(path);
}

static void *encode_all(void *argument)
{
    struct h5_inst_trace *t = argument;
    struct pipe *p = &t->pipe;
    pthread_mutex_lock(&p->mutex);
    for (;;) {
        while (p->encoded == p->filled && !p->closed)
            pthread_cond_wait(&p->changed, &p->mutex);
        if (p->encoded == p->filled)
            break;
        struct trace_chunk *c = p->chunk[p->encoded % CHUNKS];
        pthread_mutex_unlock(&p->mutex);
        trace_chunk_encode(c);
        trace_codes_add(&t->codes, c);
        pthread_mutex_lock(&p->mutex);
        p->encoded++;
        pthread_cond_signal(&p->changed);
    }
    pthread_mutex_unlock(&p->mutex);
    return NULL;
}

struct h5_inst_trace *result_inst_trace(struct result *r, const struct inst_trace_setup *setup)
{
    struct h5_inst_trace *t = r->inst_trace = xcalloc(1, sizeof *t);
    t->file = &r->file;
    t->setup = *setup;
    if (h5_ok(t->file) && H5Lexists(t->file->id, "/trace", H5P_DEFAULT) <= 0)
        h5_group(t->file, "/trace", "what happened, in order");
    h5_group(t->file, "/trace/inst", "retired instructions in their order");
    for (uint32_t n = 0; n < TRACE_COLUMN_COUNT; n++)
        create_column(t, (enum trace_column)n);
    for (uint32_t n = 0; n < CHUNKS; n++)
        t->pipe.chunk[n] = trace_chunk_create();
    t->current = t->pipe.chunk[0];
    t->ring.room = setup->last;
    if (setup->last)
        t->ring.records = xcalloc(setup->last, sizeof *t->ring.records);
    pthread_mutex_init(&t->pipe.mutex, NULL);
    pthread_cond_init(&t->pipe.changed, NULL);
    if (pthread_create(&t->pipe.thread, NULL, encode_all, t))
        panic("cannot start the thread that packs the trace");
    return t;
}

static void write_chunk(struct h5_inst_trace *t, struct trace_chunk *c)
{
    hsize_t offset = t->rows, size = t->rows + c->count;
    for (uint32_t n = 0; n < TRACE_COLUMN_COUNT && h5_ok(t->file); n++)
        h5_check(t->file,
                 H5Dset_extent(t->set[n], &size) >= 0 &&
                     H5Dwrite_chunk(t->set[n], H5P_DEFAULT, 0, &offset, c->encoded[n].bytes,
                                    c->encoded[n].data) >= 0,
                 columns[n].name);
    if ((t->index_count & (t->index_count + 1)) == 0) /* room for the next power of two */
        t->index = xrealloc(t->index, (2 * t->index_count + 2) * sizeof *t->index);
    c->index.first_row = t->rows;
    t->index[t->index_count++] = c->index;
    t->rows = size;
}

/* Writes what is encoded, waiting until no more than `left` chunks are on their way. */
static void drain(struct h5_inst_trace *t, uint64_t left)
{
    struct pipe *p = &t->pipe;
    pthread_mutex_lock(&p->mutex);
    for (;;) {
        if (p->written < p->encoded) {
            struct trace_chunk *c = p->chunk[p->written % CHUNKS];
            pthread_mutex_unlock(&p->mutex);
            write_chunk(t, c);
            pthread_mutex_lock(&p->mutex);
            p->written++;
        } else if (p->filled - p->written > left) {
            pthread_cond_wait(&p->changed, &p->mutex);
        } else {
            break;
        }
    }
    pthread_mutex_unlock(&p->mutex);
}

static void pass_on(struct h5_inst_trace *t)
{
    struct pipe *p = &t->pipe;
    pthread_mutex_lock(&p->mutex);
    p->filled++;
    pthread_cond_signal(&p->changed);
    pthread_mutex_unlock(&p->mutex);
    drain(t, CHUNKS - 1);
    t->current = p->chunk[p->filled % CHUNKS];
    t->current->count = 0;
}

static void append(struct h5_inst_trace *t, const struct trace_record *record)
{
    t->current->records[t->current->count++] = *record;
    if (t->current->count == TRACE_CHUNK)
        pass_on(t);
}

void h5_inst_trace_add(struct h5_inst_trace *t, const struct trace_record *record)
{
    if (t->ring.room)
        t->ring.records[t->ring.count++ % t->ring.room] = *record;
    else
        append(t, record);
}

static void empty_ring(struct h5_inst_trace *t)
{
    const struct ring *r = &t->ring;
    uint64_t first = r->count > r->room ? r->count - r->room : 0;
    for (uint64_t n = first; n < r->count; n++)
        append(t, &r->records[n % r->room]);
}

static void write_index(struct h5_inst_trace *t)
{
    static const struct {
        const char *path, *unit, *text;
        size_t offset;
    } rows[] = {
#define ROW(name, unit, text)                                                                      \
    {"/trace/index/" #name, unit, text, offsetof(struct trace_index_row, name)}
        ROW(first_row, "1", "row of /trace/inst that the chunk begins with"),
        ROW(pc, "bytes", "address of that row"),
        ROW(ea, "bytes", "address of the chunk's first access"),
        ROW(fetch, "cycles", "cycle of fetch of that row"),
        ROW(last_retire, "cycles", "cycle in which the chunk's last row retired"),
#undef ROW
    };
    uint64_t *numbers = xcalloc(t->index_count + 1, sizeof *numbers);
    h5_group(t->file, "/trace/index", "where each chunk of /trace/inst begins");
    for (size_t k = 0; k < ARRAY_LEN(rows); k++) {
        for (uint64_t n = 0; n < t->index_count; n++)
            memcpy(&numbers[n], (const char *)&t->index[n] + rows[k].offset, sizeof *numbers);
        h5_write(t->file, &(struct h5_array){rows[k].path, rows[k].unit, rows[k].text, H5_U64, 1,
                                             {t->index_count}, numbers, {NULL}, NULL});
    }
    free(numbers);
}

/* In the order of addresses. */
static int by_pc(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return x[0] != y[0] ? (x[0] < y[0] ? -1 : 1) : x[1] < y[1] ? -1 : x[1] > y[1];
}

static void write_codes(struct h5_inst_trace *t)
{
    uint64_t count = 0, total = t->codes.count;
    uint64_t(*pairs)[2] = xcalloc(total + 1, sizeof *pairs);
    uint64_t *pcs = xcalloc(total + 1, sizeof *pcs), *words = xcalloc(total + 1, sizeof *words);
    struct trace_code *code = xcalloc(total + 1, sizeof *code);
    const char **texts = xcalloc(total + 1, sizeof *texts);
    const char **classes = xcalloc(total + 1, sizeof *classes);
    uint8_t *in = xcalloc(total + 1, TRACE_REGISTERS), *out = xcalloc(total + 1, TRACE_REGISTERS);
    for (uint64_t n = 0; n < t->codes.slots; n++)
        if (t->codes.slot[n].used) {
            pairs[count][0] = t->codes.slot[n].pc;
            pairs[count++][1] = t->codes.slot[n].word;
        }
    qsort(pairs, count, sizeof *pairs, by_pc);
    for (uint64_t n = 0; n < count; n++) {
        t->setup.describe(t->setup.ctx, pairs[n][0], (uint32_t)pairs[n][1], &code[n]);
        pcs[n] = pairs[n][0];
        words[n] = pairs[n][1];
        texts[n] = code[n].text;
        classes[n] = code[n].class;
        memcpy(in + n * TRACE_REGISTERS, code[n].in, TRACE_REGISTERS);
        memcpy(out + n * TRACE_REGISTERS, code[n].out, TRACE_REGISTERS);
    }
    h5_group(t->file, "/trace/code", "the instructions that occur, by address");
    const struct h5_array sets[] = {
        {"/trace/code/pc", "bytes", "address", H5_U64, 1, {count}, pcs, {NULL}, NULL},
        {"/trace/code/word", "1", "instruction word", H5_U64, 1, {count}, words, {NULL}, NULL},
        {"/trace/code/text", "", "disassembly", H5_TEXT, 1, {count}, texts, {NULL}, NULL},
        {"/trace/code/class", "", "unit class", H5_TEXT, 1, {count}, classes, {NULL}, NULL},
        {"/trace/code/in", "1", "registers read; 255: none", H5_U8, 2, {count, TRACE_REGISTERS},
         in, {NULL}, NULL},
        {"/trace/code/out", "1", "registers written; 255: none", H5_U8, 2,
         {count, TRACE_REGISTERS}, out, {NULL}, NULL},
    };
    for (size_t k = 0; k < ARRAY_LEN(sets); k++)
        h5_write(t->file, &sets[k]);
    free(in);
    free(out);
    free(texts);
    free(classes);
    free(code);
    free(pcs);
    free(words);
    free(pairs);
}

/* The thread ends; nothing more is written. */
void h5_inst_trace_stop(struct h5_inst_trace *t)
{
    struct pipe *p = &t->pipe;
    pthread_mutex_lock(&p->mutex);
    p->closed = true;
    pthread_cond_signal(&p->changed);
    pthread_mutex_unlock(&p->mutex);
    pthread_join(p->thread, NULL);
    pthread_cond_destroy(&p->changed);
    pthread_mutex_destroy(&p->mutex);
    for (uint32_t n = 0; n < CHUNKS; n++)
        trace_chunk_destroy(p->chunk[n]);
    for (uint32_t n = 0; n < TRACE_COLUMN_COUNT; n++)
        if (t->set[n] >= 0)
            H5Dclose(t->set[n]);
    trace_codes_free(&t->codes);
    free(t->ring.records);
    free(t->index);
    free(t);
}

void result_inst_trace_end(struct result *r)
{
    struct h5_inst_trace *t = r->inst_trace;
    if (!t)
        return;
    if (t->ring.room)
        empty_ring(t);
    if (t->current->count)
        pass_on(t);
    drain(t, 0);
    write_index(t);
    write_codes(t);
    r->inst_trace = NULL;
    h5_inst_trace_stop(t);
}
