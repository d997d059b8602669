#include "models/pipeline/scalar/mmu.h"

#include "models/pipeline/scalar/icache.h"
#include "sim/isa/state.h"

#define EA_MASK ((UINT64_C(1) << 52) - 1) /* addresses beyond are not kept */

uint32_t mmu_effective_pid(const struct scalar_mmu *m, uint64_t ea)
{
    return ea >> 63 ? 0 : (uint32_t)m->pid;
}

/* The arrays are indexed by sums without carry of fields of the address and of the PID. */
uint32_t mmu_tlb_set(uint64_t ea, uint32_t pid)
{
    return (uint32_t)(ea >> 12 ^ ea >> 18 ^ ea >> 46 ^ pid) & (MMU_SETS - 1);
}

static uint32_t walk_set(uint64_t ea, uint32_t pid, uint32_t level)
{
    static const uint32_t salt[] = {0x09, 0x12, 0x24};
    uint64_t sum = ea >> (21 + 9 * level) ^ ea >> 46 ^ pid ^ pid >> 6 ^ salt[level];
    if (level < 2)
        sum ^= ea >> (27 + 9 * level);
    return (uint32_t)sum & (MMU_SETS - 1);
}

static uint64_t walk_page(uint64_t ea, uint32_t level)
{
    return (ea & EA_MASK) >> (21 + 9 * level);
}

static uint32_t choose_victim(const struct mmu_entry *entry, uint16_t tree)
{
    for (uint32_t n = 0; n < MMU_WAYS; n++)
        if (!entry[n].valid)
            return n;
    return scalar_plru_victim(tree, MMU_WAYS);
}

static void touch_tree(struct mmu_array *a)
{
    if (a->touch)
        a->plru[a->set] = scalar_plru_touch(a->plru[a->set], MMU_WAYS, a->way);
    a->touch = false;
}

static void found(struct mmu_array *a, uint32_t way)
{
    a->way = way;
    a->state = SEARCH_READ;
}

static void missed(struct mmu_array *a)
{
    a->miss = true;
    a->state = SEARCH_WAIT;
}

static uint64_t small_page(uint64_t ea) { return (ea & EA_MASK) >> FRAME_BITS; }

/* Ways that may hold the page by valid bit, PID and the two tag bits that stand beside them. */
static uint32_t tlb_candidates(const struct mmu_entry *set, uint64_t page, uint32_t pid)
{
    uint32_t ways = 0;
    for (uint32_t n = 0; n < MMU_WAYS; n++)
        ways |= (uint32_t)(set[n].valid && set[n].pid == pid &&
                           !((set[n].page ^ page) >> 6 & 3)) << n;
    return ways;
}

uint32_t mmu_probe_cycles(const struct scalar_mmu *m, uint64_t ea, uint32_t pid)
{
    return tlb_candidates(m->tlb.entry[mmu_tlb_set(ea, pid)], small_page(ea), pid) ? 4 : 2;
}

/* Tags of two ways; `left`: those of the other two may still hit. */
static void compare_tags(struct scalar_mmu *m, uint32_t first, bool left)
{
    struct mmu_array *a = &m->tlb;
    const struct mmu_entry *set = a->entry[a->set];
    uint32_t pid = mmu_effective_pid(m, m->ea);
    for (uint32_t n = first; n < first + 2; n++)
        if (set[n].valid && set[n].pid == pid && set[n].page == small_page(m->ea)) {
            found(a, n);
            return;
        }
    if (left)
        a->state = SEARCH_HIGH;
    else
        missed(a);
}

static void finish_tlb(struct scalar_mmu *m)
{
    struct mmu_array *a = &m->tlb;
    if (m->write_tlb) {
        a->way = a->victim[0];
        a->entry[a->set][a->way] = (struct mmu_entry){
            .page = small_page(m->ea), .pid = mmu_effective_pid(m, m->ea), .valid = true};
        a->touch = true;
        a->state = SEARCH_WRITE1;
    } else if (m->done) {
        a->state = SEARCH_IDLE;
    }
}

/* The TLB's search: valid bits and a part of the tags, tags of ways 0 and 1, of 2 and 3, entry. */
static void search_tlb(struct scalar_mmu *m)
{
    struct mmu_array *a = &m->tlb;
    const struct mmu_entry *set = a->entry[a->set];
    switch (a->state) {
    case SEARCH_START: a->state = SEARCH_VALID; break;
    case SEARCH_VALID:
        a->victim[0] = choose_victim(set, a->plru[a->set]);
        a->may_hit[0] = tlb_candidates(set, small_page(m->ea), mmu_effective_pid(m, m->ea));
        if (a->may_hit[0])
            a->state = SEARCH_LOW;
        else
            missed(a);
        break;
    case SEARCH_LOW: compare_tags(m, 0, a->may_hit[0] & 12); break;
    case SEARCH_HIGH: compare_tags(m, 2, false); break;
    case SEARCH_READ:
        a->victim[0] = a->way;
        a->hit = a->touch = true;
        a->state = SEARCH_WAIT;
        break;
    case SEARCH_WAIT: finish_tlb(m); break;
    case SEARCH_WRITE1: a->state = SEARCH_WRITE2; break;
    case SEARCH_WRITE2: a->state = SEARCH_IDLE; break;
    default: break;
    }
}

