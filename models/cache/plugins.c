#include "models/cache/plugins.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/cache/cache.h"
#include "sim/base/err.h"
#include "sim/schema/plugin.h"

const struct key_row prefetch_key_rows[] = {PREFETCH_KEYS(KEY_ROW, prefetch_keys) KEY_END};

/* "must be one of ": `known` gives the n-th name, NULL past the last. */
static bool refuse_name(const char *key, const char *(*known)(uint32_t n), const struct config *c,
                        const char *section, struct err *e)
{
    char names[256] = "";
    size_t used = 0;
    for (uint32_t n = 0; known(n) && used < sizeof names; n++)
        used +=
            (size_t)snprintf(names + used, sizeof names - used, "%s%s", n ? ", " : "", known(n));
    return config_refuse_name(c, section, key, names, ", or a plug-in's file", e);
}

static const char *repl_name(uint32_t n)
{
    const struct repl_ops *ops = repl_at(n);
    return ops ? ops->name : NULL;
}

static const char *prefetch_name(uint32_t n)
{
    if (!n)
        return "none";
    const struct prefetch_ops *ops = prefetch_at(n - 1);
    return ops ? ops->name : NULL;
}

static bool find_repl(struct cache_plugins *p, const char *name, struct config *c,
                      const char *section, struct err *e)
{
    static const char key[] = "replacement";
    const struct repl_ops *r = repl_find(name);
    if (plugin_is_named(name))
        r = plugin_load(c, section, key, name, "repl", sizeof *r, e);
    else if (!r)
        refuse_name(key, repl_name, c, section, e);
    p->repl = r;
    return r && ((r->name && r->create && r->destroy && r->touch && r->victim) ||
                 config_error(c, section, key, e,
                              "the plug-in lacks one of: name, create, destroy, touch, victim"));
}

static bool find_prefetch(struct cache_plugins *p, const char *name, struct config *c,
                          const char *section, struct err *e)
{
    static const char key[] = "prefetcher";
    const struct prefetch_ops *f = prefetch_find(name);
    if (strcmp(name, "none") == 0)
        return true;
    if (plugin_is_named(name))
        f = plugin_load(c, section, key, name, "prefetch", sizeof *f, e);
    else if (!f)
        refuse_name(key, prefetch_name, c, section, e);
    p->prefetch = f;
    return f && ((f->name && f->create && f->destroy && f->observe) ||
                 config_error(c, section, key, e,
                              "the plug-in lacks one of: name, create, destroy, observe"));
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

static bool bind_prefetch(struct cache_plugins *p, const struct cache_keys *k, struct config *c,
                          const char *section, struct err *e)
{
    struct prefetch_keys *own = &p->prefetch_keys;
    if (!p->prefetch)
        return true;
    if (!config_bind(c, section, prefetch_key_rows, own, e) ||
        !bind_own(p->prefetch->keys, p->prefetch->keys_bytes, &p->prefetcher_keys, c, section, e))
        return false;
    if (own->prefetch_reserve >= k->mshrs)
        return config_error(c, section, "prefetch_reserve", e,
                            "must leave prefetches one of the %u MSHRs", k->mshrs);
    return own->prefetch_low <= own->prefetch_high ||
           config_error(c, section, "prefetch_low", e, "must not exceed prefetch_high, %u",
                        own->prefetch_high);
}

bool cache_plugins_bind(struct cache_plugins *p, const struct cache_keys *k, struct config *c,
                        const char *section, struct err *e)
{
    *p = (struct cache_plugins){.repl = NULL};
    if (find_repl(p, k->replacement, c, section, e) &&
        find_prefetch(p, k->prefetcher, c, section, e) &&
        bind_own(p->repl->keys, p->repl->keys_bytes, &p->repl_keys, c, section, e) &&
        bind_prefetch(p, k, c, section, e))
        return true;
    cache_plugins_free(p);
    return false;
}

void cache_plugins_free(struct cache_plugins *p)
{
    free(p->repl_keys);
    free(p->prefetcher_keys);
    p->repl_keys = p->prefetcher_keys = NULL;
}

bool cache_plugins_keys(uint32_t index, const char **key, const char **name,
                        const struct key_row **rows)
{
    const struct repl_ops *repl;
    const struct prefetch_ops *prefetch;
    *key = "replacement";
    for (uint32_t n = 0; (repl = repl_at(n)); n++)
        if (repl->keys && index-- == 0) {
            *name = repl->name;
            *rows = repl->keys;
            return true;
        }
    *key = "prefetcher";
    if (index-- == 0) {
        *name = "any prefetcher";
        *rows = prefetch_key_rows;
        return true;
    }
    for (uint32_t n = 0; (prefetch = prefetch_at(n)); n++)
        if (prefetch->keys && index-- == 0) {
            *name = prefetch->name;
            *rows = prefetch->keys;
            return true;
        }
    return false;
}
