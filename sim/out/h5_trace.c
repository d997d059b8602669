#include "sim/out/h5_trace.h"

#include <stdlib.h>

#include "sim/out/h5_result_priv.h"

enum { CHUNK_ROWS = 65536, DEFLATE_LEVEL = 1 };

struct h5_trace {
    struct h5_file *file;
    hid_t line_set, command_set, outcome_set;
    uint64_t written;
    uint32_t pending; /* rows in memory */
    uint64_t line[CHUNK_ROWS];
    uint8_t command[CHUNK_ROWS], outcome[CHUNK_ROWS];
    struct h5_trace *next;
};

static hid_t create_dataset(struct h5_file *f, const char *cache, const char *name, hid_t type,
                            const char *long_name)
{
    hsize_t none = 0, most = H5S_UNLIMITED, chunk = CHUNK_ROWS;
    hid_t list = h5_creation_list(f), space = H5Screate_simple(1, &none, &most);
    char *path = xasprintf("/trace/cache/%s/%s", cache, name);
    h5_check(f,
             H5Pset_chunk(list, 1, &chunk) >= 0 && H5Pset_shuffle(list) >= 0 &&
                 H5Pset_deflate(list, DEFLATE_LEVEL) >= 0,
             path);
    hid_t set = h5_create_dataset(f, path, type, space, list, "1", long_name);
    H5Sclose(space);
    H5Pclose(list);
    free(path);
    return set;
}

struct h5_trace *result_trace(struct result *r, const struct h5_trace_info *info)
{
    struct h5_trace *t = xcalloc(1, sizeof *t);
    struct h5_file *f = t->file = &r->file;
    char *group = xasprintf("/trace/cache/%s", info->cache);
    if (!r->traces) {
        if (h5_ok(f) && H5Lexists(f->id, "/trace", H5P_DEFAULT) <= 0)
            h5_group(f, "/trace", "what happened, in order");
        h5_group(f, "/trace/cache", "accesses of caches");
    }
    h5_group(f, group, "accesses accepted by this cache, in order");
    t->line_set = create_dataset(f, info->cache, "line", H5T_NATIVE_UINT64,
                                 "physical address divided by the length of a line");
    t->command_set = create_dataset(f, info->cache, "command", H5T_NATIVE_UINT8, info->commands);
    t->outcome_set = create_dataset(f, info->cache, "outcome", H5T_NATIVE_UINT8, info->outcomes);
    if (h5_ok(f)) {
        h5_attribute_u64(f, t->line_set, "sets", info->sets);
        h5_attribute_u64(f, t->line_set, "ways", info->ways);
        h5_attribute_u64(f, t->line_set, "line_bytes", info->line_bytes);
        h5_attribute_u64(f, t->command_set, "demand_commands", info->demand_commands);
    }
    free(group);
    t->next = r->traces;
    r->traces = t;
    return t;
}

static void append(struct h5_trace *t, hid_t set, hid_t type, const void *rows)
{
    hsize_t start = t->written, count = t->pending, size = start + count;
    if (!h5_ok(t->file))
        return;
    bool ok = H5Dset_extent(set, &size) >= 0;
    hid_t file = H5Dget_space(set), memory = H5Screate_simple(1, &count, NULL);
    ok = ok && H5Sselect_hyperslab(file, H5S_SELECT_SET, &start, NULL, &count, NULL) >= 0 &&
         H5Dwrite(set, type, memory, file, H5P_DEFAULT, rows) >= 0;
    h5_check(t->file, ok, "/trace/cache");
    H5Sclose(memory);
    H5Sclose(file);
}

static void write_pending(struct h5_trace *t)
{
    append(t, t->line_set, H5T_NATIVE_UINT64, t->line);
    append(t, t->command_set, H5T_NATIVE_UINT8, t->command);
    append(t, t->outcome_set, H5T_NATIVE_UINT8, t->outcome);
    t->written += t->pending;
    t->pending = 0;
}

void h5_trace_add(void *trace, uint64_t line, uint8_t command, uint8_t outcome)
{
    struct h5_trace *t = trace;
    t->line[t->pending] = line;
    t->command[t->pending] = command;
    t->outcome[t->pending] = outcome;
    if (++t->pending == CHUNK_ROWS)
        write_pending(t);
}

void h5_traces_finish(struct h5_trace *t)
{
    while (t) {
        struct h5_trace *next = t->next;
        hid_t sets[] = {t->line_set, t->command_set, t->outcome_set};
        if (t->pending)
            write_pending(t);
        for (int i = 0; i < 3; i++)
            if (sets[i] >= 0)
                H5Dclose(sets[i]);
        free(t);
        t = next;
    }
}
