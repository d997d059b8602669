/* Multipliers that are done early when their second operand is short. */
#include <stdlib.h>
#include <string.h>

#include "models/pipeline/ooo/ooo.h"
#include "sim/base/bits.h"

/* CLASS:BITS:LATENCY[:INTERVAL], cut at its colons. */
static bool read_row(struct early_row *row, char *word, const struct units *u)
{
    char *save = NULL, *field[5] = {NULL};
    uint32_t fields = 0, class = 0;
    for (char *f = strtok_r(word, ":", &save); f && fields < 5; f = strtok_r(NULL, ":", &save))
        field[fields++] = f;
    if (fields < 3 || fields > 4)
        return false;
    while (class < CLASS_COUNT && strcmp(units_key_rows[class + 1].name, field[0]))
        class++;
    if (class < CLASS_MULI || class > CLASS_MULD)
        return false;
    row->class = (uint8_t)class;
    row->bits = (uint8_t)units_number(field[1], 64);
    row->step = u->class[class].step[0];
    row->step.latency = (uint16_t)units_number(field[2], 1000);
    row->step.interval = (uint16_t)(fields == 4 ? units_number(field[3], 1000) : 1);
    return row->bits && row->step.latency && row->step.interval;
}

bool ooo_early_create(struct ooo *p, const char *section, const char *text, struct err *e)
{
    struct early_out *o = &p->early;
    char word[64];
    while (units_next_word(&text, word, sizeof word)) {
        if (o->count == EARLY_ROWS)
            return config_error(p->env.config, section, "early_out", e, "more than %u",
                                EARLY_ROWS);
        if (!read_row(&o->row[o->count], word, &p->units))
            return config_error(p->env.config, section, "early_out", e,
                                "want CLASS:BITS:LATENCY[:INTERVAL] ..., CLASS one of muli, mulw, "
                                "mulhwu, muld, BITS 1..64, cycles 1..1000");
        o->count++;
    }
    p->core.needs_operands = o->count != 0;
    return true;
}

/* The second operand as the number that it is. */
static int64_t second_operand(const struct op *op)
{
    uint32_t class = op->row->class;
    if (class == CLASS_MULI)
        return op->insn->imm;
    if (class == CLASS_MULHU)
        return (uint32_t)op->operands->b;
    return class == CLASS_MULW ? (int32_t)op->operands->b : (int64_t)op->operands->b;
}

/* Bits of a signed number without the copies of its sign. */
static uint32_t significant_bits(int64_t v)
{
    uint64_t magnitude = (uint64_t)(v < 0 ? ~v : v);
    return magnitude ? 65 - (uint32_t)__builtin_clzll(magnitude) : 1;
}

/* What is said of multiplies of words is true of mulhwu, too. */
static bool is_for(const struct early_row *row, uint32_t class)
{
    return row->class == class || (row->class == CLASS_MULW && class == CLASS_MULHU);
}

uint8_t ooo_early_row(const struct ooo *p, const struct op *op)
{
    uint32_t class = op->row->class;
    if (class < CLASS_MULI || class > CLASS_MULD)
        return 0;
    uint32_t bits = significant_bits(second_operand(op));
    for (uint32_t n = 0; n < p->early.count; n++)
        if (is_for(&p->early.row[n], class) && bits <= p->early.row[n].bits)
            return (uint8_t)(n + 1);
    return 0;
}
