#include "sim/linux/vdso.h"

#include <elf.h>
#include <string.h>

#include "sim/linux/internal.h"
#include "sim/linux/signal_frame.h"

#define EH_PCREL_SDATA4   0x1bu
#define EH_UDATA4         0x03u
#define EH_DATAREL_SDATA4 0x3bu
#define CFA_DEF_CFA       0x0cu
#define CFA_DEF_CFA_EXPR  0x0fu
#define CFA_EXPRESSION    0x10u
#define OP_BREG1          0x71u
#define OP_DEREF          0x06u

/* Registers as GCC's unwinder numbers them. */
enum { DW_SP = 1, DW_FPR = 32, DW_LR = 65, DW_CTR = 66, DW_NIP = 67, DW_CR = 68, DW_VR = 77 };
/* Places of those in the general registers of a signal frame. */
enum { AT_NIP = 32, AT_CTR = 35, AT_LR = 36, AT_CCR = 38 };

#define HEADERS 3u /* of the program: all of it, the dynamic section, .eh_frame_hdr */

struct builder {
    struct wire *w;
    uint32_t dynamic, dynamic_end, code, cie, eh_frame, eh_header;
    uint32_t fdes, fde[2], start[2]; /* the descriptions, and the code that each is of */
};

static void put_byte(struct wire *w, uint32_t value) { wire_put(w, 1, value & 255); }

/* Signed and unsigned numbers of up to 14 bits; two bytes always, so that lengths are known. */
static void put_leb(struct wire *w, uint32_t value)
{
    put_byte(w, (value & 127) | 128);
    put_byte(w, value >> 7 & 127);
}

static void align(struct wire *w, uint32_t bytes) { wire_zero(w, -w->used & (bytes - 1)); }

/* Stores a word into what has been put already. */
static void patch(struct wire *w, uint32_t at, uint32_t value)
{
    uint32_t used = w->used;
    w->used = at;
    wire_put(w, 4, value);
    w->used = used;
}

/* The distance from here to there. */
static void put_relative(struct wire *w, uint32_t to) { wire_put(w, 4, to - w->used); }

/* A register lies so far above the handler's stack pointer. */
static void put_saved(struct wire *w, uint32_t reg, uint32_t offset)
{
    put_byte(w, CFA_EXPRESSION);
    put_leb(w, reg);
    put_leb(w, 3);
    put_byte(w, OP_BREG1);
    put_leb(w, offset);
}

static void put_all_saved(struct wire *w, const struct signal_layout *at)
{
    uint32_t word = w->is_64bit ? 8 : 4;
    uint32_t cr = at->gregs + AT_CCR * word + (w->is_64bit && w->big_endian ? 4 : 0);
    put_byte(w, CFA_DEF_CFA_EXPR);
    put_leb(w, 4);
    put_byte(w, OP_BREG1);
    put_leb(w, at->gregs + DW_SP * word);
    put_byte(w, OP_DEREF);
    for (uint32_t n = 0; n < 32; n++)
        if (n != DW_SP)
            put_saved(w, n, at->gregs + n * word);
    put_saved(w, DW_NIP, at->gregs + AT_NIP * word);
    put_saved(w, DW_LR, at->gregs + AT_LR * word);
    put_saved(w, DW_CTR, at->gregs + AT_CTR * word);
    for (uint32_t n = 0; n < 8; n++)
        put_saved(w, DW_CR + n, cr);
    for (uint32_t n = 0; n < 32; n++)
        put_saved(w, DW_FPR + n, at->fregs + n * 8);
    for (uint32_t n = 0; n < 32; n++)
        put_saved(w, DW_VR + n, at->vregs + n * 16);
}

/* Common information: of signal frames, with addresses relative to where they stand. */
static void put_cie(struct builder *b)
{
    struct wire *w = b->w;
    b->cie = b->eh_frame = w->used;
    wire_put(w, 4, 0);
    wire_put(w, 4, 0);
    put_byte(w, 1);
    wire_put_bytes(w, "zRS", 4);
    put_byte(w, 4);                             /* instructions are of 4 bytes, */
    put_byte(w, (uint32_t)(w->is_64bit ? -8 : -4) & 127); /* places of registers of so many */
    put_byte(w, DW_NIP);
    put_byte(w, 1);
    put_byte(w, EH_PCREL_SDATA4);
    put_byte(w, CFA_DEF_CFA);
    put_byte(w, DW_SP);
    put_byte(w, 0);
    align(w, 8);
    patch(w, b->cie, w->used - b->cie - 4);
}

