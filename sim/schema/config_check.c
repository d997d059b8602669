/* The errors of a configuration: where a value came from, and settings that nothing used. */
#include "sim/schema/config.h"

#include <stdarg.h>
#include <stdio.h>
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

/* Appends name to the list in out unless it is there already; a list that is full ends in "...". */
static void append_name(char *out, size_t size, const char *name)
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

static void guess(char *out, size_t size, const struct nearest *n, const char *open,
                  const char *close)
{
    const char *best = nearest_name(n);
    *out = '\0';
    if (best)
        snprintf(out, size, "; did you mean %s%s%s?", open, best, close);
}

bool config_unknown_section(const struct config *c, const struct setting *s, struct err *e)
{
    char place[CONFIG_PLACE_MAX], general[INI_NAME_MAX + 1], hint[100], names[300] = "";
    config_general(s->section, general);
    struct nearest near = nearest_to(general);
    for (const struct section_row *k = c->known; k->name; k++) {
        nearest_offer(&near, k->name);
        append_name(names, sizeof names, k->name);
    }
    config_place(s, place);
    guess(hint, sizeof hint, &near, "[", "]");
    return err_set(e, "%sunknown section%s; allowed: %s", place, hint, names);
}

static bool belongs(const char *bound_section, const char *section)
{
    char general[INI_NAME_MAX + 1];
    config_general(bound_section, general);
    return !strcmp(bound_section, section) || !strcmp(general, section);
}

static bool section_bound(const struct config *c, const char *section)
{
    for (uint32_t i = 0; i < c->bound_count; i++)
        if (belongs(c->bound[i].entry.section, section))
            return true;
    return false;
}

/* A key that some row of the section's kind has, though nothing in this machine reads it. */
static bool key_exists(const struct config *c, const char *section, const char *key)
{
    char general[INI_NAME_MAX + 1];
    config_general(section, general);
    for (const struct section_row *k = c->known; k && k->name; k++)
        for (const struct key_row *row = k->keys; row && row->name; row++)
            if (!strcmp(k->name, general) && !strcmp(row->name, key))
                return true;
    return false;
}

static bool unused(const struct config *c, const struct setting *s, struct err *e)
{
    char place[CONFIG_PLACE_MAX], hint[100], names[300] = "";
    config_place(s, place);
    if (!section_bound(c, s->section))
        return err_set(e, "%swithout effect: this machine has no [%s]; remove it", place,
                       s->section);
    struct nearest near = nearest_to(s->key);
    for (uint32_t i = 0; i < c->bound_count; i++)
        if (belongs(c->bound[i].entry.section, s->section)) {
            nearest_offer(&near, c->bound[i].entry.key);
            append_name(names, sizeof names, c->bound[i].entry.key);
        }
    if (key_exists(c, s->section, s->key))
        return err_set(e, "%sthe key has no effect in this machine; [%s] reads here: %s", place,
                       s->section, names);
    guess(hint, sizeof hint, &near, "", "");
    return err_set(e, "%sunknown key%s; allowed in [%s]: %s", place, hint, s->section, names);
}

bool config_finish(struct config *c, struct err *e)
{
    for (uint32_t i = 0; i < c->settings_count; i++) {
        const struct setting *s = &c->settings[i];
        if (!s->used)
            return unused(c, s, e);
    }
    return true;
}

bool config_error(const struct config *c, const char *section, const char *key, struct err *e,
                  const char *format, ...)
{
    char place[CONFIG_PLACE_MAX], text[600];
    struct setting nowhere = {.section = section, .key = key, .value = "", .origin = "default"};
    const struct setting *s = config_find(c, section, key);
    for (uint32_t i = 0; !s && i < c->bound_count; i++) {
        const struct config_entry *entry = &c->bound[i].entry;
        if (!strcmp(entry->section, section) && !strcmp(entry->key, key))
            nowhere.value = entry->value;
    }
    config_place(s ? s : &nowhere, place);
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return err_set(e, "%s%s", place, text);
}
