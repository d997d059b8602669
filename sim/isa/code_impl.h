/* What code.c, which owns the pages, and code_decode.c, which fills them, share. */
#ifndef SIM_ISA_CODE_IMPL_H
#define SIM_ISA_CODE_IMPL_H

#include "sim/isa/code.h"

#define CODE_HASH 1024u

struct code {
    const struct decoder *decoder;
    uint32_t watch; /* enum code_watch */
    struct mmu *mmu;
    struct cpu **cpus;
    uint32_t cpu_count;
    struct code_page *pages[CODE_HASH], *newest;
    uint64_t *breakpoints;
    uint32_t breakpoint_count;
    struct phys_listener listener;
};

/* Its page, translated; raises EXC_ISI when it cannot be fetched. */
struct code_page *code_page_or_raise(struct cpu *s, uint64_t ea);

/* The page at an address, of which there is one only (no CODE_VIEWS); NULL when it has not been
 * seen. */
struct code_page *code_page_at(struct code *c, uint64_t page_ea);

/* The word that a page has now where the record lies, in the processor's byte order. */
uint32_t code_word_at(const struct code_page *p, const struct insn *i, bool swap);

/* Fills the record from the page's bytes, with the handler that what is watched asks for. */
void code_decode(const struct code *c, struct code_page *p, struct insn *i, bool swap);

#endif
