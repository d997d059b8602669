#include "models/pipeline/warming.h"

#include "models/pipeline/bpred/branch_unit.h"
#include "models/pipeline/cache_op.h"
#include "models/pipeline/pipeline.h"
#include "sim/base/bits.h"
#include "sim/isa/state.h"

struct warming warming_of(const struct core_env *env, struct branch_unit *branches,
                          uint64_t block_bytes)
{
    return (struct warming){.fetch = env->fetch, .data = env->data, .itlb = env->itlb,
                            .dtlb = env->dtlb, .branches = branches,
                            .fetch_line = env->fetch_line, .data_line = env->data_line,
                            .request = {.core = (uint8_t)env->number},
                            .block_bytes = block_bytes,
                            .block_pa = UINT64_MAX};
}

static inline void ask_tlb(const struct warming *w, const struct tlb_port *port,
                           const struct op *op, uint8_t command, uint64_t ea, uint64_t pa)
{
    if (!port->warm)
        return;
    struct tlb_request r = {.ea = ea, .pa = pa, .pc = op->pc, .command = command,
                            .core = w->request.core};
    port->warm(port->node, &r);
}

static inline void ask_cache(struct warming *w, const struct mem_port *port, const struct op *op,
                             uint8_t command, uint64_t pa, uint32_t bytes)
{
    struct mem_request *r = &w->request;
    r->pa = pa;
    r->pc = op->pc;
    r->bytes = bytes;
    r->command = command;
    if (port->warm)
        port->warm(port->node, r);
}

void warming_fetch(struct warming *w, const struct op *op)
{
    w->block_pa = align_down(op->fetch_pa, w->block_bytes);
    ask_tlb(w, &w->itlb, op, MEM_FETCH, align_down(op->pc, w->block_bytes), w->block_pa);
    ask_cache(w, &w->fetch, op, MEM_FETCH, w->block_pa, (uint32_t)w->block_bytes);
}

/* Line by line; `tlb_command`: as the data TLB knows it. */
static void access_data(struct warming *w, const struct op *op, uint8_t command)
{
    const struct mem_port *port = command == MEM_INVALIDATE ? &w->fetch : &w->data;
    uint32_t line = command == MEM_INVALIDATE ? w->fetch_line : w->data_line, left = op->bytes;
    uint8_t tlb_command = command == MEM_LOAD ? MEM_LOAD : MEM_STORE;
    uint64_t pa = op->pa;
    ask_tlb(w, &w->dtlb, op, tlb_command, op->ea, pa);
    for (;;) {
        uint32_t bytes = (uint32_t)min_u64(left, line - (pa & (line - 1)));
        ask_cache(w, port, op, command, pa, bytes);
        left -= bytes;
        pa += bytes;
        if (!left)
            return;
        if (pa & (FRAME_BYTES - 1))
            continue;
        pa = op->second_page_pa;
        ask_tlb(w, &w->dtlb, op, tlb_command, op->ea + op->bytes - left, pa);
    }
}

static void touch(struct warming *w, const struct op *op)
{
    ask_tlb(w, &w->dtlb, op, MEM_PREFETCH, op->ea, op->pa);
    ask_cache(w, op->cache == OP_CACHE_TOUCH ? &w->data : &w->fetch, op, MEM_PREFETCH, op->pa, 1);
}

void warming_special(struct warming *w, struct op *op)
{
    uint32_t flags = op->flags;
    if (flags & (OP_LOAD | OP_STORE)) {
        cache_op_adapt(op);
        if (op->flags & OP_LOAD && op->bytes)
            access_data(w, op, MEM_LOAD);
        else if (op->flags & OP_LOAD && cache_op_is_touch(op))
            touch(w, op);
        if (op->flags & OP_STORE && op->bytes) /* a store conditional that failed has none */
            access_data(w, op, cache_op_command(op));
    }
    if ((flags & (OP_BRANCH | OP_SYSTEM | OP_SERIAL)) == OP_BRANCH)
        branch_unit_warm(w->branches, op->insn, flags & OP_TAKEN, op->next_pc);
    if (flags & (OP_TAKEN | OP_SYSTEM | OP_SERIAL))
        warming_restart(w);
}
