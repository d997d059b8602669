/* The table of exempt.def, with how often each row was needed. */
#ifndef TESTS_ISA_EXEMPT_H
#define TESTS_ISA_EXEMPT_H

#include <stdbool.h>
#include <stdint.h>

enum exempt_kind {
    EXEMPT_SKIP, EXEMPT_ALONE, EXEMPT_ALONE_LE, EXEMPT_MASK, EXEMPT_SIGNAL, EXEMPT_CR6,
    EXEMPT_RAISED, EXEMPT_KEEPS, EXEMPT_WIDE, EXEMPT_RARE, EXEMPT_ROUNDED
};
enum exempt_part {
    PART_CR, PART_XER, PART_FPSCR, PART_VSCR, PART_LR, PART_CTR, PART_VSR0, PART_VSR1
};

struct exemption {
    const char *row;
    enum exempt_kind kind;
    enum exempt_part part;
    uint64_t bits;
    const char *reason;
};

/* Counts of use live with the caller: one for each row of the table. */
struct exempt_use {
    uint64_t *needed;
    bool big_endian;
};

struct exempt_use exempt_use_create(bool big_endian);
void exempt_use_destroy(struct exempt_use *use);

bool exempt_skips(struct exempt_use *use, const char *mnemonic);
bool exempt_alone(struct exempt_use *use, const char *mnemonic);
bool exempt_signal(struct exempt_use *use, const char *mnemonic);
/* The results of a case with this CR6 are undefined. */
bool exempt_cr6(struct exempt_use *use, const char *mnemonic, uint32_t cr6);
/* The vector results of a case that leaves this FPSCR are not compared. */
bool exempt_raised(struct exempt_use *use, const char *mnemonic, uint64_t fpscr);
/* The target's old value may show in the result although the row does not read it. */
bool exempt_keeps(struct exempt_use *use, const char *mnemonic);
/* The row lists registers that have no effect. */
bool exempt_wide(struct exempt_use *use, const char *mnemonic);
/* Two results in a vector-scalar register that differ by one rounding too many. */
bool exempt_rounded(struct exempt_use *use, const char *mnemonic, uint64_t a, uint64_t b);
/* `difference` of a register without the bits that are exempt. */
uint64_t exempt_mask(struct exempt_use *use, const char *mnemonic, enum exempt_part part,
                     uint64_t difference);
/* Prints exemptions without a row and, when all rows were run, those never needed; returns how
 * many. */
uint32_t exempt_report_stale(const struct exempt_use *use, bool ran_all);

#endif
