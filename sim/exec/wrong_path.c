#include "sim/exec/wrong_path.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/err.h"
#include "sim/mem/overlay.h"

/* A wrong path that an inner one has left. */
struct left {
    bool ended; /* it had come to something that is not executed */
    uint8_t context[CPU_CONTEXT_BYTES];
};

struct wrong_path {
    struct exec *right;
    uint32_t depth;
    struct exec exec; /* of `cpu`; halted: the path cannot go on */
    struct cpu cpu;
    struct overlay overlay;
    struct left left[WRONG_PATH_DEPTH]; /* [n]: by the wrong path n + 1; [0] is not used */
};

/* Nothing is delivered. */
static bool end_path(void *system, struct cpu *s)
{
    (void)system;
    (void)s;
    return false;
}

struct wrong_path *wrong_path_create(struct exec *right)
{
    struct wrong_path *w = xcalloc(1, sizeof *w);
    w->right = right;
    w->cpu.on_wrong_path = true;
    overlay_init(&w->overlay, &w->cpu.tlb);
    exec_init(&w->exec, &w->cpu, (struct exec_system){.exception = end_path});
    return w;
}

void wrong_path_destroy(struct wrong_path *w)
{
    if (!w)
        return;
    if (w->cpu.code)
        code_detach(w->cpu.code, &w->cpu);
    overlay_free(&w->overlay);
    free(w);
}

struct exec *wrong_path_exec(struct wrong_path *w) { return &w->exec; }

uint32_t wrong_path_depth(const struct wrong_path *w) { return w->depth; }

/* The thread may have another address space than the last time. */
static void follow(struct wrong_path *w)
{
    const struct cpu *right = w->right->cpu;
    if (w->cpu.code != right->code) {
        if (w->cpu.code)
            code_detach(w->cpu.code, &w->cpu);
        code_attach(right->code, &w->cpu);
        w->cpu.mmu = &w->overlay.mmu;
        overlay_set_below(&w->overlay, right->mmu);
    }
    w->cpu.asid = right->asid;
    w->cpu.timebase = right->timebase;
    w->cpu.random = right->random;
    w->cpu.board = right->board;
}

uint32_t wrong_path_diverge(struct wrong_path *w, uint64_t ea)
{
    if (w->depth == WRONG_PATH_DEPTH)
        return 0;
    if (w->depth == 0) {
        follow(w);
        memcpy(&w->cpu, w->right->cpu, CPU_CONTEXT_BYTES);
        w->exec.keeps_operands = w->right->keeps_operands;
    } else {
        w->left[w->depth].ended = w->exec.halted;
        memcpy(w->left[w->depth].context, &w->cpu, CPU_CONTEXT_BYTES);
    }
    w->exec.halted = w->exec.entered_system = false;
    w->cpu.nia = ea & w->cpu.ea_mask & ~UINT64_C(3);
    overlay_push(&w->overlay);
    return ++w->depth;
}

/* Nothing has to be copied for the outermost one: the thread has never left its state. */
void wrong_path_restore(struct wrong_path *w, uint32_t mark)
{
    assert(mark >= 1 && mark <= w->depth);
    w->depth = mark - 1;
    overlay_pop(&w->overlay, w->depth);
    if (w->depth == 0)
        return;
    w->exec.halted = w->left[w->depth].ended;
    w->exec.entered_system = false; /* it never has been there */
    memcpy(&w->cpu, w->left[w->depth].context, CPU_CONTEXT_BYTES);
}

enum exec_status wrong_path_next(struct wrong_path *w, struct op *op)
{
    assert(w->depth);
    enum exec_status status = exec_next(&w->exec, op, false);
    return w->exec.halted ? EXEC_WAIT : status;
}

static enum exec_status source_next(void *source, struct op *op, bool is_oldest)
{
    struct wrong_path *w = source;
    return w->depth ? wrong_path_next(w, op) : exec_next(w->right, op, is_oldest);
}

static const struct insn *source_peek(void *source, uint64_t ea)
{
    struct wrong_path *w = source;
    return exec_peek(w->right, ea);
}

static uint32_t source_diverge(void *source, uint64_t ea) { return wrong_path_diverge(source, ea); }
static void source_restore(void *source, uint32_t mark) { wrong_path_restore(source, mark); }

struct op_source wrong_path_op_source(struct wrong_path *w)
{
    return (struct op_source){.quick = w->right, .quick_diverged = &w->exec,
                              .next = source_next, .peek = source_peek,
                              .diverge = source_diverge, .restore = source_restore, .source = w};
}
