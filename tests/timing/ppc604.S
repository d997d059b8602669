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
        row     fcmpu, "nop", "fcmpu 1, 2, 2", "crand 0, 6, 6"
