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

/* In the order of addresses. */
static int by_pc(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return x[0] != y[0] ? (x[0] < y[0] ? -1 : 1) : x[1] < y[1] ? -1 : x[1] > y[1];
}

static void write_codes(struct h5_inst_trace *t)
{
    uint64_t count = 0, total = t->codes.count;
    uint64_t(*pairs)[2] = xcalloc(total + 1, sizeof *pairs);
    uint64_t *pcs = xcalloc(total + 1, sizeof *pcs), *words = xcalloc(total + 1, sizeof *words);
    struct trace_code *code = xcalloc(total + 1, sizeof *code);
    const char **texts = xcalloc(total + 1, sizeof *texts);
    const char **classes = xcalloc(total + 1, sizeof *classes);
    uint8_t *in = xcalloc(total + 1, TRACE_REGISTERS), *out = xcalloc(total + 1, TRACE_REGISTERS);
    for (uint64_t n = 0; n < t->codes.slots; n++)
        if (t->codes.slot[n].used) {
            pairs[count][0] = t->codes.slot[n].pc;
            pairs[count++][1] = t->codes.slot[n].word;
        }
    qsort(pairs, count, sizeof *pairs, by_pc);
    for (uint64_t n = 0; n < count; n++) {
        t->setup.describe(t->setup.ctx, pairs[n][0], (uint32_t)pairs[n][1], &code[n]);
        pcs[n] = pairs[n][0];
        words[n] = pairs[n][1];
        texts[n] = code[n].text;
        classes[n] = code[n].class;
        memcpy(in + n * TRACE_REGISTERS, code[n].in, TRACE_REGISTERS);
        memcpy(out + n * TRACE_REGISTERS, code[n].out, TRACE_REGISTERS);
    }
    h5_group(t->file, "/trace/code", "the instructions that occur, by address");
    h5_write_dimension(t->file, "/trace/code", "place", count);
    h5_write_dimension(t->file, "/trace/code", "operand", TRACE_REGISTERS);
    const struct h5_array sets[] = {
        {"/trace/code/pc", "bytes", "address", H5_U64, 1, {count}, pcs, {PLACE}, NULL},
        {"/trace/code/word", "1", "instruction word", H5_U64, 1, {count}, words, {PLACE},
         NULL},
        {"/trace/code/text", "", "disassembly", H5_TEXT, 1, {count}, texts, {PLACE}, NULL},
        {"/trace/code/class", "", "unit class", H5_TEXT, 1, {count}, classes, {PLACE},
         NULL},
        {"/trace/code/in", "1", "registers read; 255: none", H5_U8, 2, {count, TRACE_REGISTERS},
         in, {PLACE, OPERAND}, NULL},
        {"/trace/code/out", "1", "registers written; 255: none", H5_U8, 2,
         {count, TRACE_REGISTERS}, out, {PLACE, OPERAND}, NULL},
    };
    for (size_t k = 0; k < ARRAY_LEN(sets); k++)
        h5_write(t->file, &sets[k]);
    free(in);
    free(out);
    free(texts);
    free(classes);
    free(code);
    free(pcs);
    free(words);
    free(pairs);
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
