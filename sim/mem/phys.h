/* Sparse physical memory: frames of 4 KiB that exist in the host from their first touch on. A frame
 * may hold predecoded code; then stores to it must be reported, so that the predecoded form is
 * dropped. */
#ifndef SIM_MEM_PHYS_H
#define SIM_MEM_PHYS_H

#include <stdbool.h>
#include <stdint.h>

#define FRAME_BITS  12
#define FRAME_BYTES (UINT64_C(1) << FRAME_BITS)

/* A store beside what is predecoded leaves it as it is, until there have been so many that the
 * frame had better count as data. */
#define FRAME_PART_BYTES    128u
#define FRAME_STORES_BESIDE 256u

struct frame {
    uint8_t *host;   /* FRAME_BYTES bytes */
    bool borrowed;   /* host memory belongs to somebody else (a shared file mapping) */
    bool has_code;   /* predecoded somewhere: see phys_listener */
    bool is_stale;   /* without `host`: its place in the pool has bytes of an earlier life */
    uint32_t code_parts;    /* bit n: of these FRAME_PART_BYTES something is predecoded */
    uint32_t stores_beside; /* to other parts since has_code was set */
    /* Of a run's first frame: who shares the run beside its owner; outlives the frame's memory. */
    uint32_t sharers;
};

/* Told before bytes of a frame with has_code change or go away. It clears nothing itself: has_code
 * is cleared by phys_code_written. */
struct phys_listener {
    void (*code_written)(void *ctx, uint64_t frame_pa);
    /* A frame that several address spaces may write got has_code: all stores to it have to be
     * noticed from now on. NULL: nobody there stores. */
    void (*code_shared)(void *ctx);
    void *ctx;
    struct phys_listener *next;
};

struct phys;

struct phys *phys_create(void);
void phys_destroy(struct phys *p);

/* Whether address spaces made from now on have large pages (large_pages.h); else they do not. */
void phys_use_large_pages(struct phys *p, bool yes);
bool phys_has_large_pages(const struct phys *p);
/* A number for an address space, never given twice. */
uint32_t phys_number_space(struct phys *p);

/* The frame of physical address pa, zero-filled when new. Never fails; the pointer stays valid
 * until phys_free. */
struct frame *phys_frame(struct phys *p, uint64_t pa);
/* Whether that frame exists already. */
bool phys_has_frame(struct phys *p, uint64_t pa);
/* Makes the frame of pa use the caller's host memory. The frame must be new or freed. */
struct frame *phys_borrow(struct phys *p, uint64_t pa, uint8_t *host);
/* Gives the frame's memory back; its predecoded code is dropped first. */
void phys_free(struct phys *p, uint64_t pa);

/* A run of `bytes`, aligned to `bytes` (a power of two >= FRAME_BYTES): the one released last of
 * that size, or else the lowest never handed out. The order of calls alone decides, so a run
 * repeats. */
uint64_t phys_reserve(struct phys *p, uint64_t bytes);
/* Returns a run to be handed out again; frees what frames of it still exist. Of a shared run one
 * share is returned. */
void phys_release(struct phys *p, uint64_t pa, uint64_t bytes);
/* One more user of a run, who will release it as well. */
void phys_share(struct phys *p, uint64_t pa);
bool phys_is_shared(struct phys *p, uint64_t pa);

/* The caller's, until it is removed. */
void phys_add_listener(struct phys *p, struct phys_listener *l);
void phys_remove_listener(struct phys *p, struct phys_listener *l);
void phys_code_written(struct phys *p, uint64_t pa);
/* The frame gets has_code, which it has not yet; the caller's own address space is its concern. */
void phys_code_made(struct phys *p, struct frame *f);

/* Whether a store to these bytes of a frame with has_code must be preceded by phys_code_written. */
static inline bool frame_store_hits_code(struct frame *f, uint64_t offset, uint32_t bytes)
{
    uint64_t first = offset / FRAME_PART_BYTES, last = (offset + bytes - 1) / FRAME_PART_BYTES;
    return f->code_parts & UINT32_MAX << first & UINT32_MAX >> (31 - last) ||
           ++f->stores_beside > FRAME_STORES_BESIDE;
}

uint64_t phys_resident_bytes(const struct phys *p);

#endif
