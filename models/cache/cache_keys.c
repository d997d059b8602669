#include "models/cache/cache.h"

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/schema/config.h"
#include "sim/schema/value.h"

const struct key_row cache_key_rows[] = {CACHE_KEYS(KEY_ROW, cache_keys) KEY_END};

static bool check_pow2(uint64_t value, const char *key, const struct config *c, const char *section,
                       struct err *e)
{
    return is_pow2(value) || config_error(c, section, key, e, "must be a power of two");
}

static const struct key_row *size_row(void)
{
    const struct key_row *row = cache_key_rows;
    while (row->offset != offsetof(struct cache_keys, size))
        row++;
    return row;
}

/* The mistake may be in ways or line just as well: says where they are from, and what would do. */
static bool refuse_sets(const struct cache_keys *k, const struct config *c, const char *section,
                        struct err *e)
{
    char below[VALUE_TEXT_MAX], above[VALUE_TEXT_MAX];
    uint64_t fits = k->line * k->ways;
    while (fits * 2 <= k->size)
        fits *= 2;
    value_format(size_row(), fits, below);
    value_format(size_row(), fits * 2, above);
    return config_error(c, section, "size", e,
                        "must be %u ways (%s) x %llu bytes (%s) x a power of two of sets: %s%s%s",
                        k->ways, config_origin(c, section, "ways"), (unsigned long long)k->line,
                        config_origin(c, section, "line"), fits < k->size ? below : "",
                        fits < k->size ? " or " : "", fits < k->size ? above : below);
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
    return (lines >= k->ways && lines % k->ways == 0 && is_pow2(lines / k->ways)) ||
           refuse_sets(k, c, section, e);
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
