/* Sections of a made-up machine, and configurations of it from texts. */
#ifndef TESTS_UNIT_SIM_SCHEMA_CONFIG_RIG_H
#define TESTS_UNIT_SIM_SCHEMA_CONFIG_RIG_H

#include "sim/schema/config.h"
#include "tests/unit/sim/schema/support.h"

#define CORE_KEYS(X, o)                                                                            \
    X(o, U32, width, "1", "1", "8", "instructions per cycle")                                      \
    X(o, FREQ, clock, "1GHz", "", "", "core clock")                                                \
    X(o, STR, label, "", "", "", "free text")
#define CACHE_KEYS(X, o)                                                                           \
    X(o, SIZE, size, "32KiB", "64", "1GiB", "capacity")                                            \
    X(o, CHOICE, replacement, "lru", "lru|random", "", "replacement policy")                       \
    X(o, BOOL, inclusive, "no", "", "", "holds what the levels above hold")
#define SYSTEM_KEYS(X, o)                                                                          \
    X(o, CHOICE, kind, "user", "user|bare", "", "what runs")                                       \
    X(o, U32, cores, "1", "1", "32", "processor cores")
#define BPRED_KEYS(X, o)                                                                           \
    X(o, STR, direction, "static", "", "", "static, gshare or tage")                               \
    X(o, COUNT, entries, "4K", "1", "", "table entries")
#define GSHARE_KEYS(X, o) X(o, U32, history, "12", "1", "64", "history bits")

struct system_keys {
    SYSTEM_KEYS(KEY_MEMBER, system_keys)
};
struct core_keys {
    CORE_KEYS(KEY_MEMBER, core_keys)
};
struct cache_keys {
    CACHE_KEYS(KEY_MEMBER, cache_keys)
};
struct bpred_keys {
    BPRED_KEYS(KEY_MEMBER, bpred_keys)
};
struct gshare_keys {
    GSHARE_KEYS(KEY_MEMBER, gshare_keys)
};

static const struct key_row system_rows[] = {SYSTEM_KEYS(KEY_ROW, system_keys) KEY_END};
static const struct key_row core_rows[] = {CORE_KEYS(KEY_ROW, core_keys) KEY_END};
static const struct key_row cache_rows[] = {CACHE_KEYS(KEY_ROW, cache_keys) KEY_END};
static const struct key_row bpred_rows[] = {BPRED_KEYS(KEY_ROW, bpred_keys) KEY_END};
static const struct key_row gshare_rows[] = {GSHARE_KEYS(KEY_ROW, gshare_keys) KEY_END};

static const struct section_row known[] = {
    {.name = "system", .keys = system_rows, .text = "the machine"},
    {.name = "core", .keys = core_rows, .text = "a processor core", .count = "system.cores"},
    {.name = "core.bpred", .keys = bpred_rows, .text = "branch predictor"},
    {"core.bpred", gshare_rows, "gshare's own", "direction", "gshare", NULL},
    {"core.bpred", gshare_rows, "tage's own", "direction", "tage", NULL},
    {.name = "l1d", .keys = cache_rows, .text = "data cache"},
    {.name = "l3", .keys = cache_rows, .text = "third level"},
    {"board", cache_rows, "without Linux", "system.kind", "bare", NULL},
    {.name = NULL}};

static inline struct config *load(const char *text)
{
    struct err e = {0};
    struct config *c = config_create(known);
    write_text("m.ini", text);
    if (!config_load(c, "m.ini", &e))
        fail_msg("%s", e.text);
    return c;
}

static inline void load_fails(const char *text, const char *message)
{
    struct err e = {0};
    struct config *c = config_create(known);
    write_text("m.ini", text);
    assert_false(config_load(c, "m.ini", &e));
    assert_error(&e, message);
    config_destroy(c);
}

static inline void cache_fails(const char *text, const char *message)
{
    struct err e = {0};
    struct cache_keys keys;
    struct config *c = load(text);
    bool ok = config_bind(c, "l1d", cache_rows, &keys, &e) && config_finish(c, &e);
    assert_false(ok);
    assert_error(&e, message);
    config_destroy(c);
}

static inline void override_fails(const char *assignment, const char *message)
{
    struct err e = {0};
    struct cache_keys keys;
    struct config *c = config_create(known);
    bool ok = config_override(c, assignment, &e) && config_bind(c, "l1d", cache_rows, &keys, &e) &&
              config_finish(c, &e);
    assert_false(ok);
    assert_error(&e, message);
    config_destroy(c);
}

#endif
