#include "sim/platform/pseries/ram.h"

#include <string.h>

#include "sim/base/bits.h"

/* The part of a frame at pa, up to `bytes`; NULL: outside. */
static uint8_t *part_at(const struct ram *m, uint64_t pa, uint64_t bytes, uint64_t *part)
{
    uint64_t within = pa & (FRAME_BYTES - 1);
    *part = min_u64(bytes, FRAME_BYTES - within);
    return pa < m->bytes ? phys_frame(m->phys, pa)->host + within : NULL;
}

void ram_read(const struct ram *m, uint64_t pa, void *to, uint64_t bytes)
{
    uint8_t *out = to;
    for (uint64_t part; bytes; bytes -= part, pa += part, out += part) {
        const uint8_t *host = part_at(m, pa, bytes, &part);
        if (host)
            memcpy(out, host, part);
        else
            memset(out, 0, part);
    }
}

void ram_write(const struct ram *m, uint64_t pa, const void *from, uint64_t bytes)
{
    const uint8_t *in = from;
    for (uint64_t part; bytes; bytes -= part, pa += part, in += part) {
        uint8_t *host = part_at(m, pa, bytes, &part);
        if (!host)
            return;
        phys_code_written(m->phys, pa);
        memcpy(host, in, part);
    }
}

static void put(const struct ram *m, uint64_t pa, uint64_t v, uint32_t bytes)
{
    uint8_t text[8];
    for (uint32_t n = 0; n < bytes; n++)
        text[n] = (uint8_t)(v >> 8 * (bytes - 1 - n));
    ram_write(m, pa, text, bytes);
}

uint32_t ram_get32(const struct ram *m, uint64_t pa)
{
    uint8_t b[4];
    ram_read(m, pa, b, sizeof b);
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

void ram_put32(const struct ram *m, uint64_t pa, uint32_t v) { put(m, pa, v, 4); }
void ram_put64(const struct ram *m, uint64_t pa, uint64_t v) { put(m, pa, v, 8); }
