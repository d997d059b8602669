/* The worked example of the 604's manual. The kernel runs twice, the second time with everything in
 * the caches and the branch in the target address cache; isync empties the pipeline in front. */
        .machine "604"
#define ROW_PASSES 3
#include "tests/timing/latencies.inc"

/* 604-A: 0 begins a line, 4 another. */
        kernel  btac_hit, 3
        b       1f
        .balign 32
1:      .rept   7
        nop
        .endr
        isync
        add     4, 3, 3         /* 0 */
        lwz     5, 0(1)
        add     6, 3, 3
        b       2f              /* 3 */
        .balign 32
2:      or.     7, 3, 3         /* 4 */
        cmpwi   1, 3, 0
        lwz     8, 4(1)
        mulli   9, 3, 100
        bdnz    1b
        sc

/* A branch that is never taken, between two that execute at once. */
        kernel  untaken, 3
        b       1f
        .balign 32
1:      .rept   7
        nop
        .endr
        isync
        beq     0, 2f
        add     4, 3, 3
        beq     0, 2f
        add     5, 3, 3
        bdnz    1b
2:      sc

/* Rows of the latency table. */
        common_rows
        row     mullw, "mullw 4, 3, 22", "mullw 5, 3, 22", "add 6, 5, 5"
        row     sync, "nop", "sync", "nop"
        row     mtcrf1, "mtcrf 16, 3", "mtcrf 8, 3", "crand 0, 18, 18"
        row     mtcrf, "mtcrf 0x30, 3", "mtcrf 0x30, 3", "crand 0, 14, 14"
        row     behind_load, "lwz 4, 0(1)", "mtcrf 255, 3", "nop"
        row     mfcr, "mfcr 4", "mfcr 5", "add 6, 5, 5"
        row     mulli, "mulli 4, 3, 5", "mulli 5, 3, 5", "add 6, 5, 5"
        row     mulhw, "mulhw 4, 3, 22", "mulhw 5, 3, 22", "add 6, 5, 5"
        .irp    op, cntlzw, extsb, neg
        row     \op, "\op 4, 3", "\op 5, 3", "add 6, 5, 5"
        .endr
        row     sraw, "sraw 4, 3, 20", "sraw 5, 3, 20", "add 6, 5, 5"
        row     tweqi, "nop", "tweqi 3, 99", "nop"
        .irp    op, lhzx, lhax, lhbrx, lwbrx, lwarx
        row     \op, "\op 4, 0, 1", "\op 5, 0, 1", "add 6, 5, 5"
        .endr
        row     lfs, "lfs 1, 0(1)", "lfs 2, 8(1)", "fadd 3, 2, 2"
        row     stfd, "stfd 1, 0(1)", "stfd 2, 8(1)", "nop"
        row     fmadd, "fmadd 1, 2, 2, 2", "fmadd 3, 2, 2, 2", "fadd 4, 3, 3"
        row     fmuls, "fmuls 1, 2, 2", "fmuls 3, 2, 2", "fadd 4, 3, 3"
        .irp    op, fmr, frsp, fctiw, frsqrte
        row     \op, "\op 1, 2", "\op 3, 2", "fadd 4, 3, 3"
        .endr
        row     fres, "fres 1, 2", "fres 3, 2", "fadd 4, 3, 3"
        row     fcmpu, "nop", "fcmpu 1, 2, 2", "crand 0, 6, 6"

#include "tests/timing/loops.inc"
