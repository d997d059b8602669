#include "models/cache/write_buffer.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

#include "models/cache/port.h"
#include "sim/base/err.h"

/* Modified data that have not been handed over. */
static bool has_data(const struct write_entry *w)
{
    bool flushes = w->command == MEM_FLUSH || w->command == MEM_CLEAN;
    return (w->command == MEM_WRITEBACK && !w->taken) || (flushes && w->dirty);
}

static struct write_entry *at(const struct write_buffer *b, uint32_t place)
{
    uint32_t i = b->head + place;
    return &b->entry[i < b->size ? i : i - b->size];
}

void write_buffer_init(struct write_buffer *b, uint32_t size)
{
    *b = (struct write_buffer){.size = size, .entry = xcalloc(size, sizeof *b->entry)};
}

void write_buffer_free(struct write_buffer *b) { free(b->entry); }

void write_buffer_push(struct write_buffer *b, struct write_entry entry)
{
    assert(!write_buffer_full(b));
    *at(b, b->used++) = entry;
}

struct write_entry *write_buffer_oldest(struct write_buffer *b)
{
    return b->sent ? at(b, 0) : NULL;
}

struct write_entry *write_buffer_unsent(struct write_buffer *b)
{
    return b->sent < b->used ? at(b, b->sent) : NULL;
}

void write_buffer_sent(struct write_buffer *b, uint64_t tick)
{
    assert(b->sent < b->used);
    at(b, b->sent++)->tick = tick;
}

void write_buffer_pop(struct write_buffer *b)
{
    assert(b->sent > 0);
    b->head = b->head + 1 < b->size ? b->head + 1 : 0;
    b->sent--;
    b->used--;
}

uint32_t write_buffer_take(struct write_buffer *b, uint64_t line, uint32_t bytes)
{
    uint32_t count = 0;
    for (uint32_t i = b->sent; i < b->used; i++) {
        struct write_entry *w = at(b, i);
        if (w->pa - line >= bytes || !has_data(w))
            continue;
        w->taken = w->command == MEM_WRITEBACK;
        w->dirty = false;
        count++;
    }
    return count;
}

bool write_buffer_holds(const struct write_buffer *b, uint64_t line, uint32_t bytes)
{
    for (uint32_t i = b->sent; i < b->used; i++)
        if (at(b, i)->pa - line < bytes && has_data(at(b, i)))
            return true;
    return false;
}

bool write_buffer_blocks(const struct write_buffer *b, uint64_t line, uint32_t bytes)
{
    for (uint32_t i = b->sent; i < b->used; i++)
        if (at(b, i)->pa - line < bytes && !at(b, i)->taken)
            return true;
    return false;
}
