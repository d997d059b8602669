/* What the signal frames of 64-bit and 32-bit programs share; for signal_frame*.c alone. */
#ifndef SIM_LINUX_SIGNAL_FRAME_H
#define SIM_LINUX_SIGNAL_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/linux/vdso.h"

struct cpu;
struct linux_process;
struct signal_action;
struct signal_info;
struct signal_stack;
struct wire;
union vsr;

/* A user's MSR: SF, VEC, VSX, EE, PR, FP, ME, IR, DR, RI; LE where it is set. */
#define FRAME_USER_MSR UINT64_C(0x800000000280f032)
#define FRAME_MSR_VSX  UINT64_C(0x00800000)

/* 48 longs: general registers, nip, msr, orig_gpr3, ctr, link, xer, ccr, softe, trap, dar, dsisr,
 * result. */
void frame_put_gp_regs(struct wire *w, const struct linux_process *l,
                       const struct signal_info *info);
void frame_get_gp_regs(struct wire *w, struct cpu *s);
/* A vector register as stvx and lvx would move it. */
void frame_put_quadword(struct wire *w, const union vsr *v);
void frame_get_quadword(struct wire *w, union vsr *v);
/* Where a frame of that size goes: the alternate stack, or below the stack pointer; a multiple
 * of 16. */
uint64_t frame_address(struct linux_process *l, const struct signal_action *action, uint32_t bytes);
/* The mask that the frame keeps. */
uint64_t frame_mask(const struct linux_process *l);
/* The end of pushing: the handler's first argument and stack, and a clean state for it. */
void frame_enter(struct linux_process *l, uint64_t sp, uint32_t signo);
/* The end of popping: the mask and, unless NULL, the alternate stack come into force. */
void frame_leave(struct linux_process *l, uint64_t mask, const struct signal_stack *alt);

extern const struct signal_layout signal_layout64;
/* signal_frame32.c; one for handlers with SA_SIGINFO, one for others. */
extern const struct signal_layout signal_layout32, signal_layout32_rt;
bool frame32_push(struct linux_process *l, const struct signal_action *action,
                  const struct signal_info *info);
bool frame32_pop(struct linux_process *l, bool is_rt);

#endif
