/* Interrupts of a program under translation: storage, privilege, system calls, facilities. Each
 * step is in problem state unless it says otherwise. */
#include "bare.inc"
#define USER_MSR (MSR_SF | MSR_HV | MSR_PR | MSR_EE | MSR_IR | MSR_DR | MSR_RI | MSR_LE)

#define MTSPR_969 0x7c69f3a6

    /* What the next step wants done by the handler, in r30. */
#define FIX_NOTHING 0
#define FIX_MAP     1 /* map the page that nobody has */
#define FIX_FP      2 /* switch on what was off */
#define FIX_VEC     3
#define FIX_VSX     4
#define FIX_SYSTEM  5 /* go on in the system, real mode */
fixup:
    cmpdi   30, FIX_MAP
    beq     1f
    cmpdi   30, FIX_FP
    beq     2f
    cmpdi   30, FIX_VEC
    beq     3f
    cmpdi   30, FIX_VSX
    beq     4f
    cmpdi   30, FIX_SYSTEM
    beq     5f
    blr
1:  LOADI64 12, (3 << 62) | NOBODY | 0x007
    LOADI64 13, LEVEL3 + 16
    li      14, 0
    stdbrx  12, 14, 13
    ptesync
    tlbie   14, 14, 0, 0, 1
    tlbsync
    ptesync
    blr
2:  ori     11, 11, MSR_FP
    blr
3:  oris    11, 11, 0x200
    blr
4:  oris    11, 11, 0x80
    blr
5:  LOADI64 11, MSR_SF | MSR_HV | MSR_LE
    blr

_start:
    li      31, 0
    li      30, FIX_NOTHING
    MAKE_TABLES
    LOADI64 1, PROGRAM + 0x1000
    GO      user, USER_MSR

    .section .user, "ax"
user:
    EXPECT  0x700, 0x40000, 1f              /* privileged */
9:  mfmsr   3
1:  EXPECT  0x700, 0x40000, 1f
9:  mtspr   26, 3
1:  EXPECT  0x700, 0x40000, 1f
9:  tlbie   3, 3, 0, 0, 1
1:  EXPECT  0x700, 0x40000, 1f
9:  mtspr   985, 3                          /* no such register, and privileged if there were */
1:  EXPECT  0xe40, 0, 1f                    /* illegal: the hypervisor may emulate it */
9:  .long   0
1:  EXPECT  0xe40, 0, 1f
9:  .long   MTSPR_969                       /* no such register, not privileged */
1:  EXPECT  0x700, 0x20000, 1f              /* trap */
9:  trap
1:  EXPECT  0xc00, 0, 9f                    /* system call: SRR0 is behind it */
    sc
9:  EXPECT  0x600, 0, 1f, PROGRAM + 0x1002
    addi    3, 1, 2
9:  lwarx   4, 0, 3
1:  EXPECT  0x300, 0, 1f, SYSTEM + 0x1000, 0x08000000
    li      3, 0x1000
9:  lwz     4, 0(3)                         /* not the program's */
1:  EXPECT  0x300, 0, 1f, READONLY + 8, 0x0a000000
    LOADI64 3, READONLY
    ld      4, 8(3)
9:  std     4, 8(3)
1:  EXPECT  0x400, 0x10000000, 1f           /* not executable */
    LOADI64 3, READONLY
    mtctr   3
    LOADI64 22, READONLY
    bctr
9:
1:  EXPECT  0x400, 0x10000000, 1f           /* the system's: no place to execute either */
    li      3, 0x1000
    mtctr   3
    li      22, 0x1000
    bctr
9:
1:  EXPECT  0x380, 0, 1f, 1 << 56           /* beyond what the tables cover */
    LOADI64 3, 1 << 56
9:  lbz     4, 0(3)
1:  EXPECT  0x480, 0, 1f
    LOADI64 3, 1 << 56
    mtctr   3
    mr      22, 3
    bctr
9:
1:  EXPECT  0x300, 0, 9f, NOBODY + 16, 0x40000000
    li      30, FIX_MAP                     /* a page fault: the access is made again */
    LOADI64 3, NOBODY
    li      4, 77
    li      5, 0
9:  ldu     5, 16(3)
    li      30, FIX_NOTHING
    LOADI64 6, NOBODY + 16
    cmpd    3, 6                            /* and has had its effect once */
    bne     wrong
    std     4, 0(3)
    ld      5, 0(3)
    cmpd    5, 4
    bne     wrong
    EXPECT  0x800, 0, 9f
    li      30, FIX_FP
9:  fadd    1, 1, 1
    EXPECT  0xf20, 0, 9f
    li      30, FIX_VEC
9:  vaddubm 1, 1, 1
    EXPECT  0xf40, 0, 9f
    li      30, FIX_VSX
9:  xxlor   1, 1, 1
    li      30, FIX_NOTHING
    EXPECT  0xf60, 0, 1f                    /* scv while FSCR[SCV] is off */
9:  scv     0
1:  EXPECT  0xc00, 0, system
    li      30, FIX_SYSTEM
    sc
9:
wrong:
    EXPECT  0x111, 0, 0                     /* comes as something else */
9:  trap

    .section .text2, "ax"
system:
    LOADI64 3, LEVEL3 + 16                  /* the walk has set R and C of the page */
    ldbrx   4, 0, 3
    andi.   4, 4, 0x180
    cmpdi   4, 0x180
    bne     fail
    mfspr   4, 153                          /* FSCR says why it interrupted */
    srdi    4, 4, 56
    cmpdi   4, 12
    bne     fail
    mfspr   4, 339                          /* HEIR: the last illegal one */
    LOADI64 3, MTSPR_969
    cmpd    3, 4
    bne     fail
    li      4, 0x1000
    mtspr   153, 4
    GO      user2, USER_MSR

    .org 0x16000 - 0x6000                   /* 0x17000: scv 0 */
vectored:
    mflr    3
    LOADA   4, user3
    cmpd    3, 4
    bne     bad
    mfctr   3
    LOADI64 4, USER_MSR
    cmpd    3, 4
    bne     bad
    mfmsr   3
    andi.   3, 3, MSR_PR | MSR_IR | MSR_DR | MSR_EE | MSR_RI
    cmpdi   3, 0
    addi    31, 31, 1
    rfscv
bad:
    b       fail

    .section .user
user2:
    scv     0
user3:
    EXPECT  0xc00, 0, done
    sc
9:

    .section .text2
done:
    FINISH
