#include "sim/isa/processor.h"

#include <assert.h>
#include <string.h>

/* Bits of AT_HWCAP and AT_HWCAP2. */
#define CAP_32           0x80000000u
#define CAP_64           0x40000000u
#define CAP_ALTIVEC      0x10000000u
#define CAP_FPU          0x08000000u
#define CAP_MMU          0x04000000u
#define CAP_MAC          0x02000000u
#define CAP_ICACHE_SNOOP 0x00002000u
#define CAP_ARCH_2_05    0x00001000u
#define CAP_DFP          0x00000400u
#define CAP_ARCH_2_06    0x00000100u
#define CAP_VSX          0x00000080u
#define CAP_TRUE_LE      0x00000002u
#define CAP_PPC_LE       0x00000001u
#define CAP2_ARCH_2_07   0x80000000u
#define CAP2_DSCR        0x20000000u
#define CAP2_ISEL        0x08000000u
#define CAP2_TAR         0x04000000u
#define CAP2_VEC_CRYPTO  0x02000000u
#define CAP2_ARCH_3_00   0x00800000u
#define CAP2_IEEE128     0x00400000u
#define CAP2_DARN        0x00200000u
#define CAP_POWER7                                                                                 \
    (CAP_32 | CAP_64 | CAP_ALTIVEC | CAP_FPU | CAP_MMU | CAP_ICACHE_SNOOP | CAP_ARCH_2_05 |        \
     CAP_DFP | CAP_ARCH_2_06 | CAP_VSX | CAP_TRUE_LE)
#define CAP2_POWER8 (CAP2_ARCH_2_07 | CAP2_DSCR | CAP2_ISEL | CAP2_TAR | CAP2_VEC_CRYPTO)

/* MSR bits, emulation assist, updates of reference and change bits; then whose results are those
 * that the ISA leaves open, and whether it has guests. Older processors have hash tables, which are
 * not modelled. */
#define BOARD_NONE      0, false, false, false, false
#define BOARD_POWER9    MSR_BITS, true, true, false, true
#define BOARD_MICROWATT MSR_BITS & ~(MSR_VEC | MSR_VSX), true, false, true, false

static const struct processor processors[] = {
#define PROCESSOR(...) {__VA_ARGS__},
#include "sim/isa/processor.def"
#undef PROCESSOR
};

const char processor_choices[] =
#define PROCESSOR(key, ...) "|" key
#include "sim/isa/processor.def"
#undef PROCESSOR
    ;

const struct processor *processor_at(uint32_t n)
{
    assert(n < ARRAY_LEN(processors));
    return &processors[n];
}

const struct processor *processor_find(const char *key)
{
    for (uint32_t n = 0; n < ARRAY_LEN(processors); n++)
        if (strcmp(processors[n].key, key) == 0)
            return &processors[n];
    return NULL;
}

/* What the table has of VMX came to the ISA with version 2.03, after the processors. */
static bool is_classic_with_vmx(const struct processor *p)
{
    return p->isa == PPC && p->hwcap & CAP_ALTIVEC;
}

struct decoder *processor_decoder(const struct processor *p)
{
    struct decoder *d = decoder_create(is_classic_with_vmx(p) ? V203 : p->isa, p->is_32bit);
    if (is_classic_with_vmx(p))
        decoder_drop_later(d);
    if (!(p->hwcap & CAP_ALTIVEC))
        decoder_drop_vectors(d);
    if (!(p->hwcap & CAP_FPU))
        decoder_drop_floats(d);
    if (!(p->hwcap & CAP_DFP))
        decoder_drop_decimals(d);
    if (!(p->hwcap & CAP_MAC))
        decoder_drop_macs(d);
    return d;
}

void processor_reset(const struct processor *p, struct cpu *s, bool is_64bit, bool big_endian)
{
    s->is_64bit = is_64bit;
    s->ea_mask = is_64bit ? UINT64_MAX : UINT32_MAX;
    s->big_endian = big_endian;
    s->swap = big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
    s->cache_block_bytes = p->cache_block_bytes;
    s->pvr = p->pvr;
    s->sup.msr = MSR_EE | MSR_PR | MSR_ME | MSR_IR | MSR_DR | MSR_RI | MSR_FP | MSR_VEC | MSR_VSX |
                 (is_64bit ? MSR_SF : 0) | (big_endian ? 0 : MSR_LE);
    s->isa = is_classic_with_vmx(p) ? V203 : p->isa; /* VRSAVE is a register of that version */
    s->sup.msr_bits = p->msr_bits;
    s->sup.has_emulation_assist = p->has_emulation_assist;
    s->is_open_as_microwatt = p->is_open_as_microwatt;
    s->xer_absent = p->isa < V300 ? XER_CA32_OV32 : 0;
}
