/* The worked examples of the 750's manual, and rows of its latency table. Each kernel runs its code
 * twice, the second time with everything in the caches; isync empties the pipeline in front. */
        .machine "750cl"

        .macro  kernel name
        .section \name, "ax", @progbits
        .balign 32
        li      3, 2
        mtctr   3
        .endm

/* G3-A: 0 begins a line; 6 to 11 end one. */
        kernel  straight
        b       1f
        .balign 32
1:      .rept   7
        nop
        .endr
        isync
        add     4, 3, 3         /* 0 */
        fadd    1, 2, 2
        add     5, 3, 3
        fadd    3, 2, 2
        b       2f              /* 4 */
        fsub    4, 2, 2
        nop
        nop
        nop
        nop
2:      fadd    5, 2, 2         /* 6 */
        fadd    6, 2, 2
        add     6, 3, 3         /* 8 */
        add     7, 3, 3
        add     8, 3, 3
        add     9, 3, 3
        fadd    7, 2, 2         /* 12 */
        add     10, 3, 3
        fadd    8, 2, 2
        add     11, 3, 3        /* 15 */
        add     12, 3, 3
        add     14, 3, 3
        add     15, 3, 3        /* 18 */
        add     16, 3, 3
        bdnz    1b
        sc
