#include "sim/schema/config.h"

#include <ctype.h>
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/schema/config_priv.h"
#include "sim/schema/value.h"

enum { INCLUDE_DEPTH_MAX = 16 };

/* One file being read; `outer` is the file that includes it. */
struct load {
    struct config *c;
    const struct load *outer;
    const char *path;
    unsigned number;
};

struct config *config_create(const struct section_row *known)
{
    struct config *c = xcalloc(1, sizeof *c);
    c->known = known;
    return c;
}

void config_destroy(struct config *c)
{
    if (!c)
        return;
    for (uint32_t i = 0; i < c->strings_count; i++)
        free(c->strings[i]);
    free(c->strings);
    free(c->settings);
    free(c->bound);
    free(c);
}

const char *config_keep(struct config *c, char *owned)
{
    c->strings = xrealloc(c->strings, (c->strings_count + UINT64_C(1)) * sizeof *c->strings);
    c->strings[c->strings_count++] = owned;
    return owned;
}

bool config_general(const char *section, char *out)
{
    char *to = out;
    bool numbers = false;
    for (const char *part = section; *part;) {
        size_t n = strcspn(part, ".");
        if (strspn(part, "0123456789") == n) {
            numbers = true;
        } else {
            if (to != out)
                *to++ = '.';
            to = mempcpy(to, part, n);
        }
        part += n + (part[n] == '.');
    }
    *to = '\0';
    return numbers;
}

static struct setting *find_exact(const struct config *c, const char *section, const char *key)
{
    for (uint32_t i = c->settings_count; i-- > 0;) {
        struct setting *s = &c->settings[i];
        if (s->key && !strcmp(s->key, key) && !strcmp(s->section, section))
            return s;
    }
    return NULL;
}

struct setting *config_find(const struct config *c, const char *section, const char *key)
{
    char general[INI_NAME_MAX + 1];
    struct setting *s = find_exact(c, section, key);
    return !s && config_general(section, general) ? find_exact(c, general, key) : s;
}

bool config_sets(const struct config *c, const char *section, const char *key)
{
    return find_exact(c, section, key);
}

const char *config_origin(const struct config *c, const char *section, const char *key)
{
    const struct setting *s = config_find(c, section, key);
    return s ? s->origin : "default";
}

static struct setting *add_setting(struct config *c, const char *section, const char *key,
                                   const char *value, const char *origin)
{
    c->settings = xrealloc(c->settings, (c->settings_count + UINT64_C(1)) * sizeof *c->settings);
    struct setting *s = &c->settings[c->settings_count++];
    *s = (struct setting){.section = config_keep(c, xstrdup(section)),
                          .origin = config_keep(c, xstrdup(origin))};
    if (key) {
        s->key = config_keep(c, xstrdup(key));
        s->value = config_keep(c, xstrdup(value));
    }
    return s;
}

static void line_origin(const struct load *l, unsigned line, char *out)
{
    snprintf(out, CONFIG_PLACE_MAX, "%s:%u", l->path, line);
}

static bool on_section(void *user, const char *section, unsigned line, struct err *e)
{
    struct load *l = user;
    char origin[CONFIG_PLACE_MAX];
    line_origin(l, line, origin);
    struct setting *s = add_setting(l->c, section, NULL, NULL, origin);
    s->load = l->number;
    return config_section_known(l->c, section) || config_unknown_section(l->c, s, e);
}

static bool load_file(struct config *c, const char *path, const struct load *outer, struct err *e);

static bool include(struct load *l, const char *file, const char *origin, struct err *e)
{
    int depth = 0;
    if (!*file)
        return err_set(e, "%s: include =: the name of a file is missing", origin);
    char *copy = xstrdup(l->path);
    char *path = *file == '/' ? xstrdup(file) : xasprintf("%s/%s", dirname(copy), file);
    free(copy);
    char *real = realpath(path, NULL);
    const char *name = config_keep(l->c, path);
    if (!real)
        return err_set(e, "%s: include = %s: cannot read %s: %s", origin, file, name,
                       strerror(errno));
    bool loop = false;
    for (const struct load *o = l; o && !loop; o = o->outer, depth++) {
        char *other = realpath(o->path, NULL);
        loop = other && !strcmp(other, real);
        free(other);
    }
    free(real);
    if (loop)
        return err_set(e, "%s: include = %s: the file includes itself", origin, file);
    if (depth >= INCLUDE_DEPTH_MAX)
        return err_set(e, "%s: include = %s: includes are nested deeper than %d files", origin,
                       file, INCLUDE_DEPTH_MAX);
    return load_file(l->c, name, l, e);
}

