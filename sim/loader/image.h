/* Loads what a board starts from into physical memory: an ELF file by the physical addresses of its
 * program headers, or any other file as it is. No translation, no protection, no relocation. */
#ifndef SIM_LOADER_IMAGE_H
#define SIM_LOADER_IMAGE_H

#include "sim/base/err.h"
#include "sim/mem/phys.h"

struct boot_image {
    uint64_t entry; /* physical address of the first instruction */
    uint64_t end;   /* behind the last byte loaded */
};

/* `address` is where a file that is no ELF file goes, and is entered. False with *e set
 * (EXIT_NOEXEC): cannot be read, is no PowerPC program, does not fit into `ram_bytes`, which the
 * key `ram_key` gives. */
#define IMAGE_ELF_ONLY UINT64_MAX /* such a file is refused */
bool image_load(const char *path, struct phys *phys, uint64_t ram_bytes, const char *ram_key,
                uint64_t address, struct boot_image *image, struct err *e);

#endif
