/* The errors of a configuration: where a value came from, and what is wrong with it. */
#include "sim/schema/config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/schema/config_priv.h"
#include "sim/schema/nearest.h"

void config_place(const struct setting *s, char *out)
{
    if (!s->key)
        snprintf(out, CONFIG_PLACE_MAX, "%s: [%s]: ", s->origin, s->section);
    else if (!strcmp(s->origin, CONFIG_COMMAND_LINE))
        snprintf(out, CONFIG_PLACE_MAX, "-s %s.%s=%s: ", s->section, s->key, s->value);
    else
        snprintf(out, CONFIG_PLACE_MAX, "%s: [%s] %s = %s: ", s->origin, s->section, s->key,
                 s->value);
}

bool config_section_known(const struct config *c, const char *section)
{
    char general[INI_NAME_MAX + 1];
    config_general(section, general);
    if (!c->known)
        return true;
    for (const struct section_row *k = c->known; k->name; k++)
        if (!strcmp(k->name, general))
            return true;
    return false;
}

void config_append_name(char *out, size_t size, const char *name)
{
    size_t used = strlen(out), n = strlen(name);
    for (const char *s = out; (s = strstr(s, name)); s += n)
        if ((s == out || s[-1] == ' ') && (s[n] == ',' || !s[n]))
            return;
    if (used + n + 2 * sizeof ", ..." < size)
        sprintf(out + used, "%s%s", used ? ", " : "", name);
    else if (used < 3 || strcmp(out + used - 3, "..."))
        strcat(out, ", ...");
}

bool config_unknown_section(const struct config *c, const struct setting *s, struct err *e)
{
    char place[CONFIG_PLACE_MAX], general[INI_NAME_MAX + 1], hint[NEAREST_HINT_MAX];
    char names[300] = "";
    config_general(s->section, general);
    struct nearest near = nearest_to(general);
    for (const struct section_row *k = c->known; k->name; k++) {
        nearest_offer(&near, k->name);
        config_append_name(names, sizeof names, k->name);
    }
    config_place(s, place);
    nearest_hint(&near, "[", "]", hint);
    return err_set(e, "%sunknown section%s; allowed: %s", place, hint, names);
}

bool config_lacks_section(const struct config *c, const char *assignment, size_t length,
                          struct err *e)
{
    char name[INI_NAME_MAX + 1], names[300] = "", full[2 * INI_NAME_MAX + 2];
    snprintf(name, sizeof name, "%.*s", (int)length, assignment);
    for (const struct section_row *k = c->known; k && k->name; k++)
        for (const struct key_row *row = k->keys; row && row->name; row++)
            if (!strcmp(row->name, name)) {
                snprintf(full, sizeof full, "%s.%s", k->name, name);
                config_append_name(names, sizeof names, full);
            }
    return err_set(e, "-s %s: the section is missing; write SECTION.KEY=VALUE%s%s", assignment,
                   *names ? "; keys of that name: " : "", names);
}

/* The first place that mentions the section, its header if there is one; NULL: none. */
static const struct setting *mention(const struct config *c, const char *section)
{
    const struct setting *found = NULL;
    char general[INI_NAME_MAX + 1];
    config_general(section, general);
    for (uint32_t i = 0; i < c->settings_count; i++) {
        const struct setting *s = &c->settings[i];
        if ((!strcmp(s->section, section) || !strcmp(s->section, general)) &&
            (!found || (found->key && !s->key)))
            found = s;
    }
    return found;
}

/* Where a default is from: the section is there because something mentions it. */
static void default_place(const struct config *c, const char *section, const char *key, char *out)
{
    const struct setting *s = mention(c, section);
    const char *value = "";
    char origin[CONFIG_PLACE_MAX] = "";
    for (uint32_t i = 0; i < c->bound_count; i++) {
        const struct config_entry *entry = &c->bound[i].entry;
        if (!strcmp(entry->section, section) && !strcmp(entry->key, key))
            value = entry->value;
    }
    if (s && !strcmp(s->origin, CONFIG_COMMAND_LINE))
        config_place(s, origin);
    else if (s)
        snprintf(origin, sizeof origin, "%s: ", s->origin);
    snprintf(out, CONFIG_PLACE_MAX, "%.300s[%s] %s = %.200s (default): ", origin, section, key,
             value);
}

static void key_place(const struct config *c, const char *section, const char *key, char *out)
{
    const struct setting *s = config_find(c, section, key);
    if (s)
        config_place(s, out);
    else
        default_place(c, section, key, out);
}

bool config_error(const struct config *c, const char *section, const char *key, struct err *e,
                  const char *format, ...)
{
    char place[CONFIG_PLACE_MAX], text[600];
    key_place(c, section, key, place);
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return err_set(e, "%s%s", place, text);
}

bool config_blame(const struct config *c, const char *section, const char *key,
                  const struct err *why, struct err *e)
{
    char place[CONFIG_PLACE_MAX];
    key_place(c, section, key, place);
    return err_set_status(e, why->status, "%s%s", place, why->text);
}

bool config_refuse_name(const struct config *c, const char *section, const char *key,
                        const char *names, const char *more, struct err *e)
{
    char *words = xstrdup(names), *rest = words, *word, hint[NEAREST_HINT_MAX];
    const struct setting *s = config_find(c, section, key);
    struct nearest near = nearest_to(s ? s->value : "");
    while ((word = strsep(&rest, ", ")))
        if (*word)
            nearest_offer(&near, word);
    nearest_hint(&near, "", "", hint);
    free(words);
    return config_error(c, section, key, e, "must be one of %s%s%s", names, more, hint);
}
