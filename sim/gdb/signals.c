#include "sim/gdb/internal.h"

#include "sim/base/bits.h"

#define GDB_UNKNOWN 143u /* GDB_SIGNAL_UNKNOWN */
enum { REAL_TIME_FIRST = 33, REAL_TIME_LAST = 63, GDB_REAL_TIME_FIRST = 45 };

static const struct {
    uint8_t linux_number, gdb_number;
} rows[] = {
#define SIGNAL_ROW(linux_number, gdb_number) {linux_number, gdb_number},
#include "sim/gdb/signals.def"
#undef SIGNAL_ROW
};

uint32_t signal_to_gdb(uint32_t linux_number)
{
    if (linux_number >= REAL_TIME_FIRST && linux_number <= REAL_TIME_LAST)
        return linux_number - REAL_TIME_FIRST + GDB_REAL_TIME_FIRST;
    for (uint32_t n = 0; n < ARRAY_LEN(rows); n++)
        if (rows[n].linux_number == linux_number)
            return rows[n].gdb_number;
    return GDB_UNKNOWN;
}

uint32_t signal_from_gdb(uint64_t gdb_number)
{
    for (uint32_t n = 1; n <= 64; n++)
        if (signal_to_gdb(n) == gdb_number && gdb_number != GDB_UNKNOWN)
            return n;
    return 0;
}
