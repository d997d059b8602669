/* What a program file says of itself, for looking at it without running it: its ABI, what it wants
 * to be linked with, and where its instructions are.
 *
 * With a symbol table the instructions are those of its functions; without one all executable
 * sections, and without sections all executable segments, in which there may be data as well. */
#ifndef SIM_LOADER_SURVEY_H
#define SIM_LOADER_SURVEY_H

#include "sim/loader/elf.h"

enum survey_source { SURVEY_FUNCTIONS, SURVEY_SECTIONS, SURVEY_SEGMENTS };

struct code_range {
    const char *name;     /* of the function or section; "" for a segment */
    uint64_t ea, bytes;   /* multiples of 4 */
    const uint8_t *data;
};

struct survey {
    bool is_64bit, big_endian, is_elfv1;
    bool is_bare;            /* runs in supervisor state: system.kind = bare */
    const char *interpreter; /* NULL: static */
    const char **needed;     /* shared libraries */
    uint32_t needed_count;
    enum survey_source source;
    struct code_range *ranges; /* ascending, none twice */
    uint32_t range_count;
    uint64_t skipped_bytes;  /* of executable sections, outside all functions */
    struct survey_file *file;
};

/* NULL with *e set (EXIT_NOEXEC) when the program could not be run at all. */
struct survey *survey_open(const char *path, bool is_bare, struct err *e);
void survey_close(struct survey *s);

#endif
