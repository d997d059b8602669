#include "sim/exec/step.h"

#include "sim/base/bits.h"
#include "sim/exec/quick.h"
#include "sim/isa/blocks.h"

/* Chained code looks at the limit only when it branches or leaves a page, so it may run on for at
 * most a page's worth of instructions; the last ones before an exact limit are stepped. */
#define CHAIN_OVERRUN CODE_PAGE_INSNS

void exec_init(struct exec *x, struct cpu *s, struct exec_system system)
{
    *x = (struct exec){.cpu = s, .system = system};
    s->run_pc = s->nia;
}

uint64_t exec_icount(const struct exec *x) { return x->cpu->icount; }

void exec_interrupt(struct exec *x)
{
    x->interrupt = true;
    x->cpu->stop_at = 0;
}

struct place {
    uint64_t pc, icount;
};

static struct place place_of(const struct cpu *s) { return (struct place){s->nia, s->icount}; }

/* The system has had control. The block goes on where it was, or behind an instruction that the
 * system has completed in the processor's place; else it has ended. */
static void pause_block(struct cpu *s, const struct place *before)
{
    uint64_t pc = before->pc + 4 * (s->icount - before->icount);
    blocks_pause(s->blocks, s->icount, pc & s->ea_mask);
}

/* After a longjmp out of an instruction. */
static void deliver(struct exec *x)
{
    struct cpu *s = x->cpu;
    struct place before = place_of(s);
    x->halted = !x->system.exception(x->system.system, s);
    if (s->blocks)
        pause_block(s, &before);
    s->exception = (struct exception_record){.kind = EXC_NONE};
    s->run_pc = s->nia;
}

static void poll_system(struct exec *x)
{
    struct place before = place_of(x->cpu);
    x->interrupt = false;
    if (x->system.poll)
        x->halted = !x->system.poll(x->system.system, x->cpu);
    if (x->cpu->blocks)
        pause_block(x->cpu, &before);
    x->cpu->run_pc = x->cpu->nia;
}

/* An instruction that the system watches for has just been executed. */
static __attribute__((noinline)) void tell_event(struct exec *x)
{
    const struct insn *i = x->cpu->event;
    struct place before = place_of(x->cpu);
    x->cpu->event = NULL;
    x->halted = !x->system.event(x->system.system, x->cpu, i);
    if (x->cpu->blocks)
        pause_block(x->cpu, &before);
}

/* Runs handlers until one leaves the chain: at a taken branch or page end, with nia and icount up
 * to date. */
static void chain_run(struct cpu *s)
{
    const struct insn *i = code_lookup(s, s->nia);
    s->run_pc = s->nia;
    while (i)
        i = i->handler(s, i);
}

static void step_one(struct cpu *s)
{
    s->run_pc = s->nia;
    const struct insn *i = code_fetch(s, s->nia);
    s->nia = (i->pc + 4) & s->ea_mask;
    s->taken = false;
    if (i->notice & NOTICE_FACILITY)
        code_need_facility(s, i);
    step_bodies[i->number](s, i);
    s->icount++;
    s->run_pc = s->nia;
    if (s->blocks)
        blocks_stepped(s, i);
    if (i->notice & NOTICE_EVENT)
        s->event = i;
}

/* Its own function: setjmp and locals that change do not mix. */
static void run_some(struct exec *x, uint64_t until)
{
    struct cpu *s = x->cpu;
    if (setjmp(s->unwind)) {
        deliver(x);
        return;
    }
    if (until - s->icount > CHAIN_OVERRUN) {
        s->stop_at = until - CHAIN_OVERRUN;
        if (x->interrupt) /* asked for between the caller's look and the line above */
            return;
        if (s->blocks)
            blocks_resume(s->blocks, s->icount, s->nia, s->asid);
        chain_run(s);
    } else {
        if (s->blocks)
            blocks_resume(s->blocks, s->icount, s->nia, s->asid);
        while (s->icount < until && !s->event)
            step_one(s);
    }
    if (s->event)
        tell_event(x);
}

enum exec_status exec_run(struct exec *x, uint64_t until)
{
    while (!x->halted && x->cpu->icount < until) {
        if (x->interrupt) {
            poll_system(x);
            return x->halted ? EXEC_HALTED : EXEC_STOPPED;
        }
        run_some(x, until);
    }
    return x->halted ? EXEC_HALTED : EXEC_STOPPED;
}