static void put_fde(struct builder *b, uint32_t start, uint32_t end, const struct signal_layout *at)
{
    struct wire *w = b->w;
    uint32_t begin = w->used;
    b->fde[b->fdes] = begin;
    b->start[b->fdes++] = start;
    wire_put(w, 4, 0);
    wire_put(w, 4, w->used - b->cie);
    put_relative(w, start);
    wire_put(w, 4, end - start);
    put_byte(w, 0);
    put_all_saved(w, at);
    align(w, 8);
    patch(w, begin, w->used - begin - 4);
}

/* .eh_frame_hdr: a table to find descriptions in, sorted by address. */
static void put_eh_header(struct builder *b)
{
    struct wire *w = b->w;
    b->eh_header = w->used;
    put_byte(w, 1);
    put_byte(w, EH_PCREL_SDATA4);
    put_byte(w, EH_UDATA4);
    put_byte(w, EH_DATAREL_SDATA4);
    put_relative(w, b->eh_frame);
    wire_put(w, 4, b->fdes);
    for (uint32_t n = 0; n < b->fdes; n++) {
        wire_put(w, 4, b->start[n] - b->eh_header);
        wire_put(w, 4, b->fde[n] - b->eh_header);
    }
}

/* An unwinder looks up the address in front of the one that is returned to: where nothing is called
 * the description begins an instruction earlier. */
static void put_code(struct builder *b)
{
    struct wire *w = b->w;
    const uint32_t nop = 0x60000000;
    align(w, 8);
    wire_put(w, 4, nop);
    b->code = w->used;
    for (uint32_t n = 0; n < SIGTRAMP_WORDS; n++)
        wire_put(w, 4, sigtramp_code[w->is_64bit][n]);
    align(w, 8);
    put_cie(b);
    if (w->is_64bit) {
        put_fde(b, b->code, b->code + 16, &signal_layout64);
    } else {
        put_fde(b, b->code - 4, b->code + 4, &signal_layout32);
        put_fde(b, b->code + 4, b->code + 16, &signal_layout32_rt);
    }
    wire_put(w, 4, 0);
    put_eh_header(b);
}

static void put_dynamic_entry(struct wire *w, uint64_t tag, uint64_t value)
{
    wire_put_long(w, tag);
    wire_put_long(w, value);
}

/* The hash of ELF's tables (System V ABI, Hash Table). */
static uint32_t elf_hash(const char *name)
{
    uint32_t h = 0;
    for (; *name; name++) {
        h = (h << 4) + (uint8_t)*name;
        h = (h ^ (h >> 24 & 0xf0)) & 0x0fffffff;
    }
    return h;
}

/* One version: its number, its hash, and where among the strings its name is. */
static void put_version(struct wire *w, uint32_t flags, uint32_t number, const char *name,
                        uint32_t string, bool last)
{
    const uint32_t bytes = sizeof(Elf64_Verdef), name_bytes = sizeof(Elf64_Verdaux);
    wire_put(w, 2, VER_DEF_CURRENT);
    wire_put(w, 2, flags);
    wire_put(w, 2, number);
    wire_put(w, 2, 1);
    wire_put(w, 4, elf_hash(name));
    wire_put(w, 4, bytes);
    wire_put(w, 4, last ? 0 : bytes + name_bytes);
    wire_put(w, 4, string);
    wire_put(w, 4, 0);
}

/* A name, and a table of symbols in which there is none. There are versions nevertheless, as in
 * Linux: Go's runtime looks for them without asking whether there are any. */
