#include "sim/trace_window.h"

#include <string.h>

#include "sim/base/log.h"
#include "sim/loader/symbols.h"
#include "sim/machine.h"
#include "sim/schema/value.h"

/* The address of a function of the program, by its name. */
static bool find_symbol(const struct machine *m, const char *name, uint64_t *address)
{
    struct symbols *s = symbols_open(machine_program_path(m));
    bool found = false;
    for (uint64_t n = 0; s && n < s->count && !found; n++)
        if (!strcmp(s->functions[n].name, name)) {
            *address = s->functions[n].start;
            found = true;
        }
    symbols_close(s);
    return found;
}

static bool parse_number(enum key_type type, const char *text, uint64_t *number)
{
    const struct key_row row = {"", type, 0, "0", "", "", ""};
    char why[VALUE_TEXT_MAX];
    return value_parse(&row, text, number, why);
}

static bool parse_edge(const struct machine *m, const char *key, const char *text,
                       struct trace_edge *g, struct err *e)
{
    static const struct {
        const char *word;
        int kind;
        enum key_type type;
    } kinds[] = {{"instruction:", EDGE_INSTRUCTION, KEY_COUNT},
                 {"cycle:", EDGE_CYCLE, KEY_COUNT},
                 {"pc:", EDGE_PC, KEY_U64}};
    g->text = text;
    if (!*text)
        return true;
    for (size_t n = 0; n < ARRAY_LEN(kinds); n++) {
        size_t length = strlen(kinds[n].word);
        if (strncmp(text, kinds[n].word, length))
            continue;
        g->kind = kinds[n].kind;
        if (parse_number(kinds[n].type, text + length, &g->at))
            return true;
    }
    g->kind = EDGE_PC;
    if (!strncmp(text, "symbol:", 7) && find_symbol(m, text + 7, &g->at))
        return true;
    return config_error(m->setup.config, "trace", key, e,
                        "%s; write instruction:N, cycle:N, pc:0xADDRESS or symbol:FUNCTION",
                        strncmp(text, "symbol:", 7) ? "not a place"
                                                    : "the program has no such function");
}

/* Two edges of one kind that can be compared. */
static bool check_order(const struct trace_window *w, const struct machine *m, struct err *e)
{
    if (w->from.kind != w->to.kind || w->to.kind == EDGE_PC || w->to.at >= w->from.at)
        return true;
    return config_error(m->setup.config, "trace", "to", e,
                        "comes before trace.from = %s: nothing would be recorded", w->from.text);
}

bool trace_window_init(struct trace_window *w, const struct machine *m, struct err *e)
{
    *w = (struct trace_window){.retired = 0};
    bool ok = parse_edge(m, "from", m->trace.from, &w->from, e) &&
              parse_edge(m, "to", m->trace.to, &w->to, e) && check_order(w, m, e);
    w->is_open = w->from.kind == EDGE_NONE;
    return ok;
}

static bool is_reached(const struct trace_edge *g, const struct trace_window *w,
                       const struct retirement *r)
{
    switch (g->kind) {
    case EDGE_INSTRUCTION: return w->retired >= g->at;
    case EDGE_CYCLE: return r->retire_cycle >= g->at;
    case EDGE_PC: return r->op->pc == g->at;
    default: return false;
    }
}

static bool is_inside(struct trace_window *w, const struct retirement *r)
{
    if (w->is_over)
        return false;
    bool opens = !w->is_open && is_reached(&w->from, w, r);
    w->is_open = w->is_open || opens;
    if (!w->is_open || opens || !is_reached(&w->to, w, r))
        return w->is_open;
    w->is_over = true;
    return w->to.kind == EDGE_PC;
}

bool trace_window_retired(struct trace_window *w, const struct retirement *r)
{
    bool inside = is_inside(w, r);
    w->retired++;
    return inside;
}

void trace_window_warn(const struct trace_window *w)
{
    if (!w->is_open)
        log_warn("trace.from = %s was never reached: nothing was recorded", w->from.text);
    else if (!w->is_over && w->to.kind != EDGE_NONE &&
             !(w->to.kind == EDGE_INSTRUCTION && w->retired >= w->to.at))
        log_warn("trace.to = %s was never reached: recording went on to the end", w->to.text);
}
