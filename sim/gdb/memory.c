#include "sim/gdb/internal.h"

#include <string.h>

#include "sim/base/bits.h"

uint64_t memory_read(struct gdb *g, uint64_t ea, void *to, uint64_t bytes)
{
    return mmu_read(g->cpu->mmu, ea & g->cpu->ea_mask, to, bytes);
}

/* Protected pages are written, too, unless they are the host's own mapping of a file: there the
 * host would object. */
static bool may_poke(struct mmu *m, uint64_t ea)
{
    struct frame *frame;
    uint64_t pa;
    return m->translate(m, ea, MMU_LOAD, &frame, &pa) == MMU_OK && !frame->borrowed;
}

uint64_t memory_write(struct gdb *g, uint64_t ea, const void *from, uint64_t bytes)
{
    struct mmu *m = g->cpu->mmu;
    const uint8_t *in = from;
    uint64_t done = 0;
    ea &= g->cpu->ea_mask;
    while (done < bytes) {
        uint64_t at = ea + done;
        uint64_t part = min_u64(bytes - done, FRAME_BYTES - (at & (FRAME_BYTES - 1)));
        uint64_t written = mmu_write(m, at, in + done, part);
        if (!written && may_poke(m, at))
            written = mmu_poke(m, at, in + done, part);
        if (!written)
            break;
        done += written;
    }
    return done;
}

/* A long of the guest; zero where it cannot be read, which ends every list on the stack. */
static uint64_t read_long(struct gdb *g, uint64_t ea)
{
    uint32_t bytes = g->cpu->is_64bit ? 8 : 4;
    uint8_t raw[8] = {0};
    uint64_t value = 0;
    if (memory_read(g, ea, raw, bytes) != bytes)
        return 0;
    for (uint32_t n = 0; n < bytes; n++)
        value = value << 8 | raw[g->cpu->big_endian ? n : bytes - 1 - n];
    return value;
}

/* Above argc stand argv and envp, each ending with a zero, then pairs up to type 0. */
void memory_find_auxv(struct gdb *g)
{
    uint64_t word = g->cpu->is_64bit ? 8 : 4, at = g->cpu->gpr[1];
    uint64_t argc = read_long(g, at), end;
    at += (argc + 2) * word;
    while (read_long(g, at))
        at += word;
    at += word;
    for (end = at; read_long(g, end) && end + 4 * word - at <= AUXV_ROOM; end += 2 * word)
        ;
    g->auxv_bytes = (uint32_t)memory_read(g, at, g->auxv, end + 2 * word - at);
}
