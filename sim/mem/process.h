/* The address space of one user process: areas with a protection, filled page by page on first
 * touch. Physical frames are handed out in the order of first touch, in runs of one system page (4
 * or 64 KiB), so that a run repeats bit for bit. Addresses and lengths are multiples of the system
 * page; `prot` is an OR of AREA_READ, AREA_WRITE, AREA_EXEC. */
#ifndef SIM_MEM_PROCESS_H
#define SIM_MEM_PROCESS_H

#include "sim/mem/areas.h"
#include "sim/mem/mmu.h"

struct process;

struct process *process_create(struct phys *phys, uint64_t system_page_bytes);
void process_destroy(struct process *p);
/* As fork does: private pages are shared until one of the two stores to them, shared ones stay
 * shared and keep their physical addresses. */
struct process *process_copy(struct process *p);
struct mmu *process_mmu(struct process *p);
uint64_t process_page_bytes(const struct process *p);
/* The size of the page that maps ea, as page tables and TLBs see it: log2 of the system page, or of
 * a large one. */
unsigned process_page_shift(const struct process *p, uint64_t ea);
/* Number of the address space, as the PID register has it. */
uint32_t process_number(const struct process *p);
/* The process whose process_mmu this is. */
struct process *process_of(struct mmu *m);
/* Page faults so far: system pages that got a run of frames. */
uint64_t process_pages_touched(const struct process *p);

/* Maps [start, start+bytes), replacing what was there. A source gains a reference for each area
 * that uses it. */
void process_map(struct process *p, uint64_t start, uint64_t bytes, uint32_t prot,
                 struct area_source *source, uint64_t source_offset, const char *name);
void process_unmap(struct process *p, uint64_t start, uint64_t bytes);
/* False when part of the range is not mapped (the mapped part has been changed, as Linux does). */
bool process_protect(struct process *p, uint64_t start, uint64_t bytes, uint32_t prot);
/* Drops the contents: pages read as on first touch again (MADV_DONTNEED). */
void process_discard(struct process *p, uint64_t start, uint64_t bytes);
/* Drops what areas have borrowed: the host file was cut, so each page has to be asked for again. */
void process_discard_borrowed(struct process *p);
/* Moves pages and contents to an unmapped range (mremap). */
void process_move(struct process *p, uint64_t from, uint64_t bytes, uint64_t to);

/* The highest free range of that size that ends at or below `below`; 0 when there is none. */
uint64_t process_find_free(const struct process *p, uint64_t bytes, uint64_t below);
/* The area that holds ea, or the first above it; NULL when none. Valid until the next change. */
const struct area *process_area_at(const struct process *p, uint64_t ea);

#endif
