#include "sim/loader/symbols.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/loader/lines.h"

enum { NESTING = 16 }; /* how many symbols back one may still be around an address */

/* Of several symbols at one address the most telling one is kept. */
struct candidate {
    struct symbol symbol;
    uint32_t rank;
};

struct reading {
    struct symbols *s;
    bool has_descriptors; /* ELFv1: a function's symbol stands for its descriptor in .opd */
    struct candidate *all;
    uint64_t count;
};

/* The section around an address with all of `flags`; false when there is none. */
static bool section_at(Elf *elf, uint64_t address, uint64_t flags, Elf_Scn **section, GElf_Shdr *h)
{
    *section = NULL;
    while ((*section = elf_nextscn(elf, *section)))
        if (gelf_getshdr(*section, h) && (h->sh_flags & flags) == flags &&
            address >= h->sh_addr && address - h->sh_addr < h->sh_size)
            return true;
    return false;
}

/* Position-independent programs may leave the descriptor's first word to a relocation
 * (R_PPC64_RELATIVE: the addend is the address). */
static uint64_t relocated_word(Elf *elf, uint64_t address)
{
    Elf_Scn *section = NULL;
    GElf_Shdr h;
    GElf_Rela r;
    while ((section = elf_nextscn(elf, section))) {
        if (!gelf_getshdr(section, &h) || h.sh_type != SHT_RELA || !(h.sh_flags & SHF_ALLOC))
            continue;
        Elf_Data *data = elf_getdata(section, NULL);
        for (int n = 0; data && gelf_getrela(data, n, &r); n++)
            if (r.r_offset == address && GELF_R_TYPE(r.r_info) == R_PPC64_RELATIVE)
                return (uint64_t)r.r_addend;
    }
    return 0;
}

static uint64_t code_address(const struct reading *r, uint64_t address)
{
    Elf_Scn *section;
    GElf_Shdr h;
    uint64_t code = 0;
    if (!r->has_descriptors || !section_at(r->s->elf, address, SHF_ALLOC | SHF_WRITE, &section, &h))
        return address;
    const Elf_Data *d = h.sh_type == SHT_NOBITS ? NULL : elf_rawdata(section, NULL);
    if (d && d->d_buf && address - h.sh_addr + 8 <= d->d_size)
        for (uint32_t n = 0; n < 8; n++)
            code = code << 8 | ((const uint8_t *)d->d_buf)[address - h.sh_addr + n];
    return code ? code : relocated_word(r->s->elf, address);
}

/* Functions, and labels of code written in assembly. */
static bool is_function(const struct reading *r, const GElf_Sym *y, const char *name)
{
    unsigned type = GELF_ST_TYPE(y->st_info);
    Elf_Scn *section;
    GElf_Shdr h;
    if (!name || !*name || y->st_shndx == SHN_UNDEF || y->st_shndx >= SHN_LORESERVE)
        return false;
    if (type == STT_FUNC || type == STT_GNU_IFUNC)
        return true;
    return type == STT_NOTYPE && !strchr(".$", *name) &&
           section_at(r->s->elf, y->st_value, SHF_ALLOC | SHF_EXECINSTR, &section, &h);
}

static void add_symbols(struct reading *r, Elf_Scn *table, const GElf_Shdr *h)
{
    Elf_Data *data = elf_getdata(table, NULL);
    GElf_Sym y;
    for (int n = 0; data && gelf_getsym(data, n, &y); n++) {
        const char *name = elf_strptr(r->s->elf, h->sh_link, y.st_name);
        if (!is_function(r, &y, name))
            continue;
        uint64_t start = code_address(r, y.st_value);
        unsigned bind = GELF_ST_BIND(y.st_info);
        if (!(r->count & (r->count - 1)))
            r->all = xrealloc(r->all, (2 * r->count + 1) * sizeof *r->all);
        r->all[r->count++] = (struct candidate){
            {start, start + y.st_size, name},
            (y.st_size ? 0u : 4u) + (bind == STB_GLOBAL ? 0u : bind == STB_WEAK ? 1u : 2u)};
    }
}

