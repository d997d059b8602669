# Kernels of ppc7450_test.c, which says what each takes and why; 32-bit, big-endian. Programs, and
# their places in a line of 32 bytes, are those of Freescale AN2203 where it prints them.
#
# A kernel is a section, run in several passes: caches and predictors are warm in the last one,
# which is looked at. What is timed follows `start`, which leaves the pipeline empty.

        .machine "7450"

        # Rows of the latency table.
#define ROW_PASSES 3
#include "tests/timing/latencies.inc"
        common_rows
        row mullw16, "mullw 4, 3, 21", "mullw 5, 3, 21", "add 6, 5, 5"
        row mullw32, "mullw 4, 3, 22", "mullw 5, 3, 22", "add 6, 5, 5"
        row mulhw32, "mulhw 4, 3, 22", "mulhw 5, 3, 22", "add 6, 5, 5"
        row mulli16, "mulli 4, 3, 128", "mulli 5, 3, -129", "add 6, 5, 5"
        row lwz_odd, "lwz 4, 1(1)", "lwz 5, 9(1)", "add 6, 5, 5"
        row lwz_split, "lwz 4, 5(1)", "lwz 5, 13(1)", "add 6, 5, 5"
        row lfd_split, "lfd 1, 4(1)", "lfd 2, 12(1)", "fadd 3, 2, 2"
        row stw_split, "stw 4, 5(1)", "stw 5, 13(1)", "nop"
        .irp op, sraw, slw, mulhwu
        row \op, "\op 4, 3, 22", "\op 5, 3, 22", "add 6, 5, 5"
        .endr
        row srawi, "srawi 4, 3, 2", "srawi 5, 3, 2", "add 6, 5, 5"
        row tweqi, "nop", "tweqi 3, 99", "nop"
        row cntlzw, "cntlzw 4, 3", "cntlzw 5, 3", "add 6, 5, 5"
        row mfcr, "nop", "mfcr 5", "add 6, 5, 5"
        row mftb, "nop", "mftb 5", "add 6, 5, 5"
        row mcrf, "mcrf 1, 2", "mcrf 3, 4", "crand 0, 14, 14"
        row mcrxr, "nop", "mcrxr 3", "crand 0, 14, 14"
        row sync, "nop", "sync", "nop"
        row isync, "nop", "isync", "nop"
        row stfd, "stfd 1, 0(1)", "stfd 2, 8(1)", "nop"
        row lwbrx, "lwbrx 4, 0, 1", "lwbrx 5, 0, 1", "add 6, 5, 5"
        row fres, "fres 1, 2", "fres 3, 2", "fadd 4, 3, 3"
        .irp op, fmr, frsp, fctiwz
        row \op, "\op 1, 2", "\op 3, 2", "fadd 4, 3, 3"
        .endr
        row fcmpu, "fcmpu 1, 2, 2", "fcmpu 2, 2, 2", "crand 0, 10, 10"
        row mffs, "nop", "mffs 3", "fadd 4, 3, 3"
        row mtfsf, "nop", "mtfsf 255, 3", "nop"
        .irp op, vaddubm, vand, vslw, vcmpequb, vminuw, vmuleub, vsum4ubs, vmrghb, vpkuhum, vsl
        row \op, "\op 1, 2, 2", "\op 3, 2, 2", "vor 4, 3, 3"
        .endr
        .irp op, vaddfp, vmaxfp, vcmpeqfp
        row \op, "\op 1, 2, 2", "\op 3, 2, 2", "vor 4, 3, 3"
        .endr
        .irp op, vmladduhm, vperm, vmaddfp, vsel
        row \op, "\op 1, 2, 2, 2", "\op 3, 2, 2, 2", "vor 4, 3, 3"
        .endr
        row vspltb, "vspltb 1, 2, 3", "vspltb 3, 2, 3", "vor 4, 3, 3"
        row vctsxs, "vctsxs 1, 2, 3", "vctsxs 3, 2, 3", "vor 4, 3, 3"
        row vrefp, "vrefp 1, 2", "vrefp 3, 2", "vor 4, 3, 3"
        row lvx, "lvx 1, 0, 1", "lvx 3, 0, 1", "vor 4, 3, 3"
        row stvx, "stvx 1, 0, 1", "stvx 3, 0, 1", "nop"
        row fmadds, "fmadds 1, 2, 2, 2", "fmadds 3, 2, 2, 2", "fadd 4, 3, 3"
        row fmadd, "fmadd 1, 2, 2, 2", "fmadd 3, 2, 2, 2", "fadd 4, 3, 3"
        .purgem kernel

        .macro kernel name, passes=4
        .section \name, "ax"
        li 30, \passes
