#include "models/pipeline/ooo/inlet.h"

#include <stdlib.h>
#include <string.h>

#include "models/pipeline/ooo/ooo.h"
#include "models/pipeline/ooo/wake.h"
#include "sim/base/bits.h"

static bool malformed(const struct config *c, const char *section, struct err *e)
{
    return config_error(c, section, "inlets", e,
                        "want KIND[+KIND...]:ENTRIES/MOVES/WINDOW[!], entries and window 1..%u, "
                        "moves 1..16", INLET_ENTRIES);
}

/* ENTRIES/MOVES/WINDOW[!] */
static bool parse_numbers(struct inlet *q, char *text)
{
    size_t length = strlen(text);
    char *save = NULL;
    q->in_order = length && text[length - 1] == '!';
    if (q->in_order)
        text[length - 1] = 0;
    const char *entries = strtok_r(text, "/", &save), *moves = strtok_r(NULL, "/", &save);
    const char *window = strtok_r(NULL, "", &save);
    if (!entries || !moves || !window)
        return false;
    q->entries = units_number(entries, INLET_ENTRIES);
    q->moves = units_number(moves, 16);
    q->window = units_number(window, INLET_ENTRIES);
    return q->entries && q->moves && q->window;
}

/* Where the pipes of a class are of several kinds, these have one inlet. */
static bool shared_by_classes(const struct inlets *q, const struct units *u,
                              const struct config *c, const char *section, struct err *e)
{
    for (uint32_t class = 0; class < CLASS_COUNT; class++)
        for (uint32_t n = 0; n < u->class[class].steps; n++) {
            uint32_t kinds = u->class[class].step[n].kinds, first = (uint32_t)__builtin_ctz(kinds);
            for (; kinds; kinds &= kinds - 1)
                if (q->of_kind[__builtin_ctz(kinds)] != q->of_kind[first])
                    return config_error(c, section, "inlets", e,
                                        "a class may use kinds with different inlets");
        }
    return true;
}

/* And so have the kinds that share a queue. */
static bool shared_by_queues(const struct inlets *q, const struct units *u,
                             const struct queues *queues, const struct config *c,
                             const char *section, struct err *e)
{
    for (uint32_t n = 0; n < queues->port_count; n++)
        for (uint32_t m = 0; m < n; m++) {
            const struct port *a = &queues->port[n], *b = &queues->port[m];
            if (a->queue == b->queue && q->of_kind[a->kind] != q->of_kind[b->kind])
                return config_error(c, section, "inlets", e,
                                    "'%s' and '%s' share an issue queue (`queues`), so they must "
                                    "have the same inlet, or both none",
                                    u->kind[a->kind].name, u->kind[b->kind].name);
        }
    return true;
}

bool inlets_create(struct inlets *q, const struct units *u, const struct queues *queues,
                   const char *text, const struct config *c, const char *section, struct err *e)
{
    char word[100], *save = NULL;
    *q = (struct inlets){0};
    while (units_next_word(&text, word, sizeof word)) {
        char *colon = strchr(word, ':');
        struct inlet *inlet = &q->inlet[q->count];
        if (q->count == INLETS_MAX)
            return config_error(c, section, "inlets", e, "more than %u", INLETS_MAX);
        if (!colon || colon == word || !parse_numbers(inlet, colon + 1))
            return malformed(c, section, e);
        *colon = 0;
        q->count++;
        for (char *name = strtok_r(word, "+", &save); name; name = strtok_r(NULL, "+", &save)) {
            const struct unit_kind *k = units_kind(u, name);
            if (!k)
                return config_error(c, section, "inlets", e,
                                    "'%s' is not one of the kinds in `pipes`", name);
            if (q->of_kind[k - u->kind])
                return config_error(c, section, "inlets", e, "'%s' has two", name);
            q->of_kind[k - u->kind] = (uint8_t)q->count;
        }
    }
    return shared_by_classes(q, u, c, section, e) &&
           shared_by_queues(q, u, queues, c, section, e);
}

void ooo_inlet_enter(struct ooo *p, struct uop *u)
{
    struct inlet *q = inlet_of(&p->inlets, u->kind);
    q->uop[q->used++] = (uint16_t)uop_index(p, u);
    p->inlets.used++;
    u->traits |= TRAIT_INLET;
    u->pending++; /* until it has gone on */
}

void ooo_inlet_squash(struct ooo *p, struct uop *u)
{
    inlet_of(&p->inlets, u->kind)->used--;
    p->inlets.used--;
    u->traits &= (uint8_t)~TRAIT_INLET;
}

static void go_on(struct ooo *p, struct uop *u, struct port *port)
{
    u->traits &= (uint8_t)~TRAIT_INLET;
    ooo_enter_queue(p, u, port);
    u->ready_cycle = max_u64(u->ready_cycle, p->cycle + p->keys.dispatch_cycles);
    if (!--u->pending)
        ooo_ready(p, u);
}

static void take_from(struct ooo *p, struct inlet *q)
{
    uint32_t kept = 0, gone = 0, looked = 0;
    bool stopped = false;
    for (; looked < q->used && looked < q->window && gone < q->moves && !stopped; looked++) {
        struct uop *u = &p->uops[q->uop[looked]];
        struct port *port = ooo_choose_port(p, u->kinds);
        if (port) {
            go_on(p, u, port);
            gone++;
        } else {
            q->uop[kept++] = q->uop[looked];
            stopped = q->in_order;
        }
    }
    if (!gone)
        return;
    memmove(&q->uop[kept], &q->uop[looked], (q->used - looked) * sizeof *q->uop);
    q->used -= gone;
    p->inlets.used -= gone;
    ooo_progress(p);
}

void ooo_inlets(struct ooo *p)
{
    for (uint32_t n = 0; n < p->inlets.count; n++)
        if (p->inlets.inlet[n].used)
            take_from(p, &p->inlets.inlet[n]);
}
