/* The words that rows of insn.def are written in: registers read and written, flags, ISA versions.
 * For the files that expand the table only; instruction bodies have the same names for values
 * (exec.h). */
#ifndef SIM_ISA_OPERANDS_H
#define SIM_ISA_OPERANDS_H

#include <stdint.h>

#define OPERAND(n) (UINT64_C(1) << (n))

/* Fixed-point registers. RS is the T field as a source. RTP, RSP: an even/odd pair. RA0: zero means
 * the number 0. */
#define RT  OPERAND(0)
#define RS  OPERAND(1)
#define RA  OPERAND(2)
#define RA0 OPERAND(3)
#define RB  OPERAND(4)
#define RC  OPERAND(5)
#define RTP OPERAND(6)
#define RSP OPERAND(7)
/* Floating-point registers (doubleword 0 of VSR 0..31). FRTP, FRSP: an even/odd pair. */
#define FRT  OPERAND(8)
#define FRS  OPERAND(9)
#define FRA  OPERAND(10)
#define FRB  OPERAND(11)
#define FRC  OPERAND(12)
#define FRTP OPERAND(13)
#define FRSP OPERAND(14)
#define FRAP OPERAND(51)
#define FRBP OPERAND(52)
/* Vector registers (VSR 32..63). */
#define VRT OPERAND(15)
#define VRS OPERAND(16)
#define VRA OPERAND(17)
#define VRB OPERAND(18)
#define VRC OPERAND(19)
/* Vector-scalar registers (six-bit numbers, the extra bit's place given by the form). */
#define XT OPERAND(20)
#define XS OPERAND(21)
#define XA OPERAND(22)
#define XB OPERAND(23)
#define XC OPERAND(24)
/* Condition register: field BF, field BFA, the fields of bits BT, BA, BB, BI; fixed fields; the FXM
 * mask; all. */
#define BF   OPERAND(25)
#define BFA  OPERAND(26)
#define BT   OPERAND(27)
#define BA   OPERAND(28)
#define BB   OPERAND(29)
#define BI   OPERAND(30)
#define CR0  OPERAND(31)
#define CR1  OPERAND(32)
#define CR6  OPERAND(33)
#define FXM  OPERAND(34)
#define CR   OPERAND(35)
#define BC   OPERAND(36) /* the CR bit of isel */
/* XER bits, each renamed alone: CA with CA32, OV with OV32, SO; XER is all of them. */
#define CA  OPERAND(37)
#define OV  OPERAND(38)
#define SO  OPERAND(39)
#define XER OPERAND(40)
/* Others. SPR: the register that the SPR field names. */
#define LR     OPERAND(41)
#define CTR    OPERAND(42)
#define TAR    OPERAND(43)
#define SPR    OPERAND(44)
#define FPSCR  OPERAND(45)
#define VSCR   OPERAND(46)
#define VRSAVE OPERAND(47)
#define MULTI  OPERAND(48) /* registers RT..31 or a string of them: see insn_deps */
/* The first and the second register after RT (atomic memory operations). */
#define RT1    OPERAND(49)
#define RT2    OPERAND(50)

#endif
