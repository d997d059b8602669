/* The line table of a program's debug information (DWARF, section .debug_line), by libdw. */
#ifndef SIM_LOADER_LINES_H
#define SIM_LOADER_LINES_H

#include <stdbool.h>
#include <stdint.h>

struct Elf;
struct line_table;

/* NULL when there is none. */
struct line_table *lines_read(struct Elf *elf);
void lines_free(struct line_table *t);
/* *file lives as long as t. */
bool lines_find(const struct line_table *t, uint64_t address, const char **file, uint32_t *line);

#endif
