/* Stream prefetch as in POWER4 (Tendler et al., IBM Journal of Research and Development 46(1),
 * 2002) in the form that Srinath et al. describe (Feedback Directed Prefetching, HPCA 2007): misses
 * to neighbouring lines found a stream; once three of them agree on a direction, the stream runs
 * `distance` lines ahead of the accesses, by at most `degree` lines for each.
 *
 * Only misses and first uses of prefetched lines are looked at. The least recently advanced stream
 * makes room for a new one. */
#include <stdlib.h>

#include "models/cache/prefetch/prefetch.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/schema/schema.h"

#define STREAM_KEYS(X, o)                                                                          \
    X(o, U32, stream_count, "16", "1", "64", "streams followed at the same time")                  \
    X(o, U32, stream_window, "16", "1", "64", "lines by which successive misses may be apart")     \
    X(o, U32, stream_distance, "16", "1", "64", "lines by which a stream runs ahead at most")      \
    X(o, U32, stream_degree, "2", "1", "16", "lines fetched for one access")

struct stream_keys {
    STREAM_KEYS(KEY_MEMBER, stream_keys)
};
static const struct key_row stream_key_rows[] = {STREAM_KEYS(KEY_ROW, stream_keys) KEY_END};

enum { CONFIRMED = 2 }; /* steps in the same direction */

struct stream {
    int64_t last;      /* line number */
    int64_t next;      /* the line to be fetched next, of a confirmed stream */
    int32_t direction; /* 1, -1, or 0: only one line seen */
    uint32_t steps;
    uint64_t used; /* when it was last advanced, counted in accesses */
    bool is_valid;
};

struct streams {
    struct stream_keys keys;
    unsigned line_shift;
    uint64_t accesses;
    struct stream stream[];
};

static void *stream_create(const struct prefetch_setup *setup)
{
    const struct stream_keys *k = setup->keys;
    struct streams *p = xcalloc(1, sizeof *p + k->stream_count * sizeof *p->stream);
    p->keys = *k;
    p->line_shift = ilog2(setup->line_bytes);
    return p;
}

/* The stream that the line continues, or the one to be given up for it. */
static struct stream *find(struct streams *p, int64_t line, bool *found)
{
    struct stream *oldest = &p->stream[0];
    *found = true;
    for (uint32_t n = 0; n < p->keys.stream_count; n++) {
        struct stream *s = &p->stream[n];
        int64_t ahead = line - s->last;
        if (s->is_valid && llabs(ahead) <= p->keys.stream_window)
            return s;
        if (s->used < oldest->used)
            oldest = s;
    }
    *found = false;
    return oldest;
}

/* True when the line is one more step in the direction of a confirmed stream. */
static bool advance(struct stream *s, int64_t line)
{
    int32_t direction = line > s->last ? 1 : line < s->last ? -1 : 0;
    if (!direction)
        return false;
    bool turned = s->direction && direction != s->direction;
    if (turned && s->steps >= CONFIRMED)
        return false; /* one behind: out of order, not a turn */
    s->steps = turned ? 1 : s->steps + (s->steps < CONFIRMED);
    s->direction = direction;
    s->last = line;
    if (s->steps < CONFIRMED)
        s->next = line;
    return s->steps >= CONFIRMED;
}

static void stream_observe(void *prefetcher, const struct prefetch_access *a,
                           struct prefetch_list *wanted)
{
    struct streams *p = prefetcher;
    int64_t line = (int64_t)(a->pa >> p->line_shift);
    bool found;
    if (!a->is_miss && !a->is_first_use)
        return;
    struct stream *s = find(p, line, &found);
    if (!found)
        *s = (struct stream){.last = line, .next = line, .is_valid = true};
    s->used = ++p->accesses;
    if (!found || !advance(s, line))
        return;
    int64_t way = s->direction, end = line + way * (int64_t)p->keys.stream_distance;
    if ((s->next - line) * way <= 0)
        s->next = line + way;
    for (uint32_t n = 0; n < p->keys.stream_degree && (end - s->next) * way >= 0; n++) {
        if (!prefetch_want(wanted, (uint64_t)s->next << p->line_shift))
            return;
        s->next += way;
    }
}

const struct prefetch_ops prefetch_stream = {
    .name = "stream",
    .keys = stream_key_rows,
    .keys_bytes = sizeof(struct stream_keys),
    .create = stream_create,
    .destroy = free,
    .observe = stream_observe,
};
