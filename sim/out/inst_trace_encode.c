#include "sim/out/inst_trace_encode.h"

#include <stdlib.h>
#include <zlib.h>

#include "sim/base/bits.h"

static const uint8_t column_bytes[TRACE_COLUMN_COUNT] = {
#define COLUMN_BYTES(name, type, unit, text) sizeof(type),
    TRACE_COLUMNS(COLUMN_BYTES)
#undef COLUMN_BYTES
};

/* Columns of one chunk before they are packed. */
struct columns {
#define COLUMN_MEMBER(name, type, unit, text) type name[TRACE_CHUNK];
    TRACE_COLUMNS(COLUMN_MEMBER)
#undef COLUMN_MEMBER
};

static const size_t column_offset[TRACE_COLUMN_COUNT] = {
#define COLUMN_OFFSET(name, type, unit, text) offsetof(struct columns, name),
    TRACE_COLUMNS(COLUMN_OFFSET)
#undef COLUMN_OFFSET
};

struct trace_chunk *trace_chunk_create(void)
{
    struct trace_chunk *c = xcalloc(1, sizeof *c);
    for (uint32_t n = 0; n < TRACE_COLUMN_COUNT; n++)
        c->encoded[n].data = xmalloc(compressBound((uLong)TRACE_CHUNK * column_bytes[n]));
    return c;
}

void trace_chunk_destroy(struct trace_chunk *c)
{
    for (uint32_t n = 0; n < TRACE_COLUMN_COUNT; n++)
        free(c->encoded[n].data);
    free(c);
}

/* Zero for a first access, so that a chunk can be read alone. */
static uint64_t first_access(const struct trace_chunk *c)
{
    for (uint32_t n = 0; n < c->count; n++)
        if (c->records[n].bytes)
            return c->records[n].ea;
    return 0;
}

static void fill(struct columns *to, struct trace_chunk *c)
{
    const struct trace_record *first = &c->records[0];
    uint64_t pc = first->pc, ea = first_access(c), fetch = first->fetch;
    c->index.pc = pc;
    c->index.ea = ea;
    c->index.fetch = fetch;
    c->index.last_retire = c->records[c->count - 1].retire;
    for (uint32_t n = 0; n < c->count; n++) {
        const struct trace_record *r = &c->records[n];
        to->pc[n] = (int64_t)(r->pc - pc);
        to->word[n] = r->word;
        to->ea[n] = r->bytes ? (int64_t)(r->ea - ea) : 0;
        to->bytes[n] = r->bytes;
        to->flags[n] = r->flags;
        to->fetch[n] = (int64_t)(r->fetch - fetch);
        to->decode[n] = (uint32_t)(r->decode - r->fetch);
        to->issue[n] = (uint32_t)(r->issue - r->decode);
        to->done[n] = (uint32_t)(r->done - r->issue);
        to->retire[n] = (uint32_t)(r->retire - r->done);
        pc = r->pc;
        ea = r->bytes ? r->ea : ea;
        fetch = r->fetch;
    }
}

/* As HDF5's filter: all first bytes, all second bytes ... */
static void shuffle(uint8_t *to, const uint8_t *from, size_t width)
{
    for (size_t byte = 0; byte < width; byte++)
        for (size_t n = 0; n < TRACE_CHUNK; n++)
            *to++ = from[n * width + byte];
}

void trace_chunk_encode(struct trace_chunk *c)
{
    struct columns *columns = xcalloc(1, sizeof *columns);
    uint8_t *shuffled = xmalloc(TRACE_CHUNK * sizeof(uint64_t));
    fill(columns, c);
    for (uint32_t n = 0; n < TRACE_COLUMN_COUNT; n++) {
        uLong bytes = (uLong)TRACE_CHUNK * column_bytes[n];
        uLongf room = compressBound(bytes);
        shuffle(shuffled, (const uint8_t *)columns + column_offset[n], column_bytes[n]);
        if (compress2(c->encoded[n].data, &room, shuffled, bytes, TRACE_DEFLATE_LEVEL) != Z_OK)
            panic("zlib refuses a chunk of the trace");
        c->encoded[n].bytes = room;
    }
    free(shuffled);
    free(columns);
}

static uint64_t slot_of(const struct trace_codes *s, uint64_t pc, uint32_t word)
{
    uint64_t n = (pc >> 2 ^ (uint64_t)word * UINT64_C(0x9e3779b97f4a7c15)) & (s->slots - 1);
    while (s->slot[n].used && (s->slot[n].pc != pc || s->slot[n].word != word))
        n = (n + 1) & (s->slots - 1);
    return n;
}

static void put(struct trace_codes *s, uint64_t pc, uint32_t word)
{
    uint64_t n = slot_of(s, pc, word);
    if (s->slot[n].used)
        return;
    s->slot[n].pc = pc;
    s->slot[n].word = word;
    s->slot[n].used = true;
    s->count++;
}

static void grow(struct trace_codes *s)
{
    struct trace_codes larger = {.slots = s->slots ? 4 * s->slots : 4096};
    larger.slot = xcalloc(larger.slots, sizeof *larger.slot);
    for (uint64_t n = 0; n < s->slots; n++)
        if (s->slot[n].used)
            put(&larger, s->slot[n].pc, s->slot[n].word);
    free(s->slot);
    *s = larger;
}

void trace_codes_add(struct trace_codes *s, const struct trace_chunk *c)
{
    for (uint32_t n = 0; n < c->count; n++) {
        if (2 * s->count >= s->slots)
            grow(s);
        put(s, c->records[n].pc, c->records[n].word);
    }
}

void trace_codes_free(struct trace_codes *s) { free(s->slot); }
