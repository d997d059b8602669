#include "sim/loader/image.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <gelf.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/bits.h"

struct load {
    const char *path;
    int fd;
    uint64_t file_bytes;
    struct phys *phys;
    uint64_t ram_bytes;
    const char *ram_key;
    struct boot_image *image;
    struct err *e;
};

static bool refuse(const struct load *l, const char *why)
{
    return err_set_status(l->e, EXIT_NOEXEC, "%s: %s", l->path, why);
}

static bool refuse_place(const struct load *l, uint64_t pa)
{
    return err_set_status(l->e, EXIT_NOEXEC,
                          "%s: a segment at 0x%" PRIx64 " does not fit into memory, %s = %"
                          PRIu64 " KiB; a Linux program runs with system.kind = user",
                          l->path, pa, l->ram_key, l->ram_bytes >> 10);
}

/* Copies a part of the file to physical memory. */
static bool copy_in(const struct load *l, uint64_t offset, uint64_t bytes, uint64_t pa)
{
    if (pa > l->ram_bytes || bytes > l->ram_bytes - pa)
        return err_set_status(l->e, EXIT_NOEXEC, "%s: does not fit into memory (%s)", l->path,
                              l->ram_key);
    if (offset > l->file_bytes || bytes > l->file_bytes - offset)
        return refuse(l, "truncated: a segment ends behind the file");
    for (uint64_t done = 0, part; done < bytes; done += part) {
        uint64_t at = (pa + done) & (FRAME_BYTES - 1);
        uint8_t *host = phys_frame(l->phys, pa + done)->host + at;
        part = min_u64(bytes - done, FRAME_BYTES - at);
        if (pread(l->fd, host, part, (off_t)(offset + done)) != (ssize_t)part)
            return refuse(l, "cannot be read");
    }
    l->image->end = max_u64(l->image->end, pa + bytes);
    return true;
}

/* The entry is an effective address: the segment that holds it says where that lies. */
static bool load_segments(const struct load *l, Elf *elf, const GElf_Ehdr *ehdr)
{
    size_t count = 0;
    bool has_entry = false;
    if (elf_getphdrnum(elf, &count))
        return refuse(l, "bad program headers");
    for (size_t n = 0; n < count; n++) {
        GElf_Phdr h;
        if (!gelf_getphdr(elf, (int)n, &h))
            return refuse(l, "bad program headers");
        if (h.p_type == PT_INTERP || h.p_type == PT_TLS)
            return refuse(l, "is a Linux program: it runs with system.kind = user");
        if (h.p_type != PT_LOAD)
            continue;
        if (h.p_filesz > h.p_memsz || h.p_memsz > l->ram_bytes ||
            h.p_paddr > l->ram_bytes - h.p_memsz)
            return refuse_place(l, h.p_paddr);
        if (!copy_in(l, h.p_offset, h.p_filesz, h.p_paddr))
            return false;
        l->image->end = max_u64(l->image->end, h.p_paddr + h.p_memsz);
        if (ehdr->e_entry - h.p_vaddr < h.p_memsz) {
            l->image->entry = ehdr->e_entry - h.p_vaddr + h.p_paddr;
            has_entry = true;
        }
    }
    return has_entry || refuse(l, "no segment holds the entry point");
}

static bool load_elf(const struct load *l)
{
    GElf_Ehdr ehdr;
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(l->fd, ELF_C_READ, NULL);
    bool ok = elf && gelf_getehdr(elf, &ehdr);
    if (!ok)
        refuse(l, "bad ELF header");
    else if (ehdr.e_machine != EM_PPC && ehdr.e_machine != EM_PPC64)
        ok = refuse(l, "is not a program for PowerPC");
    else if (ehdr.e_type != ET_EXEC && ehdr.e_type != ET_DYN)
        ok = refuse(l, "is not an executable ELF file: link it first");
    else
        ok = load_segments(l, elf, &ehdr);
    elf_end(elf);
    return ok;
}

static bool load_open(struct load *l, uint64_t address)
{
    struct stat st;
    char magic[SELFMAG];
    if (fstat(l->fd, &st) < 0)
        return refuse(l, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return refuse(l, "is not a regular file");
    l->file_bytes = (uint64_t)st.st_size;
    if (pread(l->fd, magic, SELFMAG, 0) == SELFMAG && !memcmp(magic, ELFMAG, SELFMAG))
        return load_elf(l);
    if (address == IMAGE_ELF_ONLY)
        return refuse(l, "is not an ELF file: an uncompressed kernel (vmlinux) is wanted");
    l->image->entry = address;
    return l->file_bytes ? copy_in(l, 0, l->file_bytes, address) : refuse(l, "is empty");
}

bool image_load(const char *path, struct phys *phys, uint64_t ram_bytes, const char *ram_key,
                uint64_t address, struct boot_image *image, struct err *e)
{
    struct load l = {.path = path, .phys = phys, .ram_bytes = ram_bytes,
                     .ram_key = ram_key, .image = image, .e = e};
    *image = (struct boot_image){0};
    l.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (l.fd < 0)
        return refuse(&l, strerror(errno));
    bool ok = load_open(&l, address);
    close(l.fd);
    return ok;
}
