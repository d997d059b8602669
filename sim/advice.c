#include "sim/advice.h"

#include <string.h>

#include "sim/base/bits.h"
#include "sim/base/log.h"
#include "sim/machine.h"

/* A value that differs from the default, as text: defaults are in every file of a sweep's point. */
static bool says(const struct config *c, const char *section, const char *key, const char *value)
{
    for (uint32_t n = 0; n < config_count(c); n++) {
        struct config_entry entry = config_get(c, n);
        if (!strcmp(entry.section, section) && !strcmp(entry.key, key))
            return !strcmp(entry.value, value);
    }
    return false;
}

static void warn(const struct machine *m, const char *section, const char *key, const char *why)
{
    struct err e = {0};
    config_error(m->setup.config, section, key, &e, "without effect %s", why);
    log_warn("%s", e.text);
}

static void advise_functional(const struct machine *m)
{
    const struct {
        const char *section, *key;
        bool is_set;
    } keys[] = {{"output", "functions", m->output.functions},
                {"output", "histograms", m->output.histograms},
                {"output", "sites", m->output.sites},
                {"output", "retire_trace", *m->output.retire_trace},
                {"sample", "warmup", m->sample.warmup},
                {"sample", "warming", m->sample.warming},
                {"sample", "fast_forward", m->sample.fast_forward}};
    for (size_t n = 0; n < ARRAY_LEN(keys); n++)
        if (keys[n].is_set)
            warn(m, keys[n].section, keys[n].key, "in functional mode, which has no cycles");
}

/* A file may name a usual program; who says both on one command line means both. */
static void advise_arguments(const struct machine *m)
{
    static const char *const keys[] = {"program", "args"};
    for (size_t n = 0; n < ARRAY_LEN(keys); n++)
        if (!strcmp(config_origin(m->setup.config, "workload", keys[n]), "command line"))
            warn(m, "workload", keys[n], "beside a program on the command line: write its "
                                         "arguments behind it, -- PROGRAM ARG...");
}

void advise(const struct machine *m)
{
    if (m->setup.arguments)
        advise_arguments(m);
    static const char *const levels[] = {"l2", "l3"};
    for (size_t n = 0; n < ARRAY_LEN(levels) && m->core_count == 1; n++)
        if (says(m->setup.config, levels[n], "shared", "no"))
            warn(m, levels[n], "shared", "with one core (system.cores = 1)");
    if (!m->output.bbv && !says(m->setup.config, "output", "bbv_interval", "1M"))
        warn(m, "output", "bbv_interval", "without output.bbv = yes");
    if (m->system.mode == MODE_FUNCTIONAL)
        advise_functional(m);
}
