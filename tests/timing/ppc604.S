/* The worked example of the 604's manual. The kernel runs twice, the second time with everything in
 * the caches and the branch in the target address cache; isync empties the pipeline in front. */
        .machine "604"

/* 604-A: 0 begins a line, 4 another. */
        .section btac_hit, "ax", @progbits
        .balign 32
        li      3, 3
        mtctr   3
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
        .section untaken, "ax", @progbits
        .balign 32
        li      3, 3
        mtctr   3
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
