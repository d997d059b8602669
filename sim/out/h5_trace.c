#include "sim/out/h5_trace.h"

#include <stdlib.h>

#include "sim/out/h5_columns.h"
#include "sim/out/h5_result_priv.h"

struct access {
    uint64_t line;
    uint8_t command, outcome;
};

enum { LINE, COMMAND, OUTCOME, ACCESS_COLUMNS };

struct h5_trace {
    struct h5_columns *table;
    char *group, *commands, *outcomes;
    struct column columns[ACCESS_COLUMNS];
    struct h5_trace *next;
};

static void spread(void *ctx, const void *records, uint32_t count, void *const *columns,
                   uint64_t *index)
{
    const struct access *from = records;
    uint64_t *line = columns[LINE];
    uint8_t *command = columns[COMMAND], *outcome = columns[OUTCOME];
    (void)ctx;
    (void)index;
    for (uint32_t n = 0; n < count; n++) {
        line[n] = from[n].line;
        command[n] = from[n].command;
        outcome[n] = from[n].outcome;
    }
}

static void describe(const struct h5_trace *t, struct h5_file *f, const struct h5_trace_info *info)
{
    if (!h5_ok(f))
        return;
    hid_t line = h5_columns_dataset(t->table, LINE);
    h5_attribute_u64(f, line, "sets", info->sets);
    h5_attribute_u64(f, line, "ways", info->ways);
    h5_attribute_u64(f, line, "line_bytes", info->line_bytes);
    h5_attribute_u64(f, h5_columns_dataset(t->table, COMMAND), "demand_commands",
                     info->demand_commands);
}

struct h5_trace *result_trace(struct result *r, const struct h5_trace_info *info)
{
    struct h5_trace *t = xcalloc(1, sizeof *t);
    t->group = xasprintf("/trace/cache/%s", info->cache);
    t->commands = xstrdup(info->commands);
    t->outcomes = xstrdup(info->outcomes);
    t->columns[LINE] = (struct column){
        "line", "1", "physical address divided by the length of a line", COLUMN_U64};
    t->columns[COMMAND] = (struct column){"command", "1", t->commands, COLUMN_U8};
    t->columns[OUTCOME] = (struct column){"outcome", "1", t->outcomes, COLUMN_U8};
    const struct columns_setup table = {
        .group = t->group,
        .long_name = "accesses accepted by this cache, in order",
        .columns = t->columns,
        .column_count = ACCESS_COLUMNS,
        .record_bytes = sizeof(struct access),
        .spread = spread,
    };
    result_trace_group(r);
    if (!r->traces)
        h5_group(&r->file, "/trace/cache", "accesses of caches");
    t->table = h5_columns_create(&r->file, &table);
    describe(t, &r->file, info);
    t->next = r->traces;
    r->traces = t;
    return t;
}

void h5_trace_add(struct h5_trace *t, uint64_t line, uint8_t command, uint8_t outcome)
{
    *(struct access *)h5_columns_next(t->table) = (struct access){line, command, outcome};
}

void h5_traces_finish(struct h5_trace *t)
{
    while (t) {
        struct h5_trace *next = t->next;
        h5_columns_end(t->table);
        h5_columns_destroy(t->table);
        free(t->group);
        free(t->commands);
        free(t->outcomes);
        free(t);
        t = next;
    }
}
