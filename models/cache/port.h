/* How neighbours in the memory system talk: a requester hands a request down a port; a hit is
 * answered by the call itself, a miss later by a callback. A node knows its neighbour by this
 * header only, never by type.
 *
 * Addresses are physical. Times are absolute ticks (1 ps). The requester owns the request and may
 * not touch it between PORT_MISS and the callback; a request is never allocated or freed by the
 * memory system. pa + bytes must not cross a line of the node asked: the requester splits.
 *
 *   r = (struct mem_request){.pa = pa, .bytes = 8, .command = MEM_LOAD, .done = load_done};
 *   switch (port.access(port.node, &r, now)) {
 *   case PORT_HIT:  use the data at r.ready                            break;
 *   case PORT_MISS: load_done(&r) will be called when now == r.ready   break;
 *   case PORT_BUSY: port.wait(port.node, &waiter), ask again when woken
 *   } */
#ifndef MODELS_CACHE_PORT_H
#define MODELS_CACHE_PORT_H

#include "models/cache/request.h"

enum port_reply {
    PORT_HIT,  /* r->ready, complete and level are set; no callback. Also when a line already on its
                  way has a known time of arrival: look at ready and level, not at the name */
    PORT_MISS, /* accepted; r->done will be called */
    PORT_BUSY, /* no resource (MSHR, write buffer): nothing was kept or changed; see port_waiter */
};

/* A requester that was refused registers one of these with `wait` and is woken exactly once, when
 * the node next frees a resource of any kind (so it may be refused again), at that very tick, from
 * an event of PHASE_MEMORY, in the order of waiting. A waiter waits at one port at a time. */
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
    /* Functional warming: contents and replacement change as by an access, without time and without
     * counting it. Reads pa, pc, bytes, block, command, core of r, may set dirty. NULL: nothing to
     * warm. */
    void (*warm)(void *node, struct mem_request *r);
    void *node;
    bool takes_victims; /* an exclusive cache: it wants clean victims too (MEM_EVICT) */
    bool is_inclusive;  /* it or one below it must hold whatever is above it */
    /* In a coherent hierarchy, else NULL. The line of pa has left the asker and all above it, its
     * last write accepted here; a fetch is over, the line put into the asker or given up. */
    void (*left)(void *node, uint64_t pa);
    void (*settled)(void *node, uint64_t pa);
    bool is_cache;      /* may be asked to flush, clean and invalidate, and prefetches make sense */
};

/* A question to a TLB, with the same manners as mem_request. The executor has translated already: a
 * TLB says when the translation is known, never what it is. The core splits at pages of 4 KiB. */
struct tlb_request {
    uint64_t ea, pa;  /* of the access's first byte */
    uint64_t pc;
    uint8_t command;  /* MEM_FETCH, MEM_LOAD, MEM_STORE or MEM_PREFETCH */
    uint8_t core;
    uint8_t level;    /* set by the answer: 1 = the first TLB asked hit, 2 = the one below it ...;
                         one more than there are: a page walk */
    uint64_t ready;   /* set by the answer: tick from which the cache may be asked; `now` for a hit
                         in the first level, whose time is part of the cache's */
    void (*done)(struct tlb_request *r); /* at tick r->ready, after PORT_MISS */
    void *owner;
    struct tlb_request *next;
};

/* translate NULL: no TLB is modelled, every translation is known at once. */
struct tlb_port {
    enum port_reply (*translate)(void *node, struct tlb_request *r, uint64_t now);
    void (*wait)(void *node, struct port_waiter *w);
    void (*warm)(void *node, const struct tlb_request *r);
    void *node;
};

/* What a coherent hierarchy asks of the caches of a core. */
enum mem_snoop {
    SNOOP_SHARE, /* another core reads the block: modified data are handed over, the lines stay */
    SNOOP_TAKE,  /* another core writes it: they go */
};

/* The lower side of a cache, for an inclusive node below it that evicts a block, and for a
 * directory (`snoop` and `holds`; NULL: not coherent). */
struct mem_upper {
    /* Drops every line of the block, also one on its way; true when one of them was dirty. */
    bool (*invalidate)(void *node, uint64_t pa, uint32_t block);
    /* True when a line of the block, there, on its way in or out, was dirty: now it is not. */
    bool (*snoop)(void *node, uint64_t pa, uint32_t block, enum mem_snoop snoop);
    /* Whether it or a cache above it has a line of the block, there or on its way in or out. */
    bool (*holds)(const void *node, uint64_t pa, uint32_t block);
    void *node;
};

#endif
