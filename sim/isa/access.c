#include "sim/isa/access.h"

#include "sim/base/bits.h"

static _Noreturn void refuse(struct cpu *s, const struct insn *i, uint64_t ea,
                             enum mmu_access access, enum mmu_result why)
{
    s->exception.is_store = access == MMU_STORE;
    cpu_raise(s, i, EXC_DSI, ea, why);
}

static struct frame *translate(struct cpu *s, const struct insn *i, uint64_t ea,
                               enum mmu_access access, uint64_t *frame_pa)
{
    struct frame *frame;
    enum mmu_result r = s->mmu->translate(s->mmu, ea, access, &frame, frame_pa);
    if (r != MMU_OK)
        refuse(s, i, ea, access, r);
    return frame;
}

static void fill_tlb(struct cpu *s, uint64_t ea, enum mmu_access access, const struct frame *frame,
                     uint64_t frame_pa)
{
    struct soft_tlb_entry *e = soft_tlb_entry(&s->tlb, ea);
    uint64_t page = PAGE_OF(ea);
    soft_tlb_place(e, (uint64_t)(uintptr_t)frame->host - page, frame_pa - page);
    if (access == MMU_LOAD)
        e->load_tag = page;
    else if (!frame->has_code)
        e->store_tag = page;
}

static uint32_t part_of_page(uint64_t ea, uint32_t bytes)
{
    return (uint32_t)min_u64(bytes, FRAME_BYTES - (ea & (FRAME_BYTES - 1)));
}

void load_slow(struct cpu *s, const struct insn *i, uint64_t ea, void *to, uint32_t bytes)
{
    uint8_t *out = to;
    uint64_t frame_pa;
    for (uint32_t done = 0, part; done < bytes; done += part) {
        uint64_t at = (ea + done) & s->ea_mask;
        part = part_of_page(at, bytes - done);
        if (s->mmu->load) {
            enum mmu_result r = s->mmu->load(s->mmu, at, out + done, part);
            if (r != MMU_OK)
                refuse(s, i, at, MMU_LOAD, r);
            continue;
        }
        if (!soft_tlb_refill(&s->tlb, s->mmu, at, false)) {
            struct frame *frame = translate(s, i, at, MMU_LOAD, &frame_pa);
            fill_tlb(s, at, MMU_LOAD, frame, frame_pa);
        }
        memcpy(out + done, soft_tlb_host(&s->tlb, at), part);
    }
}

/* What a fault in the second page leaves written in the first is never seen: it ends the path. */
static void store_overlaid(struct cpu *s, const struct insn *i, uint64_t ea, const void *from,
                           uint32_t bytes)
{
    const uint8_t *in = from;
    for (uint32_t done = 0, part; done < bytes; done += part) {
        uint64_t at = (ea + done) & s->ea_mask;
        part = part_of_page(at, bytes - done);
        enum mmu_result r = s->mmu->store(s->mmu, at, in + done, part);
        if (r != MMU_OK)
            refuse(s, i, at, MMU_STORE, r);
    }
}

void store_slow(struct cpu *s, const struct insn *i, uint64_t ea, const void *from, uint32_t bytes)
{
    const uint8_t *in = from;
    uint64_t frame_pa;
    if (s->mmu->store) {
        store_overlaid(s, i, ea, from, bytes);
        return;
    }
    uint64_t last_page = PAGE_OF((ea + bytes - 1) & s->ea_mask);
    if (last_page != PAGE_OF(ea)) {
        /* A fault in the second page must leave the first one unwritten. */
        translate(s, i, ea, MMU_STORE, &frame_pa);
        translate(s, i, last_page, MMU_STORE, &frame_pa);
    }
    for (uint32_t done = 0, part; done < bytes; done += part) {
        uint64_t at = (ea + done) & s->ea_mask;
        part = part_of_page(at, bytes - done);
        if (!soft_tlb_refill(&s->tlb, s->mmu, at, true)) {
            struct frame *frame = translate(s, i, at, MMU_STORE, &frame_pa);
            if (frame->has_code && frame_store_hits_code(frame, at & (FRAME_BYTES - 1), part))
                phys_code_written(s->mmu->phys, frame_pa);
            fill_tlb(s, at, MMU_STORE, frame, frame_pa);
        }
        memcpy(soft_tlb_host(&s->tlb, at), in + done, part);
    }
}