static void put_dynamic(struct builder *b)
{
    struct wire *w = b->w;
    const char *name = w->is_64bit ? "linux-vdso64.so.1" : "linux-vdso32.so.1";
    const char *version = "LINUX_2.6.15";
    uint32_t strings = w->used, name_bytes = (uint32_t)strlen(name) + 1;
    uint32_t version_bytes = (uint32_t)strlen(version) + 1;
    put_byte(w, 0);
    wire_put_bytes(w, name, name_bytes);
    wire_put_bytes(w, version, version_bytes);
    align(w, 8);
    uint32_t symbols = w->used, symbol_bytes = w->is_64bit ? 24 : 16;
    wire_zero(w, symbol_bytes);
    uint32_t symbol_versions = w->used;
    wire_put(w, 2, 0);
    align(w, 8);
    uint32_t versions = w->used;
    put_version(w, VER_FLG_BASE, 1, name, 1, false);
    put_version(w, 0, 2, version, 1 + name_bytes, true);
    uint32_t hash = w->used;
    wire_put(w, 4, 1);
    wire_put(w, 4, 1);
    wire_zero(w, 8);
    align(w, 8);
    b->dynamic = w->used;
    put_dynamic_entry(w, DT_SONAME, 1);
    put_dynamic_entry(w, DT_HASH, hash);
    put_dynamic_entry(w, DT_STRTAB, strings);
    put_dynamic_entry(w, DT_SYMTAB, symbols);
    put_dynamic_entry(w, DT_STRSZ, 1 + name_bytes + version_bytes);
    put_dynamic_entry(w, DT_SYMENT, symbol_bytes);
    put_dynamic_entry(w, DT_VERSYM, symbol_versions);
    put_dynamic_entry(w, DT_VERDEF, versions);
    put_dynamic_entry(w, DT_VERDEFNUM, 2);
    put_dynamic_entry(w, DT_NULL, 0);
    b->dynamic_end = w->used;
}

static void put_program_header(struct wire *w, uint32_t type, uint32_t flags, uint32_t from,
                               uint32_t to)
{
    wire_put(w, 4, type);
    if (w->is_64bit)
        wire_put(w, 4, flags);
    wire_put_long(w, from);
    wire_put_long(w, from);
    wire_put_long(w, from);
    wire_put_long(w, to - from);
    wire_put_long(w, to - from);
    if (!w->is_64bit)
        wire_put(w, 4, flags);
    wire_put_long(w, 8);
}

static uint32_t header_bytes(const struct wire *w) { return w->is_64bit ? 64 : 52; }
static uint32_t program_header_bytes(const struct wire *w) { return w->is_64bit ? 56 : 32; }

static void put_headers(const struct builder *b, uint32_t abi)
{
    struct wire *w = b->w;
    uint32_t end = w->used;
    w->used = 0;
    wire_put_bytes(w, ELFMAG, SELFMAG);
    put_byte(w, w->is_64bit ? ELFCLASS64 : ELFCLASS32);
    put_byte(w, w->big_endian ? ELFDATA2MSB : ELFDATA2LSB);
    put_byte(w, EV_CURRENT);
    wire_zero(w, EI_NIDENT - w->used);
    wire_put(w, 2, ET_DYN);
    wire_put(w, 2, w->is_64bit ? EM_PPC64 : EM_PPC);
    wire_put(w, 4, EV_CURRENT);
    wire_put_long(w, 0);
    wire_put_long(w, header_bytes(w));
    wire_put_long(w, 0);
    wire_put(w, 4, abi);
    wire_put(w, 2, header_bytes(w));
    wire_put(w, 2, program_header_bytes(w));
    wire_put(w, 2, HEADERS);
    wire_zero(w, header_bytes(w) - w->used); /* no sections */
    put_program_header(w, PT_LOAD, PF_R | PF_X, 0, end);
    put_program_header(w, PT_DYNAMIC, PF_R, b->dynamic, b->dynamic_end);
    put_program_header(w, PT_GNU_EH_FRAME, PF_R, b->eh_header, end);
    w->used = end;
}

void vdso_build(const struct linux_process *l, struct wire *w, uint32_t *code)
{
    struct builder b = {.w = w};
    uint32_t abi = !l->image.is_64bit ? 0 : l->image.descriptors ? 1 : 2;
    wire_init(w, l);
    wire_zero(w, header_bytes(w) + HEADERS * program_header_bytes(w));
    put_dynamic(&b);
    put_code(&b);
    put_headers(&b, abi);
    *code = b.code;
}
