/* Loads ELF programs into a user address space: ET_EXEC and static-PIE ET_DYN, of the ABIs
 * ppc64le (ELFv2), ppc64 (ELFv1, or ELFv2 where the header says so) and ppc (32-bit, big-endian);
 * the image tells which. Segments are mapped and read from the file page by page on first touch.
 *
 * Every reason why a file cannot be run is one line, the path first, with status EXIT_NOEXEC. A
 * program that names an interpreter is refused by elf_map alone, so that a caller with a sysroot
 * can map both with elf_map_at. */
#ifndef SIM_LOADER_ELF_H
#define SIM_LOADER_ELF_H

#include "sim/base/err.h"
#include "sim/mem/image.h"
#include "sim/mem/process.h"

struct elf_program;

/* Opens and checks headers and segments; NULL with *e set. */
struct elf_program *elf_open(const char *path, struct err *e);
void elf_close(struct elf_program *p);

const char *elf_path(const struct elf_program *p);
/* PT_INTERP's path, NULL for a static program. */
const char *elf_interpreter(const struct elf_program *p);
/* An ET_DYN file may be loaded anywhere. */
bool elf_is_relocatable(const struct elf_program *p);

/* Maps a static program, an ET_DYN one at its customary address, and fills *image. */
bool elf_map(const struct elf_program *p, struct process *process, struct program_image *image,
             struct err *e);
/* Maps the segments with `bias` (a multiple of the page; zero for ET_EXEC) added to their
 * addresses. */
bool elf_map_at(const struct elf_program *p, struct process *process, uint64_t bias,
                struct program_image *image, struct err *e);

#endif
