# Timing kernels: the code. What each takes, and why, stands in kernels.def.
#
# A kernel is a section. `warm` ones run twice, so that the second pass, the one that counts, finds
# the instruction cache, the BTB and (where it does nothing against it) the data cache warm. The
# marked region starts a cache line.

        .machine power9
        .macro warm name
        .section \name, "ax"
        li 30, 2
        b 100f
        marked
        .endm
        # The marker comes first in a line and first out of an empty front end: `isync` fetches it
        # anew.
        .macro marked
        .balign 64
        .skip 60
100:    isync
        or 26, 26, 26
        .endm
        .macro again
        or 28, 28, 28
        sync                    # nothing of this pass is left when the next one starts
        addi 30, 30, -1
        cmpdi 7, 30, 0
        bne 7, 100b
        sc
        .endm
        .macro cold name
        .section \name, "ax"
        .endm
        .macro open
        b 100f
        marked
        .endm
        .macro once
        or 28, 28, 28
        sc
        .endm
        .macro nops n
        .rept \n
        nop
        .endr
        .endm

        warm add_dep
        add 3, 3, 3
        add 3, 3, 3
        add 3, 3, 3
        add 3, 3, 3
        again

        warm add_indep
        add 3, 1, 1
        add 4, 1, 1
        add 5, 1, 1
        add 6, 1, 1
        again

        warm mul_dep
        mulld 3, 3, 3
        mulld 3, 3, 3
        mulld 3, 3, 3
        again

        warm mul_indep
        mulld 3, 1, 1
        mulld 4, 1, 1
        mulld 5, 1, 1
        again

        warm mul_use4
        mulld 3, 1, 1
        nops 4
        add 4, 3, 3
        again
        warm mul_use5
        mulld 3, 1, 1
        nops 5
        add 4, 3, 3
        again
        warm mul_use6
        mulld 3, 1, 1
        nops 6
        add 4, 3, 3
        again

        warm div_dep
        li 4, 7
        divd 3, 1, 4
        divd 3, 3, 4
        again
        warm div_indep
        li 4, 7
        divd 3, 1, 4
        divd 5, 1, 4
        again

        warm count_dep
        cntlzd 3, 3
        cntlzd 3, 3
        again

        warm load_use0
        ld 3, 0(1)
        add 4, 3, 3
        again
        warm load_use2
        ld 3, 0(1)
        nops 2
        add 4, 3, 3
        again
        warm load_use3
        ld 3, 0(1)
        nops 3
        add 4, 3, 3
        again
        warm loada_use0
        lwa 3, 0(1)
        add 4, 3, 3
        again

        # The second line of the region lies in the next page.
        cold fetch_page
        open
        b 2f
        .balign 4096
2:      once

        cold load_chase
        std 1, 0(1)
        mr 3, 1
        li 30, 2
        b 100f
        marked
        ld 3, 0(3)
        ld 3, 0(3)
        ld 3, 0(3)
        ld 3, 0(3)
        again

        # Each load finds the other's page in a TLB of one entry.
        warm load_pages
        ld 3, 0(1)
        add 4, 3, 3
        ld 5, 4096(1)
        again

        warm load_indep
        ld 3, 0(1)
        ld 4, 8(1)
        ld 5, 16(1)
        ld 6, 24(1)
        again

        warm load_update
        mr 4, 1
        ldu 3, 8(4)
        add 5, 4, 4
        again

        warm load_split
        ld 3, 60(1)
        add 4, 3, 3
        again

        warm forward_all
        std 5, 0(1)
        ld 6, 0(1)
        add 7, 6, 6
        again
        warm forward_part
        stw 5, 0(1)
        ld 6, 0(1)
        add 7, 6, 6
        again
        warm forward_none
        std 5, 0(1)
        ld 6, 8(1)
        add 7, 6, 6
        again

        warm branch_not_taken
        cmpdi 0, 1, 0
        beq 0, 1f
        add 3, 3, 3
1:      again

        warm branch_mispredicted
        cmpdi 0, 1, 0
        bne 0, 1f
        nops 4
1:      again

        warm branch_direct
        b 1f
        nop
1:      again

        cold branch_loop
        li 30, 2
        b 100f
        marked
        li 4, 10
        mtctr 4
1:      addi 3, 3, 1
        bdnz 1b
        again

        warm call_return
        bl 2f
        bl 2f
        b 1f
2:      blr
1:      again

        warm cr_to_branch
        mulld 3, 1, 1
        cmpdi 0, 3, 0
        beq 0, 1f
        add 4, 4, 4
