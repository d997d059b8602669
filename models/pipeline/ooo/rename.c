/* Registers are renamed at dispatch: map[] names the youngest writer of each.
 *
 * A map entry is 0 (the value is in the register file) or 2 x (position + 1), plus 1 when the
 * register is the new base address of that load or store. */
#include <string.h>

#include "models/pipeline/ooo/ooo.h"
#include "sim/base/bits.h"
#include "sim/isa/state.h"

/* The pools' free registers are kept in one word, nine bits each, so that one subtraction takes
 * from all: the ninth bit of a pool that has not enough disappears. */
enum pool { POOL_GPR, POOL_FPR, POOL_VR, POOL_CR, POOL_XER, POOL_LR_CTR, POOL_FPSCR, POOLS };
#define POOL_BITS   9
#define POOL(n)     (UINT64_C(1) << (POOL_BITS * (n)))
#define POOL_GUARDS UINT64_C(0x4020100804020100)

static uint64_t cost_of(const struct ooo *p, uint32_t reg)
{
    if (reg < REG_VSR)
        return POOL(POOL_GPR);
    if (reg < REG_CR)
        return POOL(p->keys.rename_vr && reg >= REG_VSR + 32 ? POOL_VR : POOL_FPR);
    if (reg < REG_CA)
        return POOL(POOL_CR);
    switch (reg) {
    case REG_CA: case REG_OV: case REG_SO: return POOL(POOL_XER);
    case REG_LR: case REG_CTR: case REG_TAR: return POOL(POOL_LR_CTR);
    case REG_FPSCR: return p->keys.late_fpscr_cycles ? 0 : POOL(POOL_FPSCR);
    default: return 0; /* renamed without limit: hardly ever written */
    }
}

void ooo_rename_reset(struct ooo *p)
{
    const struct ooo_keys *k = &p->keys;
    const uint32_t sizes[POOLS] = {k->rename_gpr, k->rename_fpr, k->rename_vr, k->rename_cr,
                                   k->rename_xer, k->rename_lr_ctr, k->rename_fpscr};
    for (uint32_t n = 0; n < POOLS; n++)
        p->renames_free += sizes[n] * POOL(n);
    for (uint32_t reg = 0; reg < REG_COUNT; reg++)
        p->rename_cost[reg] = cost_of(p, reg);
}

/* gpr|fpr|vr:N ...; what is not named has no limit. */
bool ooo_rename_limits(struct ooo *p, struct err *e)
{
    static const char *const files[] = {[POOL_GPR] = "gpr", [POOL_FPR] = "fpr", [POOL_VR] = "vr"};
    const char *text = p->keys.dispatch_renames;
    char word[32];
    p->dispatch_renames = *text ? ~POOL_GUARDS & (POOL(POOLS) - 1) : 0;
    while (units_next_word(&text, word, sizeof word)) {
        char *colon = strchr(word, ':');
        uint32_t file = 0, n = colon ? units_number(colon + 1, 16) : 0;
        if (colon)
            *colon = 0;
        while (file < ARRAY_LEN(files) && strcmp(files[file], word))
            file++;
        if (!n || file == ARRAY_LEN(files))
            return config_error(p->env.config, p->env.section, "dispatch_renames", e,
                                "want gpr:N, fpr:N, vr:N or several of them, N 1..16");
        p->dispatch_renames -= (255 - n) * POOL(file);
    }
    return true;
}

bool ooo_renames_take(uint64_t *left, uint64_t cost)
{
    bool enough = (((*left | POOL_GUARDS) - cost) & POOL_GUARDS) == POOL_GUARDS;
    if (enough)
        *left -= cost;
    return enough;
}

uint64_t ooo_rename_cost(const struct ooo *p, const struct step *t)
{
    uint64_t cost = 0;
    for (uint32_t n = 0; n < t->shape.out_count; n++)
        cost += p->rename_cost[t->shape.outs[n]];
    return cost;
}

bool ooo_renames_suffice(const struct ooo *p, uint64_t *cost)
{
    if ((((p->renames_free | POOL_GUARDS) - *cost) & POOL_GUARDS) == POOL_GUARDS)
        return true;
    if (p->rob_tail != p->rob_head)
        return false;
    *cost = 0;
    return true;
}

/* Puts the uop into the list of the writer of the register, unless that is known to be done. */
static inline bool waits_for(struct ooo *p, struct uop *u, uint32_t number, uint32_t reg,
                             uint64_t *ready)
{
    uint64_t entry = p->map[reg];
    if (entry < 2 * (p->rob_head + 1))
        return false; /* committed, or never written */
    const struct uop *w = uop_at(p, entry / 2 - 1);
    uint64_t known = entry & 1 ? memory_of(p, w)->base_cycle : w->done_cycle;
    if (known != NEVER) {
        *ready = max_u64(*ready, known);
        return false;
    }
    ooo_wait(p, u, number, entry & 1 ? base_list(p, w) : result_list(p, w));
    return true;
}

