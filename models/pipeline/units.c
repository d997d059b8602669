#include "models/pipeline/units.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/err.h"

#define SPECIFICATION ": KIND[|KIND] LATENCY [INTERVAL [SLOTS]] [+ ...]"

const struct key_row units_key_rows[] = {
    {"pipes", KEY_STR, offsetof(struct units_keys, pipes), "alu", "", "",
     "execution pipes: KIND or KIND*COUNT, separated by blanks"},
#define CLASS(name, key, group, text)                                                              \
    {#key, KEY_STR, offsetof(struct units_keys, class) + CLASS_##name * sizeof(char *), "alu 1 1", \
     "", "", text SPECIFICATION},
#define VARIANT(name, key, of, group, text)                                                        \
    {#key, KEY_STR, offsetof(struct units_keys, class) + CLASS_##name * sizeof(char *), "", "",    \
     "", text "; unless given as its general class" SPECIFICATION},
#include "sim/isa/class.def"
#undef CLASS
    KEY_END};

/* The class that it is as unless the configuration says otherwise; of others they themselves. */
static const uint8_t general[CLASS_COUNT] = {
#define CLASS(name, key, group, text) CLASS_##name,
#define VARIANT(name, key, of, group, text) CLASS_##of,
#include "sim/isa/class.def"
#undef CLASS
};

bool units_next_word(const char **text, char *word, size_t room)
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

uint32_t units_number(const char *text, uint32_t max)
{
    char *end;
    unsigned long v = strtoul(text, &end, 10);
    return isdigit((unsigned char)text[0]) && !*end && v <= max ? (uint32_t)v : 0;
}

const struct unit_kind *units_kind(const struct units *u, const char *name)
{
    for (uint32_t n = 0; n < u->kind_count; n++)
        if (!strcmp(u->kind[n].name, name))
            return &u->kind[n];
    return NULL;
}

static bool parse_pipes(struct units *k, const char *text, const struct config *c,
                        const char *section, struct err *e)
{
    char word[32];
    while (units_next_word(&text, word, sizeof word)) {
        size_t length = strcspn(word, "*");
        uint32_t count = word[length] ? units_number(word + length + 1, 1000) : 1;
        if (!count || !length || length >= sizeof k->kind[0].name)
            return config_error(c, section, "pipes", e, "'%s': want KIND or KIND*COUNT, e.g. alu*2",
                                word);
        word[length] = 0;
        if (units_kind(k, word))
            return config_error(c, section, "pipes", e, "'%s' is named twice", word);
        if (k->kind_count == UNITS_MAX_KINDS || k->pipe_count + count > UNITS_MAX_PIPES)
            return config_error(c, section, "pipes", e, "more than %d kinds or %d pipes",
                                UNITS_MAX_KINDS, UNITS_MAX_PIPES);
        struct unit_kind *new = &k->kind[k->kind_count++];
        strcpy(new->name, word);
        new->first = k->pipe_count;
        new->count = count;
        k->pipe_count += count;
    }
    return k->kind_count || config_error(c, section, "pipes", e, "at least one pipe is needed");
}

/* KIND[|KIND...]: pipes side by side. */
static bool parse_kinds(struct unit_step *s, const struct units *u, const char *key, char *names,
                        const struct config *c, const char *section, struct err *e)
{
    char *save = NULL;
    for (char *name = strtok_r(names, "|", &save); name; name = strtok_r(NULL, "|", &save)) {
        const struct unit_kind *k = units_kind(u, name);
        if (!k)
            return config_error(c, section, key, e, "'%s' is not one of the kinds in `pipes` (%s)",
                                name, config_origin(c, section, "pipes"));
        if (!s->kinds)
            s->first = (uint8_t)k->first;
        else if (k->first != (uint32_t)s->first + s->count)
            return config_error(c, section, key, e, "'%s' does not stand behind the kind before "
                                "it in `pipes`", name);
        s->count = (uint8_t)(s->count + k->count);
        s->kinds |= (uint16_t)(1u << (k - u->kind));
    }
    return true;
}

static bool parse_step(struct unit_step *s, const struct units *u, const char *key, char *text,
                       const struct config *c, const char *section, struct err *e)
{
    char kind_name[128] = "", latency[32] = "", interval[32] = "1", slots[32] = "1", rest[32];
    const char *left = text;
    bool complete = units_next_word(&left, kind_name, sizeof kind_name) &&
                    units_next_word(&left, latency, sizeof latency);
    if (complete && units_next_word(&left, interval, sizeof interval) &&
        units_next_word(&left, slots, sizeof slots))
        complete = !units_next_word(&left, rest, sizeof rest);
    s->latency = (uint16_t)units_number(latency, 1000);
    s->interval = (uint16_t)units_number(interval, 1000);
    s->slots = (uint8_t)units_number(slots, 16);
    if (!complete || !s->latency || !s->interval || !s->slots)
        return config_error(c, section, key, e, "want KIND LATENCY [INTERVAL [SLOTS]], cycles "
                            "1..1000, slots 1..16");
    return parse_kinds(s, u, key, kind_name, c, section, e);
}

static bool parse_class(struct unit_class *k, const struct units *u, const char *key,
                        const char *text, const struct config *c, const char *section,
                        struct err *e)
{
    char *copy = xstrdup(text), *part = copy;
    bool ok = true;
    while (ok && part) {
        char *plus = strchr(part, '+');
        if (plus)
            *plus = 0;
        if (k->steps == UNITS_MAX_STEPS)
            ok = config_error(c, section, key, e, "more than %d steps", UNITS_MAX_STEPS);
        else
            ok = parse_step(&k->step[k->steps++], u, key, part, c, section, e);
        part = plus ? plus + 1 : NULL;
    }
    free(copy);
    k->first = k->step[0].first;
    k->count = k->step[0].count;
    k->latency = k->step[0].latency;
    k->interval = k->step[0].interval;
    return ok;
}

bool units_create(struct units *u, struct config *c, const char *section, struct err *e)
{
    struct units_keys keys;
    *u = (struct units){0};
    if (!config_bind(c, section, units_key_rows, &keys, e) ||
        !parse_pipes(u, keys.pipes, c, section, e))
        return false;
    for (uint32_t n = 0; n < CLASS_COUNT; n++)
        if ((general[n] == n || *keys.class[n]) &&
            !parse_class(&u->class[n], u, units_key_rows[n + 1].name, keys.class[n], c, section, e))
            return false;
    for (uint32_t n = 0; n < CLASS_COUNT; n++) {
        u->as[n] = u->class[n].steps ? (uint8_t)n : general[n];
        u->class[n] = u->class[u->as[n]];
    }
    return true;
}

bool units_refuse_steps(const struct units *u, const struct config *c, const char *section,
                        struct err *e)
{
    for (uint32_t n = 0; n < CLASS_COUNT; n++)
        if (u->class[n].steps > 1 || u->class[n].step[0].slots > 1)
            return config_error(c, section, units_key_rows[n + 1].name, e,
                                "this pipeline model does not crack, and has no slots: one KIND "
                                "LATENCY [INTERVAL]");
    return true;
}
