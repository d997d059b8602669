/* The frame that Linux/ppc64 lays on the stack for a handler (struct rt_sigframe of a kernel with
 * transactional memory configured, as distributions have it), little- or big-endian:
 *
 *      0  struct ucontext     flags, link, stack, 1024 bits of mask, struct sigcontext
 *   1696  a second ucontext   for transactions: zeros
 *   3392  unused, trampoline  zeros: the code is in a page of its own
 *   3440  &info, &ucontext
 *   3456  struct siginfo
 *   3584  512 bytes           the ABI's red zone, which the interrupted function may be using */
#include "sim/linux/signal_frame.h"

#include "sim/isa/fpscr.h"
#include "sim/linux/internal.h"

#define UCONTEXT_BYTES  1696u
#define FRAME_INFO      3456u
#define FRAME_TOTAL     4096u
#define UCONTEXT_REGS   (168u + 64u)  /* gp_regs */
#define UCONTEXT_VMX    (168u + 720u) /* vmx_reserve */
#define UCONTEXT_SP     16u           /* uc_stack */
#define CALLER_FRAME    128u          /* __SIGNAL_FRAMESIZE: what the trampoline pops */
#define GREGS           48u
#define VMX_BYTES       808u
#define VRSAVE_QUADWORD 33u
#define VSX_OFFSET      (34u * 16u)
#define VREGS_BYTES     (VSX_OFFSET + 32u * 8u)

#define VREGS           ((UCONTEXT_VMX + 15) & ~15u)
const struct signal_layout signal_layout64 = {.gregs = CALLER_FRAME + UCONTEXT_REGS,
                                              .fregs = CALLER_FRAME + UCONTEXT_REGS + GREGS * 8,
                                              .vregs = CALLER_FRAME + VREGS};

/* Debuggers know a signal frame by the three words after the call, or by the two that a 32-bit
 * handler returns to. */
const uint32_t sigtramp_code[2][SIGTRAMP_WORDS] = {
    {
        0x38000077, /* li r0,119: sigreturn */
        0x44000002, /* sc */
        0x380000ac, /* li r0,172: rt_sigreturn */
        0x44000002, /* sc */
    },
    {
        0x4e800421, /* bctrl */
        0x38210080, /* addi r1,r1,128 */
        0x380000ac, /* li r0,172: rt_sigreturn */
        0x44000002, /* sc */
    },
};

uint64_t signal_min_stack(const struct linux_process *l)
{
    return l->image.is_64bit ? FRAME_TOTAL + CALLER_FRAME : 2048;
}

bool signal_stack_holds(const struct signal_stack *s, uint64_t sp)
{
    return sp > s->sp && sp - s->sp <= s->bytes;
}

void signal_put_info(struct wire *w, const struct signal_info *info)
{
    uint32_t start = w->used;
    wire_put(w, 4, info->signo);
    wire_put(w, 4, 0); /* si_errno */
    wire_put(w, 4, (uint32_t)info->code);
    if (info->code > 0 && info->signo == GUEST_SIGCHLD) {
        if (w->is_64bit)
            wire_put(w, 4, 0);
        wire_put(w, 4, info->pid);
        wire_put(w, 4, info->uid);
        wire_put(w, 4, info->value);
    } else if (info->code > 0) {
        wire_put_long(w, info->addr);
    } else {
        if (w->is_64bit)
            wire_put(w, 4, 0);
        wire_put(w, 4, info->pid);
        wire_put(w, 4, info->uid);
        wire_put_long(w, info->value);
    }
    wire_zero(w, 128 - (w->used - start));
}

void frame_put_gp_regs(struct wire *w, const struct linux_process *l,
                       const struct signal_info *info)
{
    const struct cpu *s = l->cpu;
    bool fault = info->code > 0 && info->signo != GUEST_SIGTRAP;
    for (uint32_t n = 0; n < 32; n++)
        wire_put_long(w, s->gpr[n]);
    wire_put_long(w, s->nia);
    wire_put_long(w, FRAME_USER_MSR | !w->big_endian);
    wire_put_long(w, l->syscall_r3);
    wire_put_long(w, s->ctr);
    wire_put_long(w, s->lr);
    wire_put_long(w, cpu_get_xer(s));
    wire_put_long(w, cpu_get_cr(s));
    wire_put_long(w, 1);                          /* softe */
    wire_put_long(w, l->in_syscall ? 0xc00 : fault ? 0x300 : 0x900); /* trap: the vector */
    wire_put_long(w, fault ? info->addr : 0);     /* dar */
    wire_put_long(w, 0);                          /* dsisr */
    wire_put_long(w, 0);                          /* result */
    wire_zero(w, 4 * (w->is_64bit ? 8 : 4));
}

