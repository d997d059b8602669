#include "sim/inst_trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/isa/disasm.h"
#include "sim/machine.h"
#include "sim/out/h5_inst_trace.h"

/* Of enum op_flag those that the file has under the same numbers; markers have none there. */
#define FLAGS_OF_OP (TRACE_PARTIAL - 1u)

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

struct h5_inst_trace *inst_trace_create(struct machine *m, struct result *file)
{
    struct inst_trace_setup setup = {.last = m->trace.last, .describe = describe, .ctx = m};
    return result_inst_trace(file, &setup);
}

static struct trace_record record_of(const struct retirement *r)
{
    const struct op *op = r->op;
    struct trace_record record = {
        .pc = op->pc, .ea = op->bytes ? op->ea : 0, .fetch = r->fetch_cycle,
        .decode = max_u64(r->ready_cycle, r->fetch_cycle), .word = op->insn->word,
        .bytes = (uint16_t)op->bytes,
        .flags = (uint16_t)((op->flags & FLAGS_OF_OP) | (r->partial ? TRACE_PARTIAL : 0))};
    record.issue = max_u64(r->issue_cycle, record.decode);
    record.done = max_u64(r->done_cycle, record.issue);
    record.retire = max_u64(r->retire_cycle, record.done);
    return record;
}

void inst_trace_add(struct h5_inst_trace *t, const struct retirement *r)
{
    struct trace_record record = record_of(r);
    h5_inst_trace_add(t, &record);
}

/* True when the stage was reached; a stage that was not ends with the instruction. */
static bool cut(uint64_t *stage, uint64_t end)
{
    bool reached = *stage <= end;
    *stage = reached ? *stage : end;
    return reached;
}

void inst_trace_add_squashed(struct h5_inst_trace *t, const struct retirement *r)
{
    struct trace_record record = record_of(r);
    uint64_t end = record.retire = max_u64(r->retire_cycle, r->fetch_cycle);
    record.flags |= TRACE_SQUASHED;
    record.flags |= cut(&record.decode, end) ? TRACE_DECODED : 0;
    record.flags |= cut(&record.issue, end) ? TRACE_ISSUED : 0;
    record.flags |= cut(&record.done, end) ? TRACE_DONE : 0;
    h5_inst_trace_add(t, &record);
}
