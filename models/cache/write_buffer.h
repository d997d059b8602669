/* The write buffer of a cache: dirty victims, written-through data and flushes on their way down,
 * first in, first out. An entry is unsent until the level below has accepted it, then occupied
 * until that level has taken the data. A ring: entries are freed, sent and added in the same
 * order. */
#ifndef MODELS_CACHE_WRITE_BUFFER_H
#define MODELS_CACHE_WRITE_BUFFER_H

#include <stdbool.h>
#include <stdint.h>

struct write_entry {
    uint64_t pa;
    uint32_t bytes, block; /* as in struct mem_request */
    uint8_t command, core;
    bool dirty; /* as in struct mem_request */
    bool taken; /* see write_buffer_take */
    uint64_t tick; /* unsent: not to be sent before; sent: occupied until */
};

struct write_buffer {
    struct write_entry *entry;
    uint32_t size, head, used, sent; /* the `sent` oldest of the `used` entries are sent */
};

void write_buffer_init(struct write_buffer *b, uint32_t size);
void write_buffer_free(struct write_buffer *b);

static inline bool write_buffer_full(const struct write_buffer *b) { return b->used == b->size; }

/* There must be room. */
void write_buffer_push(struct write_buffer *b, struct write_entry entry);
/* The oldest sent entry, the oldest unsent one; NULL when there is none. */
struct write_entry *write_buffer_oldest(struct write_buffer *b);
struct write_entry *write_buffer_unsent(struct write_buffer *b);
/* The oldest unsent entry has been accepted and is occupied until `tick`. */
void write_buffer_sent(struct write_buffer *b, uint64_t tick);
/* Frees the oldest entry, which is sent. */
void write_buffer_pop(struct write_buffer *b);
/* True when modified data of this block are unsent. */
bool write_buffer_holds(const struct write_buffer *b, uint64_t line, uint32_t bytes);
/* These data belong to somebody else from now on and are not sent any more. How many there were. */
uint32_t write_buffer_take(struct write_buffer *b, uint64_t line, uint32_t bytes);
/* True when data of this block are still unsent: a fetch of it must wait. */
bool write_buffer_blocks(const struct write_buffer *b, uint64_t line, uint32_t bytes);

#endif
