/* Signature path prefetch (Kim, Pugsley, Gratz, Reddy, Wilkerson, Chishti: Path Confidence Based
 * Lookahead Prefetching, MICRO 2016). Per page, the last deltas between accesses are hashed into a
 * signature; a table says which deltas have followed a signature and how surely. The likeliest
 * delta gives the next signature, and so on: the path is followed as long as the product of
 * confidences stays above a threshold. Sizes are those of the paper's table 1: 256 pages, 512
 * patterns of four deltas, a filter of 1024 lines, a history of 8 paths that left their page.
 *
 * Against the paper: the tables are direct-mapped with whole tags, and all lines go into the cache
 * that the prefetcher belongs to, so there is one threshold and not one per level. Arithmetic is
 * in percent. */
#include <stdlib.h>

#include "models/cache/prefetch/prefetch.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/schema/schema.h"

#define SPP_KEYS(X, o)                                                                             \
    X(o, U32, spp_threshold, "25", "1", "100", "percent of path confidence to prefetch at")        \
    X(o, U32, spp_depth, "8", "1", "16", "steps that a path is followed at most")

struct spp_keys {
    SPP_KEYS(KEY_MEMBER, spp_keys)
};
static const struct key_row spp_key_rows[] = {SPP_KEYS(KEY_ROW, spp_keys) KEY_END};

enum {
    PAGES = 256,
    PATTERNS = 512,
    DELTAS = 4,
    FILTER = 1024,
    HISTORY = 8,
    SIGNATURE_MASK = 0xfff,
    COUNTER_MAX = 15,     /* 4 bits: of patterns */
    ACCURACY_MAX = 1023,  /* 10 bits: of issued and useful prefetches */
    ACCURACY_ENOUGH = 64, /* before so many are issued, accuracy is not known and taken for full */
};

struct page {
    uint64_t number; /* plus 1; 0: none */
    int32_t offset;  /* line in the page that was used last */
    uint32_t signature;
};

struct pattern {
    uint32_t seen; /* times of this signature */
    struct {
        int32_t delta;
        uint32_t seen;
    } next[DELTAS];
};

struct departure {
    bool is_valid;
    int32_t offset, delta; /* of the last line within the page, and the step that leaves it */
    uint32_t signature;
};

struct filtered {
    uint64_t line; /* plus 1; 0: none */
    bool is_useful;
};

struct spp {
    struct spp_keys keys;
    unsigned line_shift, page_shift;
    int32_t lines; /* per page */
    uint32_t issued, useful, departures;
    struct page page[PAGES];
    struct pattern pattern[PATTERNS];
    struct filtered filter[FILTER];
    struct departure history[HISTORY];
};

static void *spp_create(const struct prefetch_setup *setup)
{
    const struct spp_keys *k = setup->keys;
    struct spp *p = xcalloc(1, sizeof *p);
    p->keys = *k;
    p->line_shift = ilog2(setup->line_bytes);
    p->page_shift = ilog2(PREFETCH_PAGE_BYTES);
    p->lines = (int32_t)(PREFETCH_PAGE_BYTES / setup->line_bytes);
    return p;
}

/* Deltas enter it as seven bits, sign and magnitude. */
static uint32_t next_signature(uint32_t signature, int32_t delta)
{
    uint32_t bits = delta < 0 ? 0x40 | ((uint32_t)-delta & 0x3f) : (uint32_t)delta & 0x3f;
    return ((signature << 3) ^ bits) & SIGNATURE_MASK;
}

static struct pattern *pattern_of(struct spp *p, uint32_t signature)
{
    return &p->pattern[(signature ^ signature >> 9) & (PATTERNS - 1)];
}

/* The delta has followed the signature. */
static void train(struct spp *p, uint32_t signature, int32_t delta)
{
    struct pattern *t = pattern_of(p, signature);
    uint32_t at = 0;
    for (uint32_t n = 0; n < DELTAS; n++) {
        if (t->next[n].seen && t->next[n].delta == delta) {
            at = n;
            break;
        }
        if (t->next[n].seen < t->next[at].seen)
            at = n;
    }
    if (t->next[at].delta != delta) {
        t->next[at].delta = delta;
        t->next[at].seen = 0;
    }
    t->seen++;
    t->next[at].seen++;
    if (t->seen <= COUNTER_MAX)
        return;
    t->seen /= 2;
    for (uint32_t n = 0; n < DELTAS; n++)
        t->next[n].seen /= 2;
}

