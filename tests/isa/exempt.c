#include "tests/isa/exempt.h"

#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/isa/insn.h"

static const struct exemption exemptions[] = {
#define SKIP(row, reason)             {row, EXEMPT_SKIP, PART_CR, 0, reason},
#define ALONE(row, reason)            {row, EXEMPT_ALONE, PART_CR, 0, reason},
#define ALONE_LE(row, reason)         {row, EXEMPT_ALONE_LE, PART_CR, 0, reason},
#define MASK(row, part, bits, reason) {row, EXEMPT_MASK, PART_##part, bits, reason},
#define SIGNAL(row, reason)           {row, EXEMPT_SIGNAL, PART_CR, 0, reason},
#define CR6(row, mask, value, reason) {row, EXEMPT_CR6, PART_CR, (mask) << 4 | (value), reason},
#define WIDE(row, reason)             {row, EXEMPT_WIDE, PART_CR, 0, reason},
#define RARE(row, reason)             {row, EXEMPT_RARE, PART_CR, 0, reason},
#define ROUNDED(row, reason)          {row, EXEMPT_ROUNDED, PART_CR, 0, reason},
#define RAISED(row, bits, reason)     {row, EXEMPT_RAISED, PART_CR, bits, reason},
#define KEEPS(row, reason)            {row, EXEMPT_KEEPS, PART_CR, 0, reason},
#include "tests/isa/exempt.def"
#undef SKIP
#undef ALONE
#undef ALONE_LE
#undef MASK
#undef SIGNAL
#undef CR6
#undef RAISED
#undef KEEPS
#undef WIDE
#undef RARE
#undef ROUNDED
};

struct exempt_use exempt_use_create(bool big_endian)
{
    return (struct exempt_use){xcalloc(ARRAY_LEN(exemptions), sizeof(uint64_t)), big_endian};
}

void exempt_use_destroy(struct exempt_use *use) { free(use->needed); }

static bool holds(struct exempt_use *use, const char *mnemonic, enum exempt_kind kind)
{
    for (uint32_t n = 0; n < ARRAY_LEN(exemptions); n++)
        if (exemptions[n].kind == kind && fnmatch(exemptions[n].row, mnemonic, 0) == 0) {
            use->needed[n]++;
            return true;
        }
    return false;
}

bool exempt_skips(struct exempt_use *use, const char *mnemonic)
{
    return holds(use, mnemonic, EXEMPT_SKIP);
}

bool exempt_alone(struct exempt_use *use, const char *mnemonic)
{
    return holds(use, mnemonic, EXEMPT_ALONE) ||
           (!use->big_endian && holds(use, mnemonic, EXEMPT_ALONE_LE));
}

bool exempt_signal(struct exempt_use *use, const char *mnemonic)
{
    return holds(use, mnemonic, EXEMPT_SIGNAL);
}

bool exempt_keeps(struct exempt_use *use, const char *mnemonic)
{
    return holds(use, mnemonic, EXEMPT_KEEPS);
}

bool exempt_wide(struct exempt_use *use, const char *mnemonic)
{
    return holds(use, mnemonic, EXEMPT_WIDE) || holds(use, mnemonic, EXEMPT_RARE);
}

/* In units of the least denormal number of single precision, exactly; NaN for larger numbers and
 * for what is no multiple of it. */
static double denormal_units(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    double units = ldexp(value, 149);
    return fabs(value) < 0x1p-126 && units == trunc(units) ? units : NAN;
}

bool exempt_rounded(struct exempt_use *use, const char *mnemonic, uint64_t a, uint64_t b)
{
    return fabs(denormal_units(a) - denormal_units(b)) == 1 &&
           holds(use, mnemonic, EXEMPT_ROUNDED);
}

bool exempt_cr6(struct exempt_use *use, const char *mnemonic, uint32_t cr6)
{
    for (uint32_t n = 0; n < ARRAY_LEN(exemptions); n++) {
        const struct exemption *e = &exemptions[n];
        if (e->kind != EXEMPT_CR6 || (cr6 & e->bits >> 4) != (e->bits & 15))
            continue;
        if (fnmatch(e->row, mnemonic, 0) == 0) {
            use->needed[n]++;
            return true;
        }
    }
    return false;
}

bool exempt_raised(struct exempt_use *use, const char *mnemonic, uint64_t fpscr)
{
    for (uint32_t n = 0; n < ARRAY_LEN(exemptions); n++) {
        const struct exemption *e = &exemptions[n];
        if (e->kind == EXEMPT_RAISED && fpscr & e->bits && fnmatch(e->row, mnemonic, 0) == 0) {
            use->needed[n]++;
            return true;
        }
    }
    return false;
}

uint64_t exempt_mask(struct exempt_use *use, const char *mnemonic, enum exempt_part part,
                     uint64_t difference)
{
    for (uint32_t n = 0; n < ARRAY_LEN(exemptions); n++) {
        const struct exemption *e = &exemptions[n];
        if (e->kind != EXEMPT_MASK || e->part != part || !(difference & e->bits))
            continue;
        if (fnmatch(e->row, mnemonic, 0) != 0)
            continue;
        use->needed[n]++;
        difference &= ~e->bits;
    }
    return difference;
}

static bool names_a_row(const char *glob)
{
    for (uint32_t n = 1; n < INSN_COUNT; n++)
        if (fnmatch(glob, insn_rows[n].mnemonic, 0) == 0)
            return true;
    return false;
}

uint32_t exempt_report_stale(const struct exempt_use *use, bool ran_all)
{
    uint32_t stale = 0;
    for (uint32_t n = 0; n < ARRAY_LEN(exemptions); n++) {
        bool other_order = use->big_endian && exemptions[n].kind == EXEMPT_ALONE_LE;
        bool rare = exemptions[n].kind == EXEMPT_RARE;
        bool unneeded = ran_all && !use->needed[n] && !other_order && !rare;
        const char *why = !names_a_row(exemptions[n].row) ? "no such row"
                          : unneeded                      ? "never needed"
                                                          : NULL;
        if (!why)
            continue;
        printf("stale exemption: %s (%s): %s\n", exemptions[n].row, exemptions[n].reason, why);
        stale++;
    }
    return stale;
}
