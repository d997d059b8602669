/* Registers are renamed at dispatch: map[] names the youngest writer of each. */
#include "models/pipeline/ooo/rename.h"
#include "models/pipeline/ooo/rename_step.h"
#include "models/pipeline/ooo/memory.h"
#include "models/pipeline/ooo/wake.h"

#include <string.h>

#include "sim/isa/state.h"

enum pool { POOL_GPR, POOL_FPR, POOL_VR, POOL_CR, POOL_XER, POOL_LR_CTR, POOL_FPSCR, POOLS };
#define POOL(n) (UINT64_C(1) << (RENAME_POOL_BITS * (n)))

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
    p->dispatch_renames = *text ? ~RENAME_GUARDS & (POOL(POOLS) - 1) : 0;
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
    bool enough = rename_suffices(*left, cost);
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

/* The register whose value branches get before all others do; REG_NONE: it is no move to LR or
 * CTR. */
static uint32_t comes_early(struct ooo *p, struct uop *u)
{
    if (u->out_count != 1 || (u->outs[0] != REG_LR && u->outs[0] != REG_CTR))
        return REG_NONE;
    u->traits |= TRAIT_EARLY;
    window_add(&p->branch_moves, uop_index(p, u));
    memory_of(p, u)->base_cycle = NEVER;
    return u->outs[0];
}

void ooo_rename_results(struct ooo *p, struct uop *u, const struct op *op)
{
    uint32_t base = REG_NONE;
    if (u->flags & UOP_BASE)
        base = REG_GPR + op->insn->ra;
    else if (u->class == CLASS_MTSPR && p->keys.early_branch_registers)
        base = comes_early(p, u);
    for (uint32_t n = 0; n < u->out_count; n++) {
        uint32_t reg = u->outs[n];
        *undo_at(p, u, n) = p->map[reg];
        p->map[reg] = 2 * (u->position + 1) + (reg == base);
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

void ooo_rename_memory(struct ooo *p, struct uop *u, const struct step *t, const struct op *op)
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
    if (p->keys.access_bytes && !ooo_multiple_cycles(p, u)) /* whose own cycles stand for it */
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

void ooo_rename_barrier(struct ooo *p, struct uop *u)
{
    memory_of(p, u)->store = p->barrier;
    p->barrier = p->rob_tail + 1;
}

void ooo_take_place(struct ooo *p, struct uop *u, struct queue *q)
{
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
    rename_take_place(p, u, &p->queues.queue[port->queue]);
}

void ooo_rename_done(struct ooo *p, const struct step *t, struct inst *s, uint64_t cost,
                     uint64_t done_cycle)
{
    struct uop *u = rename_make(p, t, cost);
    u->flags |= UOP_LAST | UOP_ISSUED;
    u->issue_cycle = decision_at(p, p->dispatch)->decided_cycle;
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

/* It has not issued. */
static void squash_waiting(struct ooo *p, struct uop *u)
{
    if (u->flags & UOP_READY)
        ooo_not_ready(p, u);
    if (u->traits & TRAIT_INLET)
        ooo_inlet_squash(p, u);
    else
        leave_queue(p, u);
    if (u->flags & UOP_BRANCH)
        p->branches_waiting--;
}

/* What only some have. */
static void squash_special(struct ooo *p, struct uop *u)
{
    if (u->traits & TRAIT_EARLY)
        window_remove(&p->branch_moves, uop_index(p, u));
    if (u->traits)
        ooo_flow_squash(p, u);
    if (u->flags & (UOP_LOAD | UOP_STORE))
        ooo_memory_squash(p, u);
    if (u->flags & UOP_ORDERS)
        p->barrier = memory_of(p, u)->store;
    if (u->flags & UOP_GROUP_END)
        p->groups--;
}

static inline void squash_uop(struct ooo *p, struct uop *u)
{
    for (uint32_t n = u->out_count; n--;)
        p->map[u->outs[n]] = *undo_at(p, u, n);
    p->renames_free += u->renames;
    if (u->links)
        ooo_forget_links(p, u);
    if (u->event)
        ooo_unschedule(p, u);
    if (u->traits || u->flags & (UOP_LOAD | UOP_STORE | UOP_ORDERS | UOP_GROUP_END))
        squash_special(p, u);
    if (!(u->flags & UOP_ISSUED))
        squash_waiting(p, u);
    u->life = 0; /* answers to its requests are stale */
}

void ooo_squash_uops(struct ooo *p, uint64_t tail)
{
    p->stats.squashed_uops += p->rob_tail - tail;
    while (p->rob_tail > tail)
        squash_uop(p, uop_at(p, --p->rob_tail));
    p->plan_step = 0;
    ooo_group_cut(p);
}
