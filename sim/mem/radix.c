#include "sim/mem/radix.h"

#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

/* Fields of the tables' doublewords, by their places in 5.7.6 and 5.7.10. */
#define TABLE_BASE   UINT64_C(0x0ffffffffffff000) /* of PTCR and of a partition table entry */
#define TABLE_SIZE   UINT64_C(0x1f)               /* log2 of the bytes - 12 */
#define ROOT_BASE    UINT64_C(0x0fffffffffffff00) /* of a process table entry and of a PDE */
#define ROOT_BITS    UINT64_C(0x1f)               /* index bits of the table at that base */
#define ENTRY_VALID  (UINT64_C(1) << 63)
#define ENTRY_LEAF   (UINT64_C(1) << 62)
#define LEAF_PAGE    UINT64_C(0x01fffffffffff000)
#define LEAF_R       UINT64_C(0x100)
#define LEAF_C       UINT64_C(0x80)
#define LEAF_ATT     UINT64_C(0x30)
#define ATT_GUARDED  UINT64_C(0x20) /* non-idempotent: no instructions are fetched */
#define LEAF_PRIV    UINT64_C(8)    /* encoded access authority */
#define LEAF_READ    UINT64_C(4)
#define LEAF_WRITE   UINT64_C(2)
#define LEAF_EXEC    UINT64_C(1)
/* Storage key 0, the only one of radix pages: bits of AMR and IAMR. */
#define AMR_NO_WRITE (UINT64_C(1) << 63)
#define AMR_NO_READ  (UINT64_C(1) << 62)
#define IAMR_NO_EXEC (UINT64_C(1) << 62)

#define REAL_BITS UINT64_C(0x0fffffffffffffff) /* of an effective address in real mode */

struct radix_mmu {
    struct mmu mmu; /* first: a struct mmu * is a struct radix_mmu * */
    const struct radix_context *context;
    uint64_t ram_bytes;
    bool updates_rc;
};

/* One walk under way. */
struct walk {
    const struct radix_mmu *r;
    uint64_t ea, pid;
    enum mmu_access access;
    bool only_looks;          /* must not write */
    uint64_t entry_pa, entry; /* the last one read */
    struct radix_path *path;  /* NULL: nobody wants to know */
};

static uint8_t *doubleword(const struct radix_mmu *r, uint64_t pa)
{
    return phys_frame(r->mmu.phys, pa)->host + (pa & (FRAME_BYTES - 8));
}

/* Tables are big-endian, whatever the processor's mode. */
static bool read_entry(struct walk *w, uint64_t pa)
{
    uint64_t v;
    if (pa >= w->r->ram_bytes)
        return false;
    memcpy(&v, doubleword(w->r, pa), sizeof v);
    w->entry = __builtin_bswap64(v);
    w->entry_pa = pa;
    return true;
}

static void write_entry(const struct walk *w, uint64_t entry)
{
    uint64_t v = __builtin_bswap64(entry);
    phys_code_written(w->r->mmu.phys, w->entry_pa);
    memcpy(doubleword(w->r, w->entry_pa), &v, sizeof v);
}

/* The quadrant, the two highest bits, says whose table it is (5.7.6.1): the process's or, under
 * PID 0, the operating system's. Quadrants 1 and 2 are a hypervisor's view of its guest. */
static bool find_process(struct walk *w)
{
    const struct radix_context *c = w->r->context;
    uint64_t quadrant = w->ea >> 62;
    bool is_foreign = quadrant == 1 || quadrant == 2;
    w->pid = quadrant < 2 ? c->pid : 0;
    return !is_foreign || (c->is_hypervisor && !c->is_problem);
}

/* Reads the process table entry, by way of the partition table's entry 0. */
static enum mmu_result read_process_entry(struct walk *w)
{
    const struct radix_context *c = w->r->context;
    uint64_t table = c->ptcr & TABLE_BASE;
    if (c->lpid)
        return MMU_BAD_TABLE;
    if (!read_entry(w, table + 8))
        return MMU_BUS_ERROR;
    uint64_t size_bits = (w->entry & TABLE_SIZE) + 12;
    if (w->pid * 16 >> size_bits)
        return MMU_UNMAPPED;
    return read_entry(w, (w->entry & TABLE_BASE) + w->pid * 16) ? MMU_OK : MMU_BUS_ERROR;
}

/* Bits of effective address that the process's tables cover: RTS, 31 + bits 1:2 with 56:58. */
static uint32_t covered_bits(uint64_t entry)
{
    return (uint32_t)((entry >> 61 & 3) << 3 | (entry >> 5 & 7)) + 31;
}

static void note_path(struct walk *w, uint32_t left)
{
    struct radix_path *p = w->path;
    if (!p || p->levels == RADIX_LEVELS)
        return;
    uint32_t n = p->levels++;
    p->pa[n] = w->entry_pa;
    p->left[n] = (uint8_t)left;
    p->bits[n] = w->entry & ENTRY_LEAF ? 0 : (uint8_t)(w->entry & ROOT_BITS);
}

