#include "sim/out/column_chunk.h"

#include <stdlib.h>
#include <zlib.h>

size_t column_bytes(const struct column *c)
{
    static const uint8_t bytes[] = {[COLUMN_U8] = 1, [COLUMN_U16] = 2, [COLUMN_U32] = 4,
                                    [COLUMN_U64] = 8, [COLUMN_I64] = 8};
    return bytes[c->type];
}

struct column_chunk *column_chunk_create(const struct columns_setup *s)
{
    struct column_chunk *c = xcalloc(1, sizeof *c);
    c->records = xmalloc(COLUMNS_CHUNK * s->record_bytes);
    for (uint32_t n = 0; n < s->column_count; n++)
        c->packed[n].data =
            xmalloc(compressBound((uLong)(COLUMNS_CHUNK * column_bytes(&s->columns[n]))));
    return c;
}

void column_chunk_destroy(struct column_chunk *c)
{
    for (uint32_t n = 0; n < COLUMNS_MAX; n++)
        free(c->packed[n].data);
    free(c->records);
    free(c);
}

/* As HDF5's filter: all first bytes, all second bytes ... */
static void shuffle(uint8_t *to, const uint8_t *from, size_t width)
{
    for (size_t byte = 0; byte < width; byte++)
        for (size_t n = 0; n < COLUMNS_CHUNK; n++)
            *to++ = from[n * width + byte];
}

static void pack(struct packed_column *p, const uint8_t *shuffled, uLong bytes)
{
    uLongf room = compressBound(bytes);
    if (compress2(p->data, &room, shuffled, bytes, COLUMN_DEFLATE_LEVEL) != Z_OK)
        panic("zlib refuses a chunk of a trace");
    p->bytes = room;
}

void column_zeros_pack(struct packed_column *p)
{
    uint8_t *zeros = xcalloc(COLUMNS_CHUNK, 1);
    p->data = xmalloc(compressBound(COLUMNS_CHUNK));
    pack(p, zeros, COLUMNS_CHUNK);
    free(zeros);
}

void column_chunk_pack(struct column_chunk *c, const struct columns_setup *s)
{
    void *columns[COLUMNS_MAX];
    uint8_t *shuffled = xmalloc(COLUMNS_CHUNK * sizeof(uint64_t));
    for (uint32_t n = 0; n < s->column_count; n++)
        columns[n] = xcalloc(COLUMNS_CHUNK, column_bytes(&s->columns[n]));
    s->spread(s->ctx, c->records, c->count, columns, c->index);
    for (uint32_t n = 0; n < s->column_count; n++) {
        size_t width = column_bytes(&s->columns[n]);
        shuffle(shuffled, columns[n], width);
        pack(&c->packed[n], shuffled, (uLong)(COLUMNS_CHUNK * width));
        free(columns[n]);
    }
    free(shuffled);
}
