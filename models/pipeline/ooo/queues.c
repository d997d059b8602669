#include "models/pipeline/ooo/queues.h"

#include <string.h>

/* One word of the list, as text for messages and as numbers. */
struct queue_word {
    char text[100];
    uint32_t entries, copies;
    bool in_order;
    bool serves[UNITS_MAX_KINDS];
};

struct parser {
    struct queues *queues;
    const struct units *units;
    const struct config *config;
    const char *section;
    struct err *err;
    uint8_t server[UNITS_MAX_KINDS]; /* first queue that serves the kind, + 1 */
    uint8_t copies[UNITS_MAX_KINDS];
};

static bool parse_kinds(struct parser *a, struct queue_word *w)
{
    char *save = NULL;
    for (char *name = strtok_r(w->text, "+", &save); name; name = strtok_r(NULL, "+", &save)) {
        const struct unit_kind *k = units_kind(a->units, name);
        if (!k && strcmp(name, "*"))
            return config_error(a->config, a->section, "queues", a->err,
                                "'%s' is not one of the kinds in `pipes`", name);
        for (uint32_t n = 0; n < a->units->kind_count; n++)
            w->serves[n] |= !k || k == &a->units->kind[n];
    }
    return true;
}

/* KIND[+KIND...]:ENTRIES[*COUNT][!] */
static bool parse_word(struct parser *a, struct queue_word *w)
{
    size_t length = strlen(w->text);
    w->in_order = w->text[length - 1] == '!';
    if (w->in_order)
        w->text[length - 1] = 0;
    char *colon = strchr(w->text, ':'), *star = colon ? strchr(colon, '*') : NULL;
    if (star)
        *star = 0;
    w->copies = star ? units_number(star + 1, QUEUES_MAX) : 1;
    w->entries = colon ? units_number(colon + 1, QUEUES_ENTRIES) : 0;
    if (!w->entries || !w->copies || colon == w->text)
        return config_error(a->config, a->section, "queues", a->err,
                            "want KIND[+KIND...]:ENTRIES[*COUNT][!], entries 1..%u, count 1..%u",
                            QUEUES_ENTRIES, QUEUES_MAX);
    *colon = 0;
    return parse_kinds(a, w);
}

static bool claim_kind(struct parser *a, const struct queue_word *w, uint32_t kind)
{
    const struct unit_kind *k = &a->units->kind[kind];
    if (a->server[kind])
        return config_error(a->config, a->section, "queues", a->err,
                            "two queues serve '%s'; write *COUNT for equal queues", k->name);
    if (k->count % w->copies)
        return config_error(a->config, a->section, "queues", a->err,
                            "%u pipes '%s' cannot be divided among %u queues", k->count, k->name,
                            w->copies);
    a->server[kind] = (uint8_t)(a->queues->queue_count + 1);
    a->copies[kind] = (uint8_t)w->copies;
    return true;
}

static bool add_queues(struct parser *a, const struct queue_word *w)
{
    for (uint32_t n = 0; n < a->units->kind_count; n++)
        if (w->serves[n] && !claim_kind(a, w, n))
            return false;
    if (a->queues->queue_count + w->copies > QUEUES_MAX)
        return config_error(a->config, a->section, "queues", a->err, "more than %u queues",
                            QUEUES_MAX);
    a->queues->any_in_order |= w->in_order;
    for (uint32_t n = 0; n < w->copies; n++) {
        struct queue *q = &a->queues->queue[a->queues->queue_count++];
        q->entries = w->entries;
        q->in_order = w->in_order;
    }
    return true;
}

static bool add_ports(struct parser *a)
{
    struct queues *q = a->queues;
    for (uint32_t n = 0; n < a->units->kind_count; n++) {
        const struct unit_kind *k = &a->units->kind[n];
        if (!a->server[n])
            return config_error(a->config, a->section, "queues", a->err, "no queue serves '%s'",
                                k->name);
        q->first_port[n] = (uint8_t)q->port_count;
        q->ports[n] = a->copies[n];
        for (uint32_t copy = 0; copy < a->copies[n]; copy++) {
            uint32_t share = k->count / a->copies[n];
            struct port *port = &q->port[q->port_count++];
            port->queue = (uint8_t)(a->server[n] - 1 + copy);
            port->first = (uint8_t)(k->first + copy * share);
            port->count = (uint8_t)share;
            port->kind = (uint8_t)n;
            port->number = (uint8_t)(q->port_count - 1);
        }
    }
    return true;
}

bool queues_create(struct queues *q, const struct units *u, const char *text,
                   const struct config *c, const char *section, struct err *e)
{
    struct parser a = {.queues = q, .units = u, .config = c, .section = section, .err = e};
    struct queue_word w = {0};
    *q = (struct queues){0};
    while (units_next_word(&text, w.text, sizeof w.text)) {
        if (!parse_word(&a, &w) || !add_queues(&a, &w))
            return false;
        w = (struct queue_word){0};
    }
    return add_ports(&a);
}
