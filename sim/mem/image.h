/* What the loader says about a program that it has mapped, and the process model needs to
 * start it. */
#ifndef SIM_MEM_IMAGE_H
#define SIM_MEM_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

/* User addresses end here: 128 TiB, as Linux gives without a hint, and 3 GiB as on a 32-bit
 * kernel. */
#define USER_END_64 UINT64_C(0x800000000000)
#define USER_END_32 UINT64_C(0xc0000000)

struct program_image {
    bool is_64bit, big_endian;
    bool descriptors;      /* ELFv1: a pointer to a function is one to its address and TOC */
    bool exec_stack;       /* PT_GNU_STACK asks for it (its absence does on ppc64 as well: no) */
    uint64_t user_end;     /* where user addresses end */
    uint64_t start;        /* where execution begins: the program's entry, or its interpreter's */
    uint64_t start_bias;   /* what relocates the contents of a descriptor at `start` */
    uint64_t entry;        /* AT_ENTRY */
    uint64_t base;         /* AT_BASE: load address of the interpreter, 0 without one */
    uint64_t phdr_ea;      /* AT_PHDR, 0 when no segment holds the program headers */
    uint64_t phdr_bytes, phdr_count;
    uint64_t brk_start;    /* first page after the program's highest segment */
};

#endif