/* The data of a store, which its address does not wait for. */
static inline void rename_data(struct ooo *p, struct uop *u, const struct step *t)
{
    uint64_t ready = p->cycle;
    for (uint32_t n = t->shape.data_first; n < t->in_count; n++)
        u->data_pending = (uint8_t)(u->data_pending + waits_for(p, u, n, t->in[n], &ready));
    if (memory_of(p, u)->store != NEVER)
        store_at(p, memory_of(p, u)->store)->data_so_far = ready;
}

static inline void rename_sources(struct ooo *p, struct uop *u, const struct step *t)
{
    uint32_t end = t->in_count, pending = u->pending;
    uint64_t ready = u->ready_cycle;
    if (u->flags & UOP_STORE) {
        rename_data(p, u, t);
        end = (uint32_t)min_u64(end, t->shape.data_first);
    }
    for (uint32_t n = 0; n < end; n++)
        pending += waits_for(p, u, n, t->in[n], &ready);
    u->pending = (uint8_t)pending;
    u->ready_cycle = ready;
}

/* The register whose value branches get before all others do; REG_NONE: not a move to LR or CTR. */
static __attribute__((noinline)) uint32_t comes_early(struct ooo *p, struct uop *u)
{
    if (u->out_count != 1 || (u->outs[0] != REG_LR && u->outs[0] != REG_CTR))
        return REG_NONE;
    u->traits |= TRAIT_EARLY;
    window_add(&p->branch_moves, uop_index(p, u));
    memory_of(p, u)->base_cycle = NEVER;
    return u->outs[0];
}

static inline void rename_results(struct ooo *p, struct uop *u, const struct step *t,
                                  const struct op *op)
{
    uint64_t entry = 2 * (p->rob_tail + 1);
    uint32_t count = u->out_count, base = REG_NONE;
    if (u->flags & UOP_BASE)
        base = REG_GPR + op->insn->ra;
    else if (t->class == CLASS_MTSPR && p->keys.early_branch_registers)
        base = comes_early(p, u);
    for (uint32_t n = 0; n < count; n++) {
        uint32_t reg = u->outs[n];
        *undo_at(p, u, n) = p->map[reg];
        p->map[reg] = entry + (reg == base);
        if (reg == REG_FPSCR && p->keys.late_fpscr_cycles &&
            p->units.class[CLASS_FADD].step[0].kinds >> u->kind & 1)
            u->traits |= TRAIT_FPSCR;
    }
}

/* Loads wait for the youngest sync before them. */
static void wait_for_barrier(struct ooo *p, struct uop *u)
{
    if (p->barrier <= p->rob_head) /* committed, or there was none */
        return;
    struct uop *sync = uop_at(p, p->barrier - 1);
    if (sync->done_cycle == NEVER) {
        ooo_wait(p, u, LINK_BARRIER, result_list(p, sync));
        u->pending++;
    } else {
        u->ready_cycle = max_u64(u->ready_cycle, sync->done_cycle);
    }
}

/* An access in several parts keeps its unit for as many cycles; of a load the parts themselves are
 * what makes it late. */
static void take_longer(const struct ooo *p, struct uop *u, const struct memory_uop *m)
{
    uint32_t each = ooo_access_bytes(p, m->bytes);
    uint64_t more = m->bytes ? ((m->pa & (each - 1)) + m->bytes - 1) / each : 0;
    u->interval = (uint16_t)(u->interval + more);
    if (!(u->flags & UOP_LOAD))
        u->latency = (uint16_t)(u->latency + more);
}

static __attribute__((noinline)) void dispatch_memory(struct ooo *p, struct uop *u,
                                                      const struct step *t, const struct op *op)
{
    struct memory_uop *m = memory_of(p, u);
    uint64_t in_page = FRAME_BYTES - (op->pa & (FRAME_BYTES - 1));
    bool crosses = op->bytes > in_page; /* the second page has an address of its own */
    *m = (struct memory_uop){.ea = op->ea + t->offset, .bytes = t->bytes, .left = t->bytes,
                             .base_cycle = NEVER, .store = NEVER, .level = 1,
                             .pa = crosses && t->offset >= in_page
                                       ? op->second_page_pa + t->offset - in_page
                                       : op->pa + t->offset,
                             .second_page_pa = op->second_page_pa};
    m->first_pa = m->pa;
    m->part = u->part;
    m->tlb_pages = t->bytes ? (uint8_t)(1 + (((m->ea & (FRAME_BYTES - 1)) + t->bytes - 1) >>
                                             FRAME_BITS))
                            : cache_op_is_touch(op);
    if (p->keys.access_bytes)
        take_longer(p, u, m);
    if (u->flags & UOP_LOAD) {
        p->loads_in_flight++;
        m->store = p->store_last;
        wait_for_barrier(p, u);
        if (p->keys.memory_dependence == MEMORY_SETS)
            ooo_sets_load(p, u, op->pc);
    }
    if (u->flags & UOP_STORE)
        ooo_store_dispatch(p, u, op);
}

