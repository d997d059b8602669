#include "sim/out/h5_columns.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/out/column_chunk.h"

enum { CHUNKS = 8 }; /* between the simulation and the thread */

/* A chunk goes round: filled by the simulation, packed by the thread, written by the simulation.
 * Positions count up for ever; written <= packed <= filled <= written + CHUNKS. */
struct pipe {
    struct column_chunk *chunk[CHUNKS];
    uint64_t filled, packed, written;
    bool closed;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    pthread_t thread;
};

/* The youngest records, when not all are wanted. */
struct ring {
    uint8_t *records;
    uint64_t count; /* all that there ever were */
};

struct h5_columns {
    struct h5_file *file;
    struct columns_setup setup;
    struct pipe pipe;
    struct ring ring;
    struct column_chunk *current; /* being filled */
    hid_t set[COLUMNS_MAX], row_set;
    struct packed_column zeros;   /* a chunk of row_set */
    uint64_t rows;   /* in the file */
    uint64_t *index; /* [index_rows][1 + setup.index_count] */
    uint64_t index_rows;
};

static hid_t type_of(enum column_type type)
{
    const hid_t types[] = {[COLUMN_U8] = H5T_NATIVE_UINT8, [COLUMN_U16] = H5T_NATIVE_UINT16,
                           [COLUMN_U32] = H5T_NATIVE_UINT32, [COLUMN_U64] = H5T_NATIVE_UINT64,
                           [COLUMN_I64] = H5T_NATIVE_INT64};
    return types[type];
}

static hid_t create_column(const struct h5_columns *t, const struct column *c)
{
    hsize_t none = 0, any = H5S_UNLIMITED, chunk = COLUMNS_CHUNK;
    char *path = xasprintf("%s/%s", t->setup.group, c->name);
    hid_t list = h5_creation_list(t->file), space = H5Screate_simple(1, &none, &any);
    h5_check(t->file,
             H5Pset_chunk(list, 1, &chunk) >= 0 && H5Pset_shuffle(list) >= 0 &&
                 H5Pset_deflate(list, COLUMN_DEFLATE_LEVEL) >= 0,
             path);
    hid_t set = h5_create_dataset(t->file, path, type_of(c->type), space, list, c->units,
                                  c->long_name);
    H5Sclose(space);
    H5Pclose(list);
    free(path);
    return set;
}

static void create_all(struct h5_columns *t)
{
    static const struct column row = {"row", "1", "a dimension without values", COLUMN_U8};
    char *path = xasprintf("%s/row", t->setup.group), *words = xasprintf(H5_NO_VARIABLE, 0);
    h5_group(t->file, t->setup.group, t->setup.long_name);
    t->row_set = create_column(t, &row);
    h5_make_scale(t->file, t->row_set, words);
    for (uint32_t n = 0; n < t->setup.column_count; n++) {
        t->set[n] = create_column(t, &t->setup.columns[n]);
        h5_attach_scale(t->file, t->set[n], 0, path);
    }
    free(words);
    free(path);
}

static void *pack_all(void *argument)
{
    struct h5_columns *t = argument;
    struct pipe *p = &t->pipe;
    pthread_mutex_lock(&p->mutex);
    for (;;) {
        while (p->packed == p->filled && !p->closed)
            pthread_cond_wait(&p->changed, &p->mutex);
        if (p->packed == p->filled)
            break;
        struct column_chunk *c = p->chunk[p->packed % CHUNKS];
        pthread_mutex_unlock(&p->mutex);
        column_chunk_pack(c, &t->setup);
        pthread_mutex_lock(&p->mutex);
        p->packed++;
        pthread_cond_signal(&p->changed);
    }
    pthread_mutex_unlock(&p->mutex);
    return NULL;
}

struct h5_columns *h5_columns_create(struct h5_file *f, const struct columns_setup *setup)
{
    struct h5_columns *t = xcalloc(1, sizeof *t);
    t->file = f;
    t->setup = *setup;
    create_all(t);
    column_zeros_pack(&t->zeros);
    for (uint32_t n = 0; n < CHUNKS; n++)
        t->pipe.chunk[n] = column_chunk_create(setup);
    t->current = t->pipe.chunk[0];
    if (setup->last)
        t->ring.records = xcalloc(setup->last, setup->record_bytes);
    pthread_mutex_init(&t->pipe.mutex, NULL);
    pthread_cond_init(&t->pipe.changed, NULL);
    if (pthread_create(&t->pipe.thread, NULL, pack_all, t))
        panic("cannot start the thread that packs a trace");
    return t;
}

hid_t h5_columns_dataset(const struct h5_columns *t, uint32_t column) { return t->set[column]; }

