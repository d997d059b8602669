/* How a processor's effective addresses become physical frames. A translation scheme (a Linux
 * process, real mode, radix) implements `struct mmu`; a processor caches its answers in a
 * direct-mapped soft_tlb, whose hit path is inlined into the instruction bodies. The soft TLB is a
 * device of the simulator, not a model: it has no effect on any statistic. */
#ifndef SIM_MEM_MMU_H
#define SIM_MEM_MMU_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "sim/mem/areas.h"
#include "sim/mem/page_table.h"
#include "sim/mem/phys.h"

#define SOFT_TLB_ENTRIES 1024
#define SOFT_TLB_NONE    UINT64_MAX /* a tag that no page has */
#define PAGE_OF(ea)      ((ea) & ~(FRAME_BYTES - 1))

struct soft_tlb_entry {
    uint64_t load_tag, store_tag; /* page address for which the access needs no further check */
    uint64_t host_minus_ea;       /* added to the effective address: the host's address (wraps) */
    uint64_t pa_minus_ea;
};

struct soft_tlb {
    struct soft_tlb_entry entry[SOFT_TLB_ENTRIES];
    struct soft_tlb *next; /* all soft TLBs of one mmu */
};

enum mmu_access { MMU_LOAD, MMU_STORE, MMU_FETCH };
enum mmu_result {
    MMU_OK, MMU_UNMAPPED, MMU_PROTECTED, MMU_BUS_ERROR,
    /* of translation tables: see radix.h */
    MMU_NO_SEGMENT, MMU_KEY, MMU_NO_EXEC, MMU_RC_CLEAR, MMU_BAD_TABLE
};

struct mmu {
    /* Translates one page. On MMU_OK *frame and *pa (of the frame) are set. May allocate (first
     * touch). */
    enum mmu_result (*translate)(struct mmu *m, uint64_t ea, enum mmu_access access,
                                 struct frame **frame, uint64_t *frame_pa);
    /* The same without any effect, for wrong paths: not MMU_OK where translate would allocate, or
     * where an access has an effect of its own (a device). NULL: translate has none. */
    enum mmu_result (*look)(struct mmu *m, uint64_t ea, enum mmu_access access,
                            struct frame **frame, uint64_t *frame_pa);
    /* Before bytes are changed against the page's protection: the page becomes this address space's
     * own. NULL: they all are. */
    void (*unshare)(struct mmu *m, uint64_t ea);
    /* Accesses within one page that the soft TLB's fast path does not take, in an address space
     * whose bytes are not just those of its frames (overlay.h). Both NULL: they are. */
    enum mmu_result (*load)(struct mmu *m, uint64_t ea, void *to, uint32_t bytes);
    enum mmu_result (*store)(struct mmu *m, uint64_t ea, const void *from, uint32_t bytes);
    struct phys *phys;
    struct soft_tlb *tlbs;
    /* Where translations are found that the soft TLB lacks, without asking `translate`; NULL: only
     * that knows. */
    const struct page_table *pages;
    uint64_t page_bytes; /* of theirs */
};

static inline enum mmu_result mmu_look(struct mmu *m, uint64_t ea, enum mmu_access access,
                                       struct frame **frame, uint64_t *frame_pa)
{
    return (m->look ? m->look : m->translate)(m, ea, access, frame, frame_pa);
}

static inline struct soft_tlb_entry *soft_tlb_entry(struct soft_tlb *t, uint64_t ea)
{
    return &t->entry[(ea >> FRAME_BITS) & (SOFT_TLB_ENTRIES - 1)];
}

/* Where the byte at ea lies on the host, when a tag of its entry says that the entry is ea's. */
static inline void *soft_tlb_host(struct soft_tlb *t, uint64_t ea)
{
    return (void *)(uintptr_t)(ea + soft_tlb_entry(t, ea)->host_minus_ea);
}

/* The entry becomes a page's. What another one was used for goes; whoever asks sets the tags. */
static inline void soft_tlb_place(struct soft_tlb_entry *e, uint64_t host_minus_ea,
                                  uint64_t pa_minus_ea)
{
    if (e->host_minus_ea != host_minus_ea || e->pa_minus_ea != pa_minus_ea)
        e->load_tag = e->store_tag = SOFT_TLB_NONE;
    e->host_minus_ea = host_minus_ea;
    e->pa_minus_ea = pa_minus_ea;
}

static inline void soft_tlb_flush(struct soft_tlb *t)
{
    for (uint32_t n = 0; n < SOFT_TLB_ENTRIES; n++)
        t->entry[n].load_tag = t->entry[n].store_tag = SOFT_TLB_NONE;
}

/* Fills the entry of ea for loads or for stores when the page table alone says how: its frame is
 * there and open to them. False: `translate` has to be asked. */
static inline bool soft_tlb_refill(struct soft_tlb *t, const struct mmu *m, uint64_t ea,
                                   bool is_store)
{
    uint64_t page_ea = ea & ~(m->page_bytes - 1), frame_ea = PAGE_OF(ea);
    const struct page *p = m->pages ? page_table_find(m->pages, page_ea) : NULL;
    if (!p || !(p->prot & (is_store ? AREA_WRITE : AREA_READ)) || (is_store && p->copy_on_write))
        return false;
    uint32_t open = is_store ? p->in_run & ~(uint32_t)p->code : p->in_run;
    if (!(open >> ((ea - page_ea) >> FRAME_BITS) & 1))
        return false;
    struct soft_tlb_entry *e = soft_tlb_entry(t, ea);
    soft_tlb_place(e, (uint64_t)(uintptr_t)p->host - page_ea, p->pa - page_ea);
    *(is_store ? &e->store_tag : &e->load_tag) = frame_ea;
    return true;
}

/* The soft TLB is flushed by this mmu from now on, or no more. */
void mmu_add_tlb(struct mmu *m, struct soft_tlb *t);
void mmu_remove_tlb(struct mmu *m, struct soft_tlb *t);

/* After any change of a mapping or of a frame's has_code. */
static inline void mmu_flush(struct mmu *m)
{
    for (struct soft_tlb *t = m->tlbs; t; t = t->next)
        soft_tlb_flush(t);
}

/* The same for a few frames. */
static inline void mmu_flush_frames(struct mmu *m, uint64_t ea, uint64_t bytes)
{
    for (struct soft_tlb *t = m->tlbs; t; t = t->next)
        for (uint64_t at = 0; at < bytes; at += FRAME_BYTES) {
            struct soft_tlb_entry *e = soft_tlb_entry(t, ea + at);
            e->load_tag = e->store_tag = SOFT_TLB_NONE;
        }
}

/* Copies between host memory and guest pages, crossing pages; returns the number of bytes done
 * before the first fault. Used by system calls and loaders, never by instructions. */
uint64_t mmu_read(struct mmu *m, uint64_t ea, void *to, uint64_t bytes);
uint64_t mmu_write(struct mmu *m, uint64_t ea, const void *from, uint64_t bytes);
/* As mmu_write, but ignores the page's write protection (program loading, debugger). */
uint64_t mmu_poke(struct mmu *m, uint64_t ea, const void *from, uint64_t bytes);

#endif
