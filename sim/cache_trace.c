#include "sim/cache_trace.h"

#include <stdlib.h>

#include "models/cache/cache.h"
#include "models/cache/hierarchy.h"
#include "sim/machine.h"
#include "sim/out/h5_trace.h"

#define COMMAND_NAME(command, name, text) #name,
static const char *const commands[] = {MEM_COMMAND_LIST(COMMAND_NAME)};
#undef COMMAND_NAME

/* "0 fetch, 1 load, ..." */
static char *command_codes(void)
{
    char *codes = xstrdup("");
    for (int i = 0; i < MEM_COMMANDS; i++) {
        char *longer = xasprintf("%s%s%d %s", codes, i ? ", " : "", i, commands[i]);
        free(codes);
        codes = longer;
    }
    return codes;
}

void cache_traces_attach(struct machine *m, struct result *file)
{
    struct cache *c;
    const char *name;
    char *codes = command_codes();
    for (uint32_t n = 0; m->hierarchy && (c = hierarchy_traced(m->hierarchy, n, &name)); n++) {
        const struct cache_keys *k = cache_settings(c);
        struct h5_trace_info info = {
            .cache = name,
            .sets = (uint32_t)(k->size / k->line / k->ways),
            .ways = k->ways,
            .line_bytes = (uint32_t)k->line,
            .commands = codes,
            .demand_commands = MEM_WRITE + 1,
            .outcomes = "0 hit, 1 delayed hit (line on its way), 2 miss",
        };
        cache_set_trace(c, (struct cache_trace){h5_trace_add, result_trace(file, &info)});
    }
    free(codes);
}
