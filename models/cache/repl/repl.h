/* Replacement policies: which line of a full set makes room. A policy is one file that exports one
 * struct repl_ops, and one row in repl.def.
 *
 * The cache fills empty ways by itself; `victim` is asked only when every way of the set is in use
 * and may change the policy's state (a random policy draws), so it is asked once per eviction try.
 * `touch` is on the hit path and must be O(1). */
#ifndef MODELS_CACHE_REPL_REPL_H
#define MODELS_CACHE_REPL_REPL_H

#include <stdbool.h>
#include <stdint.h>

struct key_row;
struct mem_request;
struct repl; /* each policy defines its own */
struct rng;

enum repl_event { REPL_FILL, REPL_HIT };

#define REPL_MAX_WAYS 64

struct repl_setup {
    uint32_t sets, ways; /* any power of two of sets; 1 <= ways <= REPL_MAX_WAYS */
    const void *keys;    /* the policy's own, bound; its to read during create only */
    struct rng *rng;     /* outlives the policy */
};

struct repl_ops {
    const char *name; /* as written in the .ini */
    /* Keys private to this policy, bound in the section of the cache; NULL when it has none.
     * `keys_bytes` sizes their struct. */
    const struct key_row *keys;
    uint64_t keys_bytes;
    struct repl *(*create)(const struct repl_setup *setup);
    void (*destroy)(struct repl *r);
    /* `access` is what hits or asked for the line that is filled: its pa, pc (0: none), command and
     * core may be read. */
    void (*touch)(struct repl *r, uint32_t set, uint32_t way, enum repl_event event,
                  const struct mem_request *access);
    uint32_t (*victim)(struct repl *r, uint32_t set, const struct mem_request *access);
    /* A hit on the way touched last in its set changes nothing: the cache then spares the call. */
    bool repeat_is_noop;
};

#define REPL(name) extern const struct repl_ops repl_##name;
#include "models/cache/repl/repl.def"
#undef REPL

/* For the help of a key that takes a policy's name. */
extern const char repl_help[];

/* The policies of repl.def in order; NULL when index is past the last. */
const struct repl_ops *repl_at(uint32_t index);
/* By name; NULL when there is none. */
const struct repl_ops *repl_find(const char *name);

#endif
