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

/* Rows of the latency table, as in ppc750.S. */
        .macro  row name, first, second, third
        .section \name, "ax", @progbits
        .balign 32
        li      3, 3
        mtctr   3
        lis     22, 0x1234
        b       1f
        .balign 32
        .skip   28
1:      isync
        \first
        \second
        \third
        bdnz    1b
        sc
        .endm

        row     add1, "add 4, 3, 3", "add 5, 3, 3", "add 6, 5, 5"
        row     mullw, "mullw 4, 3, 22", "mullw 5, 3, 22", "add 6, 5, 5"
        row     divw, "divw 4, 22, 3", "divw 5, 22, 3", "add 6, 5, 5"
        row     lwz, "lwz 4, 0(1)", "lwz 5, 4(1)", "add 6, 5, 5"
        row     lfd, "lfd 1, 0(1)", "lfd 2, 8(1)", "fadd 3, 2, 2"
        row     stw, "stw 4, 0(1)", "stw 5, 4(1)", "nop"
        row     stwcx, "lwarx 4, 0, 1", "stwcx. 5, 0, 1", "nop"
        row     sync, "nop", "sync", "nop"
        row     fadd, "fadd 1, 2, 2", "fadd 3, 2, 2", "fadd 4, 3, 3"
        row     fmul, "fmul 1, 2, 2", "fmul 3, 2, 2", "fadd 4, 3, 3"
        row     fdivs, "fdivs 1, 2, 2", "fdivs 3, 2, 2", "fadd 4, 3, 3"
        row     fdiv, "fdiv 1, 2, 2", "fdiv 3, 2, 2", "fadd 4, 3, 3"
        row     fcmpu, "nop", "fcmpu 1, 2, 2", "crand 0, 6, 6"
        row     crand, "crand 8, 17, 18", "crand 12, 17, 18", "crand 20, 12, 13"
        row     mtlr, "nop", "mtlr 5", "mflr 6"
        row     mflr, "nop", "mflr 5", "add 6, 5, 5"