static int compare(const void *pa, const void *pb)
{
    const struct candidate *a = pa, *b = pb;
    if (a->symbol.start != b->symbol.start)
        return a->symbol.start < b->symbol.start ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return strcmp(a->symbol.name, b->symbol.name);
}

/* Of a symbol without a size: up to the next one or the end of its section. */
static uint64_t end_of(const struct reading *r, uint64_t n)
{
    const struct symbol *y = &r->all[n].symbol;
    Elf_Scn *section;
    GElf_Shdr h;
    if (y->end > y->start)
        return y->end;
    if (!section_at(r->s->elf, y->start, SHF_ALLOC, &section, &h))
        return y->start;
    uint64_t end = h.sh_addr + h.sh_size;
    while (++n < r->count)
        if (r->all[n].symbol.start != y->start)
            return r->all[n].symbol.start < end ? r->all[n].symbol.start : end;
    return end;
}

/* All symbols when the program has them, else those that are linked by. */
static void read_functions(struct symbols *s, bool has_descriptors)
{
    struct reading r = {.s = s, .has_descriptors = has_descriptors};
    const uint32_t tables[] = {SHT_SYMTAB, SHT_DYNSYM};
    for (int t = 0; t < 2 && !r.count; t++) {
        Elf_Scn *section = NULL;
        GElf_Shdr h;
        while ((section = elf_nextscn(s->elf, section)))
            if (gelf_getshdr(section, &h) && h.sh_type == tables[t])
                add_symbols(&r, section, &h);
    }
    qsort(r.all, r.count, sizeof *r.all, compare);
    s->functions = xcalloc(r.count + 1, sizeof *s->functions);
    uint64_t covered = 0;
    for (uint64_t n = 0; n < r.count; n++) {
        struct symbol y = r.all[n].symbol;
        bool is_label = y.end == y.start && y.start < covered; /* inside of a function */
        y.end = end_of(&r, n);
        if (!is_label && (!s->count || s->functions[s->count - 1].start != y.start))
            s->functions[s->count++] = y;
        covered = max_u64(covered, is_label ? 0 : y.end);
    }
    free(r.all);
}

struct symbols *symbols_open(const char *path)
{
    struct symbols *s = xcalloc(1, sizeof *s);
    GElf_Ehdr h;
    elf_version(EV_CURRENT);
    s->fd = open(path, O_RDONLY | O_CLOEXEC);
    s->elf = s->fd < 0 ? NULL : elf_begin(s->fd, ELF_C_READ, NULL);
    if (!s->elf || !gelf_getehdr(s->elf, &h)) {
        symbols_close(s);
        return NULL;
    }
    bool big_endian = h.e_ident[EI_DATA] == ELFDATA2MSB;
    read_functions(s, h.e_machine == EM_PPC64 && big_endian && (h.e_flags & EF_PPC64_ABI) != 2);
    s->lines = lines_read(s->elf);
    return s;
}

void symbols_close(struct symbols *s)
{
    if (!s)
        return;
    lines_free(s->lines);
    elf_end(s->elf);
    if (s->fd >= 0)
        close(s->fd);
    free(s->functions);
    free(s);
}

bool symbols_address(const struct symbols *s, uint64_t file_offset, uint64_t *address)
{
    size_t count = 0;
    GElf_Phdr h;
    elf_getphdrnum(s->elf, &count);
    for (size_t n = 0; n < count; n++)
        if (gelf_getphdr(s->elf, (int)n, &h) && h.p_type == PT_LOAD &&
            file_offset >= h.p_offset && file_offset - h.p_offset < h.p_filesz) {
            *address = h.p_vaddr + (file_offset - h.p_offset);
            return true;
        }
    return false;
}

const struct symbol *symbols_function(const struct symbols *s, uint64_t address)
{
    uint64_t low = 0, high = s->count;
    while (low < high) {
        uint64_t middle = (low + high) / 2;
        if (s->functions[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    for (uint64_t n = low; n > 0 && low - n < NESTING; n--)
        if (address < s->functions[n - 1].end)
            return &s->functions[n - 1];
    return NULL;
}

bool symbols_line(const struct symbols *s, uint64_t address, const char **file, uint32_t *line)
{
    return s->lines && lines_find(s->lines, address, file, line);
}
