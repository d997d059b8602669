#include "models/pipeline/units.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const struct key_row units_key_rows[] = {
    {"pipes", KEY_STR, offsetof(struct units_keys, pipes), "alu", "", "",
     "execution pipes: KIND or KIND*COUNT, separated by blanks"},
#define CLASS(name, key, group, text)                                                              \
    {#key, KEY_STR, offsetof(struct units_keys, class) + CLASS_##name * sizeof(char *), "alu 1 1", \
     "", "", text ": KIND LATENCY [INTERVAL]"},
#include "sim/isa/class.def"
#undef CLASS
    KEY_END};

struct kind {
    char name[16];
    uint32_t first, count;
};

struct kinds {
    struct kind kind[UNITS_MAX_KINDS];
    uint32_t count, pipes;
};

/* Copies the next blank-separated word; false, with the word as it was, at the end. */
static bool next_word(const char **text, char *word, size_t room)
{
    const char *p = *text;
    size_t n = 0;
    while (isspace((unsigned char)*p))
        p++;
    if (!*p)
        return false;
    while (*p && !isspace((unsigned char)*p)) {
        if (n + 1 < room)
            word[n++] = *p;
        p++;
    }
    word[n] = 0;
    *text = p;
    return true;
}

/* A whole number that is all of the text, 1..max; 0 when it is not. */
static uint32_t parse_number(const char *text, uint32_t max)
{
    char *end;
    unsigned long v = strtoul(text, &end, 10);
    return isdigit((unsigned char)text[0]) && !*end && v <= max ? (uint32_t)v : 0;
}

static const struct kind *find_kind(const struct kinds *k, const char *name)
{
    for (uint32_t n = 0; n < k->count; n++)
        if (!strcmp(k->kind[n].name, name))
            return &k->kind[n];
    return NULL;
}

static bool parse_pipes(struct kinds *k, const char *text, const struct config *c,
                        const char *section, struct err *e)
{
    char word[32];
    while (next_word(&text, word, sizeof word)) {
        size_t length = strcspn(word, "*");
        uint32_t count = word[length] ? parse_number(word + length + 1, 1000) : 1;
        if (!count || !length || length >= sizeof k->kind[0].name)
            return config_error(c, section, "pipes", e, "'%s': want KIND or KIND*COUNT, e.g. alu*2",
                                word);
        word[length] = 0;
        if (find_kind(k, word))
            return config_error(c, section, "pipes", e, "'%s' is named twice", word);
        if (k->count == UNITS_MAX_KINDS || k->pipes + count > UNITS_MAX_PIPES)
            return config_error(c, section, "pipes", e, "more than %d kinds or %d pipes",
                                UNITS_MAX_KINDS, UNITS_MAX_PIPES);
        struct kind *new = &k->kind[k->count++];
        strcpy(new->name, word);
        new->first = k->pipes;
        new->count = count;
        k->pipes += count;
    }
    return k->count || config_error(c, section, "pipes", e, "at least one pipe is needed");
}

static bool parse_class(struct unit_class *u, const struct kinds *k, const char *key,
                        const char *text, const struct config *c, const char *section,
                        struct err *e)
{
    char kind_name[32] = "", latency[32] = "", interval[32] = "1", rest[32];
    bool complete = next_word(&text, kind_name, sizeof kind_name) &&
                    next_word(&text, latency, sizeof latency);
    if (complete && next_word(&text, interval, sizeof interval))
        complete = !next_word(&text, rest, sizeof rest);
    const struct kind *kind = find_kind(k, kind_name);
    u->latency = (uint16_t)parse_number(latency, 1000);
    u->interval = (uint16_t)parse_number(interval, 1000);
    if (!complete || !u->latency || !u->interval)
        return config_error(c, section, key, e, "want KIND LATENCY [INTERVAL], cycles 1..1000");
    if (!kind)
        return config_error(c, section, key, e, "'%s' is not one of the kinds in `pipes`",
                            kind_name);
    u->first = (uint8_t)kind->first;
    u->count = (uint8_t)kind->count;
    return true;
}

bool units_create(struct units *u, struct config *c, const char *section, struct err *e)
{
    struct units_keys keys;
    struct kinds kinds = {0};
    *u = (struct units){0};
    if (!config_bind(c, section, units_key_rows, &keys, e) ||
        !parse_pipes(&kinds, keys.pipes, c, section, e))
        return false;
    for (uint32_t n = 0; n < CLASS_COUNT; n++)
        if (!parse_class(&u->class[n], &kinds, units_key_rows[n + 1].name, keys.class[n], c,
                         section, e))
            return false;
    u->pipe_count = kinds.pipes;
    return true;
}
