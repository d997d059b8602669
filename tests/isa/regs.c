#include "tests/isa/regs.h"

#include <inttypes.h>

/* XER bits of the registers CA and OV: the 64-bit flag and the 32-bit one. */
#define XER_CA UINT64_C(0x20040000)
#define XER_OV UINT64_C(0x40080000)
#define XER_SO UINT64_C(0x80000000)

static uint64_t xer_bits(uint32_t reg)
{
    return reg == REG_CA ? XER_CA : reg == REG_OV ? XER_OV : XER_SO;
}

static uint64_t *whole(struct isa_regs *r, uint32_t reg)
{
    switch (reg) {
    case REG_LR:     return &r->lr;
    case REG_CTR:    return &r->ctr;
    case REG_TAR:    return &r->tar;
    case REG_FPSCR:  return &r->fpscr;
    case REG_VSCR:   return &r->vscr;
    case REG_VRSAVE: return &r->vrsave;
    default:         return reg < REG_VSR ? &r->gpr[reg] : NULL;
    }
}

void reg_get(const struct isa_regs *r, uint32_t reg, uint64_t value[2])
{
    value[0] = value[1] = 0;
    if (reg >= REG_VSR && reg < REG_CR) {
        value[0] = r->vsr[reg - REG_VSR][0];
        value[1] = r->vsr[reg - REG_VSR][1];
    } else if (reg >= REG_CR && reg < REG_CA) {
        value[0] = r->cr >> (28 - 4 * (reg - REG_CR)) & 15;
    } else if (reg >= REG_CA && reg <= REG_SO) {
        value[0] = r->xer & xer_bits(reg);
    } else {
        const uint64_t *p = whole((struct isa_regs *)(uintptr_t)r, reg);
        value[0] = p ? *p : 0;
    }
}

void reg_set(struct isa_regs *r, uint32_t reg, const uint64_t value[2])
{
    if (reg >= REG_VSR && reg < REG_CR) {
        r->vsr[reg - REG_VSR][0] = value[0];
        r->vsr[reg - REG_VSR][1] = value[1];
    } else if (reg >= REG_CR && reg < REG_CA) {
        unsigned shift = 28 - 4 * (reg - REG_CR);
        r->cr = (r->cr & ~(UINT64_C(15) << shift)) | (value[0] & 15) << shift;
    } else if (reg >= REG_CA && reg <= REG_SO) {
        r->xer = (r->xer & ~xer_bits(reg)) | (value[0] & xer_bits(reg));
    } else {
        uint64_t *p = whole(r, reg);
        if (p)
            *p = value[0];
    }
}

void reg_name(uint32_t reg, char *out, size_t room)
{
    static const char *const names[] = {"CA",  "OV",    "SO",   "LR",    "CTR",
                                        "TAR", "FPSCR", "VSCR", "VRSAVE"};
    if (reg < REG_VSR)
        snprintf(out, room, "r%u", reg);
    else if (reg < REG_CR)
        snprintf(out, room, "vs%u", reg - REG_VSR);
    else if (reg < REG_CA)
        snprintf(out, room, "cr%u", reg - REG_CR);
    else
        snprintf(out, room, "%s", reg < REG_SPR ? names[reg - REG_CA] : "SPR");
}

void reg_print(FILE *f, const struct isa_regs *r, uint32_t reg)
{
    char name[16];
    uint64_t v[2];
    reg_name(reg, name, sizeof name);
    reg_get(r, reg, v);
    if (reg >= REG_VSR && reg < REG_CR)
        fprintf(f, "%s=%016" PRIx64 "_%016" PRIx64, name, v[0], v[1]);
    else
        fprintf(f, "%s=%" PRIx64, name, v[0]);
}