/* Touches say in TH what they mean: 0 to 7 and 16 the block, others a stream or that nothing is
 * wanted, which a processor may ignore. */
static enum op_cache cache_wish(const struct insn *i)
{
    uint32_t th = i->word >> 21 & 31;
    switch (i->number) {
    case INSN_dcbt: case INSN_dcbtst: return th < 8 || th == 16 ? OP_CACHE_TOUCH : OP_CACHE_NONE;
    case INSN_icbt: return OP_CACHE_TOUCH_CODE;
    case INSN_dcbf: return OP_CACHE_FLUSH;
    case INSN_dcbst: return OP_CACHE_CLEAN;
    case INSN_icbi: return OP_CACHE_INVALIDATE;
    default: return OP_CACHE_NONE;
    }
}

/* Touches have not been through the soft TLB; those of a page that an access would fault on, or be
 * the first to touch, want nothing. */
void exec_record_wish(struct cpu *s, struct op *op)
{
    struct frame *frame;
    uint64_t frame_pa;
    op->cache = cache_wish(op->insn);
    op->block_bytes = (uint16_t)s->cache_block_bytes;
    if (op->cache != OP_CACHE_TOUCH && op->cache != OP_CACHE_TOUCH_CODE)
        return;
    if (mmu_look(s->mmu, op->ea, MMU_LOAD, &frame, &frame_pa) == MMU_OK)
        op->pa = frame_pa + (op->ea & (FRAME_BYTES - 1));
    else
        op->cache = OP_CACHE_NONE;
}

/* Of a stepped instruction that the system watches for. */
static void note(struct exec *x, struct op *op)
{
    if (insn_is_marker(op->insn))
        op->flags |= OP_MARKER;
    if (!x->system.event) /* on a wrong path nobody wants to know */
        return;
    x->cpu->event = op->insn;
    tell_event(x);
}

void exec_raising(struct exec *x, struct op *op)
{
    struct cpu *s = x->cpu;
    uint64_t before = s->icount;
    if (setjmp(s->unwind)) {
        deliver(x); /* the system may complete it in the processor's place */
        x->entered_system = true;
        op->flags = s->icount == before ? OP_SYSTEM | OP_FAULT : OP_SYSTEM;
        op->bytes = 0;
        op->next_pc = s->nia;
    } else {
        if (op->insn->notice & NOTICE_FACILITY)
            code_need_facility(s, op->insn);
        step_bodies[op->insn->number](s, op->insn);
        s->icount++;
        exec_record(s, op, op->insn->step);
        if (op->insn->notice & NOTICE_EVENT)
            note(x, op);
    }
    if (op->row->flags & F_SERIAL)
        op->flags |= OP_SERIAL;
}

enum fetch_end {
    FETCHED,
    FETCH_RAISED,  /* and the exception has been delivered */
    FETCH_CHANGED, /* older instructions in flight may still need the record as it was */
};

static enum fetch_end fetch(struct exec *x, struct op *op, bool is_oldest)
{
    struct cpu *s = x->cpu;
    if (!is_oldest && code_changed(s, s->nia))
        return FETCH_CHANGED;
    if (setjmp(s->unwind)) {
        deliver(x);
        return FETCH_RAISED;
    }
    op->insn = code_fetch(s, s->nia);
    return FETCHED;
}

static inline void set_ahead(struct cpu *s, const struct code_page *page, uint64_t index)
{
    s->ahead.insn = &page->insn[index];
    s->ahead.deps = code_deps_at(page, index);
    s->ahead.pa = page->frame_pa + index * 4;
}

/* Finds the next instruction when it may have to be fetched or the system wants to be asked. */
static __attribute__((noinline)) enum exec_status find_next(struct exec *x, struct op *op,
                                                            bool is_oldest)
{
    if (x->interrupt)
        poll_system(x);
    enum fetch_end end;
    do {
        if (x->halted || x->idle)
            return x->halted ? EXEC_HALTED : EXEC_IDLE;
        end = fetch(x, op, is_oldest);
    } while (end == FETCH_RAISED);
    if (end == FETCH_CHANGED)
        return EXEC_WAIT;
    set_ahead(x->cpu, code_page_of(op->insn), (op->insn->pc >> 2) & (CODE_PAGE_INSNS - 1));
    return EXEC_OK;
}

