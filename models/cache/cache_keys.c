#include "models/cache/cache.h"

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/schema/config.h"

const struct key_row cache_key_rows[] = {CACHE_KEYS(KEY_ROW, cache_keys) KEY_END};

static bool check_pow2(uint64_t value, const char *key, const struct config *c, const char *section,
                       struct err *e)
{
    return is_pow2(value) || config_error(c, section, key, e, "must be a power of two");
}

static bool check_geometry(const struct cache_keys *k, const struct config *c, const char *section,
                           struct err *e)
{
    uint64_t lines = k->size / k->line;
    if (!check_pow2(k->line, "line", c, section, e))
        return false;
    if (k->size % k->line)
        return config_error(c, section, "size", e, "must be a multiple of the line, %llu bytes",
                            (unsigned long long)k->line);
    if (k->ways > lines)
        return config_error(c, section, "ways", e, "the cache has only %llu lines",
                            (unsigned long long)lines);
    if (lines % k->ways || !is_pow2(lines / k->ways))
        return config_error(c, section, "size", e,
                            "must be %u ways x %llu bytes x a power of two of sets", k->ways,
                            (unsigned long long)k->line);
    return true;
}

static bool check_exclusive(const struct cache_keys *k, const struct config *c, const char *section,
                            struct err *e)
{
    return k->inclusion != CACHE_EXCLUSIVE || (k->write == CACHE_WRITE_BACK && k->write_allocate) ||
           config_error(c, section, "inclusion", e,
                        "exclusive needs write = back and write_allocate = yes: victims from "
                        "above are kept here");
}

bool cache_check(const struct cache_keys *k, const struct config *c, const char *section,
                 struct err *e)
{
    return check_geometry(k, c, section, e) && check_exclusive(k, c, section, e) &&
           check_pow2(k->bus, "bus", c, section, e) &&
           check_pow2(k->banks, "banks", c, section, e) &&
           check_pow2(k->bank_bytes, "bank_bytes", c, section, e);
}
