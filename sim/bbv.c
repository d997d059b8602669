#include "sim/bbv.h"

#include <stdlib.h>

#include "sim/isa/code.h"
#include "sim/out/h5_bbv.h"
#include "sim/places.h"

struct bbv {
    struct blocks *blocks;
    struct places *places;
    struct result *file;
    uint64_t interval, until; /* instructions */
    uint64_t done;            /* instructions counted, in whatever mode */
    uint64_t cycle, last_cycle; /* timing: of the last one that retired, at the last interval */
    uint64_t timed;             /* instructions of the interval that retired */
};

static void found(void *ctx, uint32_t asid, uint64_t pc)
{
    struct bbv *b = ctx;
    places_page_used(b->places, asid, PAGE_OF(pc));
}

struct bbv *bbv_create(uint64_t interval, struct places *places)
{
    struct bbv *b = xcalloc(1, sizeof *b);
    *b = (struct bbv){.blocks = blocks_create(), .places = places, .interval = interval,
                      .until = interval};
    b->blocks->found = found;
    b->blocks->ctx = b;
    return b;
}

void bbv_destroy(struct bbv *b)
{
    if (b)
        blocks_destroy(b->blocks);
    free(b);
}

void bbv_attach(struct bbv *b, struct result *file)
{
    b->file = file;
    result_bbv(file);
}

static void end_interval(struct bbv *b)
{
    struct blocks *k = b->blocks;
    struct result_bbv_interval row = {.instructions = 0};
    blocks_sort(k);
    for (uint32_t n = 0; n < k->touched_count; n++) {
        result_bbv_count(b->file, k->touched[n]->number, k->touched[n]->count);
        row.instructions += k->touched[n]->count;
    }
    if (b->timed == row.instructions) /* as a whole */
        row.cycles = b->cycle - b->last_cycle;
    result_bbv_interval(b->file, &row);
    b->timed = 0;
    blocks_clear(k);
    b->last_cycle = b->cycle;
    b->until += b->interval;
}

uint64_t bbv_until(const struct bbv *b) { return b->until; }

void bbv_start(struct bbv *b, struct cpu *s)
{
    struct blocks *k = s->blocks = b->blocks;
    k->from = s->icount;
    if (k->next_pc == UINT64_MAX)
        blocks_enter(k, s->nia, s->asid);
}

void bbv_reached(struct bbv *b, struct cpu *s)
{
    blocks_credit(b->blocks, s->icount);
    b->done = s->icount;
    if (b->done >= b->until)
        end_interval(b);
}

void bbv_stop(struct bbv *b, struct cpu *s)
{
    bbv_reached(b, s);
    blocks_pause(b->blocks, s->icount, s->nia); /* timing may go on in the block */
    s->blocks = NULL;
}

/* An instruction has been completed. */
static void count(struct bbv *b, const struct op *op)
{
    struct blocks *k = b->blocks;
    uint32_t asid = code_page_of(op->insn)->asid;
    if (op->pc != k->next_pc || asid != k->current->asid)
        blocks_enter(k, op->pc, asid);
    k->from = b->done++;
    blocks_credit(k, b->done);
    k->next_pc = op->flags & OP_BRANCH ? UINT64_MAX
                                       : op->pc + (op->row->flags & F_PREFIX ? 8 : 4);
}

void bbv_executed(struct bbv *b, const struct op *op)
{
    if (op->flags & OP_FAULT)
        return;
    count(b, op);
    if (b->done >= b->until)
        end_interval(b);
}

void bbv_retired(struct bbv *b, const struct retirement *r)
{
    if (r->op->flags & OP_FAULT || r->partial)
        return;
    count(b, r->op);
    b->timed++;
    b->cycle = r->retire_cycle + 1;
    if (b->done >= b->until)
        end_interval(b);
}

void bbv_write(struct bbv *b)
{
    struct blocks *k = b->blocks;
    if (k->touched_count)
        end_interval(b);
    struct result_bbv_block *rows = xcalloc(k->numbers + UINT64_C(1), sizeof *rows);
    for (uint32_t n = 0; n < k->numbers; n++) {
        struct place_name p = places_find(b->places, k->numbered[n]->asid, k->numbered[n]->pc);
        rows[n] = (struct result_bbv_block){.pc = k->numbered[n]->pc, .asid = k->numbered[n]->asid,
                                            .object = p.object, .function = p.function};
    }
    result_bbv_end(b->file, b->interval, rows, k->numbers);
    free(rows);
}
