/* The wrong path: instructions on it are only looked at, so that the instruction cache and the
 * branch unit see them; they take room in the queue and never issue (they stand behind the
 * mispredicted branch, which is the first to know). */
#include "models/pipeline/inorder/inorder.h"
#include "sim/exec/quick.h"

void inorder_wrong_path(struct inorder *p, uint64_t position, uint64_t pc, uint64_t from,
                        uint64_t until)
{
    struct fetch_stage *f = &p->fetch;
    f->wrong_path = true;
    f->wrong_position = position;
    f->wrong_pc = pc;
    f->wrong_from = from;
    f->redirect_cycle = until;
}

/* After a branch was put into the queue on the wrong path; true when it ends this cycle's fetch. */
static bool follow_wrong_branch(struct inorder *p, const struct insn *i)
{
    struct fetch_stage *f = &p->fetch;
    struct prediction b;
    branch_unit_predict(p->branches, i, &b);
    if (b.decode_next == f->wrong_pc)
        return false;
    f->wrong_pc = b.decode_next;
    f->block_pa = NEVER;
    return true;
}

/* The record at pc. Most are known without asking: one behind another of its page, or of a page
 * that is at hand, when it is decoded. */
static inline const struct insn *peek(const struct inorder *p, const struct insn *last, uint64_t pc)
{
    const struct exec *quick = p->env.source.quick;
    const struct insn *i;
    if (last && last[1].pc == pc && !(last[1].step & STEP_UNKNOWN))
        return last + 1;
    if (quick && (i = code_at_hand(quick->cpu, pc & quick->cpu->ea_mask)))
        return i;
    return p->env.source.peek(p->env.source.source, pc);
}

/* Takes instructions until one cannot be delivered or a branch leads elsewhere; how many. Branches
 * on a wrong path steer it, but cost it no bubbles of their own. */
static uint32_t take_wrong(struct inorder *p, uint32_t room)
{
    struct fetch_stage *f = &p->fetch;
    const struct insn *i = NULL;
    for (uint32_t n = 0; n < room; n++) {
        i = peek(p, i, f->wrong_pc);
        if (!i) {
            f->wrong_pc = NEVER;
            return n;
        }
        uint64_t pa = code_pa(i);
        if (!inorder_is_at_hand(p, pa) && (n || !inorder_open_block(p, pa, f->wrong_pc)))
            return n;
        f->wrong_pc += 4;
        if (i->step & STEP_BRANCH && !p->keys.early_branches && follow_wrong_branch(p, i))
            return n + 1;
    }
    return room;
}

void inorder_fetch_wrong(struct inorder *p, uint32_t room)
{
    uint32_t taken = p->fetch.wrong_pc == NEVER ? 0 : take_wrong(p, room);
    if (!taken)
        return;
    p->fetch.wrong_count += taken;
    p->core.stats.wrong_path_fetched += taken;
    inorder_progress(p);
}

void inorder_redirect(struct inorder *p, uint64_t cycle)
{
    p->fetch.redirect_cycle = cycle + p->keys.redirect_cycles;
}

void inorder_wrong_end(struct inorder *p)
{
    struct fetch_stage *f = &p->fetch;
    /* Its slot may have retired, but nothing can have taken its place. */
    const struct slot *branch = slot_at(p, f->wrong_position);
    branch_unit_repair(p->branches, branch->op.insn, prediction_at(p, f->wrong_position),
                       branch->op.flags & OP_TAKEN, branch->op.next_pc);
    f->wrong_path = false;
    inorder_fetch_forget(p);
}
