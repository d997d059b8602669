/* Whether a hierarchy needs a directory, where it stands, and what may not stand above it. */
#include "models/cache/hierarchy_impl.h"
#include "sim/base/bits.h"

static bool is_private(const struct level *l) { return l->present && !l->is_shared; }

/* Data caches: what only instructions are fetched into is coherent by icbi. */
static bool has_private_data(const struct hierarchy *h)
{
    for (uint32_t i = 0; i < LEVELS; i++)
        if (is_private(&h->levels[i]) && h->levels[i].serves != HIERARCHY_FETCH)
            return true;
    return false;
}

static bool check_private(const struct level *l, uint32_t line, const struct config *c,
                          struct err *e)
{
    const char *section = l->section;
    if (l->keys.inclusion == CACHE_EXCLUSIVE)
        return config_error(c, section, "inclusion", e,
                            "with several cores a cache of one core cannot be exclusive");
    if (l->keys.line != line)
        return config_error(c, section, "line", e,
                            "with several cores all their own caches need lines of one length, "
                            "here %u bytes", line);
    if (l->keys.write == CACHE_WRITE_BACK && !l->keys.write_allocate)
        return config_error(c, section, "write_allocate", e,
                            "with several cores a cache of one core that writes back allocates");
    return l->keys.write == CACHE_WRITE_BACK || l->serves != HIERARCHY_SHARED ||
           config_error(c, section, "write", e,
                        "with several cores a cache of one core below its first level writes back");
}

static bool check(const struct hierarchy *h, uint32_t line, const struct config *c, struct err *e)
{
    const struct level *lowest = NULL;
    uint32_t depth = 0; /* of data caches */
    for (uint32_t i = 0; i < LEVELS; i++) {
        const struct level *l = &h->levels[i];
        if (is_private(l) && !check_private(l, line, c, e))
            return false;
        if (is_private(l) && !lowest)
            lowest = l;
        depth += is_private(l) && l->serves != HIERARCHY_FETCH;
        if (lowest && l->present && l->is_shared)
            return config_error(c, lowest->section, "shared", e,
                                "cannot be no below [%s], which all cores share", l->section);
    }
    if (depth > 2)
        return config_error(c, lowest->section, "shared", e,
                            "each of several cores can have two data caches of its own, not %u",
                            depth);
    const struct node *home = &h->nodes[h->home];
    return !home->cache || cache_settings(home->cache)->inclusion != CACHE_EXCLUSIVE ||
           config_error(c, home->section, "inclusion", e,
                        "cannot be exclusive below caches that several cores have of their own");
}

/* What the caches of one core that stand above the directory can hold or have on its way, and how
 * many of them stand directly above. */
static void measure(const struct hierarchy *h, struct directory_setup *s)
{
    bool is_unified = false;
    for (uint32_t i = 0; i < LEVELS; i++) {
        const struct level *l = &h->levels[i];
        if (!is_private(l))
            continue;
        s->lines += l->keys.size / l->keys.line + l->keys.mshrs + l->keys.write_buffer;
        if (is_unified)
            continue;
        is_unified = l->serves == HIERARCHY_SHARED;
        s->transactions += l->keys.mshrs + 1; /* and one line that is flushed */
        s->heads++;
    }
    s->lines *= h->cores;
    s->transactions *= h->cores;
    s->heads *= h->cores;
}

bool hierarchy_add_directory(struct hierarchy *h, const struct hierarchy_setup *setup,
                             struct err *e)
{
    struct directory_setup s = {.keys = &h->directory_keys, .clock = setup->clock,
                                .engine = setup->engine};
    if (h->directory || setup->cores == 1 || !has_private_data(h))
        return true;
    for (uint32_t i = LEVELS; i-- > 0;)
        if (is_private(&h->levels[i]))
            s.line = (uint32_t)h->levels[i].keys.line;
    h->home = h->top[0];
    measure(h, &s);
    if (!check(h, s.line, setup->config, e) ||
        !config_bind(setup->config, "directory", directory_key_rows, &h->directory_keys, e))
        return false;
    if (s.heads > DIRECTORY_HEADS)
        return err_set(e, "%u caches above the shared level, a directory knows %u", s.heads,
                       DIRECTORY_HEADS);
    s.below = hierarchy_node_port(h, &h->nodes[h->home]);
    h->directory = directory_create(&s);
    if (h->nodes[h->home].cache)
        cache_add_upper(h->nodes[h->home].cache, directory_upper(h->directory));
    return true;
}
