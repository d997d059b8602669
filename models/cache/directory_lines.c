#include "models/cache/directory_lines.h"

#include <stddef.h>
#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

void directory_lines_init(struct directory_lines *t, uint64_t room)
{
    *t = (struct directory_lines){.room = room, .buckets = 64};
    while (t->buckets < room)
        t->buckets *= 2;
    t->entry = xcalloc(room, sizeof *t->entry);
    t->bucket = xcalloc(t->buckets, sizeof *t->bucket);
    for (uint64_t n = room; n-- > 0;) {
        t->entry[n].next = t->free;
        t->free = &t->entry[n];
    }
}

void directory_lines_free(struct directory_lines *t)
{
    free(t->entry);
    free(t->bucket);
}

/* Lines are at least 16 bytes; neighbours go to neighbouring buckets, distant ones anywhere. */
static struct directory_line **bucket_of(const struct directory_lines *t, uint64_t pa)
{
    uint64_t n = pa >> 4;
    return &t->bucket[(n ^ n >> 17) * UINT64_C(0x9e3779b97f4a7c15) >> 20 & (t->buckets - 1)];
}

struct directory_line *directory_line_find(const struct directory_lines *t, uint64_t pa)
{
    struct directory_line *l = *bucket_of(t, pa);
    while (l && l->pa != pa)
        l = l->next;
    return l;
}

struct directory_line *directory_line_get(struct directory_lines *t, uint64_t pa)
{
    struct directory_line **bucket = bucket_of(t, pa), *l = directory_line_find(t, pa);
    if (l)
        return l;
    l = t->free;
    if (!l)
        panic("the directory has no room for another line");
    t->free = l->next;
    *l = (struct directory_line){.pa = pa, .owner = NO_OWNER, .next = *bucket};
    *bucket = l;
    return l;
}

void directory_line_remove(struct directory_lines *t, struct directory_line *l)
{
    struct directory_line **link = bucket_of(t, l->pa);
    while (*link != l)
        link = &(*link)->next;
    *link = l->next;
    l->next = t->free;
    t->free = l;
}
