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

/* G3-C: 4 begins a line, T0 another. 2 tests what 1 (add.) leaves and is never taken; 4 tests what
 * 3 leaves. It is taken in all passes but the last, and there too with `predicted_right`. */
        .macro  two_branches name, last
        kernel  \name
        li      3, 6
        mtctr   3
        li      4, 4
        li      8, 1
        li      9, 1
        b       1f
        .balign 32
1:      mfctr   3
        cmpwi   7, 3, 1
        li      5, 1
        bne     7, 2f
        lis     5, \last
2:      .rept   6
        nop
        .endr
        isync
        add     6, 3, 3         /* 0 */
        add.    7, 8, 9
        beq     0, 9f           /* 2 */
        mulhw.  10, 5, 4
        beq     0, 4f           /* 4 */
        fadd    1, 2, 2
        and     11, 8, 9
        or      12, 8, 9
        sub     14, 8, 9        /* 8 */
        sc
        .balign 32
4:      add     15, 8, 9        /* T0 */
        add     16, 8, 9
        add     17, 8, 9
        add     18, 8, 9
        and     19, 8, 9
        or      20, 8, 9        /* T5 */
        bdnz    1b
9:      sc
        .endm
        two_branches predicted_wrong, 0x7fff
        two_branches predicted_right, 0

/* G3-B: as G3-A, run once; what stands before the branch has been fetched, its target has not. */
        kernel  target_missing
        b       2f
        .balign 32
1:      .rept   7
        nop
        .endr
        isync
        add     4, 3, 3         /* 0 */
        fadd    1, 2, 2
        add     5, 3, 3
        fadd    3, 2, 2
        b       3f              /* 4 */
        fsub    4, 2, 2
2:      nop
        b       1b
        .skip   0x400
3:      fadd    5, 2, 2         /* 6, at the beginning of a line */
        fadd    6, 2, 2
        add     6, 3, 3         /* 8 */
        add     7, 3, 3
        add     8, 3, 3
        add     9, 3, 3
        sc

/* G3-D: a loop of four, entered at the last word of a line, and at the first. */
        .macro  loop_of_four name, skip
        kernel  \name
        li      3, 64
        mtctr   3
        b       1f
        .balign 32
        .rept   \skip
        nop
        .endr
1:      add     4, 3, 3
        add     5, 3, 3
        add     6, 3, 3
        bdnz    1b
        sc
        .endm
        loop_of_four split_loop, 7
        loop_of_four aligned_loop, 0
