#include "sim/loader/elf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/loader/elf_impl.h"

#define MAX_PHDRS  512u  /* Linux: the table fits in one 64 KiB page */
#define INTERP_MAX 4096u /* Linux: PATH_MAX */

bool elf_refuse(const struct elf_program *p, struct err *e, const char *why)
{
    return err_set_status(e, EXIT_NOEXEC, "%s: %s", p->path, why);
}

#define MACHINES(X)                                                                                \
    X(EM_386, "32-bit x86")                                                                        \
    X(EM_X86_64, "x86-64")                                                                         \
    X(EM_ARM, "32-bit ARM")                                                                        \
    X(EM_AARCH64, "AArch64")                                                                       \
    X(EM_RISCV, "RISC-V")                                                                          \
    X(EM_S390, "S/390")                                                                            \
    X(EM_MIPS, "MIPS")                                                                             \
    X(EM_SPARC, "SPARC")                                                                           \
    X(EM_SPARCV9, "64-bit SPARC")                                                                  \
    X(EM_68K, "m68k")                                                                              \
    X(EM_LOONGARCH, "LoongArch")

static const char *machine_name(unsigned machine)
{
#define MACHINE_CASE(number, name)                                                                 \
    case number:                                                                                   \
        return name;
    switch (machine) {
        MACHINES(MACHINE_CASE)
    default:
        return "another machine";
    }
#undef MACHINE_CASE
}

static bool open_file(struct elf_program *p, const char *path, struct err *e)
{
    struct stat st;
    p->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (p->fd < 0 || fstat(p->fd, &st) < 0)
        return err_set_status(e, EXIT_NOEXEC, "%s: %s%s", p->path, strerror(errno),
                              errno == ENOENT && !strchr(p->path, '/')
                                  ? "; it is not looked for in PATH, write where it is"
                                  : "");
    if (S_ISDIR(st.st_mode))
        return elf_refuse(p, e, "is a directory, not a program");
    if (!S_ISREG(st.st_mode))
        return elf_refuse(p, e, "is not a regular file");
    p->may_execute = st.st_mode & 0111;
    p->file_bytes = (uint64_t)st.st_size;
    return true;
}

/* Tells the usual wrong files apart before libelf is asked. */
static bool check_ident(struct elf_program *p, struct err *e)
{
    unsigned char ident[EI_NIDENT] = {0};
    ssize_t n = pread(p->fd, ident, sizeof ident, 0);
    if (n < 0)
        return err_set_status(e, EXIT_NOEXEC, "%s: %s", p->path, strerror(errno));
    if (n >= 2 && ident[0] == '#' && ident[1] == '!')
        return elf_refuse(p, e, "is a script, not an ELF program");
    if (n < SELFMAG || memcmp(ident, ELFMAG, SELFMAG) != 0)
        return elf_refuse(p, e, "is not an ELF program");
    if (!p->may_execute && !p->is_bare)
        return elf_refuse(p, e, "permission denied: no execute permission (chmod +x)");
    if (n < EI_NIDENT)
        return elf_refuse(p, e, "truncated ELF header");
    if (ident[EI_CLASS] != ELFCLASS32 && ident[EI_CLASS] != ELFCLASS64)
        return elf_refuse(p, e, "bad ELF class");
    if (ident[EI_DATA] != ELFDATA2LSB && ident[EI_DATA] != ELFDATA2MSB)
        return elf_refuse(p, e, "bad ELF byte order");
    return true;
}

static bool check_abi(const struct elf_program *p, struct err *e)
{
    const GElf_Ehdr *h = &p->ehdr;
    bool little = h->e_ident[EI_DATA] == ELFDATA2LSB;
    if (p->is_64bit != (h->e_machine == EM_PPC64))
        return elf_refuse(p, e, p->is_64bit ? "32-bit PowerPC machine in a 64-bit ELF file"
                                            : "64-bit PowerPC machine in a 32-bit ELF file");
    if (little && !p->is_64bit)
        return elf_refuse(p, e,
                          "is a little-endian 32-bit program: 32-bit ones must be big-endian");
    if (little && (h->e_flags & EF_PPC64_ABI) == ABI_ELFV1)
        return elf_refuse(p, e, "uses the ELFv1 ABI: little-endian programs use ELFv2");
    return true;
}

static bool check_machine(struct elf_program *p, struct err *e)
{
    const GElf_Ehdr *h = &p->ehdr;
    if (h->e_machine != EM_PPC && h->e_machine != EM_PPC64)
        return err_set_status(e, EXIT_NOEXEC,
                              "%s: is a program for %s (ELF machine %u), not for PowerPC", p->path,
                              machine_name(h->e_machine), h->e_machine);
    p->is_64bit = h->e_ident[EI_CLASS] == ELFCLASS64;
    p->user_end = p->is_64bit ? USER_END_64 : USER_END_32;
    p->load_end = p->user_end - (p->is_64bit ? UINT64_C(1) << 32 : UINT64_C(1) << 28);
    if (!check_abi(p, e))
        return false;
    if (h->e_type != ET_EXEC && h->e_type != ET_DYN)
        return elf_refuse(p, e, h->e_type == ET_REL ? "is an object file: link it first"
                                                    : "is not an executable ELF file");
    if (h->e_type == ET_DYN && !h->e_entry && !p->is_bare)
        return elf_refuse(p, e, "is a shared library: it has no entry point");
    return true;
}

