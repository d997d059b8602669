/* run_case.S for a 32-bit processor without vectors: the lower words of the block's doublewords are
 * the registers, and of those beside the general ones only CR, XER, LR and CTR exist.
 * Floating-point registers are left alone. */
#include "tests/isa/block.h"
#define LOW(offset) ((offset) + 4)
#define FRAME 160
    .text
    .globl isa_run_case /* r3: address of the slot */
isa_run_case:
    mflr    0
    stw     0, 4(1)
    stwu    1, -FRAME(1)
    mfcr    0
    stw     0, 8(1)
    .irp    r, 2, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    stw     \r, (16 + 4 * \r)(1)
    .endr
    lis     4, ISA_BLOCK_BASE >> 16
    stw     1, ISA_HOST_SP(4)
    mr      1, 4

    lwz     5, LOW(ISA_XER)(1)
    mtxer   5
    lwz     5, LOW(ISA_LR)(1)
    mtlr    5
    lwz     5, LOW(ISA_CR)(1)
    mtcr    5
    mtctr   3
    lwz     2, LOW(ISA_CTR)(1)
    lwz     0, LOW(0)(1)
    .irp    r, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
    lwz     \r, LOW(8 * \r)(1)
    .endr
    .irp    r, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    lwz     \r, LOW(8 * \r)(1)
    .endr
    bctr

    .globl isa_fault /* where a signal handler returns to */
isa_fault:
    stw     2, LOW(ISA_KEPT_R2)(1)

    .globl isa_save /* where landing pads go, with the real r2 kept and their number in r2 */
isa_save:
    stw     2, LOW(ISA_OUT + ISA_NIA)(1)
    .irp    r, 0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
    stw     \r, LOW(ISA_OUT + 8 * \r)(1)
    .endr
    .irp    r, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    stw     \r, LOW(ISA_OUT + 8 * \r)(1)
    .endr
    lwz     5, LOW(ISA_KEPT_R2)(1)
    stw     5, LOW(ISA_OUT + 16)(1)
    mfcr    5
    stw     5, LOW(ISA_OUT + ISA_CR)(1)
    mfxer   5
    stw     5, LOW(ISA_OUT + ISA_XER)(1)
    mflr    5
    stw     5, LOW(ISA_OUT + ISA_LR)(1)
    mfctr   5
    stw     5, LOW(ISA_OUT + ISA_CTR)(1)

    lwz     1, ISA_HOST_SP(1)
    .irp    r, 2, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    lwz     \r, (16 + 4 * \r)(1)
    .endr
    lwz     0, 8(1)
    mtcr    0
    addi    1, 1, FRAME
    lwz     0, 4(1)
    mtlr    0
    blr
    .section .note.GNU-stack, "", @progbits
