/* The CPI stack: one counter a part. Every issue slot of every cycle is charged to exactly one, so
 * that the parts sum to cycles x width; slots lost to a request whose level of service is not known
 * yet are kept by the request (`pending`) and charged when the answer comes. */
#ifndef MODELS_PIPELINE_CPI_H
#define MODELS_PIPELINE_CPI_H

#include "sim/isa/insn.h"
#include "sim/schema/stats.h"

enum cpi_part {
#define PART(name, key, text) PART_##name,
#include "models/pipeline/cpi.def"
#undef PART
    PART_COUNT
};

struct cpi {
    uint64_t slots[PART_COUNT];
    uint64_t touched; /* a bit for each part but base that grew: see profile.h */
};

/* Charges slots that did no work. */
static inline void cpi_lose(struct cpi *c, enum cpi_part part, uint64_t slots)
{
    c->slots[part] += slots;
    c->touched |= UINT64_C(1) << part;
}

/* Key and sentence of a part. */
const char *cpi_part_name(enum cpi_part part);
const char *cpi_part_text(enum cpi_part part);

/* Registers the parts as "<component>.<key>" in slots, with the law that they sum to width x
 * cycles. `core` names the component that counts cycles. */
void cpi_register(const struct cpi *c, struct stats *s, const char *component, const char *core,
                  uint32_t width);

/* What a wait for a result of each class is charged to: enum cpi_part. */
extern const uint8_t cpi_dependency[CLASS_COUNT];
/* What a wait for data or instructions is charged to; level 1 is the first cache, memory_level the
 * memory. */
enum cpi_part cpi_data_level(uint32_t level, uint32_t memory_level);
enum cpi_part cpi_fetch_level(uint32_t level, uint32_t memory_level);

#endif
