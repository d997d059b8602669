/* Row macros for configuration keys and statistics. Each component lists its own in its header:
 *
 *   #define CACHE_KEYS(X, o)                                                                      \
 *       X(o, SIZE,   size,        "32KiB", "64", "1GiB", "capacity")                              \
 *       X(o, CHOICE, replacement, "lru",   "lru|random", "", "replacement policy")
 *   #define CACHE_STATS(X, o)                                                                     \
 *       X(o, hits, COUNT, "demand accesses that hit")
 *   struct cache_keys  { CACHE_KEYS(KEY_MEMBER, cache_keys) };
 *   struct cache_stats { CACHE_STATS(STAT_MEMBER, cache_stats) };
 *   const struct key_row  cache_key_rows[]  = { CACHE_KEYS(KEY_ROW, cache_keys) KEY_END };
 *   const struct stat_row cache_stat_rows[] = { CACHE_STATS(STAT_ROW, cache_stats) STAT_END };
 *
 * and likewise its histograms, with HIST_MEMBER, HIST_ROW and HIST_END.
 *
 * Default, minimum and maximum are texts in the syntax of the .ini, so that one parser serves all.
 * An empty minimum or maximum means no limit. A CHOICE gives its legal words, separated by `|`, in
 * place of the minimum. */
#ifndef SIM_SCHEMA_SCHEMA_H
#define SIM_SCHEMA_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*       type     member type   what the .ini says */
#define KEY_TYPES(X)                                                                               \
    X(U32, uint32_t, "a whole number")                                                             \
    X(U64, uint64_t, "a whole number, decimal or 0x")                                              \
    X(COUNT, uint64_t, "a number of events: 500, 100K, 200M, 1G (powers of ten)")                  \
    X(SIZE, uint64_t, "bytes: 512, 32KiB, 4MiB, 1GiB")                                             \
    X(FREQ, uint64_t, "a frequency in Hz: 100MHz, 2.5GHz")                                         \
    X(TIME, uint64_t, "a duration, a whole number of ps: 14ns, 0.5us")                            \
    X(BOOL, bool, "yes or no")                                                                     \
    X(STR, const char *, "a text; empty means none")                                               \
    X(CHOICE, uint32_t, "one of a list of words")

#define KEY_TYPE_ENUM(name, ctype, text) KEY_##name,
enum key_type { KEY_TYPES(KEY_TYPE_ENUM) KEY_TYPE_COUNT };
#undef KEY_TYPE_ENUM

/* key_value_U32 ...: what a key of the type is kept as. */
#define KEY_TYPE_VALUE(name, ctype, text) typedef ctype key_value_##name;
KEY_TYPES(KEY_TYPE_VALUE)
#undef KEY_TYPE_VALUE

struct key_row {
    const char *name; /* as written in the .ini; NULL ends the list */
    enum key_type type;
    size_t offset; /* of the member in the component's keys struct */
    const char *def, *min, *max, *text;
};

#define KEY_MEMBER(o, type, name, def, min, max, text) key_value_##type name;
#define KEY_ROW(o, type, name, def, min, max, text)                                                \
    {#name, KEY_##type, offsetof(struct o, name), def, min, max, text},
#define KEY_END                                                                                    \
    {                                                                                              \
        NULL, KEY_U32, 0, NULL, NULL, NULL, NULL                                                   \
    }

enum stat_unit { STAT_COUNT, STAT_CYCLES, STAT_BYTES, STAT_TICKS, STAT_INSTRUCTIONS, STAT_SLOTS };

struct stat_row {
    const char *name; /* NULL ends the list */
    enum stat_unit unit;
    size_t offset; /* of the uint64_t member in the component's statistics struct */
    const char *text;
};

#define STAT_MEMBER(o, name, unit, text) uint64_t name;
#define STAT_ROW(o, name, unit, text)    {#name, STAT_##unit, offsetof(struct o, name), text},
#define STAT_END                                                                                   \
    {                                                                                              \
        NULL, STAT_COUNT, 0, NULL                                                                  \
    }

/* A histogram (sim/schema/hist.h): name, unit of the values, unit of what is counted in each bin,
 * text. */
struct hist_row {
    const char *name; /* NULL ends the list */
    enum stat_unit value_unit, count_unit;
    size_t offset; /* of the struct hist in the component's histograms */
    const char *text;
};

#define HIST_MEMBER(o, name, values, counts, text) struct hist name;
#define HIST_ROW(o, name, values, counts, text)                                                    \
    {#name, STAT_##values, STAT_##counts, offsetof(struct o, name), text},
#define HIST_END                                                                                   \
    {                                                                                              \
        NULL, STAT_COUNT, STAT_COUNT, 0, NULL                                                      \
    }

#endif
