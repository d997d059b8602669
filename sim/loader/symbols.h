/* Names of a program's or library's addresses: functions from its symbol table, source lines from
 * its debug information (DWARF). Addresses are those of the file, before anything is relocated. */
#ifndef SIM_LOADER_SYMBOLS_H
#define SIM_LOADER_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>

struct symbol {
    uint64_t start, end;
    const char *name;
};

struct line_table; /* lines.h */

struct symbols {
    int fd;
    struct Elf *elf;
    struct symbol *functions; /* by address; they may nest, none start together */
    uint64_t count;
    struct line_table *lines; /* NULL: no debug information */
};

/* NULL when the file cannot be read or is no ELF file: then its addresses have no names. */
struct symbols *symbols_open(const char *path);
void symbols_close(struct symbols *s);

/* The address at which the byte at this place of the file is loaded; false when none of it is. */
bool symbols_address(const struct symbols *s, uint64_t file_offset, uint64_t *address);
/* The innermost function around an address; NULL when there is none. */
const struct symbol *symbols_function(const struct symbols *s, uint64_t address);
/* False when the debug information does not tell. *file lives as long as s. */
bool symbols_line(const struct symbols *s, uint64_t address, const char **file, uint32_t *line);

#endif