/* Ways of the level's set that may hold the address: by valid bit, PID and size alone. */
static uint32_t candidates(struct scalar_mmu *m, uint32_t level)
{
    struct mmu_array *a = &m->walk_cache;
    uint32_t pid = mmu_effective_pid(m, m->ea), ways = 0, set = walk_set(m->ea, pid, level);
    const struct mmu_entry *e = a->entry[set];
    a->victim[level] = choose_victim(e, a->plru[set]);
    for (uint32_t n = 0; n < MMU_WAYS; n++)
        ways |= (uint32_t)(e[n].valid && e[n].pid == pid && e[n].level == level) << n;
    return a->may_hit[level] = ways;
}

static void drop_wrong_tags(struct scalar_mmu *m, uint32_t level, uint32_t ways)
{
    struct mmu_array *a = &m->walk_cache;
    const struct mmu_entry *e = a->entry[walk_set(m->ea, mmu_effective_pid(m, m->ea), level)];
    for (uint32_t n = 0; n < MMU_WAYS; n++)
        if (ways >> n & 1 && e[n].page != walk_page(m->ea, level))
            a->may_hit[level] &= ~(1u << n);
}

/* The level's tags are known: a hit, or the search goes on; SEARCH_IDLE: nowhere. */
static void settle_level(struct scalar_mmu *m, uint32_t level, enum search_state next)
{
    struct mmu_array *a = &m->walk_cache;
    if (a->may_hit[level]) {
        a->size = (uint8_t)level;
        a->set = walk_set(m->ea, mmu_effective_pid(m, m->ea), level);
        found(a, (uint32_t)__builtin_ctz(a->may_hit[level]));
    } else if (next == SEARCH_IDLE) {
        missed(a);
    } else {
        a->state = next;
    }
}

static void read_top_level(struct scalar_mmu *m, enum search_state next, bool is_out_of_1g)
{
    struct mmu_array *a = &m->walk_cache;
    if (candidates(m, 2))
        a->next = SEARCH_512G_TAGS;
    if (!a->may_hit[2] && is_out_of_1g)
        missed(a);
    else
        a->state = next;
}

/* One step of the walk cache's search; a read is asked for two steps before it is looked at, so the
 * step after the next is decided on what is known now. */
static void search_levels(struct scalar_mmu *m)
{
    struct mmu_array *a = &m->walk_cache;
    enum search_state next = a->next;
    bool is_out_of_2m = !a->may_hit[0], is_out_of_1g = !a->may_hit[1];
    switch (a->state) {
    case SEARCH_VALID:
        a->next = candidates(m, 0) ? SEARCH_LOW : SEARCH_512G_VALID;
        a->state = SEARCH_1G_VALID;
        break;
    case SEARCH_1G_VALID:
        candidates(m, 1);
        a->next = !is_out_of_2m     ? SEARCH_HIGH
                  : a->may_hit[1]   ? SEARCH_1G_TAGS
                                    : SEARCH_512G_VALID;
        a->state = next;
        break;
    case SEARCH_LOW:
        drop_wrong_tags(m, 0, 3);
        a->next = !is_out_of_1g ? SEARCH_1G_TAGS : SEARCH_512G_VALID;
        a->state = next;
        break;
    case SEARCH_HIGH:
        drop_wrong_tags(m, 0, 12);
        a->next = !is_out_of_1g ? SEARCH_512G_VALID : SEARCH_512G_TAGS;
        settle_level(m, 0, next);
        break;
    case SEARCH_1G_TAGS:
        drop_wrong_tags(m, 1, 15);
        settle_level(m, 1, next);
        break;
    case SEARCH_512G_VALID:
        read_top_level(m, next, is_out_of_1g);
        break;
    default:
        drop_wrong_tags(m, 2, 15);
        settle_level(m, 2, SEARCH_IDLE);
    }
}

static void write_level(struct scalar_mmu *m)
{
    struct mmu_array *a = &m->walk_cache;
    uint32_t pid = mmu_effective_pid(m, m->ea), level = m->write_level;
    a->set = walk_set(m->ea, pid, level);
    a->way = a->victim[level];
    a->entry[a->set][a->way] = (struct mmu_entry){
        .page = walk_page(m->ea, level), .pid = pid, .level = (uint8_t)level, .valid = true};
    a->touch = true;
    a->state = SEARCH_WRITE1;
}

static void search_walk_cache(struct scalar_mmu *m)
{
    struct mmu_array *a = &m->walk_cache;
    switch (a->state) {
    case SEARCH_IDLE:
    case SEARCH_INVALIDATE:
        break;
    case SEARCH_START:
        a->state = SEARCH_VALID;
        break;
    case SEARCH_READ:
        a->hit = a->touch = true;
        a->state = SEARCH_WAIT;
        break;
    case SEARCH_WAIT:
        if (m->write_walk_cache)
            write_level(m);
        break;
    case SEARCH_WRITE1:
        a->state = SEARCH_WRITE2;
        break;
    case SEARCH_WRITE2:
        a->state = SEARCH_WAIT;
        break;
    default:
        search_levels(m);
    }
    if (m->done)
        a->state = SEARCH_IDLE;
}

static void start(struct mmu_array *a, uint32_t set)
{
    a->hit = a->miss = a->done = false;
    a->set = set;
    a->may_hit[0] = a->may_hit[1] = a->may_hit[2] = 0;
    a->state = SEARCH_START;
}

void mmu_search_start(struct scalar_mmu *m)
{
    uint32_t pid = mmu_effective_pid(m, m->ea);
    start(&m->tlb, mmu_tlb_set(m->ea, pid));
    start(&m->walk_cache, walk_set(m->ea, pid, 0));
}

void mmu_search_cycle(struct scalar_mmu *m)
{
    touch_tree(&m->tlb);
    touch_tree(&m->walk_cache);
    search_tlb(m);
    search_walk_cache(m);
}
