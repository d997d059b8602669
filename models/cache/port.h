/* How neighbours in the memory system talk: a requester hands a request down a port; a hit is answered by the call itself, a
 * miss later by a callback. A node knows its neighbour by this header only, never by type.
 *
 * Addresses are physical. Times are absolute ticks (1 ps). The requester owns the request and may not touch it between
 * PORT_MISS and the callback; a request is never allocated or freed by the memory system. */
#ifndef MODELS_CACHE_PORT_H
#define MODELS_CACHE_PORT_H

#include <stdbool.h>
#include <stdint.h>

enum mem_command {
    MEM_FETCH,     /* instruction fetch */
    MEM_LOAD,      /* demand load */
    MEM_STORE,     /* demand store; at a cache below the first: fetch the line to be written */
    MEM_WRITEBACK, /* a whole dirty line moves down; needs no answer (`done` may be NULL) */
    MEM_PREFETCH,  /* a line wanted soon */
    MEM_COMMANDS
};

/* Where the data came from, for CPI stacks and histograms: 1 = the first level asked, 2 = the one below it, ... */
enum { MEM_LEVEL_NONE = 0 };

struct mem_request {
    uint64_t pa;     /* first byte */
    uint64_t pc;     /* of the instruction, 0 when there is none (write-backs) */
    uint32_t bytes;
    uint8_t command; /* enum mem_command */
    uint8_t core;
    uint8_t level;   /* set by the answer: distance of the node that had the data; see above */
    uint64_t ready;  /* set by the answer: tick at which the first wanted data are usable */
    void (*done)(struct mem_request *r); /* called at tick r->ready, after PORT_MISS */
    void *owner;                         /* the requester's own */
    struct mem_request *next;            /* for whoever holds the request: MSHR target lists, queues */
};

enum port_reply {
    PORT_HIT,   /* r->ready and r->level are set; no callback */
    PORT_MISS,  /* accepted; r->done will be called */
    PORT_BUSY, /* no resource (MSHR, write buffer, bank): nothing was kept; see port_waiter */
};

/* A requester that was refused registers one of these with `wait` and is woken exactly once, at the first tick at
 * which asking again may succeed (it may be refused again). A waiter waits at one port at a time. */
struct port_waiter {
    void (*wake)(struct port_waiter *w, uint64_t now);
    void *owner;
    struct port_waiter *next;
    bool waiting;
};

/* The upper side of a node. */
struct mem_port {
    enum port_reply (*access)(void *node, struct mem_request *r, uint64_t now);
    void (*wait)(void *node, struct port_waiter *w);
    void *node;
};

#endif
