#include "sim/out/h5_inst_trace.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/out/h5_columns.h"
#include "sim/out/h5_result_priv.h"
#include "sim/out/inst_trace_encode.h"

#define PLACE   "/trace/code/place"
#define OPERAND "/trace/code/operand"

struct h5_inst_trace {
    struct h5_file *file;
    struct inst_trace_setup setup;
    struct h5_columns *table;
    struct trace_codes codes; /* the thread's until it has ended */
};

static const struct column columns[] = {
#define COLUMN(name, type, unit, text) {#name, unit, text, COLUMN_##type},
    TRACE_COLUMNS(COLUMN)
#undef COLUMN
};

static const struct column index_columns[] = {
#define COLUMN(name, unit, text) {#name, unit, text, COLUMN_U64},
    TRACE_INDEX(COLUMN)
#undef COLUMN
};

static void spread(void *ctx, const void *records, uint32_t count, void *const *to,
                   uint64_t *index)
{
    struct h5_inst_trace *t = ctx;
    inst_trace_spread(records, count, to, index);
    trace_codes_add(&t->codes, records, count);
}

struct h5_inst_trace *result_inst_trace(struct result *r, const struct inst_trace_setup *setup)
{
    struct h5_inst_trace *t = r->inst_trace = xcalloc(1, sizeof *t);
    const struct columns_setup table = {
        .group = "/trace/inst",
        .long_name = "instructions in the order in which they left the pipeline",
        .columns = columns,
        .column_count = TRACE_COLUMN_COUNT,
        .index_group = "/trace/index",
        .index_long_name = "where each chunk of /trace/inst begins",
        .index = index_columns,
        .index_count = TRACE_INDEX_COUNT,
        .record_bytes = sizeof(struct trace_record),
        .last = setup->last,
        .spread = spread,
        .ctx = t,
    };
    t->file = &r->file;
    t->setup = *setup;
    result_trace_group(r);
    t->table = h5_columns_create(t->file, &table);
    return t;
}

void h5_inst_trace_add(struct h5_inst_trace *t, const struct trace_record *record)
{
    *(struct trace_record *)h5_columns_next(t->table) = *record;
}

struct place {
    uint64_t pc, word;
};

static int by_pc(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    return x->pc != y->pc ? (x->pc < y->pc ? -1 : 1) : x->word < y->word ? -1 : x->word > y->word;
}

/* In the order of addresses, as many as there are codes. */
static struct place *sorted_places(const struct trace_codes *codes)
{
    struct place *places = xcalloc(codes->count + 1, sizeof *places);
    uint64_t count = 0;
    for (uint64_t n = 0; n < codes->slots; n++)
        if (codes->slot[n].used)
            places[count++] = (struct place){codes->slot[n].pc, codes->slot[n].word};
    qsort(places, count, sizeof *places, by_pc);
    return places;
}

/* The columns of /trace/code. */
struct code_columns {
    uint64_t count;
    uint64_t *pcs, *words;
    struct trace_code *code; /* what the texts and classes point into */
    const char **texts, **classes;
    uint8_t *in, *out;
};

static struct code_columns make_codes(const struct h5_inst_trace *t)
{
    uint64_t count = t->codes.count, room = count + 1;
    struct code_columns c = {count, xcalloc(room, sizeof *c.pcs), xcalloc(room, sizeof *c.words),
                             xcalloc(room, sizeof *c.code), xcalloc(room, sizeof *c.texts),
                             xcalloc(room, sizeof *c.classes), xcalloc(room, TRACE_REGISTERS),
                             xcalloc(room, TRACE_REGISTERS)};
    struct place *places = sorted_places(&t->codes);
    for (uint64_t n = 0; n < count; n++) {
        struct trace_code *code = &c.code[n];
        c.pcs[n] = places[n].pc;
        c.words[n] = places[n].word;
        t->setup.describe(t->setup.ctx, c.pcs[n], (uint32_t)c.words[n], code);
        c.texts[n] = code->text;
        c.classes[n] = code->class;
        memcpy(c.in + n * TRACE_REGISTERS, code->in, TRACE_REGISTERS);
        memcpy(c.out + n * TRACE_REGISTERS, code->out, TRACE_REGISTERS);
    }
    free(places);
    return c;
}

static void free_codes(struct code_columns *c)
{
    free(c->pcs);
    free(c->words);
    free(c->code);
    free(c->texts);
    free(c->classes);
    free(c->in);
    free(c->out);
}

static void write_codes(struct h5_inst_trace *t)
{
    struct code_columns c = make_codes(t);
    h5_group(t->file, "/trace/code", "the instructions that occur, by address");
    h5_write_dimension(t->file, "/trace/code", "place", c.count);
    h5_write_dimension(t->file, "/trace/code", "operand", TRACE_REGISTERS);
    const struct h5_array sets[] = {
        {"/trace/code/pc", "bytes", "address", H5_U64, 1, {c.count}, c.pcs, {PLACE}, NULL},
        {"/trace/code/word", "1", "instruction word", H5_U64, 1, {c.count}, c.words, {PLACE},
         NULL},
        {"/trace/code/text", "", "disassembly", H5_TEXT, 1, {c.count}, c.texts, {PLACE}, NULL},
        {"/trace/code/class", "", "unit class", H5_TEXT, 1, {c.count}, c.classes, {PLACE},
         NULL},
        {"/trace/code/in", "1", "registers read; 255: none", H5_U8, 2,
         {c.count, TRACE_REGISTERS}, c.in, {PLACE, OPERAND}, NULL},
        {"/trace/code/out", "1", "registers written; 255: none", H5_U8, 2,
         {c.count, TRACE_REGISTERS}, c.out, {PLACE, OPERAND}, NULL},
    };
    for (size_t k = 0; k < ARRAY_LEN(sets); k++)
        h5_write(t->file, &sets[k]);
    free_codes(&c);
}

/* Nothing more is written. */
void h5_inst_trace_stop(struct h5_inst_trace *t)
{
    h5_columns_destroy(t->table);
    trace_codes_free(&t->codes);
    free(t);
}

void result_inst_trace_end(struct result *r)
{
    struct h5_inst_trace *t = r->inst_trace;
    if (!t)
        return;
    h5_columns_end(t->table);
    write_codes(t);
    r->inst_trace = NULL;
    h5_inst_trace_stop(t);
}
