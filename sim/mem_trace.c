#include "sim/mem_trace.h"

#include <stdlib.h>

#include "models/cache/hierarchy.h"
#include "sim/base/bits.h"
#include "sim/machine.h"
#include "sim/out/h5_mem_trace.h"
#include "sim/out/h5_trace.h"

enum { QUEUE_AT_FIRST = 4096 };
#define NO_TICKET UINT64_MAX

/* Requests stand in line in the order of acceptance until all before them are answered. Positions
 * count up for ever and are the tickets of the probes. */
struct queue {
    struct waiting {
        struct mem_record record;
        bool is_answered;
    } *entry;
    uint64_t first, end, mask;
};

struct mem_trace {
    const struct trace_window *window;
    struct h5_mem_trace *out; /* NULL: not wanted */
    struct hierarchy *hierarchy;
    uint64_t period_ticks;
    struct queue queue;
    struct h5_trace *accesses[MEM_TRACE_LEVELS]; /* of caches with a trace of their own */
    uint32_t line_bytes[MEM_TRACE_LEVELS];
    const char *names[MEM_TRACE_LEVELS];
};

enum { KIND_WALK = MEM_COMMANDS }; /* a load of a page table */
#define COMMAND_NAME(command, name, text) #name,
static const char *const kinds[] = {MEM_COMMAND_LIST(COMMAND_NAME) "walk"};
#undef COMMAND_NAME
static const char *const outcomes[] = {"hit", "delayed_hit", "miss", "memory"};
_Static_assert(CACHE_HIT == 0 && CACHE_DELAYED_HIT == 1 && CACHE_MISS == 2 && CACHE_OUTCOMES == 3,
               "the names follow the numbers");

/* "0 fetch, 1 load, ..." */
static char *command_codes(void)
{
    char *codes = xstrdup("");
    for (int i = 0; i < MEM_COMMANDS; i++) {
        char *longer = xasprintf("%s%s%d %s", codes, i ? ", " : "", i, kinds[i]);
        free(codes);
        codes = longer;
    }
    return codes;
}

static struct waiting *at(const struct queue *q, uint64_t position)
{
    return &q->entry[position & q->mask];
}

static void double_room(struct queue *q)
{
    struct queue larger = {.first = q->first, .end = q->end, .mask = 2 * q->mask + 1};
    larger.entry = xcalloc(larger.mask + 1, sizeof *larger.entry);
    for (uint64_t n = q->first; n < q->end; n++)
        *at(&larger, n) = *at(q, n);
    free(q->entry);
    *q = larger;
}

static void pass_on(struct mem_trace *t)
{
    struct queue *q = &t->queue;
    while (q->first < q->end && at(q, q->first)->is_answered)
        h5_mem_trace_add(t->out, &at(q, q->first++)->record);
}

static uint64_t enqueue(struct mem_trace *t, const struct mem_record *record, bool is_answered)
{
    struct queue *q = &t->queue;
    if (is_answered && q->first == q->end) {
        h5_mem_trace_add(t->out, record);
        return NO_TICKET;
    }
    if (q->end - q->first > q->mask)
        double_room(q);
    *at(q, q->end) = (struct waiting){*record, is_answered};
    return q->end++;
}

static void note_answer(const struct mem_trace *t, struct mem_record *record,
                        const struct mem_request *r)
{
    uint32_t node = record->level;
    for (uint8_t distance = r->level; distance > 1; distance--)
        node = hierarchy_node(t->hierarchy, node).below;
    record->answered_by = (uint8_t)node;
    record->answered =
        max_u64((r->ready + t->period_ticks - 1) / t->period_ticks, record->cycle);
}

static uint64_t accepted(void *owner, uint32_t node, const struct mem_request *r,
                         enum cache_outcome outcome, bool is_answered, uint64_t now)
{
    struct mem_trace *t = owner;
    uint64_t cycle = now / t->period_ticks;
    if (t->accesses[node] && !mem_sends_away(r))
        h5_trace_add(t->accesses[node], r->pa / t->line_bytes[node], r->command, (uint8_t)outcome);
    if (!t->out || !trace_window_holds(t->window, cycle))
        return NO_TICKET;
    struct mem_record record = {.cycle = cycle, .answered = MEM_TRACE_UNANSWERED, .pc = r->pc,
                                .pa = r->pa, .bytes = (uint16_t)max_u64(r->bytes, r->block),
                                .core = r->core,
                                .kind = r->is_walk ? KIND_WALK : r->command,
                                .outcome = (uint8_t)outcome, .level = (uint8_t)node,
                                .answered_by = MEM_TRACE_NO_LEVEL};
    if (is_answered)
        note_answer(t, &record, r);
    return enqueue(t, &record, is_answered);
}

static void answered(void *owner, uint64_t ticket, const struct mem_request *r)
{
    struct mem_trace *t = owner;
    if (ticket == NO_TICKET)
        return;
    struct waiting *w = at(&t->queue, ticket);
    note_answer(t, &w->record, r);
    w->is_answered = true;
    if (ticket == t->queue.first)
        pass_on(t);
}

static void attach_cache(struct mem_trace *t, struct result *file, uint32_t node)
{
    struct hierarchy_node n = hierarchy_node(t->hierarchy, node);
    const struct cache_keys *k = n.cache ? cache_settings(n.cache) : NULL;
    if (!k || !k->trace)
        return;
    char *codes = command_codes();
    t->line_bytes[node] = (uint32_t)k->line;
    t->accesses[node] = result_trace(file, &(struct h5_trace_info){
        .cache = n.name,
        .sets = (uint32_t)(k->size / k->line / k->ways),
        .ways = k->ways,
        .line_bytes = (uint32_t)k->line,
        .commands = codes,
        .demand_commands = MEM_WRITE + 1,
        .outcomes = "0 hit, 1 delayed hit (line on its way), 2 miss",
    });
    free(codes);
}

static void attach_all(struct mem_trace *t, struct machine *m, struct result *file)
{
    uint32_t count = hierarchy_node_count(t->hierarchy);
    if (count > MEM_TRACE_LEVELS)
        panic("more caches than a trace has numbers for");
    for (uint32_t n = 0; n < count; n++) {
        t->names[n] = hierarchy_node(t->hierarchy, n).name;
        attach_cache(t, file, n);
    }
    struct mem_trace_setup setup = {.last = m->trace.last, .levels = {t->names, count},
                                    .kinds = {kinds, ARRAY_LEN(kinds)},
                                    .outcomes = {outcomes, ARRAY_LEN(outcomes)}};
    if (m->trace.memory)
        t->out = result_mem_trace(file, &setup);
    hierarchy_watch(t->hierarchy, (struct probe_watch){accepted, answered, t});
}

struct mem_trace *mem_trace_create(struct machine *m, struct result *file,
                                   const struct trace_window *window)
{
    struct mem_trace *t = xcalloc(1, sizeof *t);
    t->window = window;
    t->hierarchy = m->hierarchy;
    t->period_ticks = m->cores->clock.period_ticks;
    t->queue.mask = QUEUE_AT_FIRST - 1;
    t->queue.entry = xcalloc(QUEUE_AT_FIRST, sizeof *t->queue.entry);
    attach_all(t, m, file);
    return t;
}

void mem_trace_end(struct mem_trace *t)
{
    for (uint64_t n = t->queue.first; n < t->queue.end; n++)
        at(&t->queue, n)->is_answered = true;
    pass_on(t);
}

void mem_trace_destroy(struct mem_trace *t)
{
    if (!t)
        return;
    free(t->queue.entry);
    free(t);
}
