/* Instructions that Linux carries out for a program whose processor does not (emulate_instruction
 * in arch/powerpc/kernel/traps.c): reading the processor's version, and what was taken out of the
 * architecture or came later. */
#include "sim/base/bits.h"
#include "sim/linux/internal.h"

static uint64_t *target(struct cpu *s, uint32_t word) { return &s->gpr[ppc_field(word, 6, 10)]; }

static void emulate_mfpvr(struct cpu *s, uint32_t word) { *target(s, word) = s->pvr; }

static void emulate_mcrxr(struct cpu *s, uint32_t word)
{
    s->cr[ppc_field(word, 6, 8)] = (uint8_t)(s->so << 3 | s->ov << 2 | s->ca << 1);
    s->so = s->ov = s->ca = 0;
}

/* The hint dcba: nothing is allocated. */
static void emulate_nothing(struct cpu *s, uint32_t word) { (void)s, (void)word; }

static void emulate_popcntb(struct cpu *s, uint32_t word)
{
    uint64_t from = *target(s, word), counts = 0;
    for (uint32_t n = 0; n < 64; n += 8)
        counts |= (uint64_t)__builtin_popcount(from >> n & 255) << n;
    s->gpr[ppc_field(word, 11, 15)] = counts;
}

static void emulate_isel(struct cpu *s, uint32_t word)
{
    uint32_t bit = ppc_field(word, 21, 25), ra = ppc_field(word, 11, 15);
    bool chosen = cpu_get_cr(s) >> (31 - bit) & 1;
    *target(s, word) = !chosen ? s->gpr[ppc_field(word, 16, 20)] : ra ? s->gpr[ra] : 0;
}

bool emulate_instruction(struct linux_process *l)
{
    static const struct {
        uint32_t mask, match;
        void (*run)(struct cpu *s, uint32_t word);
    } rows[] = {
        {0xfc1fffff, 0x7c1f42a6, emulate_mfpvr},   {0xfc0007fe, 0x7c000400, emulate_mcrxr},
        {0xfc0007fe, 0x7c0005ec, emulate_nothing}, {0xfc0007fe, 0x7c0000f4, emulate_popcntb},
        {0xfc00003e, 0x7c00001e, emulate_isel},
    };
    struct cpu *s = l->cpu;
    uint32_t word;
    if (!guest_read_u32(l, s->nia, &word))
        return false;
    for (uint32_t n = 0; n < ARRAY_LEN(rows); n++)
        if ((word & rows[n].mask) == rows[n].match) {
            rows[n].run(s, word);
            s->nia = (s->nia + 4) & s->ea_mask;
            s->icount++;
            return true;
        }
    return false;
}
