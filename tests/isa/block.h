/* What the harness and the guest runner tell each other: one block a case, in the guest's byte
 * order.
 *
 * The runner executes `word` in a slot of its code area with the registers of `in`, and answers
 * with the registers afterwards. A slot is 64 bytes: a prologue, the word, and landing pads
 * that note where execution went on. */
#ifndef TESTS_ISA_BLOCK_H
#define TESTS_ISA_BLOCK_H

#define ISA_CODE_BASE   0x01000000 /* low enough for an absolute branch */
#define ISA_SLOTS       1024
#define ISA_SLOT_BYTES  64
#define ISA_WORD_AT     8
#define ISA_PADS        4          /* at +12 (the next instruction), +24, +36, +48 */
#define ISA_PAD_AT(n)   (12 + 12 * (n))
#define ISA_BLOCK_BASE  0x01200000 /* the runner's own; also the value of r1: no word may use it */
#define ISA_WINDOW_BASE 0x02000f00 /* storage that words may access: around a page boundary */
#define ISA_WINDOW_BYTES 512
#define ISA_SCRATCH_BASE 0x02000000
#define ISA_SCRATCH_BYTES 0x2000

/* Offsets in struct isa_regs, and of things behind ISA_BLOCK_BASE, for the assembler. */
#define ISA_VSR     256
#define ISA_CR      1280
#define ISA_XER     1288
#define ISA_LR      1296
#define ISA_CTR     1304
#define ISA_TAR     1312
#define ISA_VRSAVE  1320
#define ISA_FPSCR   1328
#define ISA_VSCR    1336
#define ISA_NIA     1344
#define ISA_OUT     4096
#define ISA_KEPT_R2 8192
#define ISA_HOST_SP 8200
#define ISA_BLOCK_BYTES 12288

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

struct isa_regs {
    uint64_t gpr[32];
    uint64_t vsr[64][2]; /* [0] is doubleword 0 */
    uint64_t cr, xer, lr, ctr, tar, vrsave, fpscr, vscr;
    uint64_t nia;    /* out: address; from the runner: slot * ISA_PADS + pad when no signal came */
    uint64_t signal; /* out: number of the Linux signal, 0 when none */
    uint8_t window[ISA_WINDOW_BYTES];
};

struct isa_block {
    uint32_t word;
    uint32_t reserve_bytes; /* a reservation of this size is made at reserve_ea first; 0: none */
    uint64_t reserve_ea;
    struct isa_regs in;
};

_Static_assert(offsetof(struct isa_regs, vsr) == ISA_VSR, "assembler's offset");
_Static_assert(offsetof(struct isa_regs, cr) == ISA_CR, "assembler's offset");
_Static_assert(offsetof(struct isa_regs, vscr) == ISA_VSCR, "assembler's offset");
_Static_assert(offsetof(struct isa_regs, nia) == ISA_NIA, "assembler's offset");
#endif

#endif
