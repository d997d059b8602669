/* Loads the input registers of the block at ISA_BLOCK_BASE, enters a slot, and stores what came
 * out. r1 points to the block all the time; a slot's prologue moves r2 to CTR (used to get
 * there) and loads the real r2. */
#include "tests/isa/block.h"
    .machine power9
#if _CALL_ELF == 2
    .abiversion 2
    .text
#define ENTRY(name) name
#else /* the big-endian ABI calls through descriptors */
    .section .opd, "aw"
    .globl isa_run_case
    .align 3
isa_run_case:
    .quad   .isa_run_case, .TOC.@tocbase, 0
    .text
#define ENTRY(name) .name
#endif

#define FRAME 288

    .globl ENTRY(isa_run_case) /* r3: address of the slot */
ENTRY(isa_run_case):
    mflr    0
    std     0, 16(1)
    mfcr    0
    std     0, 8(1)
    stdu    1, -FRAME(1)
    .irp    r, 2, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    std     \r, (32 + 8 * \r)(1)
    .endr
    lis     4, ISA_BLOCK_BASE >> 16
    std     1, ISA_HOST_SP(4)
    mr      1, 4

    lfd     0, ISA_FPSCR(1)
    mtfsf   255, 0, 1, 0
    li      5, ISA_VSCR - 8
    lxvd2x  32, 1, 5
    mtvscr  0
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7
    .irp    m, 0, 1, 2, 3, 4, 5, 6, 7
    li      5, ISA_VSR + 16 * (8 * \n + \m)
    lxvd2x  8 * \n + \m, 1, 5
    .endr
    .endr
    ld      5, ISA_XER(1)
    mtxer   5
    ld      5, ISA_LR(1)
    mtlr    5
    ld      5, ISA_TAR(1)
    mtspr   815, 5
    ld      5, ISA_VRSAVE(1)
    mtspr   256, 5
    ld      5, ISA_CR(1)
    mtcr    5
    mtctr   3
    ld      2, ISA_CTR(1)
    ld      0, 0(1)
    .irp    r, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
    ld      \r, (8 * \r)(1)
    .endr
    .irp    r, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    ld      \r, (8 * \r)(1)
    .endr
    bctr

    .globl isa_fault /* where a signal handler returns to */
isa_fault:
    std     2, ISA_KEPT_R2(1)

    .globl isa_save /* where landing pads go, with the real r2 kept and their number in r2 */
isa_save:
    std     2, (ISA_OUT + ISA_NIA)(1)
    .irp    r, 0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
    std     \r, (ISA_OUT + 8 * \r)(1)
    .endr
    .irp    r, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    std     \r, (ISA_OUT + 8 * \r)(1)
    .endr
    ld      5, ISA_KEPT_R2(1)
    std     5, (ISA_OUT + 16)(1)
    mfcr    5
    std     5, (ISA_OUT + ISA_CR)(1)
    mfxer   5
    std     5, (ISA_OUT + ISA_XER)(1)
    mflr    5
    std     5, (ISA_OUT + ISA_LR)(1)
    mfctr   5
    std     5, (ISA_OUT + ISA_CTR)(1)
    mfspr   5, 815
    std     5, (ISA_OUT + ISA_TAR)(1)
    mfspr   5, 256
    std     5, (ISA_OUT + ISA_VRSAVE)(1)
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7
    .irp    m, 0, 1, 2, 3, 4, 5, 6, 7
    li      5, ISA_OUT + ISA_VSR + 16 * (8 * \n + \m)
    stxvd2x 8 * \n + \m, 1, 5
    .endr
    .endr
    mfvscr  0
    li      5, ISA_OUT + ISA_VSCR - 8
    stxvd2x 32, 1, 5
    mffs    0
    stfd    0, (ISA_OUT + ISA_FPSCR)(1)

    ld      1, ISA_HOST_SP(1)
    .irp    r, 2, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    ld      \r, (32 + 8 * \r)(1)
    .endr
    addi    1, 1, FRAME
    ld      0, 8(1)
    mtcr    0
    ld      0, 16(1)
    mtlr    0
    blr
    .section .note.GNU-stack, "", @progbits
