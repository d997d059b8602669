#include "sim/gdb/regs.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/err.h"
#include "sim/isa/fpscr.h"

enum kind {
#define BANK(feature, kind, name, count, bits, type) KIND_##kind,
#include "sim/gdb/regs.def"
#undef BANK
};

struct bank {
    const char *feature, *name;
    uint8_t kind, count, bits;
    const char *type;
};

static const struct bank banks[] = {
#define BANK(feature, kind, name, count, bits, type)                                               \
    {"org.gnu.gdb.power." #feature, name, KIND_##kind, count, bits, type},
#include "sim/gdb/regs.def"
#undef BANK
};

static uint32_t bank_size(const struct bank *b) { return b->count ? b->count : 1; }

uint32_t regs_count(void)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < ARRAY_LEN(banks); n++)
        count += bank_size(&banks[n]);
    return count;
}

/* The bank of a register, and its place in it. */
static const struct bank *find(uint32_t number, uint32_t *index)
{
    const struct bank *b = banks;
    for (*index = number; *index >= bank_size(b); b++)
        *index -= bank_size(b);
    return b;
}

static uint32_t bank_bytes(const struct cpu *s, const struct bank *b)
{
    return b->bits ? b->bits / 8 : s->is_64bit ? 8 : 4;
}

uint32_t regs_bytes(const struct cpu *s, uint32_t number)
{
    uint32_t index;
    return bank_bytes(s, find(number, &index));
}

static u128 get(struct cpu *s, uint8_t kind, uint32_t n)
{
    switch (kind) {
    case KIND_GPR: return s->gpr[n];
    case KIND_PC: return s->nia;
    case KIND_MSR: return s->sup.msr;
    case KIND_CR: return cpu_get_cr(s);
    case KIND_LR: return s->lr;
    case KIND_CTR: return s->ctr;
    case KIND_XER: return cpu_get_xer(s);
    case KIND_FPR: return VSR_D(s->vsr[n], 0);
    case KIND_FPSCR: return fpscr_read(s);
    case KIND_VR: return s->vsr[32 + n].q;
    case KIND_VSCR: return s->vscr;
    case KIND_VRSAVE: return s->vrsave;
    case KIND_VSR_LOW: return VSR_D(s->vsr[n], 1);
    case KIND_PPR: return s->ppr;
    case KIND_DSCR: return s->dscr;
    default: return s->tar;
    }
}

static void set(struct cpu *s, uint8_t kind, uint32_t n, u128 wide)
{
    uint64_t value = (uint64_t)wide;
    switch (kind) {
    case KIND_GPR: s->gpr[n] = value; break;
    case KIND_PC: s->nia = value & s->ea_mask & ~UINT64_C(3); break;
    case KIND_MSR: break;
    case KIND_CR: cpu_set_cr(s, (uint32_t)value); break;
    case KIND_LR: s->lr = value; break;
    case KIND_CTR: s->ctr = value; break;
    case KIND_XER: cpu_set_xer(s, value); break;
    case KIND_FPR: VSR_D(s->vsr[n], 0) = value; break;
    case KIND_FPSCR: fpscr_write(s, value); break;
    case KIND_VR: s->vsr[32 + n].q = wide; break;
    case KIND_VSCR: s->vscr = (uint32_t)value & (VSCR_NJ | VSCR_SAT); break;
    case KIND_VRSAVE: s->vrsave = (uint32_t)value; break;
    case KIND_VSR_LOW: VSR_D(s->vsr[n], 1) = value; break;
    case KIND_PPR: s->ppr = value; break;
    case KIND_DSCR: s->dscr = value; break;
    default: s->tar = value; break;
    }
}

void regs_read(struct cpu *s, uint32_t number, uint8_t *to)
{
    uint32_t index;
    const struct bank *b = find(number, &index);
    uint32_t bytes = bank_bytes(s, b);
    u128 value = get(s, b->kind, index);
    for (uint32_t n = 0; n < bytes; n++, value >>= 8)
        to[s->big_endian ? bytes - 1 - n : n] = (uint8_t)value;
}

void regs_write(struct cpu *s, uint32_t number, const uint8_t *from)
{
    uint32_t index;
    const struct bank *b = find(number, &index);
    uint32_t bytes = bank_bytes(s, b);
    u128 value = 0;
    for (uint32_t n = 0; n < bytes; n++)
        value = value << 8 | from[s->big_endian ? n : bytes - 1 - n];
    set(s, b->kind, index, value);
}

struct text {
    char *data;
    size_t used, room;
};

static __attribute__((format(printf, 2, 3))) void add(struct text *t, const char *format, ...)
{
    va_list args;
    t->data = xrealloc(t->data, t->room = t->used + 1024);
    va_start(args, format);
    t->used += (size_t)vsnprintf(t->data + t->used, t->room - t->used, format, args);
    va_end(args);
}

/* What gdb calls an element of a vector register, by kind. */
static void add_vector_types(struct text *t)
{
    static const struct {
        const char *field, *type;
        uint32_t count;
    } rows[] = {{"v2_double", "ieee_double", 2}, {"v4_float", "ieee_single", 4},
                {"v4_int32", "int32", 4}, {"v8_int16", "int16", 8}, {"v16_int8", "int8", 16}};
    for (uint32_t n = 0; n < ARRAY_LEN(rows); n++)
        add(t, "<vector id=\"%s\" type=\"%s\" count=\"%u\"/>\n", rows[n].field, rows[n].type,
            rows[n].count);
    add(t, "<union id=\"vec128\">\n<field name=\"uint128\" type=\"uint128\"/>\n");
    for (uint32_t n = 0; n < ARRAY_LEN(rows); n++)
        add(t, "<field name=\"%s\" type=\"%s\"/>\n", rows[n].field, rows[n].field);
    add(t, "</union>\n");
}

/* "r" and 3 give "r3", "vs%uh" gives "vs3h". */
static void add_name(struct text *t, const struct bank *b, uint32_t index)
{
    const char *place = strstr(b->name, "%u");
    if (!b->count)
        add(t, "%s", b->name);
    else if (place)
        add(t, "%.*s%u%s", (int)(place - b->name), b->name, index, place + 2);
    else
        add(t, "%s%u", b->name, index);
}

static void add_bank(struct text *t, const struct cpu *s, const struct bank *b)
{
    for (uint32_t n = 0; n < bank_size(b); n++) {
        add(t, "<reg name=\"");
        add_name(t, b, n);
        add(t, "\" bitsize=\"%u\" type=\"%s\"/>\n", bank_bytes(s, b) * 8, b->type);
    }
}

char *regs_description(const struct cpu *s)
{
    struct text t = {0};
    const char *feature = "";
    add(&t, "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target>\n"
            "<architecture>powerpc:%s</architecture>\n<osabi>GNU/Linux</osabi>\n",
        s->is_64bit ? "common64" : "common");
    for (uint32_t n = 0; n < ARRAY_LEN(banks); n++) {
        if (strcmp(feature, banks[n].feature)) {
            add(&t, "%s<feature name=\"%s\">\n", *feature ? "</feature>\n" : "", banks[n].feature);
            if (!strcmp(banks[n].feature, "org.gnu.gdb.power.altivec"))
                add_vector_types(&t);
        }
        feature = banks[n].feature;
        add_bank(&t, s, &banks[n]);
    }
    add(&t, "</feature>\n</target>\n");
    return t.data;
}