static bool check_segment(const struct elf_program *p, const GElf_Phdr *h, struct err *e)
{
    uint64_t lowest = p->ehdr.e_type == ET_EXEC ? LOAD_LOWEST : 0;
    if (h->p_filesz > h->p_memsz)
        return elf_refuse(p, e, "a segment is larger in the file than in memory");
    if (h->p_offset > p->file_bytes || h->p_filesz > p->file_bytes - h->p_offset)
        return elf_refuse(p, e, "truncated: a segment goes beyond the end of the file");
    if (p->is_bare)
        return true;
    if (h->p_vaddr < lowest)
        return elf_refuse(p, e, "a segment lies below the lowest user address");
    if (h->p_vaddr > p->load_end || h->p_memsz > p->load_end - h->p_vaddr)
        return elf_refuse(p, e, "a segment lies in kernel space");
    return true;
}

static bool check_segments(const struct elf_program *p, struct err *e)
{
    uint64_t loads = 0;
    for (uint64_t n = 0; n < p->phdr_count; n++) {
        const GElf_Phdr *a = &p->phdrs[n];
        if (a->p_type != PT_LOAD)
            continue;
        loads++;
        if (!check_segment(p, a, e))
            return false;
        for (uint64_t m = 0; m < n; m++) {
            const GElf_Phdr *b = &p->phdrs[m];
            if (b->p_type == PT_LOAD && a->p_vaddr < b->p_vaddr + b->p_memsz &&
                b->p_vaddr < a->p_vaddr + a->p_memsz)
                return elf_refuse(p, e, "two segments overlap");
        }
    }
    return loads || elf_refuse(p, e, "has no loadable segment");
}

static bool read_interpreter(struct elf_program *p, const GElf_Phdr *h, struct err *e)
{
    if (p->interpreter)
        return elf_refuse(p, e, "names two interpreters");
    if (h->p_filesz < 2 || h->p_filesz > INTERP_MAX || h->p_offset > p->file_bytes ||
        h->p_filesz > p->file_bytes - h->p_offset)
        return elf_refuse(p, e, "bad interpreter name");
    p->interpreter = xcalloc(h->p_filesz + 1, 1);
    if (pread(p->fd, p->interpreter, h->p_filesz, (off_t)h->p_offset) != (ssize_t)h->p_filesz)
        return elf_refuse(p, e, "truncated: cannot read the interpreter's name");
    return true;
}

static bool read_phdrs(struct elf_program *p, Elf *elf, struct err *e)
{
    size_t count, entry_bytes = p->is_64bit ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
    if (elf_getphdrnum(elf, &count) != 0 || count == 0 || count > MAX_PHDRS ||
        p->ehdr.e_phentsize != entry_bytes)
        return elf_refuse(p, e, "bad or missing program headers");
    if (p->ehdr.e_phoff > p->file_bytes ||
        count * entry_bytes > p->file_bytes - p->ehdr.e_phoff)
        return elf_refuse(p, e, "truncated: the program headers are beyond the end of the file");
    p->phdr_count = count;
    p->phdrs = xcalloc(count, sizeof *p->phdrs);
    for (uint64_t n = 0; n < count; n++) {
        if (!gelf_getphdr(elf, (int)n, &p->phdrs[n]))
            return elf_refuse(p, e, "bad program header");
        if (p->phdrs[n].p_type == PT_INTERP && !read_interpreter(p, &p->phdrs[n], e))
            return false;
    }
    return true;
}

static bool read_headers(struct elf_program *p, struct err *e)
{
    if (elf_version(EV_CURRENT) == EV_NONE)
        return elf_refuse(p, e, "this libelf is too old");
    Elf *elf = elf_begin(p->fd, ELF_C_READ, NULL);
    bool good;
    if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &p->ehdr))
        good = elf_refuse(p, e, "truncated or damaged ELF header");
    else
        good = check_machine(p, e) && read_phdrs(p, elf, e);
    elf_end(elf);
    return good;
}

static struct elf_program *open_program(const char *path, const char *name, bool is_bare,
                                         struct err *e)
{
    struct elf_program *p = xcalloc(1, sizeof *p);
    p->path = xstrdup(name);
    p->is_bare = is_bare;
    if (open_file(p, path, e) && check_ident(p, e) && read_headers(p, e) && check_segments(p, e))
        return p;
    elf_close(p);
    return NULL;
}

struct elf_program *elf_open_as(const char *path, const char *name, struct err *e)
{
    return open_program(path, name, false, e);
}

struct elf_program *elf_open(const char *path, struct err *e) { return elf_open_as(path, path, e); }

struct elf_program *elf_open_bare(const char *path, struct err *e)
{
    return open_program(path, path, true, e);
}

void elf_close(struct elf_program *p)
{
    if (p->fd >= 0)
        close(p->fd);
    free(p->interpreter);
    free(p->phdrs);
    free(p->path);
    free(p);
}

const char *elf_interpreter(const struct elf_program *p) { return p->interpreter; }
bool elf_is_relocatable(const struct elf_program *p) { return p->ehdr.e_type == ET_DYN; }
