/* The two frames that Linux lays on the stack of a 32-bit program (arch/powerpc/kernel/signal_32.c,
 * a kernel with VSX and without transactions), both above a frame header whose back chain leads to
 * the interrupted function, both ending with the 224 bytes that it may be using below its stack:
 *
 * for a handler with SA_SIGINFO          for one without
 *      0  struct siginfo                      0  struct sigcontext: mask, signal, &mcontext
 *    128  struct ucontext                    32  struct mcontext
 *    320    struct mcontext                1280  red zone
 *   1568  red zone
 *
 * struct mcontext: 48 words, 32 doubles and FPSCR, two words, 32 vectors, VRSAVE and VSCR in one,
 * the lower doublewords of the first 32 vector-scalar registers. */
#include <errno.h>

#include "sim/isa/fpscr.h"
#include "sim/linux/internal.h"
#include "sim/linux/signal_frame.h"

#define RED_ZONE          224u
#define MCONTEXT_BYTES    1248u
#define MCONTEXT_MSR      (33u * 4u)
#define MCONTEXT_FREGS    192u
#define VSX_BYTES         256u /* at its end */
#define SIGINFO_BYTES     128u
#define UCONTEXT_SP       8u  /* uc_stack */
#define UCONTEXT_REGS_PTR 48u /* uc_regs: &uc_mcontext */
#define UCONTEXT_MCONTEXT 192u
#define RT_CONTEXT        (SIGINFO_BYTES + UCONTEXT_MCONTEXT)
#define RT_FRAME          (RT_CONTEXT + MCONTEXT_BYTES + RED_ZONE)
#define RT_HEADER         80u /* __SIGNAL_FRAMESIZE32 + 16 */
#define SIGCONTEXT_BYTES  32u
#define SIGCONTEXT_HIGH   12u /* _unused[3]: the upper half of the mask */
#define SIGCONTEXT_MASK   24u
#define FRAME             (SIGCONTEXT_BYTES + MCONTEXT_BYTES + RED_ZONE)
#define HEADER            64u /* __SIGNAL_FRAMESIZE32 */
#define RT_TRAMPOLINE     8u  /* bytes into the page of trampolines */

#define MCONTEXT_VREGS    (MCONTEXT_FREGS + 34u * 8u)
#define LAYOUT(mcontext)                                                                           \
    {.gregs = (mcontext), .fregs = (mcontext) + MCONTEXT_FREGS,                                    \
     .vregs = (mcontext) + MCONTEXT_VREGS}
const struct signal_layout signal_layout32 = LAYOUT(HEADER + SIGCONTEXT_BYTES);
const struct signal_layout signal_layout32_rt = LAYOUT(RT_HEADER + RT_CONTEXT);

/* The last part, of VSX, is there when the saved MSR says so. */
static void put_mcontext(struct wire *w, const struct linux_process *l,
                         const struct signal_info *info, bool with_vsx)
{
    struct cpu *s = l->cpu;
    uint32_t start = w->used;
    frame_put_gp_regs(w, l, info);
    if (!with_vsx) {
        w->used = start + MCONTEXT_MSR;
        wire_put(w, 4, FRAME_USER_MSR & ~FRAME_MSR_VSX);
        w->used = start + MCONTEXT_FREGS;
    }
    for (uint32_t n = 0; n < 32; n++)
        wire_put(w, 8, VSR_D(s->vsr[n], 0));
    wire_put(w, 8, fpscr_read(s));
    wire_zero(w, 8);
    for (uint32_t n = 32; n < 64; n++)
        frame_put_quadword(w, &s->vsr[n]);
    wire_put(w, 4, s->vrsave);
    wire_zero(w, 8);
    wire_put(w, 4, s->vscr);
    for (uint32_t n = 0; with_vsx && n < 32; n++)
        wire_put(w, 8, VSR_D(s->vsr[n], 1));
}

static bool get_mcontext(struct linux_process *l, uint64_t ea)
{
    struct cpu *s = l->cpu;
    struct wire w;
    uint32_t msr;
    if (!guest_read_u32(l, ea + MCONTEXT_MSR, &msr) ||
        !wire_load(&w, l, ea, MCONTEXT_BYTES - (msr & FRAME_MSR_VSX ? 0 : VSX_BYTES)))
        return false;
    frame_get_gp_regs(&w, s);
    w.used = MCONTEXT_FREGS;
    for (uint32_t n = 0; n < 32; n++)
        VSR_D(s->vsr[n], 0) = wire_get(&w, 8);
    fpscr_write(s, wire_get(&w, 8));
    w.used += 8;
    for (uint32_t n = 32; n < 64; n++)
        frame_get_quadword(&w, &s->vsr[n]);
    s->vrsave = (uint32_t)wire_get(&w, 4);
    w.used += 8;
    s->vscr = (uint32_t)wire_get(&w, 4) & (VSCR_NJ | VSCR_SAT);
    for (uint32_t n = 0; msr & FRAME_MSR_VSX && n < 32; n++)
        VSR_D(s->vsr[n], 1) = wire_get(&w, 8);
    return true;
}

static void put_ucontext(struct wire *w, const struct linux_process *l, uint64_t frame)
{
    const struct signal_stack *alt = &l->signals.alt;
    wire_zero(w, 8); /* flags, link */
    wire_put(w, 4, alt->sp);
    wire_put(w, 4, alt->flags);
    wire_put(w, 4, alt->bytes);
    wire_zero(w, 7 * 4);
    wire_put(w, 4, frame + RT_CONTEXT);
    wire_put_sigset(w, frame_mask(l));
    wire_zero(w, RT_CONTEXT - w->used);
}

