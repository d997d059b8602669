#include "models/cache/plugins.h"

#include <stdio.h>
#include <stdlib.h>

#include "models/cache/cache.h"
#include "sim/base/err.h"

static bool find_repl(struct cache_plugins *p, const struct cache_keys *k, const struct config *c,
                      const char *section, struct err *e)
{
    char names[256] = "";
    size_t used = 0;
    p->repl = repl_find(k->replacement);
    if (p->repl)
        return true;
    for (uint32_t i = 0; repl_at(i) && used < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "",
                                 repl_at(i)->name);
    return config_error(c, section, "replacement", e, "must be one of %s", names);
}

/* Binds a plug-in's own rows into new memory at *keys. */
static bool bind_own(const struct key_row *rows, uint64_t bytes, void **keys, struct config *c,
                     const char *section, struct err *e)
{
    if (!rows)
        return true;
    *keys = xcalloc(1, bytes);
    return config_bind(c, section, rows, *keys, e);
}

bool cache_plugins_bind(struct cache_plugins *p, const struct cache_keys *k, struct config *c,
                        const char *section, struct err *e)
{
    *p = (struct cache_plugins){NULL, NULL};
    if (find_repl(p, k, c, section, e) &&
        bind_own(p->repl->keys, p->repl->keys_bytes, &p->repl_keys, c, section, e))
        return true;
    cache_plugins_free(p);
    return false;
}

void cache_plugins_free(struct cache_plugins *p)
{
    free(p->repl_keys);
    p->repl_keys = NULL;
}

bool cache_plugins_keys(uint32_t index, const char **name, const struct key_row **rows)
{
    const struct repl_ops *repl;
    for (uint32_t n = 0; (repl = repl_at(n)); n++)
        if (repl->keys && index-- == 0) {
            *name = repl->name;
            *rows = repl->keys;
            return true;
        }
    return false;
}
