#include "tests/isa/rules.h"

#include <fnmatch.h>
#include <stddef.h>

const struct isa_rule isa_rules[] = {
#define FIELD_MAX(row, first, last, max) {row, RULE_FIELD_MAX, first, last, max},
#define ONE_BIT(row, first, last)        {row, RULE_ONE_BIT, first, last, 0},
#define BASE_ONLY(row)                   {row, RULE_BASE_ONLY, 0, 0, 0},
#define FPSCR_CLEAR(row, bits)           {row, RULE_FPSCR_CLEAR, 0, 0, bits},
#define DISTINCT(row)                    {row, RULE_DISTINCT, 0, 0, 0},
#define DECIMAL(row)                     {row, RULE_DECIMAL, 0, 0, 0},
#define DECFLOAT(row)                    {row, RULE_DECFLOAT, 0, 0, 0},
#define SINGLES(row)                     {row, RULE_SINGLES, 0, 0, 0},
#define ALIGNED(row, bytes)              {row, RULE_ALIGNED, 0, 0, bytes},
#include "tests/isa/rules.def"
#undef FIELD_MAX
#undef ONE_BIT
#undef BASE_ONLY
#undef FPSCR_CLEAR
#undef DISTINCT
#undef DECIMAL
#undef DECFLOAT
#undef SINGLES
#undef ALIGNED
    {NULL, RULE_FIELD_MAX, 0, 0, 0},
};

const struct isa_rule *isa_rule_find(const char *mnemonic, enum isa_rule_kind kind)
{
    for (const struct isa_rule *r = isa_rules; r->row; r++)
        if (r->kind == kind && fnmatch(r->row, mnemonic, 0) == 0)
            return r;
    return NULL;
}

uint32_t isa_rule_fpscr_clear(const char *mnemonic)
{
    uint32_t bits = 0;
    for (const struct isa_rule *r = isa_rules; r->row; r++)
        if (r->kind == RULE_FPSCR_CLEAR && fnmatch(r->row, mnemonic, 0) == 0)
            bits |= r->max;
    return bits;
}
