/* What a private cache of a coherent hierarchy does besides: it asks for the right to write a line
 * that it shares, hands lines over to other cores, and says when it has given one up. The states
 * of MESI are flags of the tag: LINE_OWNED E, with LINE_DIRTY M, neither S. */
#include <assert.h>

#include "models/cache/cache_impl.h"

static uint64_t *find(const struct cache *c, uint64_t pa)
{
    uint32_t set = tags_set(&c->tags, pa);
    int32_t way = tags_find(&c->tags, set, pa);
    return way == TAGS_ABSENT ? NULL : tags_word(&c->tags, set, (uint32_t)way);
}

/* Its data are known to come. Until then the line is not there, whoever else wants it. */
static bool is_answered(const struct mshr *m) { return m->first_ticks != MSHR_UNKNOWN; }

bool cache_has(const void *node, uint64_t pa, uint32_t block)
{
    const struct cache *c = node;
    const struct mshr *m = mshr_find(&c->mshrs, tags_line(&c->tags, pa));
    assert(block == c->tags.line_bytes);
    if (find(c, pa) || (m && is_answered(m) && !m->dropped) ||
        write_buffer_holds(&c->writes, tags_line(&c->tags, pa), block))
        return true;
    for (uint32_t n = 0; n < c->upper_count; n++)
        if (c->uppers[n].holds(c->uppers[n].node, pa, block))
            return true;
    return false;
}

void cache_gone(struct cache *c, uint64_t line)
{
    if (c->below.left && !cache_has(c, line, c->tags.line_bytes))
        c->below.left(c->below.node, line);
}

void cache_left(void *node, uint64_t pa)
{
    struct cache *c = node;
    cache_gone(c, tags_line(&c->tags, pa));
}

/* What a snoop or an inclusive cache below does to a line on its way; true when it is dirty. */
bool cache_snoop_mshr(struct cache *c, struct mshr *m, bool goes)
{
    bool dirty = false;
    if (is_answered(m)) {
        dirty = m->dirty;
        m->dirty = m->owned = false;
        m->dropped |= goes;
    } else if (goes && m->request.holds && m->state != MSHR_SENT) {
        m->request.holds = false; /* will ask for the data, too */
    } else if (goes && m->request.holds && c->below.settled) {
        m->request.holds = false; /* waits in the directory, which sees it */
        m->counted = true;
        c->stats.fill_bytes_in_flight += c->tags.line_bytes;
    }
    return dirty;
}

/* Remembers what was lost to another core, until something else takes its place. */
static void lose(struct cache *c, uint64_t *word)
{
    c->lost[word - c->tags.word] = tags_line(&c->tags, *word);
    c->stats.invalidations++;
    c->stats.coherence_invalidations++;
}

bool cache_snoop(void *node, uint64_t pa, uint32_t block, enum mem_snoop snoop)
{
    struct cache *c = node;
    uint64_t line = tags_line(&c->tags, pa), *word = find(c, pa);
    struct mshr *m = mshr_find(&c->mshrs, line);
    bool dirty = false, goes = snoop == SNOOP_TAKE;
    for (uint32_t n = 0; n < c->upper_count; n++)
        dirty |= c->uppers[n].snoop(c->uppers[n].node, pa, block, snoop);
    if (m)
        dirty |= cache_snoop_mshr(c, m, goes);
    dirty |= write_buffer_take(&c->writes, line, block) != 0;
    if (word && goes) {
        lose(c, word);
        dirty |= cache_take_out(c, word);
    } else if (word) {
        dirty |= (*word & LINE_DIRTY) != 0;
        c->stats.downgrades += (*word & LINE_OWNED) != 0;
        *word &= ~(uint64_t)(LINE_DIRTY | LINE_OWNED);
    }
    return dirty;
}

/* The line is there and shared: the right to write it is fetched as a line would be. */
enum port_reply cache_upgrade(struct cache *c, struct mem_request *r, uint64_t now)
{
    struct mshr *m = mshr_find(&c->mshrs, tags_line(&c->tags, r->pa));
    if (m)
        return cache_merge(c, m, r, now);
    enum port_reply reply = cache_fetch(c, r, now);
    if (reply == PORT_BUSY)
        return reply;
    m = mshr_find(&c->mshrs, tags_line(&c->tags, r->pa));
    m->request.holds = true;
    c->stats.upgrade_misses++;
    return reply;
}

/* A store joins a fetch that may not bring the right to write: one not sent yet asks for it, one
 * that has been sent has to end first. So has one of a line that has been given up meanwhile. */
bool cache_may_merge(struct mshr *m, const struct mem_request *r)
{
    if (m->dropped)
        return false;
    if (r->command == MEM_WRITEBACK) /* whose data must stay where others can find them */
        return is_answered(m) && m->owned;
    if (r->command != MEM_STORE && r->command != MEM_WRITE)
        return true;
    if (m->state == MSHR_LOOKUP || m->state == MSHR_QUEUED) {
        m->request.command = MEM_STORE;
        return true;
    }
    return is_answered(m) ? m->owned : m->request.command == MEM_STORE;
}

void cache_note_miss(struct cache *c, const struct mem_request *r)
{
    uint32_t set = tags_set(&c->tags, r->pa);
    const uint64_t *lost = c->lost + (uint64_t)set * c->tags.ways;
    for (uint32_t way = 0; way < c->tags.ways; way++)
        c->stats.coherence_misses += lost[way] == tags_line(&c->tags, r->pa);
}

void cache_each_line(const struct cache *c,
                     void (*line)(void *ctx, uint64_t pa, bool is_owned), void *ctx)
{
    for (uint64_t n = 0; n < (uint64_t)c->tags.sets * c->tags.ways; n++)
        if (c->tags.word[n] != TAG_EMPTY)
            line(ctx, tags_line(&c->tags, c->tags.word[n]),
                 c->tags.word[n] & (LINE_OWNED | LINE_DIRTY));
}
