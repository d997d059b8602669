#include "sim/loader/survey.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/bits.h"

struct survey_file {
    struct elf_program *program; /* has checked the headers */
    int fd;
    Elf *elf;
    GElf_Ehdr ehdr;
};

/* A section's bytes; NULL when it has none in the file. */
static const Elf_Data *section_data(Elf_Scn *section, const GElf_Shdr *h)
{
    return h->sh_type == SHT_NOBITS ? NULL : elf_rawdata(section, NULL);
}

static void add_range(struct survey *s, const char *name, uint64_t ea, const uint8_t *data,
                      uint64_t bytes)
{
    bytes &= ~UINT64_C(3);
    if (ea & 3 || !bytes || !data)
        return;
    if ((s->range_count & (s->range_count - 1)) == 0)
        s->ranges = xrealloc(s->ranges, (2 * (uint64_t)s->range_count + 1) * sizeof *s->ranges);
    s->ranges[s->range_count++] = (struct code_range){name ? name : "", ea, bytes, data};
}

/* `bytes` bytes of the program at ea, from a section with all of `flags`; NULL when there are no
 * such bytes in the file. */
static const uint8_t *find_bytes(struct survey *s, uint64_t ea, uint64_t bytes, uint64_t flags)
{
    Elf_Scn *section = NULL;
    GElf_Shdr h;
    while ((section = elf_nextscn(s->file->elf, section))) {
        if (!gelf_getshdr(section, &h) || (h.sh_flags & flags) != flags || ea < h.sh_addr ||
            ea - h.sh_addr >= h.sh_size || bytes > h.sh_size - (ea - h.sh_addr))
            continue;
        const Elf_Data *d = section_data(section, &h);
        if (d && d->d_buf && d->d_size == h.sh_size)
            return (const uint8_t *)d->d_buf + (ea - h.sh_addr);
    }
    return NULL;
}

/* With ELFv1 a function's symbol stands for its descriptor, the first word of which is the code's
 * address. */
static uint64_t code_address(struct survey *s, uint64_t ea)
{
    const uint8_t *descriptor = s->is_elfv1 ? find_bytes(s, ea, 8, SHF_ALLOC | SHF_WRITE) : NULL;
    uint64_t code = 0;
    for (uint32_t n = 0; descriptor && n < 8; n++)
        code = code << 8 | descriptor[n];
    return descriptor ? code : ea;
}

static void add_functions(struct survey *s, Elf_Scn *table, const GElf_Shdr *h)
{
    Elf_Data *symbols = elf_getdata(table, NULL);
    GElf_Sym symbol;
    for (int n = 0; symbols && gelf_getsym(symbols, n, &symbol); n++) {
        if (GELF_ST_TYPE(symbol.st_info) != STT_FUNC || !symbol.st_size ||
            symbol.st_shndx == SHN_UNDEF)
            continue;
        uint64_t ea = code_address(s, symbol.st_value);
        add_range(s, elf_strptr(s->file->elf, h->sh_link, symbol.st_name), ea,
                  find_bytes(s, ea, symbol.st_size, SHF_ALLOC | SHF_EXECINSTR), symbol.st_size);
    }
}

/* Dynamic symbols alone would be a few of the functions only. */
static void find_functions(struct survey *s)
{
    Elf_Scn *section = NULL;
    GElf_Shdr h;
    while ((section = elf_nextscn(s->file->elf, section)))
        if (gelf_getshdr(section, &h) && h.sh_type == SHT_SYMTAB)
            add_functions(s, section, &h);
}

static void find_sections(struct survey *s)
{
    Elf_Scn *section = NULL;
    GElf_Shdr h;
    size_t names;
    if (elf_getshdrstrndx(s->file->elf, &names) != 0)
        return;
    while ((section = elf_nextscn(s->file->elf, section))) {
        if (!gelf_getshdr(section, &h) || !(h.sh_flags & SHF_EXECINSTR) ||
            h.sh_type == SHT_NOBITS)
            continue;
        if (s->source == SURVEY_FUNCTIONS) {
            s->skipped_bytes += h.sh_size;
            continue;
        }
        const Elf_Data *d = section_data(section, &h);
        if (d && d->d_buf)
            add_range(s, elf_strptr(s->file->elf, names, h.sh_name), h.sh_addr, d->d_buf,
                      d->d_size);
    }
}

