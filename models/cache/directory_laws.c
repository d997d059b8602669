#include "models/cache/directory_impl.h"

#include "models/cache/named_laws.h"

static const struct stat_row stat_rows[] = {DIRECTORY_STATS(STAT_ROW, directory_stats) STAT_END};

void directory_audit(struct directory *d)
{
    struct directory_stats *s = &d->stats;
    s->tracked_holders = s->found_holders = s->untracked_lines = s->broken_owners = 0;
    for (uint64_t n = 0; n < d->lines.buckets; n++)
        for (const struct directory_line *l = d->lines.bucket[n]; l; l = l->next)
            for (uint64_t heads = l->holders; heads; heads &= heads - 1) {
                const struct directory_head *h = &d->heads[__builtin_ctzll(heads)];
                if (directory_is_unsettled(l, h->number))
                    continue;
                s->tracked_holders++;
                s->found_holders += h->upper.holds(h->upper.node, l->pa, d->setup.line);
            }
}

void directory_audit_line(struct directory *d, uint32_t head, uint64_t pa, bool is_owned)
{
    const struct directory_line *l = directory_line_find(&d->lines, directory_line_of(d, pa));
    if (!l || !(l->holders & head_bit(head)))
        d->stats.untracked_lines++;
    else if (is_owned)
        d->stats.broken_owners += l->owner != (int32_t)head || l->holders & ~head_bit(head);
}

static const struct law_row laws[] = {
    {"every request is granted or in flight",
     "@.grants_shared + @.grants_owned + @.requests_in_flight",
     "@.reads + @.reads_to_own + @.upgrades"},
    {"what the directory knows of is in the caches", "@.found_holders", "@.tracked_holders"},
    {"what is in the caches is known to the directory", "@.untracked_lines", "0"},
    {"a line that is owned is in one cache", "@.broken_owners", "0"},
    {NULL, NULL, NULL},
};

void directory_register(const struct directory *d, struct stats *s, const char *name)
{
    stats_add(s, name, stat_rows, &d->stats);
    named_laws(s, name, laws);
}
