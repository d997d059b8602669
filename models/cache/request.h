/* What is asked of the memory system; how it is asked: port.h. */
#ifndef MODELS_CACHE_REQUEST_H
#define MODELS_CACHE_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

/*    command    name       what it is */
#define MEM_COMMAND_LIST(X)                                                                        \
    X(FETCH, fetch, "instruction fetches")                                                         \
    X(LOAD, load, "demand loads")                                                                  \
    X(STORE, store, "stores; with a block: fetches of a line to be written")                       \
    X(WRITE, write, "bytes written through by the cache above")                                    \
    X(WRITEBACK, writeback, "dirty lines moved down")                                              \
    X(EVICT, evict, "clean lines moved down, to an exclusive cache alone")                         \
    X(PREFETCH, prefetch, "lines wanted soon")                                                     \
    X(FLUSH, flush, "lines written back and given up at all levels (dcbf)")                        \
    X(CLEAN, clean, "lines written back at all levels and kept (dcbst)")                           \
    X(INVALIDATE, invalidate, "unmodified lines given up in this cache alone (icbi)")

#define MEM_COMMAND_ENUM(command, name, text) MEM_##command,
enum mem_command { MEM_COMMAND_LIST(MEM_COMMAND_ENUM) MEM_COMMANDS };
#undef MEM_COMMAND_ENUM

/* Where the data came from: 1 = the first level asked, 2 = the one below it, ...; from
 * MEM_LEVEL_PEER on: another core's cache. */
enum { MEM_LEVEL_NONE = 0, MEM_LEVEL_PEER = 64 };

struct mem_request {
    uint64_t pa;     /* first byte wanted */
    uint64_t pc;     /* of the instruction, 0 when there is none (write-backs) */
    uint32_t bytes;  /* wanted from pa on, or written there */
    uint32_t block;  /* also move the rest of this aligned power of two around pa (the line of a
                        cache above); 0 from a core */
    uint8_t command; /* enum mem_command */
    uint8_t core;
    bool is_walk;      /* it reads a page table; for those who look on */
    uint8_t level;     /* set by the answer: distance of the node that had the data; see above */
    bool dirty;        /* false; set by the answer of an exclusive cache: the whole line has been
                          handed over, is modified, and the asker's to write back. Of a flush or
                          clean: it brings the block's data, modified above */
    bool holds;        /* of a store with a block: the asker has the line and wants only the right
                          to write it; cleared when it loses the line before the answer */
    bool owned;        /* false; set by the answer in a coherent hierarchy: no other core's cache
                          has the line, so that it may be written without asking again */
    uint64_t ready;    /* set by the answer: tick at which the wanted bytes are usable */
    uint64_t complete; /* set by the answer: tick at which the whole block is there, >= ready */
    /* Called at tick r->ready, after PORT_MISS. NULL: posted; when accepted, the answer is
     * PORT_HIT, `ready` is the tick at which the node has taken the request, and nothing of it is
     * kept. */
    void (*done)(struct mem_request *r);
    void *owner;              /* the requester's own */
    struct mem_request *next; /* for whoever holds the request: MSHR target lists, queues */
};

/* True for a request that carries written data; a store with a block is the fetch of a line. */
static inline bool mem_writes(const struct mem_request *r)
{
    return r->command == MEM_WRITE || r->command == MEM_WRITEBACK ||
           (r->command == MEM_STORE && !r->block);
}

/* True for what only a cache is asked, always posted; see mem_port.is_cache. */
static inline bool mem_sends_away(const struct mem_request *r) { return r->command >= MEM_FLUSH; }

/* True for a request that brings a line from above. */
static inline bool mem_brings_line(const struct mem_request *r)
{
    return r->command == MEM_WRITEBACK || r->command == MEM_EVICT;
}

#endif