100:    mr 31, 1
        .endm

        # The code begins at this offset in the line 0x60 of the section.
        .macro start offset=0
        b 200f
        .org 0x5c + \offset
200:    isync
        .endm

        .macro again
        sync
        addi 30, 30, -1
        cmpwi 7, 30, 0
        bne 7, 100b
        sc
        .endm

        # `\last` in 0(1) in the last pass, `\before` in those before it.
        .macro word before, last
        li 5, \before
        cmpwi 7, 30, 1
        bne 7, 1f
        li 5, \last
1:      stw 5, 0(1)
        .endm

        # Tables 3-1 and 3-2.
        .macro stream offset
        li 9, 12
        mtctr 9
        start \offset
1:      lwzu 10, 4(31)
        add 11, 11, 10
        bdnz 1b
        again
        .endm
        kernel stream_split
        stream 0x18
        kernel stream_aligned
        stream 0

        # 3.1.1: four instructions, entered at the last word of a line and at the first.
        .macro four offset
        li 9, 12
        mtctr 9
        start \offset
1:      add 11, 11, 10
        add 12, 12, 10
        add 13, 13, 10
        bdnz 1b
        again
        .endm
        kernel four_split
        four 0x1c
        kernel four_aligned
        four 0

        # Tables 3-3, 3-4 and 3-5.
        .macro compare_load branch
        start
        lwz 3, 0(1)
        cmpwi 3, 5
        \branch 2f
        .ifc \branch, beq
        add 4, 4, 9
        .endif
        b 3f
        .balign 32
2:      add 4, 4, 9
3:
        again
        .endm
        kernel branch_taken, 6
        word 6, 6
        compare_load bne
        kernel branch_falls, 6
        word 6, 6
        compare_load beq
        kernel branch_wrong, 6
        word 5, 6
        compare_load bne

        # Tables 3-6 and 3-7.
        kernel nested, 3
        mr 9, 1
        addi 8, 1, 0x200
        li 6, 12
        li 7, 4
        li 0, 0
        start 0x18
1:      addi 6, 6, -1
        cmpwi 1, 6, 0
2:      addic. 7, 7, -1
        lwzu 10, 4(9)
        add 11, 11, 10
        bne 2b
        stwu 11, 4(8)
        xor 11, 11, 11
        ori 7, 0, 4
        bne 1, 1b
        again

        kernel nested_ctr, 3
        mr 9, 1
        addi 8, 1, 0x200
        li 6, 12
        li 7, 4
        mtctr 7
        start 0x1c
1:      addic. 6, 6, -1
2:      lwzu 10, 4(9)
        add 11, 11, 10
        bdnz 2b
        mtctr 7
        stwu 11, 4(8)
        xor 11, 11, 11
        bne 1b
        again

        # 3.1.4.2
        kernel position
        start 0x1c
1:      bcl 20, 31, 2f
2:      mflr 2
        addi 2, 2, 3f - 2b
        mtctr 2
        bcctr 20, 0
        .balign 32
3:      add 3, 3, 20
        again

        # The link stack still predicts the return behind a `bcl 20,31,$+4`.
        kernel position_in_call
        start
        bl 2f
        add 4, 4, 20
        b 9f
        .balign 32
