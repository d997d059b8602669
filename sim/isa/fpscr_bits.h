/* Bits of the Floating-Point Status and Control Register (Book I, 4.2.2), as the host numbers
 * them. */
#ifndef SIM_ISA_FPSCR_BITS_H
#define SIM_ISA_FPSCR_BITS_H

#include <stdint.h>

#define FPSCR_FX     UINT32_C(0x80000000) /* an exception bit went from 0 to 1 */
#define FPSCR_FEX    UINT32_C(0x40000000) /* an exception bit and its enable are set */
#define FPSCR_VX     UINT32_C(0x20000000) /* one of VXSNAN ... VXCVI is set */
#define FPSCR_OX     UINT32_C(0x10000000)
#define FPSCR_UX     UINT32_C(0x08000000)
#define FPSCR_ZX     UINT32_C(0x04000000)
#define FPSCR_XX     UINT32_C(0x02000000)
#define FPSCR_VXSNAN UINT32_C(0x01000000)
#define FPSCR_VXISI  UINT32_C(0x00800000) /* infinity - infinity */
#define FPSCR_VXIDI  UINT32_C(0x00400000) /* infinity / infinity */
#define FPSCR_VXZDZ  UINT32_C(0x00200000) /* zero / zero */
#define FPSCR_VXIMZ  UINT32_C(0x00100000) /* infinity * zero */
#define FPSCR_VXVC   UINT32_C(0x00080000) /* ordered compare of a NaN */
#define FPSCR_FR     UINT32_C(0x00040000) /* the last result's magnitude was rounded up */
#define FPSCR_FI     UINT32_C(0x00020000) /* the last result is inexact */
#define FPSCR_FPRF   UINT32_C(0x0001f000) /* class and sign of the last result */
#define FPSCR_FPCC   UINT32_C(0x0000f000) /* ... its four bits that a compare sets */
#define FPSCR_VXSOFT UINT32_C(0x00000400)
#define FPSCR_VXSQRT UINT32_C(0x00000200)
#define FPSCR_VXCVI  UINT32_C(0x00000100)
#define FPSCR_VE     UINT32_C(0x00000080)
#define FPSCR_OE     UINT32_C(0x00000040)
#define FPSCR_UE     UINT32_C(0x00000020)
#define FPSCR_ZE     UINT32_C(0x00000010)
#define FPSCR_XE     UINT32_C(0x00000008)
#define FPSCR_NI     UINT32_C(0x00000004)
#define FPSCR_RN     UINT32_C(0x00000003)
#define FPSCR_DRN    UINT64_C(0x0000000700000000) /* decimal rounding mode */

#define FPSCR_ENABLES UINT32_C(0x000000f8) /* VE OE UE ZE XE: in the order of VX OX UX ZX XX */
#define FPSCR_ENABLE_SHIFT 22              /* from VX ... XX down to VE ... XE */
#define FPSCR_VX_ALL                                                                               \
    (FPSCR_VXSNAN | FPSCR_VXISI | FPSCR_VXIDI | FPSCR_VXZDZ | FPSCR_VXIMZ | FPSCR_VXVC |           \
     FPSCR_VXSOFT | FPSCR_VXSQRT | FPSCR_VXCVI)
/* The bits that stay set until software clears them, without the summaries FX, FEX, VX. */
#define FPSCR_STICKY (FPSCR_OX | FPSCR_UX | FPSCR_ZX | FPSCR_XX | FPSCR_VX_ALL)
/* Bit 11 is reserved, as are the upper bits but for DRN; they read as zero. */
#define FPSCR_IMPLEMENTED (FPSCR_DRN | UINT64_C(0xfffff7ff))

#define FPRF_SHIFT 12

#endif
