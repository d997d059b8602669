#include "models/cache/directory.h"

#include <stdlib.h>

#include "models/cache/directory_impl.h"
#include "sim/base/err.h"

const struct key_row directory_key_rows[] = {DIRECTORY_KEYS(KEY_ROW, directory_keys) KEY_END};

struct directory *directory_create(const struct directory_setup *setup)
{
    struct directory *d = xcalloc(1, sizeof *d);
    d->setup = *setup;
    d->upgrade_ticks = clock_ticks(setup->clock, setup->keys->upgrade_latency);
    d->snoop_ticks = clock_ticks(setup->clock, setup->keys->snoop_latency);
    d->intervention_ticks = clock_ticks(setup->clock, setup->keys->intervention_latency);
    d->heads = xcalloc(setup->heads, sizeof *d->heads);
    for (uint32_t n = 0; n < setup->heads; n++)
        d->heads[n] = (struct directory_head){.directory = d, .number = n};
    directory_lines_init(&d->lines, setup->lines + setup->transactions);
    directory_make_transactions(d);
    directory_port_init(d);
    return d;
}

void directory_destroy(struct directory *d)
{
    if (!d)
        return;
    directory_lines_free(&d->lines);
    free(d->heads);
    free(d->transactions);
    free(d);
}

void directory_set_head(struct directory *d, uint32_t head, struct mem_upper upper, bool owns)
{
    d->heads[head].upper = upper;
    d->heads[head].owns = owns;
}

struct mem_upper directory_upper(struct directory *d)
{
    return (struct mem_upper){.invalidate = directory_recall, .node = d};
}

uint64_t directory_holders(const struct directory *d, uint64_t pa, int32_t *owner)
{
    const struct directory_line *l = directory_line_find(&d->lines, directory_line_of(d, pa));
    *owner = l ? l->owner : NO_OWNER;
    return l ? l->holders : 0;
}
