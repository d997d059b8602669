/* Segments into an address space: of a program alone, or with the interpreter that it names. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/loader/elf_impl.h"
#include "sim/mem/file_source.h"

static bool uses_descriptors(const struct elf_program *p)
{
    return p->is_64bit && p->ehdr.e_ident[EI_DATA] == ELFDATA2MSB &&
           (p->ehdr.e_flags & EF_PPC64_ABI) != ABI_ELFV2;
}

static uint32_t segment_prot(const GElf_Phdr *h)
{
    return (h->p_flags & PF_R ? (uint32_t)AREA_READ : 0) |
           (h->p_flags & PF_W ? (uint32_t)(AREA_WRITE | AREA_READ) : 0) |
           (h->p_flags & PF_X ? (uint32_t)AREA_EXEC : 0);
}

/* File pages, the last one zero beyond the file's part, then zero pages up to p_memsz. */
static bool map_segment(const struct elf_program *p, struct process *process, const GElf_Phdr *h,
                        uint64_t bias, struct err *e)
{
    uint64_t page = process_page_bytes(process), first = align_down(h->p_vaddr, page);
    uint64_t skew = h->p_vaddr - first;
    uint64_t file_end = align_up(h->p_vaddr + h->p_filesz, page);
    uint64_t end = align_up(h->p_vaddr + h->p_memsz, page);
    if (h->p_filesz == 0)
        file_end = first;
    if (h->p_filesz && (h->p_offset - skew) % page)
        return err_set_status(e, EXIT_NOEXEC,
                              "%s: segments are not aligned to pages of %llu bytes: set a smaller "
                              "workload.page_size",
                              p->path, (unsigned long long)page);
    if (file_end > first) {
        struct area_source *s =
            file_source_private(p->fd, h->p_offset + h->p_filesz, page, p->path);
        if (!s)
            return err_set_status(e, EXIT_NOEXEC, "%s: %s", p->path, strerror(errno));
        process_map(process, first + bias, file_end - first, segment_prot(h), s,
                    h->p_offset - skew, file_source_name(s));
    }
    if (end > file_end)
        process_map(process, file_end + bias, end - file_end, segment_prot(h), NULL, 0, NULL);
    return true;
}

/* Where the program headers are in memory: PT_PHDR, or the segment that holds them. */
static uint64_t find_phdr_ea(const struct elf_program *p, uint64_t bias)
{
    for (uint64_t n = 0; n < p->phdr_count; n++)
        if (p->phdrs[n].p_type == PT_PHDR)
            return p->phdrs[n].p_vaddr + bias;
    for (uint64_t n = 0; n < p->phdr_count; n++) {
        const GElf_Phdr *h = &p->phdrs[n];
        if (h->p_type == PT_LOAD && h->p_offset <= p->ehdr.e_phoff &&
            p->ehdr.e_phoff - h->p_offset < h->p_filesz)
            return h->p_vaddr + (p->ehdr.e_phoff - h->p_offset) + bias;
    }
    return 0;
}

bool elf_map_at(const struct elf_program *p, struct process *process, uint64_t bias,
                struct program_image *image, struct err *e)
{
    *image = (struct program_image){.is_64bit = p->is_64bit,
                                    .big_endian = p->ehdr.e_ident[EI_DATA] == ELFDATA2MSB,
                                    .descriptors = uses_descriptors(p),
                                    .user_end = p->user_end,
                                    .start = p->ehdr.e_entry + bias,
                                    .start_bias = bias,
                                    .entry = p->ehdr.e_entry + bias,
                                    .phdr_ea = find_phdr_ea(p, bias),
                                    .phdr_bytes = p->ehdr.e_phentsize,
                                    .phdr_count = p->phdr_count};
    for (uint64_t n = 0; n < p->phdr_count; n++) {
        const GElf_Phdr *h = &p->phdrs[n];
        if (h->p_type == PT_GNU_STACK)
            image->exec_stack = h->p_flags & PF_X;
        if (h->p_type != PT_LOAD || h->p_memsz == 0)
            continue;
        if (h->p_vaddr + bias < LOAD_LOWEST || h->p_vaddr + h->p_memsz > p->load_end - bias)
            return elf_refuse(p, e, "does not fit into the user's address space");
        if (!map_segment(p, process, h, bias, e))
            return false;
        image->brk_start =
            max_u64(image->brk_start,
                    align_up(h->p_vaddr + h->p_memsz + bias, process_page_bytes(process)));
    }
    return true;
}

/* Linux's ELF_ET_DYN_BASE. */
static uint64_t dyn_base(const struct elf_program *p)
{
    return p->is_64bit ? UINT64_C(0x100000000) : 0x400000;
}

bool elf_map(const struct elf_program *p, struct process *process, struct program_image *image,
             struct err *e)
{
    return elf_map_at(p, process, elf_is_relocatable(p) ? dyn_base(p) : 0, image, e);
}

static struct elf_program *open_interpreter(const struct elf_program *p,
                                            const struct roots *roots, struct err *e)
{
    char *host = roots_host_name(roots, p->interpreter);
    bool found = host && access(host, F_OK) == 0;
    struct elf_program *interpreter = found ? elf_open_as(host, p->interpreter, e) : NULL;
    if (!found)
        err_set_status(e, EXIT_NOEXEC,
                       "%s: is dynamically linked and its interpreter %s does not exist: set "
                       "workload.sysroot to a directory that holds it and the libraries",
                       p->path, p->interpreter);
    free(host);
    return interpreter;
}

/* As high as mmap would put it: the program's break must not run into it. */
static bool map_interpreter(const struct elf_program *p, struct process *process,
                            struct program_image *image, struct err *e)
{
    uint64_t end = 0;
    for (uint64_t n = 0; n < p->phdr_count; n++)
        if (p->phdrs[n].p_type == PT_LOAD)
            end = max_u64(end, p->phdrs[n].p_vaddr + p->phdrs[n].p_memsz);
    uint64_t bytes = align_up(end, process_page_bytes(process)), bias = 0;
    if (elf_is_relocatable(p) && !(bias = process_find_free(process, bytes, p->load_end)))
        return elf_refuse(p, e, "finds no room in the user's address space");
    return elf_map_at(p, process, bias, image, e);
}

bool elf_map_dynamic(const struct elf_program *p, const struct roots *roots,
                     struct process *process, struct program_image *image, struct err *e)
{
    struct program_image linker;
    if (!elf_map(p, process, image, e))
        return false;
    if (!p->interpreter)
        return true;
    struct elf_program *interpreter = open_interpreter(p, roots, e);
    if (!interpreter)
        return false;
    bool good = map_interpreter(interpreter, process, &linker, e);
    if (good && (linker.is_64bit != image->is_64bit || linker.big_endian != image->big_endian))
        good = elf_refuse(p, e, "names an interpreter for another word size or byte order");
    if (good) {
        image->start = linker.start;
        image->start_bias = image->base = linker.start_bias;
    }
    elf_close(interpreter);
    return good;
}

int64_t elf_execute(const char *path, const char *name, const struct roots *roots,
                    struct process *process, struct program_image *image)
{
    struct err e = {0};
    struct elf_program *p = elf_open_as(path, name, &e);
    if (!p)
        return -ENOEXEC;
    char *interpreter = p->interpreter ? roots_host_name(roots, p->interpreter) : NULL;
    bool is_missing = p->interpreter && (!interpreter || access(interpreter, F_OK) != 0);
    bool good = !is_missing && elf_map_dynamic(p, roots, process, image, &e);
    free(interpreter);
    elf_close(p);
    return good ? 0 : is_missing ? -ENOENT : -ENOEXEC;
}
