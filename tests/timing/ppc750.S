/* The worked examples of the 750's manual, and rows of its latency table. Each kernel runs its code
 * twice, the second time with everything in the caches; isync empties the pipeline in front. */
        .machine "750cl"
#define ROW_PASSES 2
#include "tests/timing/latencies.inc"

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

/* G3-C: 4 begins a line, T0 another. 2 is never taken; it tests what 1 (add.) leaves, or CTR. 4
 * tests what 3 leaves. It is taken in all passes but the last, and there too when `last` is 0. */
        .macro  two_branches name, last, second
        kernel  \name
        li      30, 6
        li      4, 4
        li      8, 1
        li      9, 1
        b       1f
        .balign 32
1:      cmpwi   7, 30, 1
        li      5, 1
        bne     7, 2f
        lis     5, \last
2:      li      3, 1
        mtctr   3
        .rept   5
        nop
        .endr
        isync
        add     6, 3, 3         /* 0 */
        add.    7, 8, 9
        \second, 9f             /* 2 */
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
        addi    30, 30, -1
        cmpwi   0, 30, 0
        bne     0, 1b
9:      sc
        .endm
        two_branches predicted_wrong, 0x7fff, "beq 0"
        two_branches predicted_right, 0, "beq 0"
        two_branches counted_wrong, 0x7fff, "bc 16, 0"
        two_branches counted_right, 0, "bc 16, 0"

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

