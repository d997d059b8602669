#include "sim/mem/areas.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/err.h"

uint32_t areas_find(const struct areas *a, uint64_t ea)
{
    uint32_t low = 0, high = a->count;
    while (low < high) {
        uint32_t mid = (low + high) / 2;
        if (a->at[mid].end > ea)
            high = mid;
        else
            low = mid + 1;
    }
    return low;
}

void areas_insert(struct areas *a, uint32_t at, struct area area)
{
    if (a->count == a->room) {
        a->room = a->room ? a->room * 2 : 32;
        a->at = xrealloc(a->at, a->room * sizeof *a->at);
    }
    memmove(a->at + at + 1, a->at + at, (a->count - at) * sizeof *a->at);
    a->at[at] = area;
    a->count++;
    if (area.source)
        area.source->references++;
}

void areas_remove(struct areas *a, uint32_t at)
{
    struct area_source *source = a->at[at].source;
    if (source && --source->references == 0 && source->release)
        source->release(source);
    a->count--;
    memmove(a->at + at, a->at + at + 1, (a->count - at) * sizeof *a->at);
}

void areas_free(struct areas *a)
{
    while (a->count)
        areas_remove(a, a->count - 1);
    free(a->at);
}

void areas_split(struct areas *a, uint64_t ea)
{
    uint32_t n = areas_find(a, ea);
    if (n == a->count || a->at[n].start >= ea)
        return;
    struct area upper = a->at[n];
    upper.source_offset += ea - upper.start;
    upper.start = ea;
    a->at[n].end = ea;
    areas_insert(a, n + 1, upper);
}

void areas_remove_between(struct areas *a, uint64_t start, uint64_t end)
{
    uint32_t n = areas_find(a, start);
    while (n < a->count && a->at[n].start < end)
        areas_remove(a, n);
}

static bool joins(const struct area *low, const struct area *high)
{
    uint64_t bytes = low->end - low->start;
    return low->end == high->start && low->prot == high->prot && low->name == high->name &&
           low->source == high->source &&
           (!low->source || low->source_offset + bytes == high->source_offset);
}

void areas_join(struct areas *a, uint64_t start, uint64_t end)
{
    uint32_t n = areas_find(a, start);
    for (n = n ? n - 1 : 0; n + 1 < a->count && a->at[n].start <= end;) {
        if (!joins(&a->at[n], &a->at[n + 1])) {
            n++;
            continue;
        }
        a->at[n].end = a->at[n + 1].end;
        areas_remove(a, n + 1);
    }
}

void areas_move(struct areas *a, uint64_t from, uint64_t bytes, uint64_t to)
{
    uint32_t n = areas_find(a, from);
    while (n < a->count && a->at[n].start < from + bytes) {
        struct area moved = a->at[n];
        moved.start += to - from;
        moved.end += to - from;
        if (moved.source)
            moved.source->references++; /* outlives the removal below */
        areas_remove(a, n);
        areas_insert(a, areas_find(a, moved.start), moved);
        if (moved.source)
            moved.source->references--;
        n = areas_find(a, from);
    }
}

uint64_t areas_find_free(const struct areas *a, uint64_t bytes, uint64_t below)
{
    uint64_t end = below;
    for (uint32_t n = a->count; n-- > 0;) {
        const struct area *area = &a->at[n];
        if (area->start >= end)
            continue;
        if (area->end <= end && end - area->end >= bytes)
            break;
        end = area->start;
    }
    return end > bytes ? end - bytes : 0;
}
