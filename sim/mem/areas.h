/* The areas of an address space: which addresses are mapped, with what protection, filled from
 * where. Addresses and lengths are the caller's to align. */
#ifndef SIM_MEM_AREAS_H
#define SIM_MEM_AREAS_H

#include <stdbool.h>
#include <stdint.h>

enum { AREA_READ = 1, AREA_WRITE = 2, AREA_EXEC = 4 };

/* What fills an area's pages on first touch; without one they are zero. */
struct area_source {
    /* Fills one frame of FRAME_BYTES zero bytes with the content `offset` bytes into the source.
     * False: beyond the end (SIGBUS). */
    bool (*fill)(struct area_source *s, uint64_t offset, uint8_t *frame);
    /* The host memory itself instead, for shared mappings; NULL: `fill` is used. NULL result:
     * beyond the end. */
    uint8_t *(*borrow)(struct area_source *s, uint64_t offset);
    void (*release)(struct area_source *s); /* the last area that used it is gone */
    uint32_t references;
};

struct area {
    uint64_t start, end; /* end is exclusive */
    uint32_t prot;
    struct area_source *source;
    uint64_t source_offset; /* of `start` */
    /* "[heap]", "[stack]" or a file name for /proc/self/maps; static or owned by the source */
    const char *name;
};

struct areas {
    struct area *at; /* sorted by address, never overlapping */
    uint32_t count, room;
};

/* Index of the first area that ends above ea, which may begin above it; `count` when none does. */
uint32_t areas_find(const struct areas *a, uint64_t ea);
/* Its source gains a reference; with areas_remove it loses one. */
void areas_insert(struct areas *a, uint32_t at, struct area area);
void areas_remove(struct areas *a, uint32_t at);
void areas_free(struct areas *a);

/* Cuts the area that spans ea, so that ea is a boundary. */
void areas_split(struct areas *a, uint64_t ea);
/* Removes the areas from `start`, a boundary, to `end`, another. */
void areas_remove_between(struct areas *a, uint64_t start, uint64_t end);
/* Joins neighbours that differ in nothing but their address, as malloc's heaps do after mprotect,
 * from the area before `start` to the one at `end`: one instead of a pile. */
void areas_join(struct areas *a, uint64_t start, uint64_t end);
/* Gives the areas from `from`, a boundary, to `bytes` behind it, another, the same place behind
 * `to`, which is free. */
void areas_move(struct areas *a, uint64_t from, uint64_t bytes, uint64_t to);

/* The highest free range of that size that ends at or below `below`; 0 when there is none. */
uint64_t areas_find_free(const struct areas *a, uint64_t bytes, uint64_t below);

#endif