/* Rows of the latency table. */
        common_rows
        row     mullw8, "mullw 4, 3, 20", "mullw 5, 3, 20", "add 6, 5, 5"
        row     mullw16, "mullw 4, 3, 21", "mullw 5, 3, 21", "add 6, 5, 5"
        row     mullw32, "mullw 4, 3, 22", "mullw 5, 3, 22", "add 6, 5, 5"
        row     mulhw8, "mulhw 4, 3, 20", "mulhw 5, 3, 20", "add 6, 5, 5"
        row     mulhw16, "mulhw 4, 3, 21", "mulhw 5, 3, 21", "add 6, 5, 5"
        row     mulhw32, "mulhw 4, 3, 22", "mulhw 5, 3, 22", "add 6, 5, 5"
        row     mulli8, "mulli 4, 3, -128", "mulli 5, 3, 127", "add 6, 5, 5"
        row     mulli16, "mulli 4, 3, 128", "mulli 5, 3, -129", "add 6, 5, 5"
        row     lwzu, "lwz 4, 0(1)", "lwzux 5, 1, 9", "add 6, 5, 5"
        row     lwzu_base, "lwz 4, 0(1)", "lwzux 5, 1, 9", "add 6, 1, 1"
        row     lwz_split, "lwz 4, 5(1)", "lwz 5, 13(1)", "add 6, 5, 5"
        row     lwz_odd, "lwz 4, 1(1)", "lwz 5, 9(1)", "add 6, 5, 5"
        row     lfs, "lfs 1, 0(1)", "lfs 2, 8(1)", "fadd 3, 2, 2"
        row     stw_split, "stw 4, 5(1)", "stw 5, 13(1)", "nop"
        row     lwarx, "nop", "lwarx 5, 0, 1", "add 6, 5, 5"
        row     lmw, "nop", "lmw 27, 0(1)", "add 6, 31, 31"
        row     stmw, "nop", "stmw 27, 0(1)", "add 6, 3, 3"
        row     lswi, "nop", "lswi 27, 1, 12", "add 6, 27, 27"
        row     dcbz, "dcbz 0, 1", "dcbz 23, 1", "nop"
        row     fmuls, "fmuls 1, 2, 2", "fmuls 3, 2, 2", "fadd 4, 3, 3"
        row     fmadd, "fmadd 1, 2, 2, 2", "fmadd 3, 2, 2, 2", "fadd 4, 3, 3"
        row     fmadds, "fmadds 1, 2, 2, 2", "fmadds 3, 2, 2, 2", "fadd 4, 3, 3"
        row     mfcr, "nop", "mfcr 5", "add 6, 5, 5"
        row     mullw24, "mullw 4, 3, 1", "mullw 5, 3, 1", "add 6, 5, 5"
        row     mulhwu8, "mulhwu 4, 3, 20", "mulhwu 5, 3, 20", "add 6, 5, 5"
        row     mulhwu16, "mulhwu 4, 3, 21", "mulhwu 5, 3, 21", "add 6, 5, 5"
        row     mulhwu24, "mulhwu 4, 3, 1", "mulhwu 5, 3, 1", "add 6, 5, 5"
        row     mulhwu31, "mulhwu 4, 3, 22", "mulhwu 5, 3, 22", "add 6, 5, 5"
        row     mulhwu32, "mulhwu 4, 3, 25", "mulhwu 5, 3, 25", "add 6, 5, 5"
        .irp    op, cntlzw, extsb, neg, addze
        row     \op, "\op 4, 3", "\op 5, 3", "add 6, 5, 5"
        .endr
        .irp    op, sraw, slw, adde, subfe, and.
        row     \op, "\op 4, 3, 20", "\op 5, 3, 20", "add 6, 5, 5"
        .endr
        row     rlwinm, "rlwinm 4, 3, 3, 4, 9", "rlwinm 5, 3, 3, 4, 9", "add 6, 5, 5"
        row     tweqi, "nop", "tweqi 3, 99", "nop"
        .irp    op, lbzx, lhax, lwzx, lhbrx, lwbrx
        row     \op, "\op 4, 0, 1", "\op 5, 0, 1", "add 6, 5, 5"
        .endr
        .irp    op, sthx, stwx, sthbrx, stwbrx
        row     \op, "\op 4, 0, 1", "\op 5, 0, 1", "nop"
        .endr
        .irp    op, stfdx, stfiwx
        row     \op, "\op 4, 0, 1", "\op 5, 0, 1", "nop"
        .endr
        row     lfdux, "nop", "lfdux 2, 1, 9", "fadd 3, 2, 2"
        row     lfd_split, "lfd 1, 4(1)", "lfd 2, 12(1)", "fadd 3, 2, 2"
        row     stwux, "nop", "stwux 4, 1, 9", "add 6, 1, 1"
        row     lmw1, "nop", "lmw 31, 0(1)", "nop"
        row     lmw4, "nop", "lmw 28, 0(1)", "nop"
        row     stmw4, "nop", "stmw 28, 0(1)", "nop"
        row     lmw12, "nop", "lmw 20, 0(1)", "nop"
        row     lswi5, "nop", "lswi 27, 1, 5", "nop"
        row     stswi, "nop", "stswi 27, 1, 12", "nop"
        row     stmw1, "nop", "stmw 31, 0(1)", "nop"
        row     dcbf, "dcbf 0, 1", "dcbf 23, 1", "nop"
        row     dcbst, "dcbst 0, 1", "dcbst 23, 1", "nop"
        row     icbi, "icbi 0, 1", "icbi 23, 1", "nop"
        row     dcbt, "dcbt 0, 1", "dcbt 23, 1", "nop"
        row     dcbtst, "dcbtst 0, 1", "dcbtst 23, 1", "nop"
        row     sync, "nop", "sync", "nop"
        row     eieio, "nop", "eieio", "nop"
        row     isync, "nop", "isync", "nop"
        row     fres, "fres 1, 2", "fres 3, 2", "fadd 4, 3, 3"
        row     frsqrte, "frsqrte 1, 2", "frsqrte 3, 2", "fadd 4, 3, 3"
        .irp    op, fmr, fneg, frsp, fctiwz
        row     \op, "\op 1, 2", "\op 3, 2", "fadd 4, 3, 3"
        .endr
        row     fsel, "fsel 1, 2, 2, 2", "fsel 3, 2, 2, 2", "fadd 4, 3, 3"
        row     fsubs, "fsubs 1, 2, 2", "fsubs 3, 2, 2", "fadd 4, 3, 3"
        row     fnmsub, "fnmsub 1, 2, 2, 2", "fnmsub 3, 2, 2, 2", "fadd 4, 3, 3"
        row     fcmpu, "fcmpu 1, 2, 2", "fcmpu 2, 2, 2", "crand 0, 10, 10"
        row     mffs, "mffs 1", "mffs 3", "fadd 4, 3, 3"
        row     mtfsf, "mtfsf 255, 1", "mtfsf 255, 3", "fadd 4, 2, 2"
        row     mtfsb1, "mtfsb1 31", "mtfsb0 31", "fadd 4, 2, 2"
        row     mcrf, "mcrf 1, 2", "mcrf 3, 4", "crand 0, 14, 14"
        row     mcrxr, "nop", "mcrxr 3", "crand 0, 14, 14"
        row     mtcrf, "mtcrf 255, 3", "mtcrf 255, 3", "crand 0, 14, 14"
        row     mtcrf1, "mtcrf 16, 3", "mtcrf 16, 3", "crand 0, 14, 14"
        row     mtxer, "mtxer 9", "mtxer 9", "nop"
        row     mfxer, "nop", "mfxer 5", "add 6, 5, 5"
        row     behind_fadd, "fadd 1, 2, 2", "mfcr 5", "nop"
        row     beside_load, "lwz 4, 0(1)", "crand 0, 14, 14", "nop"