2:      mflr 6
        bcl 20, 31, 3f
3:      mflr 2
        mtlr 6
        blr
9:
        again

        # 3.2: one micro-operation a cycle, the last with what follows.
        kernel multiple
        mtctr 30
        start
        lmw 25, 0(1)
        add 3, 3, 20
        add 4, 4, 20
        mfctr 30
        again

        # 3.6: nine that need nothing of each other.
        kernel adds
        start
        fadd 10, 20, 21
        fadd 11, 20, 22
        fadd 12, 20, 23
        fadd 13, 20, 24
        fadd 14, 20, 25
        fadd 15, 20, 26
        fadd 16, 20, 27
        fadd 17, 20, 28
        fadd 18, 20, 29
        again

        # 3.6: the load misses everything.
        kernel adds_behind_miss
        li 9, 4096
        mullw 9, 9, 30
        add 9, 9, 1
        sync
        start
        lfdu 3, 8(9)
        fadd 11, 20, 22
        fadd 12, 20, 23
        fadd 13, 20, 24
        fadd 14, 20, 25
        fadd 15, 20, 26
        fadd 16, 20, 27
        fadd 17, 20, 28
        fadd 18, 20, 29
        again

        # 3.7.6: the line is in the second level; sixteen others have driven it out of the first.
        kernel second_level
        lwz 5, 0(1)
        sync
        addi 9, 1, 4096
        li 8, 16
        mtctr 8
1:      lwz 5, 0(9)
        addi 9, 9, 4096
        bdnz 1b
        sync
        start
        lwz 3, 0(1)
        add 4, 3, 20
        again

        # Latencies: each takes the result of the one before.
        kernel latencies
        addi 9, 1, 64
        stw 9, 0(9)
        sync
        start
        lwz 3, 0(9)
        add 4, 3, 20
        mulli 5, 4, 3
        mullw 6, 5, 5
        add 7, 6, 20
        fadd 1, 2, 3
        fmul 2, 1, 1
        fmadd 3, 2, 2, 2
        lfd 4, 8(9)
        fadd 5, 4, 3
        again

        # The second load of a line that is on its way, in front of another miss and behind it.
        .macro two_lines second, third
        lis 9, 1
        add 9, 9, 1
        slwi 8, 30, 8
        add 9, 9, 8
        sync
        start
        lwz 3, 0(9)
        lwz 4, \second(9)
        lwz 5, \third(9)
        add 6, 4, 5
        again
        .endm
        kernel same_line_first
        two_lines 4, 64
        kernel same_line_last
        two_lines 64, 4

        # Table 3-27, and its program in another order with a third load: the lines are in the third
        # level, sixteen others have driven them out of the first two.
        .macro third_level_loads second, third
        lwz 5, 0(1)
        lwz 5, 64(1)
        sync
        addi 9, 1, 4096
        li 8, 16
        mtctr 8
1:      lwz 5, 0(9)
        lwz 5, 64(9)
        addi 9, 9, 4096
        bdnz 1b
        sync
        start
        lwz 3, 0(1)
        lwz 4, \second(1)
        lwz 5, \third(1)
        again
        .endm
        kernel third_level
        third_level_loads 4, 64
        kernel third_level_overlapped
        third_level_loads 64, 4

        # GIQ: 2 waits for a place at IU2 while 3 to 5 go by.
        kernel out_of_order
        start
        mullw 10, 20, 21
        mullw 11, 10, 22
        mullw 12, 20, 23
        add 13, 20, 21
        add 14, 20, 22
        add 15, 20, 23
        again

        # Ten lines of code for the eight places of a set: each comes from the second level.
        kernel code_second_level
        start
        .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
        b 201f
        .org 0x60 + \n * 4096
201:    add 3, 3, 20
        .endr
        addi 30, 30, -1
        cmpwi 7, 30, 0
        beq 7, 202f
        b 100b
202:    sc

#include "tests/timing/loops.inc"
