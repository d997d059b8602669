/* Where in the program its cycles went: folds the CPI stack by instruction into one by function and
 * one by source line, for the result file. Nothing when the run has none. */
#ifndef SIM_PLACES_H
#define SIM_PLACES_H

#include <stdint.h>

struct machine;
struct places;
struct result;

struct places *places_create(const struct machine *m);
void places_destroy(struct places *p);
/* The page_used of struct profile; ctx is the struct places. Keeps what file is mapped there: the
 * address space may be gone at the end. */
void places_page_used(void *ctx, uint32_t asid, uint64_t page_ea);

/* Where an instruction is; texts live as long as p, "" is what is not known. Its page has been told
 * of before. */
struct place_name {
    const char *object, *function, *file;
    uint64_t address; /* in the object's file */
    uint32_t line;
};
struct place_name places_find(const struct places *p, uint32_t asid, uint64_t pc);

/* After the last phase. */
void places_write(struct places *p, struct result *file);

#endif