static bool on_key(void *user, const char *section, const char *key, const char *value,
                   unsigned line, struct err *e)
{
    struct load *l = user;
    char origin[CONFIG_PLACE_MAX];
    line_origin(l, line, origin);
    if (!strcmp(key, "include"))
        return *section
                   ? err_set(e,
                             "%s: [%s] include = %s: include stands at the top of a file, before "
                             "its first section",
                             origin, section, value)
                   : include(l, value, origin, e);
    if (!*section)
        return err_set(e, "%s: %s = %s: the key stands before any [section]; only include may",
                       origin, key, value);
    const struct setting *earlier = find_exact(l->c, section, key);
    if (earlier && earlier->load == l->number)
        return err_set(
            e, "%s: [%s] %s = %s: already set in this file, at %s (%s = %s); keep one of them",
            origin, section, key, value, earlier->origin, key, earlier->value);
    add_setting(l->c, section, key, value, origin)->load = l->number;
    return true;
}

static bool load_file(struct config *c, const char *path, const struct load *outer, struct err *e)
{
    struct load l = {c, outer, path, ++c->loads};
    return ini_read(path, &(struct ini_sink){on_section, on_key, &l, false}, e);
}

bool config_load(struct config *c, const char *path, struct err *e)
{
    return load_file(c, path, NULL, e);
}

bool config_set(struct config *c, const char *section, const char *key, const char *value,
                const char *origin, struct err *e)
{
    char place[CONFIG_PLACE_MAX];
    struct setting *s = add_setting(c, section, key, value, origin);
    config_place(s, place);
    if (!ini_name_ok(section, true) || !ini_name_ok(key, false))
        return err_set(e, "%snot a name; write section.key=value (letters, digits and '_')", place);
    const char *problem = ini_value_problem(value);
    if (problem)
        return err_set(e, "%s%s", place, problem);
    return config_section_known(c, section) || config_unknown_section(c, s, e);
}

/* A copy of text[0..n) without blanks at its ends. */
static char *trimmed(const char *text, size_t n)
{
    while (n && isblank((unsigned char)*text))
        text++, n--;
    while (n && isblank((unsigned char)text[n - 1]))
        n--;
    char *copy = xmalloc(n + 1);
    *(char *)mempcpy(copy, text, n) = '\0';
    return copy;
}

bool config_override(struct config *c, const char *assignment, struct err *e)
{
    const char *equals = strchr(assignment, '=');
    const char *dot = equals ? memrchr(assignment, '.', (size_t)(equals - assignment)) : NULL;
    if (!equals)
        return err_set(e, "-s %s: not an assignment; write %s=VALUE", assignment,
                       strchr(assignment, '.') ? assignment : "SECTION.KEY");
    if (!dot)
        return config_lacks_section(c, assignment, (size_t)(equals - assignment), e);
    char *section = trimmed(assignment, (size_t)(dot - assignment));
    char *key = trimmed(dot + 1, (size_t)(equals - dot - 1));
    char *value = trimmed(equals + 1, strlen(equals + 1));
    bool ok = config_set(c, section, key, value, CONFIG_COMMAND_LINE, e);
    free(section);
    free(key);
    free(value);
    return ok;
}

bool config_has_section(const struct config *c, const char *section)
{
    char general[INI_NAME_MAX + 1];
    bool numbered = config_general(section, general);
    for (uint32_t i = 0; i < c->settings_count; i++)
        if (!strcmp(c->settings[i].section, section) ||
            (numbered && !strcmp(c->settings[i].section, general)))
            return true;
    return false;
}

/* Marks the settings of one key and the headers of its section; a key "" marks the headers alone.
 */
