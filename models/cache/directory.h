/* Keeps the private caches of several cores coherent (MESI): stands between them and the nearest
 * level that all share, be it a cache or the memory, and knows for each line which of them hold it
 * and whether one owns it (E or M). The line's state in a cache is a flag of its tag
 * (LINE_OWNED, LINE_DIRTY).
 *
 *   read                  the owner, if any, shares; its modified data go to the asker and down;
 *                         the asker owns the line when nobody else has it (instructions: never)
 *   read to own, upgrade  the others lose the line; modified data go to the asker, who owns it
 *   write through         the others lose the line
 *   write back, flush     the line may have left the sender; a flush takes it from all others
 *
 * One request a line is served at a time: the next one waits until the line has been put into the
 * cache that asked, so that each has made what use of it it had asked for. Who loses or shares a
 * line does so at once; the asker waits for it. It is known at once, too, when a line has left a
 * cache: as if the directory were a copy of all tags. It has room for all that the caches hold.
 * Above a head there may be one more level: a line that it has handed up has arrived there before
 * the next request for it is served.
 * Not modelled: traffic of snoops, a limit on requests in a cycle, page walks that read the shared
 * level itself (they see memory as it is without modified lines). */
#ifndef MODELS_CACHE_DIRECTORY_H
#define MODELS_CACHE_DIRECTORY_H

#include "models/cache/port.h"
#include "sim/engine/clock.h"
#include "sim/schema/schema.h"

#define DIRECTORY_HEADS 64u /* caches directly above: bits of a word */

#define DIRECTORY_KEYS(X, o)                                                                       \
    X(o, U32, upgrade_latency, "8", "0", "10000",                                                  \
      "core cycles from a request to write a line that is held to the right to, nobody else "      \
      "having it")                                                                                 \
    X(o, U32, snoop_latency, "16", "0", "10000",                                                   \
      "core cycles until other caches have given up or shared a line, when they had no modified "  \
      "data")                                                                                      \
    X(o, U32, intervention_latency, "24", "0", "10000",                                            \
      "core cycles from a request to the modified data of another core's cache")
struct directory_keys {
    DIRECTORY_KEYS(KEY_MEMBER, directory_keys)
};
extern const struct key_row directory_key_rows[];

#define DIRECTORY_STATS(X, o)                                                                      \
    X(o, reads, COUNT, "lines asked for to be read")                                               \
    X(o, reads_to_own, COUNT, "lines asked for to be written")                                     \
    X(o, upgrades, COUNT, "rights to write asked for by a cache that holds the line")              \
    X(o, waits, COUNT, "of these requests, behind another one for the same line")                  \
    X(o, snoops, COUNT, "lines that a cache was asked to share or give up")                        \
    X(o, invalidations, COUNT, "of these, to give up")                                             \
    X(o, interventions, COUNT, "requests served with modified data of another core's cache")       \
    X(o, clean_snoops, COUNT, "requests that waited for others, which had no modified data")       \
    X(o, grants_shared, COUNT, "requests answered: the line may be read")                          \
    X(o, grants_owned, COUNT, "requests answered: the line may be written")                        \
    X(o, requests_in_flight, COUNT, "requests being served, not answered now")                  \
    X(o, recalls, COUNT, "lines taken from the caches because the shared level evicts them")       \
    X(o, departures, COUNT, "lines that a cache has given up by itself")                           \
    X(o, supplied_bytes, BYTES, "from one core's cache to another")                                \
    X(o, written_bytes, BYTES, "modified data written below because they became shared")           \
    X(o, pending_bytes, BYTES, "asked for and not asked from below or another cache now")          \
    X(o, tracked_holders, COUNT, "pairs of a cache and a line that it holds, now")                 \
    X(o, found_holders, COUNT, "of these, those that the cache knows of")                          \
    X(o, untracked_lines, COUNT, "lines in caches that the directory does not know of, now")       \
    X(o, broken_owners, COUNT, "lines modified or owned in a cache that another one may hold, now")
struct directory_stats {
    DIRECTORY_STATS(STAT_MEMBER, directory_stats)
};

struct directory;
struct engine;
struct stats;

struct directory_setup {
    const struct directory_keys *keys;
    struct clock clock; /* of the cores */
    struct engine *engine;
    struct mem_port below;
    uint32_t line;         /* bytes, of all caches above */
    uint32_t heads;        /* how many there will be, at most DIRECTORY_HEADS */
    uint64_t lines;        /* that they and those above them can hold, on their way included */
    uint32_t transactions; /* lines that they can have asked for at a time */
};
struct directory *directory_create(const struct directory_setup *setup);
void directory_destroy(struct directory *d);

/* The port of head n; its upper side is given when it has been made. `owns`: it writes back, so
 * that it may be given a line to write. */
struct mem_port directory_port(struct directory *d, uint32_t head);
void directory_set_head(struct directory *d, uint32_t head, struct mem_upper upper, bool owns);
/* For the shared cache below. */
struct mem_upper directory_upper(struct directory *d);

/* What it knows of a line, for tests: a bit a head; the owner, or -1. */
uint64_t directory_holders(const struct directory *d, uint64_t pa, int32_t *owner);
/* Compares what it knows with the caches, for the laws: asks the heads, then is told each line that
 * a cache below which head stands has in its tags. */
void directory_audit(struct directory *d);
void directory_audit_line(struct directory *d, uint32_t head, uint64_t pa, bool is_owned);

void directory_register(const struct directory *d, struct stats *s, const char *name);

#endif
