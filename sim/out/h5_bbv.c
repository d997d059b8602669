#include "sim/out/h5_bbv.h"

#include <stdlib.h>

#include "sim/out/h5_columns.h"
#include "sim/out/h5_result_priv.h"

struct record {
    uint64_t count;
    uint32_t block;
};

struct h5_bbv {
    struct h5_columns *columns;
    uint64_t *instructions, *cycles, *ends; /* [intervals]; ends: rows up to their end */
    uint64_t intervals, rows;
};

static void spread(void *ctx, const void *records, uint32_t count, void *const *columns,
                   uint64_t *index)
{
    const struct record *from = records;
    uint32_t *block = columns[0];
    uint64_t *counts = columns[1];
    (void)ctx;
    (void)index;
    for (uint32_t n = 0; n < count; n++) {
        block[n] = from[n].block;
        counts[n] = from[n].count;
    }
}

void result_bbv(struct result *r)
{
    static const struct column columns[] = {
        {"block", "1", "number of the block", COLUMN_U32},
        {"count", "instructions", "instructions executed in the block", COLUMN_U64},
    };
    struct h5_bbv *b = r->bbv = xcalloc(1, sizeof *b);
    b->columns = h5_columns_create(
        &r->file, &(struct columns_setup){
                      .group = "/bbv", .long_name = "instructions by basic block and interval",
                      .columns = columns, .column_count = 2, .record_bytes = sizeof(struct record),
                      .spread = spread});
}

void result_bbv_count(struct result *r, uint32_t block, uint64_t count)
{
    struct record *record = h5_columns_next(r->bbv->columns);
    *record = (struct record){.block = block, .count = count};
    r->bbv->rows++;
}

void result_bbv_interval(struct result *r, const struct result_bbv_interval *row)
{
    struct h5_bbv *b = r->bbv;
    if (!(b->intervals & (b->intervals + 1))) { /* room for the next power of two */
        uint64_t room = 2 * b->intervals + 2;
        b->instructions = xrealloc(b->instructions, room * sizeof *b->instructions);
        b->cycles = xrealloc(b->cycles, room * sizeof *b->cycles);
        b->ends = xrealloc(b->ends, room * sizeof *b->ends);
    }
    b->instructions[b->intervals] = row->instructions;
    b->cycles[b->intervals] = row->cycles;
    b->ends[b->intervals++] = b->rows;
}

static void write_numbers(struct result *r, const char *path, const char *units, const char *text,
                          const uint64_t *numbers, uint64_t count, const char *scale,
                          const char *scale_name)
{
    h5_write(&r->file, &(struct h5_array){path, units, text, H5_U64, 1, {count}, numbers, {scale},
                                          scale_name});
}

static void write_intervals(struct result *r)
{
    const struct h5_bbv *b = r->bbv;
    uint64_t *numbers = xcalloc(b->intervals + 2, sizeof *numbers);
    for (uint64_t n = 0; n < b->intervals; n++)
        numbers[n] = n;
    write_numbers(r, "/bbv/interval", "1", "number of the interval", numbers, b->intervals, NULL,
                  "interval");
    for (uint64_t n = 0; n < b->intervals; n++)
        numbers[n + 1] = b->ends[n];
    numbers[0] = 0;
    write_numbers(r, "/bbv/indptr", "1", "first row of each interval, and the number of rows",
                  numbers, b->intervals + 1, NULL, "boundary");
    write_numbers(r, "/bbv/instructions", "instructions", "executed in the interval",
                  b->instructions, b->intervals, "/bbv/interval", NULL);
    write_numbers(r, "/bbv/cycles", "cycles",
                  "from retirement of the last interval's last instruction to that of its own; "
                  "0: not timed", b->cycles, b->intervals, "/bbv/interval", NULL);
    free(numbers);
}

static void write_blocks(struct result *r, const struct result_bbv_block *blocks, uint32_t count)
{
    const char **texts = xcalloc(count + UINT64_C(1), sizeof *texts);
    uint64_t *numbers = xcalloc(count + UINT64_C(1), sizeof *numbers);
#define NUMBERS(member, text, scale, scale_name)                                                   \
    for (uint32_t n = 0; n < count; n++)                                                           \
        numbers[n] = blocks[n].member;                                                             \
    write_numbers(r, "/bbv/" #member, "1", text, numbers, count, scale, scale_name)
#define TEXTS(member, text)                                                                        \
    for (uint32_t n = 0; n < count; n++)                                                           \
        texts[n] = blocks[n].member;                                                               \
    h5_write(&r->file, &(struct h5_array){"/bbv/" #member, "", text, H5_TEXT, 1, {count}, texts,   \
                                          {"/bbv/pc"}, NULL})
    NUMBERS(pc, "address of the block's first instruction", NULL, "block_pc");
    NUMBERS(asid, "number of its address space", "/bbv/pc", NULL);
    TEXTS(object, "program or library that it is in");
    TEXTS(function, "function that it is in; empty: not known");
#undef NUMBERS
#undef TEXTS
    free(texts);
    free(numbers);
}

void h5_bbv_free(struct h5_bbv *b)
{
    if (!b)
        return;
    h5_columns_destroy(b->columns);
    free(b->instructions);
    free(b->cycles);
    free(b->ends);
    free(b);
}

void result_bbv_end(struct result *r, uint64_t interval, const struct result_bbv_block *blocks,
                    uint32_t count)
{
    h5_columns_end(r->bbv->columns);
    write_intervals(r);
    write_blocks(r, blocks, count);
    if (h5_ok(&r->file)) {
        hid_t group = H5Gopen2(r->file.id, "/bbv", H5P_DEFAULT);
        h5_attribute_u64(&r->file, group, "interval_instructions", interval);
        H5Gclose(group);
    }
    h5_bbv_free(r->bbv);
    r->bbv = NULL;
}
