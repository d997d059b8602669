#include "models/cache/dram/address.h"

#include <string.h>

#include "models/cache/dram/standard.h"
#include "sim/base/bits.h"

static const char *const names[DRAM_FIELDS] = {
    [DRAM_ROW] = "Ro",   [DRAM_RANK] = "Ra",   [DRAM_BANK] = "Ba",
    [DRAM_GROUP] = "Bg", [DRAM_COLUMN] = "Co", [DRAM_CHANNEL] = "Ch",
};

bool dram_mapping_parse(struct dram_mapping *m, const char *text, const struct dram_timing *t,
                        uint32_t channels, uint32_t ranks)
{
    const uint32_t size[DRAM_FIELDS] = {
        [DRAM_ROW] = 1u << t->row_bits, [DRAM_RANK] = ranks,
        [DRAM_BANK] = t->banks,         [DRAM_GROUP] = t->groups,
        [DRAM_CHANNEL] = channels,      [DRAM_COLUMN] = t->row_bytes / dram_burst_bytes(t),
    };
    unsigned shift = ilog2(dram_burst_bytes(t));
    uint32_t seen = 0;
    size_t length = strlen(text);
    if (length != 2 * DRAM_FIELDS)
        return false;
    for (size_t at = length; at > 0; at -= 2) { /* from the burst up */
        uint32_t field = 0;
        while (field < DRAM_FIELDS && strncmp(names[field], text + at - 2, 2) != 0)
            field++;
        if (field == DRAM_FIELDS || seen >> field & 1)
            return false;
        seen |= 1u << field;
        m->shift[field] = (uint8_t)shift;
        m->bits[field] = (uint8_t)ilog2(size[field]);
        shift += m->bits[field];
    }
    m->top = (uint8_t)shift;
    return true;
}

/* Rows that would meet in a bank, as those of arrays side by side do, are kept apart: the bank's
 * number is XORed with the row's, all of it (after permutation-based interleaving, Zhang, Zhu and
 * Zhang 2000, who take as many bits as the bank has). */
static void hash_bank(const struct dram_mapping *m, struct dram_address *a)
{
    unsigned group_bits = m->bits[DRAM_GROUP], bits = group_bits + m->bits[DRAM_BANK];
    uint64_t fold = 0;
    for (uint64_t row = a->field[DRAM_ROW]; row && bits; row >>= bits)
        fold ^= row;
    a->field[DRAM_GROUP] ^= fold & ((UINT64_C(1) << group_bits) - 1);
    a->field[DRAM_BANK] ^= fold >> group_bits & ((UINT64_C(1) << m->bits[DRAM_BANK]) - 1);
}

struct dram_address dram_mapping_apply(const struct dram_mapping *m, uint64_t pa)
{
    struct dram_address a;
    for (uint32_t n = 0; n < DRAM_FIELDS; n++)
        a.field[n] = pa >> m->shift[n] & ((UINT64_C(1) << m->bits[n]) - 1);
    if (m->top < 64)
        a.field[DRAM_ROW] |= pa >> m->top << m->bits[DRAM_ROW];
    if (m->bank_hash)
        hash_bank(m, &a);
    return a;
}
