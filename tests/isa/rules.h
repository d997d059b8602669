/* The table of rules.def. */
#ifndef TESTS_ISA_RULES_H
#define TESTS_ISA_RULES_H

#include <stdbool.h>
#include <stdint.h>

enum isa_rule_kind { RULE_FIELD_MAX, RULE_ONE_BIT, RULE_BASE_ONLY, RULE_NATURAL };

struct isa_rule {
    const char *row; /* name or glob; NULL ends the table */
    enum isa_rule_kind kind;
    uint8_t first, last, max;
};

extern const struct isa_rule isa_rules[];

bool isa_rule_holds(const char *mnemonic, enum isa_rule_kind kind);

#endif
