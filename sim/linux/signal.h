/* Signals: actions, mask, what is pending, delivery to handlers. Signal n is bit
 * n-1 of a mask. Numbers, codes and flags are Linux/ppc64's. */
#ifndef SIM_LINUX_SIGNAL_H
#define SIM_LINUX_SIGNAL_H

#include <stdbool.h>
#include <stdint.h>

struct cpu;
struct linux_process;
struct thread;
struct wire;

#define SIGNALS 64u
#define SIGNAL_BIT(n) (UINT64_C(1) << ((n) - 1))

/*       name     number  default action */
#define SIGNAL_LIST(X)                                                                             \
    X(HUP, 1, ENDS) X(INT, 2, ENDS) X(QUIT, 3, ENDS) X(ILL, 4, ENDS) X(TRAP, 5, ENDS)              \
    X(ABRT, 6, ENDS) X(BUS, 7, ENDS) X(FPE, 8, ENDS) X(KILL, 9, ENDS) X(USR1, 10, ENDS)            \
    X(SEGV, 11, ENDS) X(USR2, 12, ENDS) X(PIPE, 13, ENDS) X(ALRM, 14, ENDS) X(TERM, 15, ENDS)      \
    X(STKFLT, 16, ENDS) X(CHLD, 17, IGNORED) X(CONT, 18, IGNORED) X(STOP, 19, STOPS)               \
    X(TSTP, 20, STOPS) X(TTIN, 21, STOPS) X(TTOU, 22, STOPS) X(URG, 23, IGNORED)                   \
    X(XCPU, 24, ENDS) X(XFSZ, 25, ENDS) X(VTALRM, 26, ENDS) X(PROF, 27, ENDS)                      \
    X(WINCH, 28, IGNORED) X(IO, 29, ENDS) X(PWR, 30, ENDS) X(SYS, 31, ENDS)
#define SIGNAL_ENUM(name, number, action) GUEST_SIG##name = number,
enum guest_signal { SIGNAL_LIST(SIGNAL_ENUM) };
#undef SIGNAL_ENUM

enum { GUEST_SIG_DFL = 0, GUEST_SIG_IGN = 1 };
enum signal_code {
    CODE_USER = 0, CODE_TIMER = -2, CODE_QUEUE = -1, CODE_TKILL = -6, CODE_KERNEL = 0x80,
    CODE_ILL_OPC = 1, CODE_ILL_PRVOPC = 5,
    CODE_FPE_FLTDIV = 3, CODE_FPE_FLTOVF = 4, CODE_FPE_FLTUND = 5, CODE_FPE_FLTRES = 6,
    CODE_FPE_FLTINV = 7, CODE_FPE_FLTUNK = 14,
    CODE_SEGV_MAPERR = 1, CODE_SEGV_ACCERR = 2,
    CODE_BUS_ADRALN = 1, CODE_BUS_ADRERR = 2,
    CODE_TRAP_BRKPT = 1,
    CODE_CLD_EXITED = 1, CODE_CLD_KILLED = 2, CODE_CLD_STOPPED = 5, CODE_CLD_CONTINUED = 6,
};
#define SA_FLAG_NOCLDSTOP UINT64_C(0x1)
#define SA_FLAG_NOCLDWAIT UINT64_C(0x2)
#define SA_FLAG_SIGINFO   UINT64_C(0x4)
#define SA_FLAG_ONSTACK   UINT64_C(0x08000000)
#define SA_FLAG_RESTART   UINT64_C(0x10000000)
#define SA_FLAG_NODEFER   UINT64_C(0x40000000)
#define SA_FLAG_RESETHAND UINT64_C(0x80000000)
enum { SS_FLAG_ONSTACK = 1, SS_FLAG_DISABLE = 2 };
#define SS_FLAG_AUTODISARM UINT32_C(0x80000000)

struct signal_info {
    uint32_t signo;
    int32_t code;
    uint32_t tid;   /* for this thread alone; 0: for the process, any thread takes it */
    uint64_t addr;  /* of faults */
    uint32_t pid, uid;
    uint64_t value; /* of sigqueue; of a child: its status */
};

struct signal_action {
    uint64_t handler, flags, restorer, mask;
};

struct signal_stack {
    uint64_t sp, bytes;
    uint32_t flags;
};

#define SIGNAL_QUEUE 128u

struct signals {
    struct signal_action action[SIGNALS + 1];
    /* Of the running thread, up to `alt`. */
    uint64_t blocked;
    uint64_t saved_mask; /* of before sigsuspend or ppoll; what the handler's frame restores */
    bool has_saved_mask;
    struct signal_stack alt;
    struct signal_info queue[SIGNAL_QUEUE]; /* pending, in order of arrival */
    uint32_t queued;
    int restart;         /* 0, or CALL_RESTART...: how the current system call ended */
};

void signals_init(struct linux_process *l);
/* execve: handlers go, what is ignored stays. */
void signals_reset_handlers(struct linux_process *l);
/* Makes it pending, for any process. Standard signals that are pending already, and ignored ones,
 * are dropped. -EAGAIN: the queue is full. */
int64_t signal_send(struct linux_process *l, struct signal_info info);
/* Caused by the current instruction: a handler gets it even when blocked is no way out, as Linux's
 * force_sig. */
void signal_force(struct linux_process *l, struct signal_info info);
/* Mask of signals that are pending for the running thread. */
uint64_t signals_pending(const struct linux_process *l);
/* Is one pending for the running thread that runs a handler or ends the process? */
bool signal_waits(const struct linux_process *l);
/* The same for a thread that waits. */
bool signal_waits_for(const struct linux_process *l, const struct thread *t);
/* Drops what was pending for a thread alone. */
void signals_forget_thread(struct linux_process *l, uint32_t tid);
/* Takes one of `set` out of the queue, the lowest number first; false when none is pending. */
bool signal_take(struct linux_process *l, uint64_t set, struct signal_info *info);
/* Before going back to the guest: ends it, or sets up handlers, and settles interrupted system
 * calls. */
void signals_deliver(struct linux_process *l);
void signals_set_mask(struct linux_process *l, uint64_t mask); /* KILL and STOP stay open */
/* Exchanges the mask until the current call is over. */
void signals_set_temporary_mask(struct linux_process *l, uint64_t mask);

/* fault.c: the signal that the processor's exception becomes; s->nia is the instruction. */
struct signal_info fault_signal(struct cpu *s);

/* signal_frame.c */
/* False when the stack cannot take the frame. */
bool signal_frame_push(struct linux_process *l, const struct signal_action *action,
                       const struct signal_info *info);
/* `is_rt`: of the kind that SA_SIGINFO gets; 64-bit programs have no other. */
bool signal_frame_pop(struct linux_process *l, bool is_rt);
void signal_put_info(struct wire *w, const struct signal_info *info); /* all 128 bytes */
/* The least size of an alternate stack: the signal frame and its caller's frame. */
uint64_t signal_min_stack(const struct linux_process *l);
bool signal_stack_holds(const struct signal_stack *s, uint64_t sp);
/* The code at linux_process.sigtramp_ea. */
#define SIGTRAMP_WORDS 4
extern const uint32_t sigtramp_code[2][SIGTRAMP_WORDS]; /* by is_64bit */

#endif