static void put_sigcontext(struct wire *w, const struct linux_process *l, uint64_t frame,
                           const struct signal_action *action, uint32_t signo)
{
    uint64_t mask = frame_mask(l);
    wire_zero(w, SIGCONTEXT_HIGH);
    wire_put(w, 4, mask >> 32);
    wire_put(w, 4, signo);
    wire_put(w, 4, action->handler);
    wire_put(w, 4, mask);
    wire_put(w, 4, frame + SIGCONTEXT_BYTES);
}

bool frame32_push(struct linux_process *l, const struct signal_action *action,
                  const struct signal_info *info)
{
    bool is_rt = action->flags & SA_FLAG_SIGINFO;
    uint64_t frame = frame_address(l, action, is_rt ? RT_FRAME : FRAME);
    uint64_t sp = frame - (is_rt ? RT_HEADER : HEADER);
    struct cpu *s = l->cpu;
    struct wire w;
    wire_init(&w, l);
    if (is_rt) {
        signal_put_info(&w, info);
        put_ucontext(&w, l, frame);
    } else {
        put_sigcontext(&w, l, frame, action, info->signo);
    }
    put_mcontext(&w, l, info, true);
    if (!wire_store(&w, l, frame) || !guest_write_u32(l, sp, (uint32_t)s->gpr[1]))
        return false;
    frame_enter(l, sp, info->signo);
    s->gpr[4] = frame; /* the information, or the sigcontext */
    if (is_rt) {
        s->gpr[5] = frame + SIGINFO_BYTES;
        s->gpr[6] = frame;
    }
    s->lr = l->space->sigtramp_ea + (is_rt ? RT_TRAMPOLINE : 0);
    s->nia = action->handler & s->ea_mask & ~UINT64_C(3);
    return true;
}

static bool pop_rt(struct linux_process *l)
{
    uint64_t ucontext = (l->cpu->gpr[1] & UINT32_MAX) + RT_HEADER + SIGINFO_BYTES;
    struct signal_stack alt;
    struct wire w;
    if (!wire_load(&w, l, ucontext, UCONTEXT_MCONTEXT))
        return false;
    w.used = UCONTEXT_SP;
    alt.sp = wire_get(&w, 4);
    alt.flags = (uint32_t)wire_get(&w, 4);
    alt.bytes = wire_get(&w, 4);
    w.used = UCONTEXT_REGS_PTR;
    uint64_t mcontext = wire_get(&w, 4), mask = wire_get_sigset(&w);
    if (!get_mcontext(l, mcontext))
        return false;
    frame_leave(l, mask, &alt);
    return true;
}

bool frame32_pop(struct linux_process *l, bool is_rt)
{
    struct wire w;
    if (is_rt)
        return pop_rt(l);
    if (!wire_load(&w, l, (l->cpu->gpr[1] & UINT32_MAX) + HEADER, SIGCONTEXT_BYTES))
        return false;
    w.used = SIGCONTEXT_HIGH;
    uint64_t high = wire_get(&w, 4);
    w.used = SIGCONTEXT_MASK;
    uint64_t mask = high << 32 | wire_get(&w, 4), mcontext = wire_get(&w, 4);
    if (!get_mcontext(l, mcontext))
        return false;
    frame_leave(l, mask, NULL);
    return true;
}

/* The registers go to the last quadword boundary at or below their place: the caller's structure
 * need not be aligned. */
static bool save_context(struct linux_process *l, uint64_t ucontext, bool with_vsx)
{
    uint64_t mcontext = (ucontext + UCONTEXT_MCONTEXT) & ~UINT64_C(15);
    struct wire w, link;
    wire_init(&w, l);
    put_mcontext(&w, l, &(struct signal_info){0}, with_vsx);
    wire_init(&link, l);
    wire_put(&link, 4, mcontext);
    wire_put_sigset(&link, l->signals.blocked);
    return wire_store(&w, l, mcontext) && wire_store(&link, l, ucontext + UCONTEXT_REGS_PTR);
}

/* The thread pointer stays. */
static bool restore_context(struct linux_process *l, uint64_t ucontext)
{
    uint64_t thread = l->cpu->gpr[2];
    struct wire w;
    if (!wire_load(&w, l, ucontext, UCONTEXT_MCONTEXT))
        return false;
    w.used = UCONTEXT_REGS_PTR;
    uint64_t mcontext = wire_get(&w, 4), mask = wire_get_sigset(&w);
    if (!get_mcontext(l, mcontext))
        return false;
    l->cpu->gpr[2] = thread;
    frame_leave(l, mask, NULL);
    return true;
}

/* getcontext, setcontext and swapcontext of the C library. */
int64_t sys_swapcontext(struct linux_process *l, const uint64_t *a)
{
    uint64_t whole = UCONTEXT_MCONTEXT + MCONTEXT_BYTES;
    if (a[2] < whole - VSX_BYTES)
        return -EINVAL;
    if (a[0] && !save_context(l, a[0], a[2] >= whole))
        return -EFAULT;
    if (!a[1])
        return 0;
    if (restore_context(l, a[1])) {
        l->registers_set = true;
        l->in_syscall = false;
    } else {
        /* As Linux: half of the registers may be changed. */
        task_end(l, TASK_KILLED(GUEST_SIGSEGV));
    }
    return 0;
}
