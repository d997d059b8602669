#include "sim/isa/blocks.h"

#include <stdlib.h>

#include "sim/base/err.h"

struct blocks *blocks_create(void)
{
    struct blocks *b = xcalloc(1, sizeof *b);
    b->next_pc = UINT64_MAX;
    b->table_size = 1024;
    b->table = xcalloc(b->table_size, sizeof *b->table);
    b->numbered = xcalloc(b->table_size, sizeof *b->numbered);
    b->touched = xcalloc(b->table_size, sizeof *b->touched);
    return b;
}

void blocks_destroy(struct blocks *b)
{
    for (uint64_t n = 0; b && n < b->table_size; n++)
        free(b->table[n]);
    if (b) {
        free(b->table);
        free(b->numbered);
        free(b->touched);
    }
    free(b);
}

/* Where the block stands or belongs. */
static struct block **slot_of(const struct blocks *b, uint64_t pc, uint32_t asid)
{
    uint64_t n = ((pc >> 2) + ((uint64_t)asid << 40)) * UINT64_C(0x9e3779b97f4a7c15) >> 24;
    while (b->table[n & (b->table_size - 1)] &&
           (b->table[n & (b->table_size - 1)]->pc != pc ||
            b->table[n & (b->table_size - 1)]->asid != asid))
        n++;
    return &b->table[n & (b->table_size - 1)];
}

static void grow(struct blocks *b)
{
    struct block **old = b->table;
    uint64_t size = b->table_size;
    b->table_size *= 2;
    b->table = xcalloc(b->table_size, sizeof *b->table);
    for (uint64_t n = 0; n < size; n++)
        if (old[n])
            *slot_of(b, old[n]->pc, old[n]->asid) = old[n];
    free(old);
    b->numbered = xrealloc(b->numbered, b->table_size * sizeof *b->numbered);
    b->touched = xrealloc(b->touched, b->table_size * sizeof *b->touched);
}

struct block *blocks_find(struct blocks *b, uint64_t pc, uint32_t asid)
{
    struct block *k = *slot_of(b, pc, asid);
    if (!k) {
        if (2 * ++b->block_count > b->table_size)
            grow(b);
        k = *slot_of(b, pc, asid) = xcalloc(1, sizeof *k);
        *k = (struct block){.pc = pc, .asid = asid, .number = UINT32_MAX};
        if (b->found)
            b->found(b->ctx, asid, pc);
    }
    b->cache[pc >> 2 & (BLOCKS_CACHE - 1)] = k;
    return k;
}

void blocks_touch(struct blocks *b, struct block *k)
{
    if (k->number == UINT32_MAX) {
        k->number = b->numbers;
        b->numbered[b->numbers++] = k;
    }
    b->touched[b->touched_count++] = k;
}

/* A thread that executes nothing in its turn (a system call tried in vain) leaves no trace: timing
 * mode does not see it at all. */
void blocks_pause(struct blocks *b, uint64_t icount, uint64_t pc)
{
    if (b->next_pc != UINT64_MAX) /* nothing was executed since it was left before */
        return;
    b->next_pc = pc;
    if (b->left && icount == b->resumed) {
        b->current = b->left;
        b->next_pc = b->left_pc;
    }
    b->left = NULL;
}

void blocks_resume(struct blocks *b, uint64_t icount, uint64_t pc, uint32_t asid)
{
    b->left = NULL;
    if (b->next_pc != UINT64_MAX && (b->next_pc != pc || b->current->asid != asid)) {
        b->left = b->current;
        b->left_pc = b->next_pc;
        b->resumed = icount;
        blocks_end(b, icount, pc, asid);
    }
    b->next_pc = UINT64_MAX;
}

static int compare_numbers(const void *pa, const void *pb)
{
    const struct block *const *a = pa, *const *b = pb;
    return (*a)->number < (*b)->number ? -1 : (*a)->number > (*b)->number;
}

void blocks_sort(struct blocks *b)
{
    qsort(b->touched, b->touched_count, sizeof *b->touched, compare_numbers);
}

void blocks_clear(struct blocks *b)
{
    for (uint32_t n = 0; n < b->touched_count; n++)
        b->touched[n]->count = 0;
    b->touched_count = 0;
}
