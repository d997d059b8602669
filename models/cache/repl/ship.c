/* SHiP-PC: signature-based hit prediction over SRRIP (Wu et al.: SHiP: Signature-based Hit
 * Predictor for High Performance Caching, MICRO 2011). A table of counters, indexed by a hash of
 * the pc that brought a line, learns whether the lines of that instruction are used again; where
 * they are not, a new line is predicted far off.
 *
 * The paper says nothing of accesses without a pc (lines written back from above): they neither
 * train nor promote, and the line they bring is predicted far off, as its use above is over. A
 * counter starts at 1, so that an instruction is presumed useful until one line of its has died.
 * A line that was invalidated trains when its way is filled again, as if it had been evicted. */
#include <stdlib.h>

#include "models/cache/port.h"
#include "models/cache/repl/rrip.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"

#define SHIP_KEYS(X, o)                                                                            \
    RRIP_KEYS(X, o)                                                                                \
    X(o, U32, ship_table_bits, "14", "1", "20", "bits of signature: the table has 2^n counters")   \
    X(o, U32, ship_counter_bits, "3", "1", "8", "bits of a counter in the table")

struct ship_keys {
    SHIP_KEYS(KEY_MEMBER, ship_keys)
};
static const struct key_row ship_key_rows[] = {SHIP_KEYS(KEY_ROW, ship_keys) KEY_END};

/* What the cache keeps with a line. */
struct ship_line {
    uint32_t signature;
    bool is_signed, is_used; /* brought by an instruction; used since by one */
};

struct repl {
    struct rrip rrip;
    unsigned table_bits;
    uint8_t counter_max;
    uint8_t *counter;       /* [signature] */
    struct ship_line *line; /* [set * ways + way] */
};

static struct repl *ship_create(const struct repl_setup *setup)
{
    const struct ship_keys *k = setup->keys;
    struct repl *r = xcalloc(1, sizeof *r);
    rrip_init(&r->rrip, setup, k->rrip_bits);
    r->table_bits = k->ship_table_bits;
    r->counter_max = (uint8_t)((1u << k->ship_counter_bits) - 1);
    r->counter = xmalloc(UINT64_C(1) << r->table_bits);
    for (uint64_t n = 0; n < UINT64_C(1) << r->table_bits; n++)
        r->counter[n] = 1;
    r->line = xcalloc((uint64_t)setup->sets * setup->ways, sizeof *r->line);
    return r;
}

static void ship_destroy(struct repl *r)
{
    rrip_free(&r->rrip);
    free(r->counter);
    free(r->line);
    free(r);
}

/* The word address folded onto itself; instructions of one loop differ in its low bits. */
static uint32_t signature_of(const struct repl *r, uint64_t pc)
{
    uint64_t word = pc >> 2;
    word ^= word >> r->table_bits ^ word >> 2 * r->table_bits;
    return (uint32_t)word & ((1u << r->table_bits) - 1);
}

static void ship_hit(struct repl *r, uint32_t set, uint32_t way, struct ship_line *line)
{
    uint8_t *counter = &r->counter[line->signature];
    rrip_set(&r->rrip, set, way, 0);
    line->is_used = true;
    if (line->is_signed)
        *counter = (uint8_t)(*counter + (*counter < r->counter_max));
}

static void ship_touch(struct repl *r, uint32_t set, uint32_t way, enum repl_event event,
                       const struct mem_request *access)
{
    struct ship_line *line = &r->line[(uint64_t)set * r->rrip.ways + way];
    if (event == REPL_HIT) {
        if (access->pc)
            ship_hit(r, set, way, line);
        return;
    }
    uint8_t *old = &r->counter[line->signature];
    if (line->is_signed && !line->is_used)
        *old = (uint8_t)(*old - (*old > 0));
    *line = (struct ship_line){signature_of(r, access->pc), access->pc != 0, false};
    bool is_far = !access->pc || !r->counter[line->signature];
    rrip_set(&r->rrip, set, way, is_far ? r->rrip.far : rrip_long(&r->rrip));
}

static uint32_t ship_victim(struct repl *r, uint32_t set, const struct mem_request *access)
{
    (void)access;
    return rrip_victim(&r->rrip, set);
}

const struct repl_ops repl_ship = {
    .name = "ship",
    .keys = ship_key_rows,
    .keys_bytes = sizeof(struct ship_keys),
    .create = ship_create,
    .destroy = ship_destroy,
    .touch = ship_touch,
    .victim = ship_victim,
};
