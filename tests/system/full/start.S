/* Entry, interrupt vectors and ways out of a small guest (guest.c). Whatever interrupts is noted in
 * `seen` and returned from: behind an instruction that raised, with external interrupts off. */
#define RTAS_BACK 0x3f00 /* where the run-time services return to, in the other byte order */

    /* An instruction of the big-endian world. */
    .macro big word
    .byte (\word) >> 24, (\word) >> 16 & 0xff, (\word) >> 8 & 0xff, (\word) & 0xff
    .endm

    .macro vector number
    .org \number
    mtsprg0 %r3
    li      %r3, \number
    b       interrupted
    .endm

    .section .head, "ax"
    b       _start
    vector  0x300
    vector  0x500
    vector  0x700
    vector  0x900

    .org 0x2000
interrupted:
    mtsprg1 %r4
    mfcr    %r4
    mtsprg2 %r4
    lis     %r4, seen@ha
    std     %r3, seen@l(%r4)
    cmpdi   %r3, 0x900
    beq     2f
    cmpdi   %r3, 0x500
    beq     3f
    mfsrr0  %r3 /* go on behind it */
    addi    %r3, %r3, 4
    mtsrr0  %r3
    mfsrr1  %r3
    lis     %r4, why@ha
    std     %r3, why@l(%r4)
    b       4f
2:  lis     %r3, 0x7fff
    mtdec   %r3
3:  mfsrr1  %r3 /* MSR[EE] goes */
    rldicl  %r3, %r3, 48, 1
    rotldi  %r3, %r3, 16
    mtsrr1  %r3
4:  mfsprg2 %r4
    mtcr    %r4
    mfsprg1 %r4
    mfsprg0 %r3
    rfid

    .org 0x3000
    .globl _start
_start:
    lis     %r1, stack_top@ha
    addi    %r1, %r1, stack_top@l
    lis     %r2, .TOC.@ha
    addi    %r2, %r2, .TOC.@l
    bl      guest_main
    b       .

    /* uint64_t hypercall(uint64_t *r): r3 to r7 from and to r[0] on. */
    .globl hypercall
hypercall:
    mr      %r12, %r3
    ld      %r7, 32(%r12)
    ld      %r6, 24(%r12)
    ld      %r5, 16(%r12)
    ld      %r4, 8(%r12)
    ld      %r3, 0(%r12)
    sc      1
    std     %r3, 0(%r12)
    std     %r4, 8(%r12)
    std     %r5, 16(%r12)
    std     %r6, 24(%r12)
    blr

    /* void run_time_service(entry, arguments): 32-bit, big-endian, untranslated. */
    .globl run_time_service
run_time_service:
    mflr    %r0
    std     %r0, 16(%r1)
    lis     %r5, saved_r1@ha
    std     %r1, saved_r1@l(%r5)
    mtsrr0  %r3
    mr      %r3, %r4
    li      %r0, RTAS_BACK
    mtlr    %r0
    li      %r5, 0x1000 /* MSR[ME] alone */
    mtsrr1  %r5
    rfid
rtas_done:
    lis     %r5, saved_r1@ha
    ld      %r1, saved_r1@l(%r5)
    ld      %r0, 16(%r1)
    mtlr    %r0
    blr

    .org RTAS_BACK
    big 0x7d6000a6 /* mfmsr r11 */
    big 0x616b0001 /* ori r11,r11,1: MSR[LE] */
    big 0x39800001 /* li r12,1 */
    big 0x798bf80e /* rldimi r11,r12,63,0: MSR[SF] */
    big 0x7d7b03a6 /* mtsrr1 r11 */
    big 0x39803f80 /* li r12,0x3f80 */
    big 0x7d9a03a6 /* mtsrr0 r12 */
    big 0x4c000024 /* rfid */
    .org 0x3f80
    b       rtas_done

    .bss
    .balign 16
    .globl saved_r1
saved_r1:
    .space 8
    .space 65536
stack_top:
    .space 512