1:      again

        warm sync_alone
        mulld 3, 1, 1
        sync
        add 4, 4, 4
        again

        # L1D has 32 sets of two lines: addresses 2 KiB apart meet in one set; a third line evicts
        # the first.
        warm miss_l2
        ld 3, 0(1)
        add 4, 3, 3
        or 28, 28, 28
        ld 5, 2048(1)
        ld 5, 4096(1)
        ld 5, 6144(1)
        sync
        addi 30, 30, -1
        cmpdi 7, 30, 0
        bne 7, 100b
        sc

        cold miss_memory
        open
        ld 3, 0(1)
        add 4, 3, 3
        once

        cold miss_memory_two
        open
        ld 3, 0(1)
        ld 4, 64(1)
        add 5, 3, 4
        once

        cold miss_memory_same
        open
        ld 3, 0(1)
        ld 4, 8(1)
        add 5, 3, 4
        once

        cold miss_under
        open
        ld 3, 0(1)
        add 4, 1, 1
        add 5, 1, 1
        add 6, 3, 3
        once

        cold store_miss
        open
        std 3, 0(1)
        add 4, 1, 1
        add 5, 1, 1
        once

        cold store_misses
        open
        .set n, 0
        .rept 12
        std 3, 64*n(1)
        .set n, n + 1
        .endr
        once

        cold fetch_miss_memory
        b 1f
        .balign 64
        .skip 56
1:      isync
        or 26, 26, 26
        or 28, 28, 28
        sc

        warm pair_indep
        add 3, 1, 1
        add 4, 1, 1
        add 5, 1, 1
        add 6, 1, 1
        again

        warm pair_dep
        add 3, 1, 1
        add 4, 3, 3
        add 5, 4, 4
        add 6, 5, 5
        again

        warm window
        mulld 3, 1, 1
        add 4, 1, 1
        add 5, 1, 1
        add 6, 1, 1
        again

        warm float_add_dep
        fadd 1, 1, 1
        fadd 1, 1, 1
        again

        # Each of the 64 loads lies in two lines of 16 bytes.
        warm split_flood
        .set n, 0
        .rept 64
        ld 3, 32*n+12(1)
        .set n, n + 1
        .endr
        nops 60
        addi 1, 1, 4096
        again

        # The close of a kernel whose second pass shall find two lines of data (one block of 128
        # bytes) nowhere but in memory.
        .macro again_flushed
        or 28, 28, 28
        dcbf 0, 1
        sync
        addi 30, 30, -1
        cmpdi 7, 30, 0
        bne 7, 100b
        sc
        .endm

        # A touch, 80 cycles of dividing, a chain of n adds, and the load.
        .macro touch name, n
        warm \name
        li 4, 7
        dcbt 0, 1
        .rept 4
        divd 5, 5, 4
        .endr
        subf 6, 5, 5
        .rept \n
        add 6, 6, 6
        .endr
        ldx 3, 1, 6
        add 4, 3, 3
        again_flushed
        .endm
        touch touch_17, 17
        touch touch_18, 18
        touch touch_19, 19

        # TH = 8 tells of a stream.
        warm touch_stream
        dcbt 0, 1, 8
        add 3, 1, 1
        ld 3, 0(1)
        add 4, 3, 3
        again_flushed

        # Four lines on their way, as many as there are MSHRs, and a touch for a fifth.
        warm touch_busy
        .set n, 0
        .rept 4
        ld 3, 64*n(1)
        .set n, n + 1
        .endr
        addi 4, 1, 256
        dcbt 0, 4
        sync
        ld 5, 256(1)
        add 6, 5, 5
        or 28, 28, 28
        addi 1, 1, 512
        sync
        addi 30, 30, -1
        cmpdi 7, 30, 0
        bne 7, 100b
        sc

        warm flush_load
        ld 3, 0(1)
        dcbf 0, 1
        ld 3, 0(1)
        add 4, 3, 3
        again
        warm clean_load
        ld 3, 0(1)
        dcbst 0, 1
        ld 3, 0(1)
        add 4, 3, 3
        again

        # The block is zeroed and read; it was nowhere before.
        warm zero_load
        dcbz 0, 1
        sync
        ld 3, 0(1)
        add 4, 3, 3
        again_flushed

        # The next block of code is sent away: it comes back from L2.
        cold invalidate_code
        li 30, 2
        bcl 20, 31, 1f
1:      mflr 9
        addi 9, 9, 2f - 1b
        b 100f
        marked
        icbi 0, 9
        isync
        b 2f
        .balign 128
2:      add 3, 3, 3
        again

#include "tests/timing/kernels_wide.S"