static struct filtered *filter_entry(struct spp *p, uint64_t line)
{
    return &p->filter[(line ^ line >> 10) & (FILTER - 1)];
}

/* A demand access makes its prefetch useful, and its line not worth prefetching. */
static void filter_demand(struct spp *p, uint64_t line)
{
    struct filtered *f = filter_entry(p, line);
    if (f->line == line + 1 && !f->is_useful && p->useful < p->issued)
        p->useful++;
    *f = (struct filtered){line + 1, true};
}

static bool filter_prefetch(struct spp *p, uint64_t line, struct prefetch_list *wanted)
{
    struct filtered *f = filter_entry(p, line);
    if (f->line == line + 1)
        return true;
    if (!prefetch_want(wanted, line << p->line_shift))
        return false;
    *f = (struct filtered){line + 1, false};
    if (p->issued == ACCURACY_MAX) {
        p->issued /= 2;
        p->useful /= 2;
    }
    p->issued++;
    return true;
}

/* A path that leaves its page is kept: it may go on in the next one that is entered. */
static void depart(struct spp *p, uint32_t signature, int32_t offset, int32_t delta)
{
    p->history[p->departures++ % HISTORY] = (struct departure){true, offset, delta, signature};
}

/* The signature that a page starts with. */
static uint32_t arrive(const struct spp *p, int32_t offset)
{
    for (uint32_t n = 0; n < HISTORY; n++) {
        const struct departure *d = &p->history[n];
        if (d->is_valid && ((d->offset + d->delta) & (p->lines - 1)) == offset)
            return next_signature(d->signature, d->delta);
    }
    return 0;
}

/* One step of the path: wants every delta that is sure enough, goes on with the surest. */
static bool step(struct spp *p, uint64_t page, int32_t *offset, uint32_t *signature,
                 uint32_t *confidence, struct prefetch_list *wanted)
{
    const struct pattern *t = pattern_of(p, *signature);
    uint32_t best = 0;
    for (uint32_t n = 0; n < DELTAS; n++) {
        int32_t target = *offset + t->next[n].delta;
        uint32_t sure = t->seen ? *confidence * t->next[n].seen / t->seen : 0;
        if (t->next[n].seen > t->next[best].seen)
            best = n;
        if (sure < p->keys.spp_threshold)
            continue;
        if (target < 0 || target >= p->lines)
            depart(p, *signature, *offset, t->next[n].delta);
        else if (!filter_prefetch(p, page * (uint64_t)p->lines + (uint64_t)target, wanted))
            return false;
    }
    if (!t->seen)
        return false;
    uint32_t accuracy = p->issued < ACCURACY_ENOUGH ? 100 : 100 * p->useful / p->issued;
    *confidence = *confidence * t->next[best].seen / t->seen * accuracy / 100;
    *offset += t->next[best].delta;
    *signature = next_signature(*signature, t->next[best].delta);
    return *confidence >= p->keys.spp_threshold && *offset >= 0 && *offset < p->lines;
}

static void spp_observe(void *prefetcher, const struct prefetch_access *a,
                        struct prefetch_list *wanted)
{
    struct spp *p = prefetcher;
    uint64_t number = a->pa >> p->page_shift, line = a->pa >> p->line_shift;
    int32_t offset = (int32_t)(line & (uint64_t)(p->lines - 1));
    struct page *page = &p->page[(number ^ number >> 8) & (PAGES - 1)];
    if (page->number != number + 1) {
        *page = (struct page){number + 1, offset, arrive(p, offset)};
    } else {
        int32_t delta = offset - page->offset;
        if (!delta)
            return;
        train(p, page->signature, delta);
        page->signature = next_signature(page->signature, delta);
        page->offset = offset;
    }
    filter_demand(p, line);
    uint32_t signature = page->signature, confidence = 100, depth = p->keys.spp_depth;
    while (depth-- && step(p, number, &offset, &signature, &confidence, wanted))
        ;
}

/* What has left the cache may be prefetched again. */
static void spp_evicted(void *prefetcher, uint64_t pa)
{
    struct spp *p = prefetcher;
    uint64_t line = pa >> p->line_shift;
    struct filtered *f = filter_entry(p, line);
    if (f->line == line + 1)
        f->line = 0;
}

const struct prefetch_ops prefetch_spp = {
    .name = "spp",
    .keys = spp_key_rows,
    .keys_bytes = sizeof(struct spp_keys),
    .create = spp_create,
    .destroy = free,
    .observe = spp_observe,
    .evicted = spp_evicted,
};
