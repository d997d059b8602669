/* ChampSim tells kinds of branches by the registers they use (its instruction.h): all write the
 * instruction pointer; a conditional one reads the flags; a call writes and a return reads the
 * stack pointer; an indirect one reads any other register. A Power branch gets those pseudo
 * registers: calls are branches that set LR, returns those that read it and nothing else. */
#include <string.h>

#include "analysis/export.h"

enum { STACK_POINTER = 6, FLAGS = 25, INSTRUCTION_POINTER = 26, OTHER = 99 };
enum { FIRST_REGISTER = 100 };       /* ours, clear of the three above; 0 means none */
enum { OUR_CR = 96, OUR_LR = 107 };  /* enum reg_id, sim/isa/insn.h */

struct input_instr {
    uint64_t ip;
    uint8_t is_branch, branch_taken;
    uint8_t destination_registers[2], source_registers[4];
    uint64_t destination_memory[2], source_memory[4];
};
_Static_assert(sizeof(struct input_instr) == 64, "ChampSim's record has no gaps");

struct champsim {
    const struct inst_trace *trace;
    FILE *out;
};

static void copy(uint8_t *to, size_t room, const uint8_t *from)
{
    size_t used = 0;
    for (size_t n = 0; n < TRACED_REGISTERS && used < room; n++)
        if (from[n] != TRACED_NONE)
            to[used++] = (uint8_t)(FIRST_REGISTER + from[n]);
}

static bool has(const uint8_t *registers, int low, int high)
{
    for (size_t n = 0; n < TRACED_REGISTERS; n++)
        if (registers[n] != TRACED_NONE && registers[n] >= low && registers[n] <= high)
            return true;
    return false;
}

static void describe_branch(struct input_instr *b, const uint8_t *in, const uint8_t *out,
                            const char *text)
{
    bool conditional = has(in, OUR_CR, OUR_CR + 7) || !strncmp(text, "bd", 2);
    bool call = has(out, OUR_LR, OUR_LR), indirect = strstr(text, "ctr") || strstr(text, "tar");
    bool is_return = !call && !conditional && has(in, OUR_LR, OUR_LR);
    uint8_t sources[4] = {INSTRUCTION_POINTER, 0, 0, 0};
    size_t used = 1;
    b->is_branch = 1;
    b->destination_registers[0] = INSTRUCTION_POINTER;
    b->destination_registers[1] = call || is_return ? STACK_POINTER : 0;
    if (is_return)
        sources[0] = STACK_POINTER;
    else if (call)
        sources[used++] = STACK_POINTER;
    if (conditional)
        sources[used++] = FLAGS;
    if (indirect || (!is_return && has(in, OUR_LR, OUR_LR)))
        sources[used] = OTHER;
    memcpy(b->source_registers, sources, sizeof sources);
}

static void write(void *ctx, const struct traced *i)
{
    const struct champsim *c = ctx;
    if (i->flags & TRACED_SQUASHED) /* it has a fetch of its own */
        return;
    const uint8_t *in = c->trace->in[i->code], *out = c->trace->out[i->code];
    struct input_instr record = {.ip = i->pc};
    if (i->flags & TRACED_BRANCH) {
        describe_branch(&record, in, out, c->trace->code_text[i->code]);
        record.branch_taken = i->flags & TRACED_TAKEN ? 1 : 0;
    } else {
        copy(record.destination_registers, sizeof record.destination_registers, out);
        copy(record.source_registers, sizeof record.source_registers, in);
    }
    if (i->bytes && i->flags & TRACED_STORE)
        record.destination_memory[0] = i->ea;
    if (i->bytes && i->flags & TRACED_LOAD)
        record.source_memory[0] = i->ea;
    fwrite(&record, sizeof record, 1, c->out);
}

void export_champsim(const struct inst_trace *t, const struct export_range *r, FILE *out)
{
    struct champsim c = {t, out};
    inst_trace_visit(t, r->first, r->count, write, &c);
}