/* Behind a divide that holds up completion four loads with update want two renames each. */
        kernel  renames
        b       1f
        .balign 32
        .skip   28
1:      isync
        fdiv    1, 2, 2
        lwzux   4, 1, 9
        lwzux   5, 1, 9
        lwzux   6, 1, 9
        lwzux   7, 1, 9         /* 0x50 */
        bdnz    1b
        sc

/* What a branch waits for: LR and CTR are not predicted. */
        kernel  to_link
        b       1f
        .balign 32
        .skip   16
1:      mfctr   12
        bcl     20, 31, 2f
2:      mflr    5
        addi    5, 5, 3f - 2b
        isync
        mtlr    5               /* 0x44 */
        blr
        nop
3:      nop
        bdnz    1b
        sc

/* A branch that is predicted wrong in the last pass, on a compare beside it. */
        kernel  penalty
        li      3, 5
        mtctr   3
        b       1f
        .balign 32
1:      .rept   5
        nop
        .endr
        mfctr   3
        li      5, 1
        isync
        cmpwi   3, 1            /* 0x40 */
        bne     2f
        add     4, 5, 5         /* 0x48 */
        sc
        .balign 32
2:      bdnz    1b
        sc

/* Two branches, on what a divide and a multiply leave: predicted taken, and rightly so. */
        kernel  unresolved
        li      3, 5
        mtctr   3
        li      5, 3
        b       1f
        .balign 32
1:      .rept   7
        nop
        .endr
        isync
        divw.   4, 5, 5         /* 0x40 */
        bne     2f
        sc
        .balign 32
2:      nop                     /* 0x60 */
        mullw.  6, 4, 5
        bne     0, 3f
        sc
        .balign 32
3:      add     7, 5, 5         /* 0x80 */
        add     8, 5, 5
        bdnz    1b
        sc

/* A loop's count that is not there yet. */
        kernel  to_count
        li      30, 3
        b       1f
        .balign 32
1:      .rept   5
        nop
        .endr
        li      5, 2
        nop
        isync
        mtctr   5               /* 0x40 */
        bdnz    2f
        nop
2:      addi    30, 30, -1
        cmpwi   30, 0
        bne     1b
        sc

/* Two lines that miss, and a hit between them. */
        kernel  misses
        lwz     4, 0(1)
        li      23, 0x1000
        lwzx    4, 1, 23
        li      24, 0x2000
        lwzx    4, 1, 24
        b       1f
        .balign 32
1:      .rept   7
        nop
        .endr
        isync
        lwz     5, 0x20(1)      /* 0x40: misses */
        lwz     6, 0(1)         /* hits */
        lwz     7, 0x40(1)      /* 0x48: misses */
        sc

#include "tests/timing/loops.inc"