static void add_index_row(struct h5_columns *t, const struct column_chunk *c)
{
    uint64_t width = 1 + t->setup.index_count;
    if ((t->index_rows & (t->index_rows + 1)) == 0) /* room for the next power of two */
        t->index = xrealloc(t->index, (2 * t->index_rows + 2) * width * sizeof *t->index);
    uint64_t *row = t->index + t->index_rows++ * width;
    *row++ = t->rows;
    for (uint32_t n = 0; n < t->setup.index_count; n++)
        *row++ = c->index[n];
}

static void write_packed(const struct h5_columns *t, hid_t set, const struct packed_column *data,
                         hsize_t size, const char *name)
{
    hsize_t offset = t->rows;
    if (h5_ok(t->file))
        h5_check(t->file,
                 H5Dset_extent(set, &size) >= 0 && H5Dwrite_chunk(set, H5P_DEFAULT, 0, &offset,
                                                                  data->bytes, data->data) >= 0,
                 name);
}

static void write_chunk(struct h5_columns *t, const struct column_chunk *c)
{
    hsize_t size = t->rows + c->count;
    for (uint32_t n = 0; n < t->setup.column_count; n++)
        write_packed(t, t->set[n], &c->packed[n], size, t->setup.columns[n].name);
    write_packed(t, t->row_set, &t->zeros, size, "row");
    add_index_row(t, c);
    t->rows = size;
}

/* Writes what is packed, waiting until no more than `left` chunks are on their way. */
static void drain(struct h5_columns *t, uint64_t left)
{
    struct pipe *p = &t->pipe;
    pthread_mutex_lock(&p->mutex);
    for (;;) {
        if (p->written < p->packed) {
            const struct column_chunk *c = p->chunk[p->written % CHUNKS];
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

static void pass_on(struct h5_columns *t)
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

static void *next_of_chunk(struct h5_columns *t)
{
    if (t->current->count == COLUMNS_CHUNK)
        pass_on(t);
    return t->current->records + t->current->count++ * t->setup.record_bytes;
}

void *h5_columns_next(struct h5_columns *t)
{
    struct ring *r = &t->ring;
    return r->records ? r->records + r->count++ % t->setup.last * t->setup.record_bytes
                      : next_of_chunk(t);
}

static void empty_ring(struct h5_columns *t)
{
    const struct ring *r = &t->ring;
    size_t bytes = t->setup.record_bytes;
    for (uint64_t n = r->count - min_u64(r->count, t->setup.last); n < r->count; n++)
        memcpy(next_of_chunk(t), r->records + n % t->setup.last * bytes, bytes);
}

static void write_index(struct h5_columns *t)
{
    static const struct column first = {"first_row", "1", "row that the chunk begins with",
                                        COLUMN_U64};
    const struct columns_setup *s = &t->setup;
    uint64_t *numbers = xcalloc(t->index_rows + 1, sizeof *numbers);
    h5_group(t->file, s->index_group, s->index_long_name);
    char *chunks = xasprintf("%s/chunk", s->index_group);
    h5_write_dimension(t->file, s->index_group, "chunk", t->index_rows);
    for (uint32_t k = 0; k <= s->index_count; k++) {
        const struct column *c = k ? &s->index[k - 1] : &first;
        char *path = xasprintf("%s/%s", s->index_group, c->name);
        for (uint64_t n = 0; n < t->index_rows; n++)
            numbers[n] = t->index[n * (1 + s->index_count) + k];
        h5_write(t->file, &(struct h5_array){path, c->units, c->long_name, H5_U64, 1,
                                             {t->index_rows}, numbers, {chunks}, NULL});
        free(path);
    }
    free(chunks);
    free(numbers);
}

static void join(struct pipe *p)
{
    if (p->closed)
        return;
    pthread_mutex_lock(&p->mutex);
    p->closed = true;
    pthread_cond_signal(&p->changed);
    pthread_mutex_unlock(&p->mutex);
    pthread_join(p->thread, NULL);
    pthread_cond_destroy(&p->changed);
    pthread_mutex_destroy(&p->mutex);
}

void h5_columns_end(struct h5_columns *t)
{
    if (t->ring.records)
        empty_ring(t);
    if (t->current->count)
        pass_on(t);
    drain(t, 0);
    join(&t->pipe);
    if (t->setup.index_group)
        write_index(t);
}

void h5_columns_destroy(struct h5_columns *t)
{
    join(&t->pipe);
    for (uint32_t n = 0; n < CHUNKS; n++)
        column_chunk_destroy(t->pipe.chunk[n]);
    for (uint32_t n = 0; n < t->setup.column_count; n++)
        if (t->set[n] >= 0)
            H5Dclose(t->set[n]);
    if (t->row_set >= 0)
        H5Dclose(t->row_set);
    free(t->zeros.data);
    free(t->ring.records);
    free(t->index);
    free(t);
}
