/* The lines that a directory knows of: a chained hash table of a fixed number of entries, which
 * stay where they are while they are in use. */
#ifndef MODELS_CACHE_DIRECTORY_LINES_H
#define MODELS_CACHE_DIRECTORY_LINES_H

#include <stdint.h>

struct transaction;

#define NO_OWNER (-1)

struct directory_line {
    uint64_t pa;
    uint64_t holders;         /* a bit a head */
    int32_t owner;            /* a head or NO_OWNER */
    struct transaction *busy; /* a request for it is being served */
    struct directory_line *next;
};

struct directory_lines {
    struct directory_line *entry, *free, **bucket;
    uint64_t room, buckets;
};

void directory_lines_init(struct directory_lines *t, uint64_t room);
void directory_lines_free(struct directory_lines *t);
/* NULL when it is not there. */
struct directory_line *directory_line_find(const struct directory_lines *t, uint64_t pa);
/* The same; makes it when it is not there. */
struct directory_line *directory_line_get(struct directory_lines *t, uint64_t pa);
/* Nobody holds it any more. */
void directory_line_remove(struct directory_lines *t, struct directory_line *l);

#endif
