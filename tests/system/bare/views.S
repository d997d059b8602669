/* The same addresses seen differently: two processes, aliases through which code is rewritten, the
 * other byte order, vectors with translation on. */
#include "bare.inc"
#define HERE    (MSR_SF | MSR_HV | MSR_RI | MSR_LE)
#define VIRTUAL (HERE | MSR_IR | MSR_DR)
#define ROOT1    0x120000 /* tables of process 1, beside those of process 0 */
#define LEVEL2_1 0x130000
#define LEVEL3_1 0x131000
#define CODE     0x400000 /* where both see their code */
#define FRAME0   0x200000
#define FRAME1   0x600000
#define HIGH     0xc000000000000000

fixup:
    blr

    /* Code that returns \value in r3. */
    .macro PUT_CODE address, value
    LOADI64 3, 0x38600000 | \value          /* li r3,\value */
    LOADI64 4, \address
    stw     3, 0(4)
    LOADI64 3, 0x4e800020                   /* blr */
    stw     3, 4(4)
    .endm

    .macro CALL address
    LOADI64 12, \address
    mtctr   12
    bctrl
    .endm

    .macro WANT r, value
    cmpdi   \r, \value
    bne     bad
    addi    31, 31, 1
    .endm

_start:
    li      31, 0
    MAKE_TABLES
    TABLE ROOT1, (1 << 63) | LEVEL2_1 | 9
    TABLE LEVEL2_1, (1 << 63) | LEVEL3_1 | 9
    TABLE LEVEL3_1, (3 << 62) | SYSTEM | 0x18f
    TABLE LEVEL3_1 + 16, (3 << 62) | FRAME1 | 0x18f
    TABLE LEVEL3 + 8, (3 << 62) | FRAME0 | 0x18f
    TABLE LEVEL3 + 16, (3 << 62) | FRAME0 | 0x18f
    TABLE PROCESS + 16, (2 << 61) | (5 << 5) | ROOT1 | 13
    ptesync
    PUT_CODE FRAME0, 10
    PUT_CODE FRAME1, 20
    GO      translated, VIRTUAL
translated:
    CALL    CODE                            /* process 0 */
    WANT    3, 10
    li      4, 1
    mtspr   48, 4
    isync
    CALL    CODE                            /* process 1: another frame at the same address */
    WANT    3, 20
    CALL    HIGH | CODE                     /* quadrant 3 is process 0's, whoever runs */
    WANT    3, 10
    li      4, 0
    mtspr   48, 4
    isync
    CALL    CODE
    WANT    3, 10

    PUT_CODE FRAME0, 11                     /* rewritten at an alias of its address */
    LOADI64 4, FRAME0
    dcbst   0, 4
    sync
    icbi    0, 4
    isync
    CALL    CODE
    WANT    3, 11

    TABLE   LEVEL3 + 16, (3 << 62) | FRAME1 | 0x18f
    li      9, 0
    li      10, 0xc00                       /* all entries */
    ptesync
    tlbie   10, 9, 2, 1, 1                  /* mapped anew */
    tlbsync
    ptesync
    CALL    CODE
    WANT    3, 20

    LOADI64 3, 5                            /* the other byte order, and back */
    bl      1f
1:  mflr    5
    LOADA   6, big
    mtspr   26, 6
    LOADI64 6, VIRTUAL & ~MSR_LE
    mtspr   27, 6
    LOADA   7, little
    LOADI64 8, VIRTUAL
    rfid
big:
    .long   0x01006338                      /* addi r3,r3,1 with its bytes reversed */
    .long   0xa603fa7c                      /* mtspr 26,r7 */
    .long   0xa6031b7d                      /* mtspr 27,r8 */
    .long   0x2400004c                      /* rfid */
little:
    WANT    3, 6

    mfspr   3, 318                          /* LPCR[AIL] = 3: vectors at the high addresses */
    LOADI64 4, 3 << 23
    or      3, 3, 4
    mtspr   318, 3
    TABLE   LEVEL3 + 24, (3 << 62) | SYSTEM | 0x18f
    mfmsr   10
    sc                                      /* to 0xc000000000004c00 */
    WANT    3, 33
    andi.   5, 4, MSR_IR | MSR_DR
    WANT    5, MSR_IR | MSR_DR

    LOADI64 4, 1 << 63                      /* 32-bit mode: addresses are cut */
    mfmsr   3
    andc    5, 3, 4
    LOADI64 6, 0x500000000 + 0x40
    mtmsrd  5
    isync
    lwz     7, 0(6)
    mtmsrd  3
    isync
    WANT    7, 0
    mfmsr   3
    LOADI64 4, MSR_IR | MSR_DR
    andc    3, 3, 4
    mtmsrd  3
    isync
    FINISH
bad:
    b       fail

    .org    0x4c00
    li      3, 33
    mfmsr   4
    mfspr   12, 26
    mtspr   26, 12
    rfid
