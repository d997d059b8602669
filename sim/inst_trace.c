#include "sim/inst_trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/isa/disasm.h"
#include "sim/loader/symbols.h"
#include "sim/machine.h"
#include "sim/out/h5_inst_trace.h"
#include "sim/schema/value.h"

enum { TRACE_LAST_MAX = 100000000 };

/* Where a window begins or ends. */
struct edge {
    enum { EDGE_NONE, EDGE_INSTRUCTION, EDGE_CYCLE, EDGE_PC } kind;
    uint64_t at;
};

struct inst_trace {
    struct h5_inst_trace *out;
    struct machine *machine;
    struct edge from, to;
    uint64_t retired;
    bool is_open, is_over;
};

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

static bool parse_edge(const struct machine *m, const char *key, const char *text, struct edge *g,
                       struct err *e)
{
    static const struct {
        const char *word;
        int kind;
        enum key_type type;
    } kinds[] = {{"instruction:", EDGE_INSTRUCTION, KEY_COUNT},
                 {"cycle:", EDGE_CYCLE, KEY_COUNT},
                 {"pc:", EDGE_PC, KEY_U64}};
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

static void describe(void *ctx, uint64_t pc, uint32_t word, struct trace_code *code)
{
    static const char *const classes[] = {
#define CLASS(name, key, group, text) #key,
#include "sim/isa/class.def"
#undef CLASS
    };
    const struct machine *m = ctx;
    struct insn i = {0};
    struct insn_deps deps = {0};
    uint16_t number = decoder_find(m->decoder, word);
    insn_predecode(&i, number, word, pc);
    insn_find_deps(&i, &deps);
    disasm(code->text, sizeof code->text, m->decoder, word, pc);
    snprintf(code->class, sizeof code->class, "%s", classes[insn_rows[number].class]);
    memset(code->in, REG_NONE, sizeof code->in);
    memset(code->out, REG_NONE, sizeof code->out);
    memcpy(code->in, deps.in, min_u64(deps.in_count, TRACE_REGISTERS));
    memcpy(code->out, deps.out, min_u64(deps.out_count, TRACE_REGISTERS));
}

struct inst_trace *inst_trace_create(struct machine *m, struct result *file, struct err *e)
{
    const struct trace_keys *keys = &m->trace;
    struct edge from = {0}, to = {0};
    if (!keys->instructions)
        return NULL;
    if (keys->last > TRACE_LAST_MAX) {
        config_error(m->setup.config, "trace", "last", e, "at most %d fit into memory",
                     TRACE_LAST_MAX);
        return NULL;
    }
    if (!parse_edge(m, "from", keys->from, &from, e) || !parse_edge(m, "to", keys->to, &to, e))
        return NULL;
    struct inst_trace *t = xcalloc(1, sizeof *t);
    struct inst_trace_setup setup = {.last = keys->last, .describe = describe, .ctx = m};
    *t = (struct inst_trace){.out = result_inst_trace(file, &setup), .machine = m, .from = from,
                             .to = to, .is_open = from.kind == EDGE_NONE};
    return t;
}

void inst_trace_destroy(struct inst_trace *t) { free(t); }

static bool is_reached(const struct edge *g, const struct inst_trace *t,
                       const struct retirement *r)
{
    switch (g->kind) {
    case EDGE_INSTRUCTION: return t->retired >= g->at;
    case EDGE_CYCLE: return r->retire_cycle >= g->at;
    case EDGE_PC: return r->op->pc == g->at;
    default: return false;
    }
}

/* From the first time that `from` is reached to the first time after that that `to` is, both
 * included where they are addresses. */
static bool is_inside(struct inst_trace *t, const struct retirement *r)
{
    if (t->is_over)
        return false;
    bool opens = !t->is_open && is_reached(&t->from, t, r);
    t->is_open = t->is_open || opens;
    if (!t->is_open || opens || !is_reached(&t->to, t, r))
        return t->is_open;
    t->is_over = true;
    return t->to.kind == EDGE_PC;
}

void inst_trace_add(struct inst_trace *t, const struct retirement *r)
{
    const struct op *op = r->op;
    bool inside = is_inside(t, r);
    t->retired++;
    if (!inside)
        return;
    struct trace_record record = {
        .pc = op->pc, .ea = op->bytes ? op->ea : 0, .fetch = r->fetch_cycle,
        .decode = max_u64(r->ready_cycle, r->fetch_cycle), .word = op->insn->word,
        .bytes = (uint16_t)op->bytes,
        .flags = (uint16_t)(op->flags | (r->partial ? TRACE_PARTIAL : 0))};
    record.issue = max_u64(r->issue_cycle, record.decode);
    record.done = max_u64(r->done_cycle, record.issue);
    record.retire = max_u64(r->retire_cycle, record.done);
    h5_inst_trace_add(t->out, &record);
}
