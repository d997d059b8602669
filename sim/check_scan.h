/* The instructions of a program, counted: by group and version, those that this processor lacks,
 * and the system calls that can be told. */
#ifndef SIM_CHECK_SCAN_H
#define SIM_CHECK_SCAN_H

#include "sim/isa/processor.h"
#include "sim/loader/survey.h"

/* Each file of insn.def says with INSN_GROUP to which its rows belong. */
#define INSN_GROUPS(X)                                                                             \
    X(BRANCH, "branch") X(FIXED, "fixed point") X(STORAGE, "storage access")                       \
    X(FLOAT, "floating point") X(DECIMAL, "decimal point")                                        \
    X(VMX, "VMX") X(VSX, "VSX") X(SYSTEM, "system")
enum insn_group {
#define GROUP_ENUM(name, text) GROUP_##name,
    INSN_GROUPS(GROUP_ENUM)
#undef GROUP_ENUM
    GROUP_COUNT
};

#define SCAN_VERSIONS 16u /* distinct ISA versions; fewer exist */
#define SCAN_WORDS    40u /* distinct missing words that are told apart */
#define SCAN_CALLS    512u

struct missing_word {
    uint32_t word;
    uint16_t number;               /* the row that a newer processor has for it, or INSN_ILLEGAL */
    uint64_t count, first_ea;
    const struct code_range *where; /* of the first */
};

struct scan {
    uint64_t instructions;
    uint64_t by_version[GROUP_COUNT][SCAN_VERSIONS];
    uint16_t versions[SCAN_VERSIONS]; /* enum insn_isa, ascending */
    uint32_t version_count;
    struct missing_word words[SCAN_WORDS];
    uint32_t word_count;
    uint64_t missing;              /* words in all that are no instructions of this processor */
    uint64_t guarded;              /* such words where AT_HWCAP keeps programs from going */
    uint64_t calls[SCAN_CALLS], call_sites, unknown_sites; /* sc; number not to be told */
};

void scan_program(struct scan *scan, const struct survey *s, const struct processor *p);

#endif