/* The common case: the page is known and the record decoded. */
static inline bool find_quickly(struct cpu *s)
{
    const struct code_map_entry *e = &s->code_map[(s->nia >> FRAME_BITS) & (CODE_MAP_ENTRIES - 1)];
    uint64_t index = (s->nia >> 2) & (CODE_PAGE_INSNS - 1);
    if (e->page_ea != PAGE_OF(s->nia) || e->page->insn[index].handler == chain_undecoded)
        return false;
    set_ahead(s, e->page, index);
    return true;
}

__attribute__((noinline)) bool exec_follow(struct cpu *s)
{
    return find_quickly(s) && !(s->ahead.insn->step & STEP_SERIAL);
}

void exec_keep_operands(struct exec *x, struct op *op, const struct insn *i)
{
    const struct cpu *s = x->cpu;
    const struct insn_row *row = &insn_rows[i->number];
    uint32_t class = row->class;
    op->operands = &x->operands;
    if (row->flags & (F_LOAD | F_STORE))
        x->operands = (struct op_operands){
            .a = s->gpr[i->ra], .b = s->gpr[i->rb],
            .is_translated = s->sup.radix.is_relocated[RADIX_DATA]};
    else if (class == CLASS_MTSPR || row->flags & F_PRIV)
        x->operands = (struct op_operands){.b = s->gpr[i->rb], .c = s->gpr[i->rt]};
    else if (class >= CLASS_MULI && class <= CLASS_MOD)
        x->operands = (struct op_operands){.a = s->gpr[i->ra], .b = s->gpr[i->rb]};
    else
        x->operands = (struct op_operands){
            .a = VSR_D(s->vsr[i->ra], 0), .b = VSR_D(s->vsr[i->rb], 0),
            .c = VSR_D(s->vsr[i->rc], 0), .fpscr = (uint32_t)s->fpscr};
}

/* Makes s->ahead stand for the next instruction; anything but EXEC_OK when it is not to be executed
 * now. */
static __attribute__((noinline)) enum exec_status look_ahead(struct exec *x, struct op *op,
                                                             bool is_oldest)
{
    struct cpu *s = x->cpu;
    const struct insn *i = s->ahead.insn;
    bool is_there = i->pc == s->nia && !(i->step & STEP_UNKNOWN);
    if (x->interrupt || x->halted || (!is_there && !find_quickly(s))) {
        enum exec_status status = find_next(x, op, is_oldest);
        if (status != EXEC_OK)
            return status;
    }
    i = s->ahead.insn;
    if (i->step & STEP_SERIAL && !is_oldest)
        return EXEC_WAIT;
    if (x->keeps_operands)
        exec_keep(x, op, i);
    return EXEC_OK;
}

enum exec_status exec_next(struct exec *x, struct op *op, bool is_oldest)
{
    if (exec_next_quickly(x, op))
        return EXEC_OK;
    enum exec_status status = look_ahead(x, op, is_oldest);
    if (status == EXEC_OK)
        exec_ahead(x, op);
    return status;
}

const struct insn *exec_peek(struct exec *x, uint64_t ea)
{
    struct cpu *s = x->cpu;
    uint64_t at = ea & s->ea_mask;
    const struct code_map_entry *e = &s->code_map[(at >> FRAME_BITS) & (CODE_MAP_ENTRIES - 1)];
    if (__builtin_expect(e->page_ea == PAGE_OF(at), 1)) {
        const struct insn *i = &e->page->insn[(at >> 2) & (CODE_PAGE_INSNS - 1)];
        if (__builtin_expect(i->handler != chain_undecoded, 1))
            return i;
    }
    return code_peek(s, at);
}

static enum exec_status source_next(void *source, struct op *op, bool is_oldest)
{
    return exec_next(source, op, is_oldest);
}

static const struct insn *source_peek(void *source, uint64_t ea)
{
    return exec_peek(source, ea);
}

struct op_source exec_op_source(struct exec *x)
{
    return (struct op_source){.next = source_next, .peek = source_peek, .source = x};
}