/* From the process table entry down to a leaf; *page_bits is the leaf's size. */
static enum mmu_result descend(struct walk *w, uint32_t *page_bits)
{
    uint32_t left = covered_bits(w->entry);
    uint64_t offset = w->ea & ~(UINT64_C(3) << 62);
    if (left > 62 || offset >> left)
        return MMU_NO_SEGMENT;
    do {
        uint32_t bits = (uint32_t)(w->entry & ROOT_BITS);
        uint64_t base = w->entry & ROOT_BASE;
        if (bits == 0 || bits + FRAME_BITS > left)
            return bits ? MMU_BAD_TABLE : MMU_UNMAPPED;
        left -= bits;
        uint64_t index = offset >> left & ((UINT64_C(1) << bits) - 1);
        if (!read_entry(w, base + 8 * index))
            return MMU_BUS_ERROR;
        note_path(w, left);
        if (!(w->entry & ENTRY_VALID))
            return MMU_UNMAPPED;
    } while (!(w->entry & ENTRY_LEAF));
    *page_bits = left;
    return MMU_OK;
}

/* 5.7.12: the leaf's authority, and key 0 for the operating system in a process's pages. */
static enum mmu_result check_access(const struct walk *w)
{
    static const uint64_t needed[] = {
        [MMU_LOAD] = LEAF_READ, [MMU_STORE] = LEAF_WRITE, [MMU_FETCH] = LEAF_EXEC};
    const struct radix_context *c = w->r->context;
    const uint64_t denied[] = {[MMU_LOAD] = c->amr & AMR_NO_READ,
                               [MMU_STORE] = c->amr & AMR_NO_WRITE,
                               [MMU_FETCH] = c->iamr & IAMR_NO_EXEC};
    bool is_private = w->entry & LEAF_PRIV;
    bool is_fetch = w->access == MMU_FETCH;
    if (c->is_problem && is_private)
        return is_fetch ? MMU_NO_EXEC : MMU_PROTECTED;
    if (!(w->entry & needed[w->access]) || (is_fetch && (w->entry & LEAF_ATT) == ATT_GUARDED))
        return is_fetch ? MMU_NO_EXEC : MMU_PROTECTED;
    if (!c->is_problem && !is_private && denied[w->access])
        return is_fetch ? MMU_PROTECTED : MMU_KEY;
    return MMU_OK;
}

/* 5.7.13 */
static enum mmu_result note_reference(struct walk *w)
{
    uint64_t wanted = w->entry | LEAF_R | (w->access == MMU_STORE ? LEAF_C : 0);
    if (wanted == w->entry)
        return MMU_OK;
    if (!w->r->updates_rc || w->only_looks)
        return MMU_RC_CLEAR;
    write_entry(w, wanted);
    return MMU_OK;
}

static enum mmu_result walk_tables(struct walk *w, uint64_t *pa)
{
    uint32_t page_bits = 0;
    if (!find_process(w))
        return MMU_NO_SEGMENT;
    enum mmu_result result = read_process_entry(w);
    if (result == MMU_OK)
        result = descend(w, &page_bits);
    if (result == MMU_OK)
        result = check_access(w);
    if (result == MMU_OK)
        result = note_reference(w);
    uint64_t within = (UINT64_C(1) << page_bits) - 1;
    *pa = (w->entry & LEAF_PAGE & ~within) | (w->ea & within);
    return result;
}

bool radix_mmu_path(struct radix_mmu *r, uint64_t ea, struct radix_path *path)
{
    struct walk w = {.r = r, .ea = ea, .access = MMU_LOAD, .only_looks = true, .path = path};
    uint32_t page_bits;
    path->levels = 0;
    if (!find_process(&w) || read_process_entry(&w) != MMU_OK)
        return false;
    path->partition_pa = (r->context->ptcr & TABLE_BASE) + 8;
    path->process_pa = w.entry_pa;
    return descend(&w, &page_bits) == MMU_OK;
}

static enum mmu_result find(struct mmu *m, uint64_t ea, enum mmu_access access, bool only_looks,
                            struct frame **frame, uint64_t *frame_pa)
{
    const struct radix_mmu *r = (const struct radix_mmu *)m;
    enum radix_side side = access == MMU_FETCH ? RADIX_FETCH : RADIX_DATA;
    uint64_t pa = ea & REAL_BITS;
    if (r->context->is_relocated[side]) {
        struct walk w = {.r = r, .ea = ea, .access = access, .only_looks = only_looks};
        enum mmu_result result = walk_tables(&w, &pa);
        if (result != MMU_OK)
            return result;
    }
    if (pa >= r->ram_bytes)
        return MMU_BUS_ERROR;
    *frame_pa = align_down(pa, FRAME_BYTES);
    *frame = phys_frame(m->phys, pa);
    return MMU_OK;
}

static enum mmu_result translate(struct mmu *m, uint64_t ea, enum mmu_access access,
                                 struct frame **frame, uint64_t *frame_pa)
{
    return find(m, ea, access, false, frame, frame_pa);
}

static enum mmu_result look(struct mmu *m, uint64_t ea, enum mmu_access access,
                            struct frame **frame, uint64_t *frame_pa)
{
    return find(m, ea, access, true, frame, frame_pa);
}

struct radix_mmu *radix_mmu_create(struct phys *phys, uint64_t ram_bytes,
                           const struct radix_context *context, bool updates_rc)
{
    struct radix_mmu *r = xcalloc(1, sizeof *r);
    *r = (struct radix_mmu){.mmu = {.translate = translate, .look = look, .phys = phys},
                            .context = context, .ram_bytes = ram_bytes, .updates_rc = updates_rc};
    return r;
}

void radix_mmu_destroy(struct radix_mmu *r) { free(r); }

struct mmu *radix_mmu_base(struct radix_mmu *r) { return &r->mmu; }
