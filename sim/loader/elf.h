/* Loads ELF programs into a user address space: ET_EXEC and ET_DYN, of the ABIs
 * ppc64le (ELFv2), ppc64 (ELFv1, or ELFv2 where the header says so) and ppc (32-bit, big-endian);
 * the image tells which. Segments are mapped and read from the file page by page on first touch.
 *
 * Every reason why a file cannot be run is one line, the path first, with status EXIT_NOEXEC. A
 * program that names an interpreter (ld.so) needs elf_map_dynamic: elf_map maps the one file. */
#ifndef SIM_LOADER_ELF_H
#define SIM_LOADER_ELF_H

#include "sim/base/err.h"
#include "sim/base/roots.h"
#include "sim/mem/image.h"
#include "sim/mem/process.h"

struct elf_program;

/* Opens and checks headers and segments; NULL with *e set. */
struct elf_program *elf_open(const char *path, struct err *e);
/* The same with `name` for messages and memory maps. */
struct elf_program *elf_open_as(const char *path, const char *name, struct err *e);
/* The same for a program that needs no operating system: at any address. Not to be mapped. */
struct elf_program *elf_open_bare(const char *path, struct err *e);
void elf_close(struct elf_program *p);

/* PT_INTERP's path, NULL for a static program. */
const char *elf_interpreter(const struct elf_program *p);
/* An ET_DYN file may be loaded anywhere. */
bool elf_is_relocatable(const struct elf_program *p);

/* Maps a program alone, an ET_DYN one at its customary address, and fills *image. */
bool elf_map(const struct elf_program *p, struct process *process, struct program_image *image,
             struct err *e);
/* Maps a program and, when it names one, its interpreter, which is looked for below `roots`. */
bool elf_map_dynamic(const struct elf_program *p, const struct roots *roots,
                     struct process *process, struct program_image *image, struct err *e);
/* Opens a program and maps it with its interpreter, as execve does: 0 or a negative errno. */
int64_t elf_execute(const char *path, const char *name, const struct roots *roots,
                    struct process *process, struct program_image *image);
/* Maps the segments with `bias` (a multiple of the page; zero for ET_EXEC) added to their
 * addresses. */
bool elf_map_at(const struct elf_program *p, struct process *process, uint64_t bias,
                struct program_image *image, struct err *e);

#endif
