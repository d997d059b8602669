#include "sim/sweep/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/schema/config.h"
#include "sim/schema/ini.h"
#include "sim/schema/nearest.h"
#include "sim/sweep/design.h"
#include "sim/sweep/rules.h"
#include "sim/sweep/values.h"

const struct key_row sweep_key_rows[] = {SWEEP_KEYS(KEY_ROW, sweep_keys) KEY_END};

static const struct section_row sections[] = {
    {.name = "sweep", .keys = sweep_key_rows, .text = "which points to run"}, {.name = NULL}};

/* Texts that settings refer to. */
struct plan_text {
    struct plan_text *next;
    char text[];
};

static char *keep(struct plan *p, const char *text)
{
    struct plan_text *t = xmalloc(sizeof *t + strlen(text) + 1);
    t->next = p->texts;
    p->texts = t;
    return strcpy(t->text, text);
}

static bool read_section(void *user, const char *section, unsigned line, struct err *e)
{
    struct plan *p = user;
    const char *name = section + strlen("workload.");
    if (!strcmp(section, "sweep"))
        return true;
    if (strncmp(section, "workload.", strlen("workload.")))
        return err_set(e, "%s:%u: [%s]: a sweep file has [sweep] and [workload.NAME]; a key of the "
                          "machine is an axis: %s.KEY = VALUE in [sweep]", p->path, line, section,
                       section);
    for (uint32_t n = 0; n < p->case_count; n++)
        if (!strcmp(p->cases[n].name, name))
            return err_set(e, "%s:%u: [%s] twice", p->path, line, section);
    p->cases = xrealloc(p->cases, (p->case_count + 1) * sizeof *p->cases);
    p->cases[p->case_count++] = (struct sweep_case){.name = keep(p, name)};
    return true;
}

static bool read_axis(struct plan *p, const char *key, const char *value, unsigned line,
                      struct err *e)
{
    const char *dot = strrchr(key, '.');
    char *where = xasprintf("%s:%u: %s", p->path, line, key);
    struct axis a = {.line = line, .group = p->axis_count};
    bool ok = true;
    for (uint32_t n = 0; n < p->axis_count; n++)
        if (!strcmp(p->axes[n].full, key))
            ok = err_set(e, "%s: twice; the first is in line %u", where, p->axes[n].line);
    if (!strncmp(key, "workload.", 9) && p->case_count)
        ok = err_set(e, "%s: must come before the sections [workload.NAME]", where);
    ok = ok && values_expand(value, where, &a.values, &a.count, e);
    free(where);
    a.full = xstrdup(key);
    a.label = xstrdup(key);
    a.key = xstrdup(dot ? dot + 1 : key);
    a.section = xasprintf("%.*s", (int)(dot ? dot - key : 0), key);
    p->axes = xrealloc(p->axes, (p->axis_count + 1) * sizeof *p->axes);
    p->axes[p->axis_count++] = a;
    return ok;
}

static bool read_key(void *user, const char *section, const char *key, const char *value,
                     unsigned line, struct err *e)
{
    struct plan *p = user;
    if (!*section)
        return err_set(e, "%s:%u: %s: a key before the first section; write [sweep] above it",
                       p->path, line, key);
    if (!strcmp(section, "sweep")) {
        bool is_machines = !strcmp(key, "config") && strchr(value, ',');
        if ((strchr(key, '.') || is_machines) && !read_axis(p, key, value, line, e))
            return false;
        if (strchr(key, '.'))
            return true;
        if (config_sets(p->own, section, key))
            return err_set(e, "%s:%u: %s: twice; the first is %s%s", p->path, line, key,
                           config_origin(p->own, section, key),
                           strcmp(key, "exclude") ? "" : "; join rules with |");
        char *origin = xasprintf("%s:%u", p->path, line);
        bool ok = config_set(p->own, section, key, value, origin, e);
        free(origin);
        return ok;
    }
    struct sweep_case *c = &p->cases[p->case_count - 1];
    for (uint32_t n = 0; n < c->count; n++)
        if (!strcmp(c->settings[n].key, key))
            return err_set(e, "%s:%u: %s twice; the first is in line %u", p->path, line, key,
                           c->settings[n].line);
    c->settings = xrealloc(c->settings, (c->count + 1) * sizeof *c->settings);
    c->settings[c->count++] = (struct setting){"workload", keep(p, key), keep(p, value), line};
    return true;
}

static struct axis *find_axis(struct plan *p, const char *full, const char *what, struct err *e)
{
    struct nearest near = nearest_to(full);
    for (uint32_t n = 0; n < p->axis_count; n++) {
        if (!strcmp(p->axes[n].full, full))
            return &p->axes[n];
        nearest_offer(&near, p->axes[n].full);
    }
    const char *guess = nearest_name(&near);
    config_error(p->own, "sweep", what, e, "%s is no axis of this sweep%s%s%s", full,
                 guess ? "; did you mean " : "", guess ? guess : "", guess ? "?" : "");
    return NULL;
}

