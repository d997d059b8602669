/* Where in the DRAM a physical address lies: a mapping names the fields from the top of the address
 * down to the burst, as RoRaBaCoBgCh does. Whatever the fields leave over at the top belongs to the
 * row, so that no two addresses share a place. */
#ifndef MODELS_CACHE_DRAM_ADDRESS_H
#define MODELS_CACHE_DRAM_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

struct dram_timing;

enum dram_field { DRAM_ROW, DRAM_RANK, DRAM_BANK, DRAM_GROUP, DRAM_COLUMN, DRAM_CHANNEL,
                  DRAM_FIELDS };

struct dram_address {
    uint64_t field[DRAM_FIELDS];
};

struct dram_mapping {
    uint8_t shift[DRAM_FIELDS], bits[DRAM_FIELDS];
    uint8_t top; /* first bit above all fields */
    bool bank_hash;
};

/* False when the text does not name each field exactly once. */
bool dram_mapping_parse(struct dram_mapping *m, const char *text, const struct dram_timing *t,
                        uint32_t channels, uint32_t ranks);
struct dram_address dram_mapping_apply(const struct dram_mapping *m, uint64_t pa);

#endif
