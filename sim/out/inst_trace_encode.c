#include "sim/out/inst_trace_encode.h"

#include <stdlib.h>

#include "sim/base/err.h"

/* Zero for a first access, so that a chunk can be read alone. */
static uint64_t first_access(const struct trace_record *records, uint32_t count)
{
    for (uint32_t n = 0; n < count; n++)
        if (records[n].bytes)
            return records[n].ea;
    return 0;
}

void inst_trace_spread(const struct trace_record *records, uint32_t count, void *const *to,
                       uint64_t *index)
{
    uint64_t pc = records->pc, ea = first_access(records, count), fetch = records->fetch;
    int64_t *pc_to = to[TRACE_COLUMN_pc], *ea_to = to[TRACE_COLUMN_ea];
    int64_t *fetch_to = to[TRACE_COLUMN_fetch];
    uint32_t *word_to = to[TRACE_COLUMN_word], *decode_to = to[TRACE_COLUMN_decode];
    uint32_t *issue_to = to[TRACE_COLUMN_issue], *done_to = to[TRACE_COLUMN_done];
    uint32_t *retire_to = to[TRACE_COLUMN_retire];
    uint16_t *bytes_to = to[TRACE_COLUMN_bytes], *flags_to = to[TRACE_COLUMN_flags];
    index[TRACE_INDEX_pc] = pc;
    index[TRACE_INDEX_ea] = ea;
    index[TRACE_INDEX_fetch] = fetch;
    index[TRACE_INDEX_last_retire] = records[count - 1].retire;
    for (uint32_t n = 0; n < count; n++) {
        const struct trace_record *r = &records[n];
        pc_to[n] = (int64_t)(r->pc - pc);
        word_to[n] = r->word;
        ea_to[n] = r->bytes ? (int64_t)(r->ea - ea) : 0;
        bytes_to[n] = r->bytes;
        flags_to[n] = r->flags;
        fetch_to[n] = (int64_t)(r->fetch - fetch);
        decode_to[n] = (uint32_t)(r->decode - r->fetch);
        issue_to[n] = (uint32_t)(r->issue - r->decode);
        done_to[n] = (uint32_t)(r->done - r->issue);
        retire_to[n] = (uint32_t)(r->retire - r->done);
        pc = r->pc;
        ea = r->bytes ? r->ea : ea;
        fetch = r->fetch;
    }
}

static uint64_t slot_of(const struct trace_codes *s, uint64_t pc, uint32_t word)
{
    uint64_t n = (pc >> 2 ^ (uint64_t)word * UINT64_C(0x9e3779b97f4a7c15)) & (s->slots - 1);
    while (s->slot[n].used && (s->slot[n].pc != pc || s->slot[n].word != word))
        n = (n + 1) & (s->slots - 1);
    return n;
}

static void put(struct trace_codes *s, uint64_t pc, uint32_t word)
{
    uint64_t n = slot_of(s, pc, word);
    if (s->slot[n].used)
        return;
    s->slot[n].pc = pc;
    s->slot[n].word = word;
    s->slot[n].used = true;
    s->count++;
}

static void grow(struct trace_codes *s)
{
    struct trace_codes larger = {.slots = s->slots ? 4 * s->slots : 4096};
    larger.slot = xcalloc(larger.slots, sizeof *larger.slot);
    for (uint64_t n = 0; n < s->slots; n++)
        if (s->slot[n].used)
            put(&larger, s->slot[n].pc, s->slot[n].word);
    free(s->slot);
    *s = larger;
}

void trace_codes_add(struct trace_codes *s, const struct trace_record *records, uint32_t count)
{
    for (uint32_t n = 0; n < count; n++) {
        if (2 * s->count >= s->slots)
            grow(s);
        put(s, records[n].pc, records[n].word);
    }
}

void trace_codes_free(struct trace_codes *s) { free(s->slot); }