static void remember_barrier(struct ooo *p, struct uop *u)
{
    memory_of(p, u)->store = p->barrier;
    p->barrier = p->rob_tail + 1;
}

/* The members that every uop needs; the others are set when they are used. */
static inline struct uop *make_uop(struct ooo *p, const struct step *t, uint64_t cost)
{
    struct uop *u = uop_at(p, p->rob_tail);
    u->shape = t->shape;
    u->position = p->rob_tail;
    u->inst = p->dispatch;
    u->ready_cycle = p->cycle + p->keys.dispatch_cycles;
    u->done_cycle = NEVER;
    u->life = ++p->life;
    u->renames = cost;
    p->renames_free -= cost;
    p->stats.uops_dispatched++;
    return u;
}

static inline void take_place(struct ooo *p, struct uop *u, struct queue *q)
{
    q->used++;
    if (q->in_order)
        q->order[q->last++ & (QUEUES_ENTRIES - 1)] = (uint16_t)uop_index(p, u);
    if (p->keys.select == SELECT_POSITION)
        u->entry = (uint16_t)queue_take_entry(q, uop_index(p, u));
}

void ooo_enter_queue(struct ooo *p, struct uop *u, const struct port *port)
{
    u->group = port->number;
    u->kind = port->kind;
    u->finish = p->rules.finish[u->kind];
    take_place(p, u, &p->queues.queue[port->queue]);
}

void ooo_rename(struct ooo *p, const struct step *t, struct inst *s, const struct port *port,
                uint64_t cost, uint32_t flags)
{
    struct uop *u = make_uop(p, t, cost);
    u->flags |= (uint16_t)flags;
    if (t->port)
        take_place(p, u, &p->queues.queue[port->queue]);
    else if (port)
        ooo_enter_queue(p, u, port);
    else
        ooo_inlet_enter(p, u);
    if (u->flags & UOP_BRANCH)
        p->branches_waiting++;
    if (u->flags & (UOP_LOAD | UOP_STORE))
        dispatch_memory(p, u, t, &s->op);
    rename_sources(p, u, t);
    rename_results(p, u, t, &s->op);
    if (u->flags & UOP_ORDERS)
        remember_barrier(p, u);
    p->rob_tail++;
    if (!u->pending)
        ooo_ready(p, u);
    if (u->data_first < INSN_MAX_IN && !u->data_pending)
        ooo_store_data(p, u, store_at(p, memory_of(p, u)->store)->data_so_far);
}

void ooo_rename_done(struct ooo *p, const struct step *t, struct inst *s, uint64_t cost,
                     uint64_t done_cycle)
{
    struct uop *u = make_uop(p, t, cost);
    u->flags |= UOP_LAST | UOP_ISSUED;
    u->issue_cycle = s->decided_cycle;
    u->done_cycle = done_cycle;
    rename_results(p, u, t, &s->op);
    p->rob_tail++;
}

static void leave_queue(struct ooo *p, const struct uop *u)
{
    struct queue *q = &p->queues.queue[p->queues.port[u->group].queue];
    q->used--;
    q->last -= q->in_order;
    if (p->keys.select == SELECT_POSITION)
        queue_give_entry(q, u->entry);
}

static void squash_uop(struct ooo *p, struct uop *u)
{
    for (uint32_t n = u->out_count; n--;)
        p->map[u->outs[n]] = *undo_at(p, u, n);
    p->renames_free += u->renames;
    ooo_forget_links(p, u);
    if (u->event)
        ooo_unschedule(p, u);
    if (u->flags & UOP_READY)
        ooo_not_ready(p, u);
    if (u->traits & TRAIT_EARLY)
        window_remove(&p->branch_moves, uop_index(p, u));
    if (u->traits)
        ooo_flow_squash(p, u);
    if (!(u->flags & UOP_ISSUED)) {
        if (u->traits & TRAIT_INLET)
            ooo_inlet_squash(p, u);
        else
            leave_queue(p, u);
        if (u->flags & UOP_BRANCH)
            p->branches_waiting--;
    }
    if (u->flags & (UOP_LOAD | UOP_STORE))
        ooo_memory_squash(p, u);
    if (u->flags & UOP_ORDERS)
        p->barrier = memory_of(p, u)->store;
    if (u->flags & UOP_GROUP_END)
        p->groups--;
    u->life = 0; /* answers to its requests are stale */
    p->stats.squashed_uops++;
}

void ooo_squash_uops(struct ooo *p, uint64_t tail)
{
    while (p->rob_tail > tail)
        squash_uop(p, uop_at(p, --p->rob_tail));
    p->plan_step = 0;
    ooo_group_cut(p);
}
