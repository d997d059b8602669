/* The sections of a configuration: the machine's own and those of all its parts. */
#include "models/cache/cache.h"
#include "models/cache/hierarchy.h"
#include "models/pipeline/bpred/branch_unit.h"
#include "models/pipeline/scalar/icache.h"
#include "models/pipeline/units.h"
#include "sim/machine.h"

const struct key_row system_key_rows[] = {SYSTEM_KEYS(KEY_ROW, system_keys) KEY_END};
const struct key_row cpu_key_rows[] = {CPU_KEYS(KEY_ROW, cpu_keys) KEY_END};
const struct key_row sample_key_rows[] = {SAMPLE_KEYS(KEY_ROW, sample_keys) KEY_END};
const struct key_row output_key_rows[] = {OUTPUT_KEYS(KEY_ROW, output_keys) KEY_END};
const struct key_row trace_key_rows[] = {TRACE_KEYS(KEY_ROW, trace_keys) KEY_END};

/* Lists the sections one after the other; counts only when `rows` is NULL. */
struct section_list {
    struct section_row *rows;
    uint32_t count;
};

static void list_row(struct section_list *l, const struct section_row *row)
{
    if (l->rows)
        l->rows[l->count] = *row;
    l->count++;
}

static void list_section(struct section_list *l, const char *name, const struct key_row *keys,
                         const char *text)
{
    list_row(l, &(struct section_row){.name = name, .keys = keys, .text = text});
}

/* Read by machines with that value of that key only. */
static void list_choice(struct section_list *l, const char *name, const struct key_row *keys,
                        const char *text, const char *needs, const char *value)
{
    list_row(l, &(struct section_row){.name = name, .keys = keys, .text = text, .needs = needs,
                                      .needs_value = value});
}

static void list_core(struct section_list *l)
{
    static const char model_key[] = "core.model";
    const struct core_ops *model;
    list_row(l, &(struct section_row){.name = "core", .keys = core_key_rows,
                                      .text = "the processor core", .count = "system.cores"});
    list_section(l, "core", cpu_key_rows, "its instruction set");
    for (uint32_t n = 0; (model = core_model(n)); n++)
        list_choice(l, "core", model->keys, model->text, model_key, model->name);
    list_choice(l, "core.icache", scalar_cache_key_rows, "instruction cache of the scalar pipeline",
                model_key, "scalar");
    list_choice(l, "core.dcache", scalar_cache_key_rows, "data cache of the scalar pipeline",
                model_key, "scalar");
    list_choice(l, "core.bus", scalar_bus_key_rows, "memory port of the scalar pipeline", model_key,
                "scalar");
    list_section(l, "core.units", units_key_rows,
                 "execution units. LATENCY: cycles from issue to what waits for the result; "
                 "INTERVAL: to the pipe's next issue, 1 unless given; out of order also SLOTS of "
                 "dispatch_width, 1 unless given, and steps joined by +");
    for (uint32_t n = 0; (model = core_model(n)); n++)
        if (model->unit_keys)
            list_choice(l, "core.units", model->unit_keys, model->text, model_key, model->name);
}

static void list_predictors(struct section_list *l)
{
    const struct bpred_ops *b;
    const struct indirect_ops *t;
    list_section(l, "core.bpred", bpred_key_rows, "branch prediction");
    for (uint32_t n = 0; (b = branch_unit_direction(n)); n++)
        if (b->keys)
            list_choice(l, "core.bpred", b->keys, b->name, "direction", b->name);
    for (uint32_t n = 0; (t = indirect_at(n)); n++)
        list_choice(l, "core.bpred", t->keys, t->name, "indirect", t->name);
}

static void list_memory(struct section_list *l)
{
    const struct key_row *keys;
    const char *key, *name;
    for (const struct section_row *r = hierarchy_sections; r->name; r++) {
        list_row(l, r);
        for (uint32_t n = 0;
             r->keys == cache_key_rows && cache_plugins_keys(n, &key, &name, &keys); n++)
            list_choice(l, r->name, keys, name, key, name);
    }
}

static void list_sections(struct section_list *l)
{
    list_section(l, "system", system_key_rows, "what is simulated and how far");
    list_section(l, "workload", workload_key_rows, "the program and its surroundings");
    list_choice(l, "board", board_key_rows, "what a bare program runs on", "system.kind", "bare");
    list_choice(l, "platform", platform_key_rows, "what an operating system runs on", "system.kind",
                "full");
    list_core(l);
    list_predictors(l);
    list_memory(l);
    list_section(l, "sample", sample_key_rows, "which part of the run is timed and counted");
    list_section(l, "output", output_key_rows, "the result file");
    list_section(l, "trace", trace_key_rows, "what is recorded one by one");
    list_section(l, NULL, NULL, NULL);
}

struct section_row *machine_sections(void)
{
    struct section_list l = {NULL, 0};
    list_sections(&l);
    l.rows = xcalloc(l.count, sizeof *l.rows);
    l.count = 0;
    list_sections(&l);
    return l.rows;
}