void frame_put_quadword(struct wire *w, const union vsr *v)
{
    wire_put(w, 8, VSR_D(*v, w->big_endian ? 0 : 1));
    wire_put(w, 8, VSR_D(*v, w->big_endian ? 1 : 0));
}

void frame_get_quadword(struct wire *w, union vsr *v)
{
    VSR_D(*v, w->big_endian ? 0 : 1) = wire_get(w, 8);
    VSR_D(*v, w->big_endian ? 1 : 0) = wire_get(w, 8);
}

/* At the next quadword boundary: the frame itself is on one. */
static void put_vector_regs(struct wire *w, const struct cpu *s)
{
    uint32_t start = w->used;
    union vsr vscr = {.q = s->vscr};
    wire_zero(w, (uint32_t)-w->used & 15);
    for (uint32_t n = 32; n < 64; n++)
        frame_put_quadword(w, &s->vsr[n]);
    frame_put_quadword(w, &vscr);
    wire_put(w, 4, s->vrsave);
    wire_zero(w, 12);
    for (uint32_t n = 0; n < 32; n++)
        wire_put(w, 8, VSR_D(s->vsr[n], 1));
    wire_zero(w, VMX_BYTES - (w->used - start));
}

static void put_ucontext(struct wire *w, struct linux_process *l, uint64_t frame,
                         const struct signal_action *action, const struct signal_info *info)
{
    const struct signals *s = &l->signals;
    uint64_t mask = frame_mask(l);
    wire_put_long(w, 0);
    wire_put_long(w, 0);
    wire_put_long(w, s->alt.sp);
    wire_put(w, 4, s->alt.flags);
    wire_put_long(w, s->alt.bytes);
    wire_put_long(w, mask);
    wire_zero(w, 120 + 32);
    wire_put(w, 4, info->signo);
    wire_put_long(w, action->handler);
    wire_put_long(w, mask);
    wire_put_long(w, frame + UCONTEXT_REGS);
    frame_put_gp_regs(w, l, info);
    for (uint32_t n = 0; n < 32; n++)
        wire_put(w, 8, VSR_D(l->cpu->vsr[n], 0));
    wire_put(w, 8, fpscr_read(l->cpu));
    wire_put_long(w, frame + VREGS);
    put_vector_regs(w, l->cpu);
}

uint64_t frame_address(struct linux_process *l, const struct signal_action *action, uint32_t bytes)
{
    const struct signal_stack *alt = &l->signals.alt;
    uint64_t sp = l->cpu->gpr[1] & l->cpu->ea_mask;
    if (action->flags & SA_FLAG_ONSTACK && alt->bytes && !signal_stack_holds(alt, sp))
        sp = alt->sp + alt->bytes;
    return (sp - bytes) & ~UINT64_C(15);
}

uint64_t frame_mask(const struct linux_process *l)
{
    return l->signals.has_saved_mask ? l->signals.saved_mask : l->signals.blocked;
}

void frame_enter(struct linux_process *l, uint64_t sp, uint32_t signo)
{
    struct cpu *s = l->cpu;
    if (l->signals.alt.flags & SS_FLAG_AUTODISARM)
        l->signals.alt = (struct signal_stack){.flags = SS_FLAG_DISABLE};
    s->gpr[1] = sp;
    s->gpr[3] = signo;
    fpscr_write(s, 0);
    s->reservation.valid = false;
}

void frame_leave(struct linux_process *l, uint64_t mask, const struct signal_stack *alt)
{
    l->cpu->reservation.valid = false;
    signals_set_mask(l, mask);
    if (alt && !signal_stack_holds(&l->signals.alt, l->cpu->gpr[1]))
        l->signals.alt = *alt;
}

