/* What Linux/ppc64 makes of a processor's exceptions: signals. */
#include "sim/base/bits.h"
#include "sim/isa/exception.h"
#include "sim/isa/fpscr.h"
#include "sim/linux/internal.h"
#include "sim/linux/signal.h"

static uint32_t fp_code(uint64_t fpscr)
{
    static const struct {
        uint64_t enabled_and_set;
        uint32_t code;
    } rows[] = {
        /* FPSCR 56..60: VE OE UE ZE XE; 34..38: VX OX UX ZX XX. In the order of Linux's
         * __parse_fpscr. */
        {0x20000080, CODE_FPE_FLTINV}, {0x10000040, CODE_FPE_FLTOVF}, {0x08000020, CODE_FPE_FLTUND},
        {0x04000010, CODE_FPE_FLTDIV}, {0x02000008, CODE_FPE_FLTRES},
    };
    for (uint32_t n = 0; n < ARRAY_LEN(rows); n++)
        if ((fpscr & rows[n].enabled_and_set) == rows[n].enabled_and_set)
            return rows[n].code;
    return CODE_FPE_FLTUNK;
}

static struct signal_info storage_fault(uint32_t why, uint64_t ea)
{
    if (why == MMU_BUS_ERROR)
        return (struct signal_info){.signo = GUEST_SIGBUS, .code = CODE_BUS_ADRERR, .addr = ea};
    return (struct signal_info){.signo = GUEST_SIGSEGV,
                                .code = why == MMU_PROTECTED ? CODE_SEGV_ACCERR
                                                             : CODE_SEGV_MAPERR,
                                .addr = ea};
}

struct signal_info fault_signal(struct cpu *s)
{
    const struct exception_record *x = &s->exception;
    struct signal_info info = {.signo = GUEST_SIGILL, .code = CODE_ILL_OPC, .addr = s->nia};
    switch (x->kind) {
    case EXC_DSI:
    case EXC_ISI:
        return storage_fault(x->detail, x->ea);
    case EXC_ALIGNMENT:
        return (struct signal_info){
            .signo = GUEST_SIGBUS, .code = CODE_BUS_ADRALN, .addr = x->ea};
    case EXC_TRAP:
        info.signo = GUEST_SIGTRAP;
        info.code = CODE_TRAP_BRKPT;
        return info;
    case EXC_FP_ENABLED:
        info.signo = GUEST_SIGFPE;
        info.code = (int32_t)fp_code(fpscr_read(s));
        return info;
    case EXC_PRIVILEGED:
    case EXC_SYSCALL: /* sc 1: a hypervisor call */
        info.code = CODE_ILL_PRVOPC;
        return info;
    default:
        return info;
    }
}
