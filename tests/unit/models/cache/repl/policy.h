/* Policies for tests: made with their private keys at the defaults, or as a test sets them. */
#ifndef TESTS_UNIT_MODELS_CACHE_REPL_POLICY_H
#define TESTS_UNIT_MODELS_CACHE_REPL_POLICY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "models/cache/port.h"
#include "models/cache/repl/repl.h"
#include "sim/base/err.h"
#include "sim/base/rng.h"
#include "sim/schema/config.h"

/* A load from an instruction; what most tests touch with. */
static const struct mem_request a_load = {.pa = 0x1000, .pc = 0x100, .command = MEM_LOAD};

/* The policy's private keys; settings are "key=value", the last NULL. To be freed. */
static inline void *policy_keys(const struct repl_ops *ops, const char *const *settings)
{
    struct err e;
    void *keys = xcalloc(1, ops->keys_bytes + 1);
    struct config *c = config_create(NULL);
    for (; settings && *settings; settings++) {
        char *assignment = xasprintf("cache.%s", *settings);
        assert_true(config_override(c, assignment, &e));
        free(assignment);
    }
    if (ops->keys)
        assert_true(config_bind(c, "cache", ops->keys, keys, &e));
    config_destroy(c);
    return keys;
}

static inline struct repl *policy_new(const struct repl_ops *ops, uint32_t sets, uint32_t ways,
                                      struct rng *rng, const char *const *settings)
{
    void *keys = policy_keys(ops, settings);
    struct repl *r =
        ops->create(&(struct repl_setup){.sets = sets, .ways = ways, .keys = keys, .rng = rng});
    free(keys);
    return r;
}

#endif