/* The trampoline calls CTR. */
static bool set_handler(struct linux_process *l, uint64_t handler)
{
    struct cpu *s = l->cpu;
    uint64_t entry, toc;
    if (l->image.descriptors) {
        if (!guest_read_long(l, handler, &entry) || !guest_read_long(l, handler + 8, &toc))
            return false;
        s->ctr = entry;
        s->gpr[2] = toc;
    } else {
        s->gpr[12] = s->ctr = handler;
    }
    return true;
}

bool signal_frame_push(struct linux_process *l, const struct signal_action *action,
                       const struct signal_info *info)
{
    struct cpu *s = l->cpu;
    struct wire w;
    if (!l->image.is_64bit)
        return frame32_push(l, action, info);
    uint64_t frame = frame_address(l, action, FRAME_TOTAL);
    wire_init(&w, l);
    put_ucontext(&w, l, frame, action, info);
    wire_zero(&w, UCONTEXT_BYTES + 16 + 28 + 4);
    wire_put_long(&w, frame + FRAME_INFO);
    wire_put_long(&w, frame);
    signal_put_info(&w, info);
    if (!wire_store(&w, l, frame) || !guest_write_long(l, frame - CALLER_FRAME, s->gpr[1]) ||
        !set_handler(l, action->handler))
        return false;
    frame_enter(l, frame - CALLER_FRAME, info->signo);
    s->gpr[4] = frame + UCONTEXT_BYTES - 1528; /* the sigcontext, for handlers of the old kind */
    if (action->flags & SA_FLAG_SIGINFO) {
        s->gpr[4] = frame + FRAME_INFO;
        s->gpr[5] = frame;
        s->gpr[6] = frame;
    }
    s->nia = l->space->sigtramp_ea;
    return true;
}

void frame_get_gp_regs(struct wire *w, struct cpu *s)
{
    for (uint32_t n = 0; n < 32; n++)
        s->gpr[n] = wire_get_long(w);
    s->nia = wire_get_long(w) & s->ea_mask & ~UINT64_C(3);
    wire_get_long(w); /* msr: nothing in it is the program's to change */
    wire_get_long(w); /* orig_gpr3 */
    s->ctr = wire_get_long(w);
    s->lr = wire_get_long(w);
    cpu_set_xer(s, wire_get_long(w));
    cpu_set_cr(s, (uint32_t)wire_get_long(w));
}

static bool get_vector_regs(struct linux_process *l, uint64_t ea)
{
    struct cpu *s = l->cpu;
    union vsr vscr;
    struct wire w;
    if (!wire_load(&w, l, ea, VREGS_BYTES))
        return false;
    for (uint32_t n = 32; n < 64; n++)
        frame_get_quadword(&w, &s->vsr[n]);
    frame_get_quadword(&w, &vscr);
    s->vscr = (uint32_t)vscr.q & (VSCR_NJ | VSCR_SAT);
    s->vrsave = (uint32_t)wire_get(&w, 4);
    w.used = VSX_OFFSET;
    for (uint32_t n = 0; n < 32; n++)
        VSR_D(s->vsr[n], 1) = wire_get(&w, 8);
    return true;
}

/* The mask and stack come into force only when all of the frame could be read. */
bool signal_frame_pop(struct linux_process *l, bool is_rt)
{
    struct cpu *s = l->cpu;
    struct wire w;
    if (!l->image.is_64bit)
        return frame32_pop(l, is_rt);
    if (!wire_load(&w, l, s->gpr[1], UCONTEXT_BYTES))
        return false;
    w.used = UCONTEXT_SP;
    struct signal_stack alt;
    alt.sp = wire_get_long(&w);
    alt.flags = (uint32_t)wire_get(&w, 4);
    alt.bytes = wire_get_long(&w);
    uint64_t mask = wire_get_long(&w);
    w.used = UCONTEXT_VMX - 8;
    uint64_t vector_regs = wire_get_long(&w);
    if (vector_regs && !get_vector_regs(l, vector_regs))
        return false;
    w.used = UCONTEXT_REGS;
    frame_get_gp_regs(&w, s);
    w.used = UCONTEXT_REGS + GREGS * 8;
    for (uint32_t n = 0; n < 32; n++)
        VSR_D(s->vsr[n], 0) = wire_get(&w, 8);
    fpscr_write(s, wire_get(&w, 8));
    frame_leave(l, mask, &alt);
    return true;
}
