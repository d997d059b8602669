/* Any file as a program: it is refused with one line of reason or mapped, and then every page of it
 * can be asked for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/err.h"
#include "sim/loader/elf.h"
#include "tests/fuzz/fuzz.h"

#define PAGE_BYTES    UINT64_C(65536)
#define MOST_AREAS    64u
#define PIECE_BYTES   32u

static char path[40];
static int file;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    file = memfd_create("program", 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return file < 0 || fchmod(file, 0700) < 0;
}

static void check_refused(const struct err *e)
{
    if (e->status != EXIT_NOEXEC || strncmp(e->text, path, strlen(path)) || strchr(e->text, '\n'))
        abort();
}

/* The first and last bytes of each area; a page beyond the file's end may be missing. */
static void touch_areas(struct process *process)
{
    char piece[PIECE_BYTES];
    const struct area *a = process_area_at(process, 0);
    for (uint32_t n = 0; a && n < MOST_AREAS; n++, a = process_area_at(process, a->end)) {
        if (a->start >= a->end || a->start % PAGE_BYTES || a->end % PAGE_BYTES)
            abort();
        mmu_read(process_mmu(process), a->start, piece, sizeof piece);
        mmu_write(process_mmu(process), a->end - sizeof piece, piece, sizeof piece);
    }
}

static void map(const struct elf_program *program)
{
    struct err e = {0};
    struct program_image image = {0};
    struct phys *phys = phys_create();
    struct process *process = process_create(phys, PAGE_BYTES);
    bool mapped = elf_interpreter(program) ? elf_map_at(program, process, 0, &image, &e)
                                           : elf_map(program, process, &image, &e);
    if (mapped)
        touch_areas(process);
    else
        check_refused(&e);
    process_destroy(process);
    phys_destroy(phys);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct err e = {0};
    if (ftruncate(file, 0) < 0 || pwrite(file, data, bytes, 0) != (ssize_t)bytes)
        abort();
    struct elf_program *program = elf_open(path, &e);
    if (!program) {
        check_refused(&e);
        return 0;
    }
    map(program);
    elf_close(program);
    return 0;
}
