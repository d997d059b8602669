# Kernels of ppc405_test.c, which says what each takes and why.
#
# A kernel is a section, run twice if nothing else is said: the last pass counts. The marker
# stands first in a cache line and is fetched anew after `isync`, so that it enters an empty queue.

        .machine "405"
        .macro kernel name, passes=2
        .section \name, "ax"
        li 30, \passes
        li 3, 0x123
        lis 4, 0x1234           # wider than 16 bits
        li 5, -7
        li 6, 0
        stw 3, 0(1)
        dcbt 0, 1
        b 100f
        .balign 32
        .skip 28
100:    isync
        or 26, 26, 26
        .endm
        .macro close
        or 28, 28, 28
        sync
        addi 30, 30, -1
        cmpwi 7, 30, 0
        bne 7, 100b
        sc
        .endm
        # The first of what follows is the first or the second word of an aligned pair.
        .macro even
        .balign 8
        .endm
        .macro odd
        .balign 8
        nop
        .endm
        # CR0 becomes EQ.
        .macro equal
        cmpwi 0, 6, 0
        .endm

        kernel adds
        add 7, 3, 3
        add 7, 7, 7
        add 7, 7, 7
        close

        kernel divide
        divw 7, 4, 3
        close
        kernel divide_use
        divw 7, 4, 3
        add 8, 7, 7
        close

        kernel mul_16x16
        mullw 7, 3, 5
        close
        kernel mul_16x16_use
        mullw 7, 3, 5
        add 8, 7, 7
        close
        kernel mul_32x16
        mullw 7, 4, 5
        close
        kernel mul_32x16_use
        mullw 7, 5, 4
        add 8, 7, 7
        close
        kernel mul_32x32
        mulhwu 7, 4, 4
        close
        kernel mul_32x32_use
        mullw 7, 4, 4
        add 8, 7, 7
        close
        kernel mul_immediate
        mulli 7, 4, -3
        close

        kernel mul_halves
        mullhw 7, 4, 4
        close
        kernel macs
        maclhw 7, 4, 3
        maclhw 8, 4, 3
        maclhw 9, 4, 3
        close
        kernel mac_use
        maclhw 7, 4, 3
        add 8, 7, 7
        close

        kernel load
        lwz 7, 0(1)
        close
        kernel load_use
        lwz 7, 0(1)
        add 8, 7, 7
        close
        kernel load_use_later
        lwz 7, 0(1)
        nop
        add 8, 7, 7
        close
        kernel store
        stw 3, 0(1)
        close
        kernel stores
        stw 3, 0(1)
        stw 3, 4(1)
        stw 3, 8(1)
        stw 3, 12(1)
        stw 3, 16(1)
        close
        kernel store_conditional
        lwarx 7, 0, 1
        stwcx. 3, 0, 1
        close

        kernel load_unaligned
        lwz 7, 3(1)
        close
        kernel load_unaligned_use
        lwz 7, 3(1)
        add 8, 7, 7
        close
        kernel load_half_unaligned
        lhz 7, 3(1)
        close
        kernel load_half_inside
        lhz 7, 1(1)
        close
        kernel store_unaligned
        stw 3, 6(1)
        close

        kernel cache_op
        dcbst 0, 1
        close
        kernel cache_op_load
        dcbst 0, 1
        lwz 7, 0(1)
        add 8, 7, 7
        close

        # Known: two instructions after what sets the condition.
        kernel not_taken
        equal
        nop
        nop
        bne 1f
        close
1:      sc
        kernel taken_pfb0
        equal
        nop
        nop
        beq 1f
        .balign 32
1:      close
        kernel branch_pfb0
        nop
        b 1f
        .balign 32
1:      close
        kernel branch_dcd
        b 1f
        .balign 32
1:      b 2f
        .balign 32
2:      close
        kernel branch_odd
        b 1f
        .balign 32
        odd
1:      nop
        b 2f
        .balign 32
2:      close

        # Targets in a register.
        .macro through name, to, branch, between
        kernel \name
        bcl 20, 31, 1f
1:      mflr 7
        addi 7, 7, 2f - 1b
        nop
        nop
        \to 7
        .rept \between
        nop
        .endr
        \branch
        sc
        .balign 32
2:      close
        .endm
        through to_count_0, mtctr, bctr, 0
        through to_count_1, mtctr, bctr, 1
        through to_count_2, mtctr, bctr, 2
        through to_link_0, mtlr, blr, 0
        through to_link_1, mtlr, blr, 1
        kernel call_return
        nop
        bl 1f
        b 2f
        .balign 32
1:      blr
        .balign 32
2:      close

        # Predicted not taken.
        kernel forward_right
        equal
        bne 1f
        close
1:      sc
        kernel forward_wrong_0
        nop
        equal
        beq 1f
        .balign 32
1:      close
        kernel forward_wrong_1
        nop
        equal
        nop
        beq 1f
        .balign 32
1:      close

        # Predicted taken: backward branches, entered over a branch to the one before.
        .macro backward name, place, branch, between
        .section \name, "ax"
        li 30, 2
        li 6, 0
        b 100f
        .balign 32
1:      b 2f
        .balign 32
        .skip 28
100:    isync
        or 26, 26, 26
        b 3f
        .balign 32
        \place
3:      equal
        .rept \between
        nop
        .endr
        \branch 1b
        b 2f
        .balign 32
2:      close
        .endm
        backward backward_right_pfb0, even, beq, 0
        backward backward_right_dcd, odd, beq, 0
        backward backward_wrong_0, even, bne, 0
        backward backward_wrong_1, even, bne, 1
        backward backward_known, even, bne, 2
        backward hint_right, even, bne-, 0

        # A conditional return predicted taken by its hint, and not taken; its target is known or
        # set just before.
        kernel return_known
        bcl 20, 31, 1f
1:      nop
        nop
        nop
        equal
        bnelr+
        close
        kernel return_depends
        nop
        nop
        nop
        mtlr 3
        equal
        bnelr+
        close

        # Predictions that are open at the same time: what the last of them leads to is not in the
        # cache.
        .macro open name, before
        kernel \name, 1
        divw. 7, 4, 3
        .rept \before
        blt 2f
        .endr
        bgt+ 1f
2:      sc
        .balign 32
1:      close
        .endm
        open open_2, 1
        open open_3, 2

        # A loop that fits into the queue and one that does not.
        kernel count_loop
        li 7, 10
        mtctr 7
        .rept 5
        nop
        .endr
1:      add 8, 8, 8
        bdnz 1b
        close
        kernel count_loop_4
        li 7, 10
        mtctr 7
        .rept 5
        nop
        .endr
1:      add 8, 8, 8
        add 8, 8, 8
        add 8, 8, 8
        bdnz 1b
        close

#define NO_FLOAT
#include "tests/timing/loops.inc"
