/* What elf.c, which checks files, and elf_map.c, which maps them, share. */
#ifndef SIM_LOADER_ELF_IMPL_H
#define SIM_LOADER_ELF_IMPL_H

#include <elf.h>
#include <gelf.h>

#include "sim/loader/elf.h"

#define LOAD_LOWEST UINT64_C(0x10000) /* vm.mmap_min_addr: page zero stays unmapped */

/* The flags of a 64-bit program: 0 leaves the ABI to the byte order's custom. */
enum { ABI_CUSTOM, ABI_ELFV1, ABI_ELFV2 };

struct elf_program {
    char *path;
    int fd;
    uint64_t file_bytes;
    GElf_Ehdr ehdr;
    bool is_64bit, is_bare, may_execute;
    uint64_t user_end, load_end; /* above load_end there is room for the stack and its limit */
    GElf_Phdr *phdrs;
    uint64_t phdr_count;
    char *interpreter;
};

/* False, with *e: the path and why. */
bool elf_refuse(const struct elf_program *p, struct err *e, const char *why);

#endif