static bool zip_groups(struct plan *p, struct err *e)
{
    char *text = xstrdup(p->keys.zip), *outer = NULL, *inner = NULL;
    bool ok = true;
    for (char *group = strtok_r(text, "|", &outer); group && ok;
         group = strtok_r(NULL, "|", &outer)) {
        struct axis *first = NULL;
        for (char *name = strtok_r(group, " \t,", &inner); name && ok;
             name = strtok_r(NULL, " \t,", &inner)) {
            struct axis *a = find_axis(p, name, "zip", e);
            ok = a != NULL;
            if (!first)
                first = a;
            if (ok && a->count != first->count)
                ok = config_error(p->own, "sweep", "zip", e, "%s has %u values, %s has %u",
                                  first->full, first->count, a->full, a->count);
            if (ok)
                a->group = first->group;
        }
    }
    free(text);
    return ok;
}

static bool name_axes(struct plan *p, struct err *e)
{
    char *text = xstrdup(p->keys.names), *save = NULL;
    bool ok = true;
    for (char *word = strtok_r(text, " \t,", &save); word && ok;
         word = strtok_r(NULL, " \t,", &save)) {
        char *colon = strchr(word, ':');
        if (!colon || !colon[1]) {
            ok = config_error(p->own, "sweep", "names", e, "%s: write AXIS:NAME", word);
            continue;
        }
        *colon = 0;
        struct axis *a = find_axis(p, word, "names", e);
        ok = a != NULL;
        if (ok) {
            free(a->label);
            a->label = xstrdup(colon + 1);
        }
    }
    free(text);
    return ok;
}

/* The part of a path before its last slash, with it; "" when there is none. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return xasprintf("%.*s", slash ? (int)(slash - path) + 1 : 0, path);
}

static bool find_files(struct plan *p, struct err *e)
{
    p->folder = folder_of(p->path);
    const char *base = p->path + strlen(p->folder), *dot = strrchr(base, '.');
    if (!*p->keys.config)
        return err_set(e, "%s: [sweep] config is missing: the machine to start from", p->path);
    if (p->keys.points && p->keys.design == DESIGN_PRODUCT)
        return config_error(p->own, "sweep", "points", e, "without effect: design = product runs "
                            "all combinations; sobol, latin and random draw some");
    p->directory = *p->keys.directory ? xstrdup(p->keys.directory)
                                      : xasprintf("%.*s", dot && dot != base ? (int)(dot - base)
                                                                            : (int)strlen(base),
                                                  base);
    return true;
}

static bool finish_keys(struct plan *p, struct err *e)
{
    return config_bind(p->own, "sweep", sweep_key_rows, &p->keys, e) && config_finish(p->own, e);
}

/* The keys of [sweep] itself go through a configuration of their own, which judges them as it does
 * a machine's. */
bool plan_read(struct plan *p, const char *path, struct err *e)
{
    *p = (struct plan){.path = xstrdup(path), .own = config_create(sections)};
    struct ini_sink sink = {read_section, read_key, p, .dotted_keys = true};
    bool ok = ini_read(path, &sink, e) && finish_keys(p, e);
    if (ok && !p->case_count) {
        p->cases = xcalloc(1, sizeof *p->cases);
        p->cases[p->case_count++] = (struct sweep_case){.name = keep(p, "")};
    }
    return ok && find_files(p, e) && zip_groups(p, e) && name_axes(p, e) && rules_check(p, e);
}

void plan_free(struct plan *p)
{
    for (uint32_t n = 0; n < p->axis_count; n++) {
        struct axis *a = &p->axes[n];
        for (uint32_t v = 0; v < a->count; v++)
            free(a->values[v]);
        free(a->values);
        free(a->section);
        free(a->key);
        free(a->full);
        free(a->label);
    }
    for (uint32_t n = 0; n < p->case_count; n++)
        free(p->cases[n].settings);
    while (p->texts) {
        struct plan_text *t = p->texts;
        p->texts = t->next;
        free(t);
    }
    config_destroy(p->own);
    free(p->axes);
    free(p->cases);
    free(p->path);
    free(p->folder);
    free(p->directory);
}

bool axis_is_machines(const struct axis *a) { return !*a->section; }

char *plan_config(const struct plan *p, const struct combination *c)
{
    const char *name = p->keys.config;
    for (uint32_t n = 0; n < p->axis_count; n++)
        if (axis_is_machines(&p->axes[n]))
            name = p->axes[n].values[c->levels[n]];
    return xasprintf("%s%s", *name == '/' ? "" : p->folder, name);
}

uint32_t plan_settings_max(const struct plan *p)
{
    uint32_t most = 0;
    for (uint32_t n = 0; n < p->case_count; n++)
        most = p->cases[n].count > most ? p->cases[n].count : most;
    return most + p->axis_count;
}

uint32_t plan_settings(const struct plan *p, const struct combination *c, struct setting *settings)
{
    const struct sweep_case *k = &p->cases[c->case_number];
    uint32_t count = 0;
    for (uint32_t n = 0; n < k->count; n++)
        settings[count++] = k->settings[n];
    for (uint32_t n = 0; n < p->axis_count; n++) {
        const struct axis *a = &p->axes[n];
        if (!axis_is_machines(a))
            settings[count++] =
                (struct setting){a->section, a->key, a->values[c->levels[n]], a->line};
    }
    return count;
}
