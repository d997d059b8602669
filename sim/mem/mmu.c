#include "sim/mem/mmu.h"

#include "sim/base/bits.h"

void mmu_add_tlb(struct mmu *m, struct soft_tlb *t)
{
    soft_tlb_flush(t);
    t->next = m->tlbs;
    m->tlbs = t;
}

void mmu_remove_tlb(struct mmu *m, struct soft_tlb *t)
{
    struct soft_tlb **link = &m->tlbs;
    while (*link && *link != t)
        link = &(*link)->next;
    if (*link)
        *link = t->next;
}

/* One loop for both directions: `to_guest` says which side is the guest's. */
static uint64_t copy(struct mmu *m, uint64_t ea, uint8_t *host, uint64_t bytes, bool to_guest,
                     enum mmu_access access)
{
    uint64_t done = 0;
    while (done < bytes) {
        struct frame *frame;
        uint64_t frame_pa, at = (ea + done) & (FRAME_BYTES - 1);
        uint64_t part = min_u64(bytes - done, FRAME_BYTES - at);
        if (m->translate(m, ea + done, access, &frame, &frame_pa) != MMU_OK)
            break;
        if (to_guest) {
            if (frame->has_code)
                phys_code_written(m->phys, frame_pa);
            memcpy(frame->host + at, host + done, part);
        } else {
            memcpy(host + done, frame->host + at, part);
        }
        done += part;
    }
    return done;
}

uint64_t mmu_read(struct mmu *m, uint64_t ea, void *to, uint64_t bytes)
{
    return copy(m, ea, to, bytes, false, MMU_LOAD);
}

uint64_t mmu_write(struct mmu *m, uint64_t ea, const void *from, uint64_t bytes)
{
    return copy(m, ea, (uint8_t *)(uintptr_t)from, bytes, true, MMU_STORE);
}

uint64_t mmu_poke(struct mmu *m, uint64_t ea, const void *from, uint64_t bytes)
{
    for (uint64_t at = PAGE_OF(ea); m->unshare && at < ea + bytes; at += FRAME_BYTES)
        m->unshare(m, at);
    return copy(m, ea, (uint8_t *)(uintptr_t)from, bytes, true, MMU_LOAD);
}
