# Kernels for what an out-of-order core has; part of kernels.S, which defines the macros. What each
# takes, and why, stands in kernels.def.

        # As `again`, with other lines of data in the second pass.
        .macro again_elsewhere
        or 28, 28, 28
        addi 1, 1, 256
        sync
        addi 30, 30, -1
        cmpdi 7, 30, 0
        bne 7, 100b
        sc
        .endm

        warm add_many
        .rept 16
        add 3, 1, 1
        .endr
        again

        # A chain of adds behind a divide that they do not need.
        warm under_div
        li 4, 7
        divd 5, 1, 4
        .rept 16
        add 3, 3, 3
        .endr
        again

        # Two misses with 14 instructions between them: 16 in all.
        warm rob_step
        ld 3, 0(1)
        nops 14
        ld 4, 64(1)
        again_elsewhere

        # A miss, eight that wait for it, and a miss that does not.
        warm queue_step
        ld 3, 0(1)
        .rept 8
        add 4, 3, 3
        .endr
        ld 5, 64(1)
        again_elsewhere

        # A miss, eight results, and another miss.
        warm rename_step
        ld 3, 0(1)
        .rept 8
        add 4, 1, 1
        .endr
        ld 5, 64(1)
        again_elsewhere

        warm store_queue_step
        ld 3, 0(1)
        std 4, 64(1)
        std 4, 72(1)
        ld 5, 128(1)
        again_elsewhere

        # The store's address is late, and it is the load's.
        warm late_store
        mulld 4, 5, 5
        add 6, 1, 4
        std 7, 0(6)
        ld 8, 0(1)
        add 9, 8, 8
        again

        # The same, and they never meet.
        warm late_store_elsewhere
        mulld 4, 5, 5
        add 6, 1, 4
        std 7, 0(6)
        ld 8, 8(1)
        add 9, 8, 8
        again

        # The store's data are late.
        warm late_data
        mulld 4, 5, 5
        std 4, 0(1)
        ld 8, 0(1)
        add 9, 8, 8
        again

        warm compare_branches
        nop
        .rept 8
        cmpdi 0, 1, 0
        beq 0, 1f
        .endr
1:      again

        warm late_load
        ld 3, 0(1)
        add 4, 3, 3
        .rept 4
        add 5, 1, 1
        .endr
        again

        warm load_after_sync
        sync
        ld 3, 0(1)
        add 4, 3, 3
        again
        warm load_after_lwsync
        lwsync
        ld 3, 0(1)
        add 4, 3, 3
        again
        warm load_after_eieio
        eieio
        ld 3, 0(1)
        add 4, 3, 3
        again

        # A wrong path behind a slow branch: its load is the right path's later.
        warm wrong_path_load
        mulld 3, 1, 1
        cmpdi 0, 3, 0
        bne 0, 1f
        ld 4, 0(1)
        nops 20
1:      ld 4, 0(1)
        add 5, 4, 4
        again_elsewhere

        warm update_chain
        mr 4, 1
        ldu 3, 8(4)
        ldu 3, 8(4)
        ldu 3, 8(4)
        again
