#include "sim/loader/lines.h"

#include <elfutils/libdw.h>
#include <stdlib.h>

#include "sim/base/err.h"

/* From its address to the next row's; without a file where a sequence ends. */
struct row {
    uint64_t address;
    const char *file;
    uint32_t line;
    uint32_t order; /* of rows at one address the last one counts */
};

struct line_table {
    Dwarf *dwarf;
    struct row *rows; /* by address */
    uint64_t count;
};

static void add_row(struct line_table *t, Dwarf_Line *line)
{
    Dwarf_Addr address;
    int number = 0;
    bool ends = false;
    if (dwarf_lineaddr(line, &address) || dwarf_lineno(line, &number) ||
        dwarf_lineendsequence(line, &ends))
        return;
    if (!(t->count & (t->count - 1)))
        t->rows = xrealloc(t->rows, (2 * t->count + 1) * sizeof *t->rows);
    const char *file = ends ? NULL : dwarf_linesrc(line, NULL, NULL);
    t->rows[t->count] = (struct row){address, file, (uint32_t)number, (uint32_t)t->count};
    t->count++;
}

static void read_unit(struct line_table *t, Dwarf_Off offset)
{
    Dwarf_Die unit;
    Dwarf_Lines *lines;
    size_t count;
    if (!dwarf_offdie(t->dwarf, offset, &unit) || dwarf_getsrclines(&unit, &lines, &count))
        return;
    for (size_t n = 0; n < count; n++)
        add_row(t, dwarf_onesrcline(lines, n));
}

/* A sequence that ends where another one begins gives way to it. */
static int compare_rows(const void *pa, const void *pb)
{
    const struct row *a = pa, *b = pb;
    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    if (!a->file != !b->file)
        return a->file ? 1 : -1;
    return a->order < b->order ? -1 : a->order > b->order;
}

struct line_table *lines_read(struct Elf *elf)
{
    struct line_table *t = xcalloc(1, sizeof *t);
    Dwarf_Off offset = 0, next;
    size_t header;
    t->dwarf = dwarf_begin_elf(elf, DWARF_C_READ, NULL);
    while (t->dwarf &&
           !dwarf_nextcu(t->dwarf, offset, &next, &header, NULL, NULL, NULL)) {
        read_unit(t, offset + header);
        offset = next;
    }
    if (!t->count) {
        lines_free(t);
        return NULL;
    }
    qsort(t->rows, t->count, sizeof *t->rows, compare_rows);
    return t;
}

void lines_free(struct line_table *t)
{
    if (!t)
        return;
    dwarf_end(t->dwarf);
    free(t->rows);
    free(t);
}

/* The last row at or below the address. Line 0 is code of no line. */
bool lines_find(const struct line_table *t, uint64_t address, const char **file, uint32_t *line)
{
    uint64_t low = 0, high = t->count;
    while (low < high) {
        uint64_t middle = (low + high) / 2;
        if (t->rows[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low || !t->rows[low - 1].file || !t->rows[low - 1].line)
        return false;
    *file = t->rows[low - 1].file;
    *line = t->rows[low - 1].line;
    return true;
}
