/* What no program of tests/rtl does, with the cycles that the RTL took: dcbz of an address within
 * its block begins with the doubleword named and goes round the block, so that the one before it is
 * written last; an illegal instruction is for the hypervisor. */
    .section .text
    .globl  _reset
_reset:
    b       1f
    .org    0xe40
    b       3f
    .org    0x1000
    /* The time base counts cycles: the second read comes 32 after the first. */
1:  li      7, 100
    mftb    3
    divd    7, 7, 7
    mftb    4
    subf    3, 3, 4
    std     3, 0x40(0)
    lis     1, 1
    li      30, 2
    /* The same twice, on blocks that are not in the cache; the second time its code is. */
2:  addi    4, 1, 0x38
    or      26, 26, 26
    dcbz    0, 4
    ld      5, -8(4)
    add     5, 5, 5
    or      28, 28, 28
    or      26, 26, 26
    dcbz    0, 4
    ld      5, 0(4)
    darn    6, 1
    add     5, 5, 6
    addo    6, 6, 6
    mcrxrx  1                   /* waits until OV is written */
    or      28, 28, 28
    addi    1, 1, 0x400
    addi    30, 30, -1
    cmpdi   30, 0
    bne     2b
    .long   0
    trap
3:  li      4, 1
    std     4, 0x48(0)
    sync
    b       .