static void find_segments(struct survey *s)
{
    size_t count = 0, file_bytes;
    const char *file = elf_rawfile(s->file->elf, &file_bytes);
    GElf_Phdr h;
    elf_getphdrnum(s->file->elf, &count);
    for (size_t n = 0; file && n < count; n++)
        if (gelf_getphdr(s->file->elf, (int)n, &h) && h.p_type == PT_LOAD && h.p_flags & PF_X &&
            h.p_offset <= file_bytes && h.p_filesz <= file_bytes - h.p_offset)
            add_range(s, "", h.p_vaddr, (const uint8_t *)file + h.p_offset, h.p_filesz);
}

static int by_address(const void *a, const void *b)
{
    const struct code_range *x = a, *y = b;
    if (x->ea != y->ea)
        return x->ea < y->ea ? -1 : 1;
    return x->bytes > y->bytes ? -1 : x->bytes < y->bytes;
}

/* Aliases and parts of other functions are left out. */
static void drop_overlaps(struct survey *s)
{
    uint32_t kept = 0;
    uint64_t end = 0;
    if (s->range_count)
        qsort(s->ranges, s->range_count, sizeof *s->ranges, by_address);
    for (uint32_t n = 0; n < s->range_count; n++) {
        struct code_range r = s->ranges[n];
        if (kept && r.ea + r.bytes <= end)
            continue;
        if (kept && r.ea < end) {
            r.data += end - r.ea;
            r.bytes -= end - r.ea;
            r.ea = end;
        }
        end = r.ea + r.bytes;
        s->ranges[kept++] = r;
        s->skipped_bytes -= s->source == SURVEY_FUNCTIONS ? r.bytes : 0;
    }
    s->range_count = kept;
}

static void find_code(struct survey *s)
{
    find_functions(s);
    s->source = s->range_count ? SURVEY_FUNCTIONS : SURVEY_SECTIONS;
    find_sections(s);
    if (!s->range_count) {
        s->source = SURVEY_SEGMENTS;
        find_segments(s);
    }
    drop_overlaps(s);
}

static void find_needed(struct survey *s)
{
    Elf_Scn *section = NULL;
    GElf_Shdr h;
    GElf_Dyn entry;
    while ((section = elf_nextscn(s->file->elf, section))) {
        if (!gelf_getshdr(section, &h) || h.sh_type != SHT_DYNAMIC)
            continue;
        Elf_Data *d = elf_getdata(section, NULL);
        for (int n = 0; d && gelf_getdyn(d, n, &entry) && entry.d_tag != DT_NULL; n++) {
            const char *name = entry.d_tag == DT_NEEDED
                                   ? elf_strptr(s->file->elf, h.sh_link, entry.d_un.d_val) : NULL;
            if (!name)
                continue;
            s->needed = xrealloc(s->needed, (s->needed_count + 1) * sizeof *s->needed);
            s->needed[s->needed_count++] = name;
        }
    }
}

struct survey *survey_open(const char *path, bool is_bare, struct err *e)
{
    struct elf_program *program = is_bare ? elf_open_bare(path, e) : elf_open(path, e);
    if (!program)
        return NULL;
    struct survey *s = xcalloc(1, sizeof *s);
    s->file = xcalloc(1, sizeof *s->file);
    s->file->program = program;
    s->is_bare = is_bare;
    s->interpreter = elf_interpreter(program);
    s->file->fd = open(path, O_RDONLY | O_CLOEXEC);
    s->file->elf = s->file->fd < 0 ? NULL : elf_begin(s->file->fd, ELF_C_READ, NULL);
    if (!s->file->elf || !gelf_getehdr(s->file->elf, &s->file->ehdr)) {
        err_set_status(e, EXIT_NOEXEC, "%s: cannot be read: %s", path, strerror(errno));
        survey_close(s);
        return NULL;
    }
    s->is_64bit = s->file->ehdr.e_ident[EI_CLASS] == ELFCLASS64;
    s->big_endian = s->file->ehdr.e_ident[EI_DATA] == ELFDATA2MSB;
    s->is_elfv1 = s->is_64bit && s->big_endian && (s->file->ehdr.e_flags & EF_PPC64_ABI) != 2;
    find_needed(s);
    find_code(s);
    return s;
}

void survey_close(struct survey *s)
{
    if (s->file->elf)
        elf_end(s->file->elf);
    if (s->file->fd >= 0)
        close(s->file->fd);
    elf_close(s->file->program);
    free(s->file);
    free(s->ranges);
    free(s->needed);
    free(s);
}
