/* The plug-ins of one cache: found by the names in its keys, with their private keys bound in the
 * same section. */
#ifndef MODELS_CACHE_PLUGINS_H
#define MODELS_CACHE_PLUGINS_H

#include "models/cache/cache_prefetch.h"
#include "models/cache/repl/repl.h"
#include "sim/schema/config.h"

struct cache_keys;

struct cache_plugins {
    const struct repl_ops *repl;
    void *repl_keys;                     /* NULL when the policy has none */
    const struct prefetch_ops *prefetch; /* NULL: none */
    void *prefetcher_keys;
    struct prefetch_keys prefetch_keys;
};

/* False with an error when there is no such plug-in or a private key is bad; nothing to free then.
 * May be used for several caches of the same keys. */
bool cache_plugins_bind(struct cache_plugins *p, const struct cache_keys *k, struct config *c,
                        const char *section, struct err *e);
void cache_plugins_free(struct cache_plugins *p);

/* The private keys of all plug-ins in turn, for lists of what a section may hold, and the key that
 * names the plug-in; false past the last. */
bool cache_plugins_keys(uint32_t index, const char **key, const char **name,
                        const struct key_row **rows);

#endif
