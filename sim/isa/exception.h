/* Why an instruction did not complete, or what it asked the system for. */
#ifndef SIM_ISA_EXCEPTION_H
#define SIM_ISA_EXCEPTION_H

#include <stdbool.h>
#include <stdint.h>

enum exception {
    EXC_NONE,
    EXC_SYSCALL,    /* sc: nia is the next instruction */
    EXC_SYSCALL_V,  /* scv: likewise; detail is LEV */
    EXC_ILLEGAL,    /* no such instruction in this processor; detail is its word */
    EXC_PRIVILEGED,
    EXC_TRAP,       /* tw, td and friends */
    EXC_FP_ENABLED, /* enabled floating-point exception */
    EXC_DSI,        /* data access: ea and detail (enum mmu_result) */
    EXC_ISI,        /* instruction fetch: ea and detail (enum mmu_result) */
    EXC_ALIGNMENT,  /* ea */
    EXC_UNAVAILABLE, /* facility off: detail is a enum facility */
    EXC_WRONG_PATH, /* not to be executed on a wrong path; never on the right one */
    EXC_BREAKPOINT, /* a debugger's, before the instruction: code_set_breakpoint */
};

struct exception_record {
    enum exception kind;
    bool is_store;
    uint32_t detail;
    uint64_t ea;
};

#endif
