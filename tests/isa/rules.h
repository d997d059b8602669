/* The table of rules.def. */
#ifndef TESTS_ISA_RULES_H
#define TESTS_ISA_RULES_H

#include <stdint.h>

enum isa_rule_kind {
    RULE_FIELD_MAX, RULE_ONE_BIT, RULE_BASE_ONLY, RULE_FPSCR_CLEAR, RULE_SINGLES, RULE_ALIGNED,
    RULE_DECIMAL, RULE_DECFLOAT, RULE_DISTINCT
};

struct isa_rule {
    const char *row; /* name or glob; NULL ends the table */
    enum isa_rule_kind kind;
    uint8_t first, last;
    uint32_t max; /* also the size of ALIGNED, the bits of FPSCR_CLEAR */
};

extern const struct isa_rule isa_rules[];

/* The first rule of that kind for a row; NULL when there is none. */
const struct isa_rule *isa_rule_find(const char *mnemonic, enum isa_rule_kind kind);

/* The bits of all FPSCR_CLEAR rules of a row. */
uint32_t isa_rule_fpscr_clear(const char *mnemonic);

#endif
