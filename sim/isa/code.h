/* Predecoded code of one address space, page by page, and the jump from one instruction to the
 * next.
 *
 * A code page holds one struct insn for each word of a 4 KiB page, decoded when first executed.
 * Records stay where they are for the life of the address space, so a handler may always go on to
 * the next one; when the bytes under a page change, its records go back to "not decoded". */
#ifndef SIM_ISA_CODE_H
#define SIM_ISA_CODE_H

#include <stddef.h>

#include "sim/isa/decode.h"
#include "sim/isa/state.h"

#define CODE_PAGE_INSNS 1024u
#define CODE_PART_INSNS (FRAME_PART_BYTES / 4) /* a page has as many parts as a word has bits */

/* What a system has to be told of, as flags for code_watch. */
enum code_watch {
    CODE_MARKERS = 1,  /* s->event is set by `or 26,26,26` and `or 28,28,28` */
    CODE_SPINS = 2,    /* ... by a branch to itself */
    CODE_VIEWS = 4,    /* a page may show different frames, in either byte order */
    CODE_FACILITIES = 8, /* the MSR decides whether there are FP, VMX and VSX */
    CODE_BLOCKS = 16,   /* branches tell s->blocks, when there are any */
};

enum insn_notice {
    NOTICE_EVENT = 1,  /* tell the system when it has been executed */
    NOTICE_FP = 2,     /* only with MSR[FP], [VEC], [VSX] */
    NOTICE_VEC = 4,
    NOTICE_VSX = 8,
    NOTICE_FACILITY = NOTICE_FP | NOTICE_VEC | NOTICE_VSX,
};

/* What the single step has to look at, found when the record is decoded. */
enum insn_step {
    STEP_RAISES = 1, /* it may raise, or has a notice */
    STEP_QUICK = 2,  /* ... but has a quick body for the frequent case */
    STEP_SERIAL = 4,
    STEP_ACCESS = 8, /* to storage */
    STEP_BRANCH = 16,
    STEP_UNKNOWN = 32, /* it is not decoded, or its dependences have not been looked for */
    STEP_OPERANDS = 64, /* how long it takes may depend on them: exec.keeps_operands */
};

struct code_page {
    uint64_t page_ea;
    uint64_t frame_pa;
    uint32_t asid;              /* of the processor that fetched it first */
    uint32_t decoded;           /* bit n: part n may have decoded records */
    bool swap;                  /* decoded in the order that was s->swap */
    /* The frame's bytes; NULL when the page has to be translated anew. */
    const uint8_t *host;
    struct frame *frame;        /* while there is host */
    struct code_page *next;     /* in the hash chain */
    struct code_page *older;    /* of the same code, whatever its hash */
    struct insn_deps *deps;     /* CODE_PAGE_INSNS of them, from the first code_deps_at on */
    struct insn insn[CODE_PAGE_INSNS + 1]; /* the last one stands for the page's end */
};

struct code *code_create(const struct decoder *decoder, struct mmu *mmu);
void code_destroy(struct code *c);
/* Before anything is executed: an OR of enum code_watch; without it nothing is watched. */
void code_watch(struct code *c, uint32_t watch);
/* Code of another address space, nothing of it predecoded; with the same breakpoints, or none. */
struct code *code_create_like(const struct code *c, struct mmu *mmu, bool with_breakpoints);
/* Makes the thread run from this code; code_detach before the thread goes away. */
void code_attach(struct code *c, struct cpu *s);
void code_detach(struct code *c, struct cpu *s);

/* The processor sees other pages from now on, or the same in another byte order. */
void code_forget_translations(struct code *c);

/* The record of the instruction at ea (a multiple of 4); raises EXC_ISI when it cannot be
 * fetched. */
const struct insn *code_lookup_slow(struct cpu *s, uint64_t ea);

static inline const struct insn *code_lookup(struct cpu *s, uint64_t ea)
{
    const struct code_map_entry *e = &s->code_map[(ea >> FRAME_BITS) & (CODE_MAP_ENTRIES - 1)];
    if (__builtin_expect(e->page_ea == PAGE_OF(ea), 1))
        return &e->page->insn[(ea >> 2) & (CODE_PAGE_INSNS - 1)];
    return code_lookup_slow(s, ea);
}

/* The record at ea when its page is known and it is decoded, as it mostly is; else NULL. */
static inline const struct insn *code_at_hand(const struct cpu *s, uint64_t ea)
{
    const struct code_map_entry *e = &s->code_map[(ea >> FRAME_BITS) & (CODE_MAP_ENTRIES - 1)];
    if (__builtin_expect(e->page_ea != PAGE_OF(ea), 0))
        return NULL;
    const struct insn *i = &e->page->insn[(ea >> 2) & (CODE_PAGE_INSNS - 1)];
    return i->step & STEP_UNKNOWN ? NULL : i;
}

/* As code_lookup, and decoded: for single steps and for looking ahead. Raises EXC_ISI. */
const struct insn *code_fetch(struct cpu *s, uint64_t ea);

/* Whether the instruction at ea has other bytes than its record, which then must not be used any
 * more when code_fetch decodes it anew: a pipeline first lets go of what it has in flight. */
bool code_changed(struct cpu *s, uint64_t ea);

/* As code_fetch without the right to raise: NULL when ea cannot be fetched or has changed. For
 * wrong paths. */
const struct insn *code_peek(struct cpu *s, uint64_t ea);

/* A debugger's breakpoint: chained execution raises EXC_BREAKPOINT before the instruction at ea,
 * single steps take no notice. Lasts until it is switched off, whatever happens to the code. */
void code_set_breakpoint(struct code *c, uint64_t ea, bool on);

/* Page of a record. */
static inline struct code_page *code_page_of(const struct insn *i)
{
    const struct insn *first = i - ((i->pc >> 2) & (CODE_PAGE_INSNS - 1));
    return (struct code_page *)((uintptr_t)first - offsetof(struct code_page, insn));
}

/* Markers open and close a phase: no-ops without another meaning (Book II, 3.2 lists those that
 * have one). */
#define MARKER_OPENS  UINT32_C(0x7f5ad378) /* or 26,26,26 */
#define MARKER_CLOSES UINT32_C(0x7f9ce378) /* or 28,28,28 */

static inline bool insn_is_marker(const struct insn *i)
{
    return i->word == MARKER_OPENS || i->word == MARKER_CLOSES;
}

/* Before an instruction with NOTICE_FACILITY: raises EXC_UNAVAILABLE when it is switched off. */
void code_need_facility(struct cpu *s, const struct insn *i);

/* Physical address of a record's word. */
static inline uint64_t code_pa(const struct insn *i)
{
    return code_page_of(i)->frame_pa + (i->pc & (FRAME_BYTES - 1));
}

/* Finds the dependences of a decoded record for the first time. */
const struct insn_deps *code_deps_slow(const struct insn *i);

#define CODE_DEPS_UNKNOWN 0xff /* in_count of a record whose dependences were not looked for yet */

/* Dependences of a decoded record, found once. */
static inline const struct insn_deps *code_deps_at(const struct code_page *p, uint64_t index)
{
    if (__builtin_expect(p->deps && p->deps[index].in_count != CODE_DEPS_UNKNOWN, 1))
        return &p->deps[index];
    return code_deps_slow(&p->insn[index]);
}

#endif