static void mark_used(struct config *c, const char *section, const char *key)
{
    char general[INI_NAME_MAX + 1];
    config_general(section, general);
    for (uint32_t i = 0; i < c->settings_count; i++) {
        struct setting *s = &c->settings[i];
        if ((!strcmp(s->section, section) || !strcmp(s->section, general)) &&
            (!s->key || !strcmp(s->key, key)))
            s->used = true;
    }
}

static void store(const struct key_row *row, uint64_t number, const char *text, void *keys)
{
    void *member = (char *)keys + row->offset;
    switch (row->type) {
    case KEY_U32:
    case KEY_CHOICE:
        *(uint32_t *)member = (uint32_t)number;
        break;
    case KEY_BOOL:
        *(bool *)member = number;
        break;
    case KEY_STR:
        *(const char **)member = text;
        break;
    default:
        *(uint64_t *)member = number;
    }
}

/* A key may be bound again through other rows of the same section; it is listed once. */
static void list_bound(struct config *c, const struct key_row *row,
                       const struct config_entry *entry)
{
    for (uint32_t i = 0; i < c->bound_count; i++)
        if (!strcmp(c->bound[i].entry.section, entry->section) &&
            !strcmp(c->bound[i].entry.key, entry->key))
            return;
    c->bound = xrealloc(c->bound, (c->bound_count + UINT64_C(1)) * sizeof *c->bound);
    c->bound[c->bound_count++] = (struct bound){*entry, row};
}

static bool bind_key(struct config *c, const char *section, const struct key_row *row, void *keys,
                     struct err *e)
{
    char why[VALUE_TEXT_MAX], allowed[VALUE_TEXT_MAX], place[CONFIG_PLACE_MAX];
    const struct setting *s = config_find(c, section, row->name);
    const char *text = s ? s->value : row->def;
    uint64_t number = 0;
    if (row->type != KEY_STR) {
        if (!value_parse(row, row->def, &number, why))
            panic("[%s] %s: default %s: %s", section, row->name, row->def, why);
        if (s && !value_parse(row, text, &number, why)) {
            config_place(s, place);
            value_allowed(row, allowed);
            return err_set(e, "%s%s; allowed: %s", place, why, allowed);
        }
        value_format(row, number, why);
        text = config_keep(c, xstrdup(why));
    }
    store(row, number, text, keys);
    mark_used(c, section, row->name);
    const struct config_entry entry = {
        section, row->name, text, value_unit(row->type), s ? s->origin : "default", number};
    list_bound(c, row, &entry);
    return true;
}

bool config_bind(struct config *c, const char *section, const struct key_row *rows, void *keys,
                 struct err *e)
{
    const char *kept = config_keep(c, xstrdup(section));
    if (!ini_name_ok(section, true))
        panic("config_bind: '%s' is not a section name", section);
    mark_used(c, section, "");
    for (const struct key_row *row = rows; row->name; row++)
        if (!bind_key(c, kept, row, keys, e))
            return false;
    return true;
}

void config_resolve(struct config *c, const char *section, const char *key, char *value)
{
    for (uint32_t i = 0; i < c->bound_count; i++)
        if (!strcmp(c->bound[i].entry.section, section) && !strcmp(c->bound[i].entry.key, key))
            c->bound[i].entry.value = value;
    config_keep(c, value);
}

uint32_t config_count(const struct config *c) { return c->bound_count; }

struct config_entry config_get(const struct config *c, uint32_t index)
{
    return c->bound[index].entry;
}

static bool first_of_section(const struct config *c, uint32_t index)
{
    for (uint32_t i = 0; i < index; i++)
        if (!strcmp(c->bound[i].entry.section, c->bound[index].entry.section))
            return false;
    return true;
}

char *config_text(const struct config *c)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    if (!f)
        panic("out of memory");
    for (uint32_t i = 0; i < c->bound_count; i++) {
        const char *section = c->bound[i].entry.section;
        if (!first_of_section(c, i))
            continue;
        fprintf(f, "%s[%s]\n", i ? "\n" : "", section);
        for (uint32_t j = i; j < c->bound_count; j++) {
            const struct config_entry *entry = &c->bound[j].entry;
            if (!strcmp(entry->section, section))
                fprintf(f, "%s =%s%s\n", entry->key, *entry->value ? " " : "", entry->value);
        }
    }
    fclose(f);
    return text;
}
