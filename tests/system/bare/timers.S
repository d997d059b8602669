/* Interrupts from outside the program: decrementers, doorbells, masked and not; the time base. */
#include "bare.inc"
#define HERE (MSR_SF | MSR_HV | MSR_RI | MSR_LE)

    .macro MTDEC value
    LOADI64 3, \value
    mtspr   22, 3
    .endm

    /* Masks interrupts again on the way back, and silences the source: SPR r29 gets r28. */
fixup:
    LOADI64 12, MSR_EE
    andc    11, 11, 12
    cmpdi   29, 22
    beq     1f
    cmpdi   29, 310
    beq     2f
    blr
1:  mtspr   22, 28
    blr
2:  mtspr   310, 28
    blr

    .macro ENABLE
    mfmsr   5
    ori     5, 5, MSR_EE
    mtmsrd  5, 1
    .endm

    .macro CHECK_ZERO r
    cmpdi   \r, 0
    bne     bad
    .endm

_start:
    li      31, 0
    LOADI64 28, 0x7fffffff

    li      29, 22
    EXPECT  0x900, 0, 1f                    /* pending while masked: taken as soon as it may */
    MTDEC   -1
    li      3, 1000
    mtctr   3
0:  bdnz    0b
    ENABLE
9:  b       .
1:  mfmsr   3
    andi.   3, 3, MSR_EE
    CHECK_ZERO 3

    EXPECT  0x900, 0, 1f                    /* counted down in a loop */
    mfspr   27, 268
    MTDEC   2000
    LOADA   3, 9f
    mtctr   3
    ENABLE
9:  bctr                                    /* to itself */
1:  mfspr   3, 268
    sub     3, 3, 27
    cmpdi   3, 2000                         /* not before its time */
    blt     bad
    cmpdi   3, 20000
    bgt     bad

    EXPECT  0x900, 0, 1f                    /* the same in `b .`, which is no end then */
    MTDEC   2000
    ENABLE
9:  b       .
1:  li      3, 0                            /* positive again: nothing comes */
    MTDEC   100000
    ENABLE
    li      3, 100
    mtctr   3
0:  bdnz    0b
    li      3, 0
    mtmsrd  3, 1

    MTDEC   0xf0000000                      /* 32 bits: negative, and reads with zeros above */
    mfspr   3, 22
    cmpwi   3, 0
    bge     bad
    srdi    3, 3, 32
    CHECK_ZERO 3
    mfspr   4, 318                          /* LPCR[LD]: 64 bits */
    oris    4, 4, 2
    mtspr   318, 4
    MTDEC   0xf0000000
    mfspr   3, 22
    cmpdi   3, 0
    blt     bad

    li      29, 310
    EXPECT  0x980, 0, 1f                    /* hypervisor decrementer: to HSRR0 */
    ori     4, 4, 1                         /* LPCR[HDICE] */
    mtspr   318, 4
    li      3, -5
    mtspr   310, 3
    ENABLE
9:  b       .
1:  li      29, 0
    EXPECT  0xe80, 0, 1f                    /* doorbells: type 5, to thread 0 */
    lis     3, 5 << 11
    msgsnd  3
    ENABLE
9:  b       .
1:  EXPECT  0xa00, 0, 1f
    msgsndp 3
    ENABLE
9:  b       .
1:  msgsndp 3                               /* taken back: nothing comes */
    msgclrp 3
    ENABLE
    nop
    li      3, 0
    mtmsrd  3, 1

    li      3, 0                            /* the time base is set, the decrementer goes on */
    MTDEC   50000
    mfspr   5, 22
    LOADI64 3, 1 << 40
    mtspr   286, 3                          /* TBU40 */
    mfspr   4, 268
    sub     4, 4, 3
    srdi.   4, 4, 24
    bne     bad
    mfspr   6, 22
    sub     5, 5, 6
    cmpdi   5, 100
    bgt     bad
    cmpdi   5, 0
    blt     bad

    MTDEC   3000                            /* stop: goes on behind it, masked as it is */
    stop
    mfspr   3, 22
    cmpdi   3, 0
    bge     bad
    FINISH
bad:
    b       fail
