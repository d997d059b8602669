/* Settings that nothing has used: an unknown key, or one that something else makes useless. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/schema/config.h"
#include "sim/schema/config_priv.h"
#include "sim/schema/nearest.h"

enum { TEXT_MAX = 300 };

/* The number of the unit that a section is of ("core.1.bpred": 1); -1: of none in particular. */
static long unit_of(const char *section)
{
    for (const char *part = section; *part;) {
        size_t n = strcspn(part, ".");
        if (strspn(part, "0123456789") == n)
            return strtol(part, NULL, 10);
        part += n + (part[n] == '.');
    }
    return -1;
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

/* What the machine has for "SECTION.KEY", or for a KEY beside the setting: of the setting's own
 * unit where each has one. NULL: nothing. */
static const struct config_entry *in_force(const struct config *c, const char *name,
                                           const struct setting *s)
{
    char section[INI_NAME_MAX + 1];
    const struct config_entry *found = NULL;
    const char *dot = strrchr(name, '.'), *key = dot ? dot + 1 : name;
    config_general(s->section, section);
    if (dot)
        snprintf(section, sizeof section, "%.*s", (int)(dot - name), name);
    for (uint32_t i = 0; i < c->bound_count; i++) {
        const struct config_entry *entry = &c->bound[i].entry;
        if (!strcmp(entry->key, key) && belongs(entry->section, section) &&
            (!found || unit_of(entry->section) == unit_of(s->section)))
            found = entry;
    }
    return found;
}

static bool has_key(const struct section_row *k, const char *key)
{
    for (const struct key_row *row = k->keys; row && row->name; row++)
        if (!strcmp(row->name, key))
            return true;
    return false;
}

/* "core.model = ooo or scalar, and here it is inorder (m.ini:2)": what rows of the setting's
 * section that have this key (NULL: all of its rows) want. False when something else is missing. */
static bool tell_need(const struct config *c, const struct setting *s, const char *key, char *out)
{
    char general[INI_NAME_MAX + 1];
    const struct config_entry *entry = NULL;
    size_t used = 0;
    config_general(s->section, general);
    for (const struct section_row *k = c->known; k && k->name && used < TEXT_MAX; k++) {
        if (strcmp(k->name, general) || !k->needs || (key && !has_key(k, key)))
            continue;
        const char *dot = strchr(k->needs, '.'), *own = dot ? "" : general;
        if (!entry)
            used += (size_t)snprintf(out + used, TEXT_MAX - used, "%s%s%s = %s", own,
                                     dot ? "" : ".", k->needs, k->needs_value);
        else if (!strstr(out, k->needs_value))
            used += (size_t)snprintf(out + used, TEXT_MAX - used, " or %s", k->needs_value);
        entry = in_force(c, k->needs, s);
        if (!entry || !strcmp(entry->value, k->needs_value))
            return false;
    }
    if (entry && used < TEXT_MAX)
        snprintf(out + used, TEXT_MAX - used, ", and here it is %s (%s)", entry->value,
                 entry->origin);
    return entry;
}

/* The key that says how many there are of what the section is a part of, as it stands. */
static const struct config_entry *count_of(const struct config *c, const struct setting *s)
{
    size_t part = strcspn(s->section, ".");
    for (const struct section_row *k = c->known; k && k->name; k++)
        if (k->count && strlen(k->name) == part && !strncmp(k->name, s->section, part))
            return in_force(c, k->count, s);
    return NULL;
}

static bool no_section(const struct config *c, const struct setting *s, struct err *e)
{
    char place[CONFIG_PLACE_MAX], need[TEXT_MAX], general[INI_NAME_MAX + 1];
    const struct config_entry *count = unit_of(s->section) < 0 ? NULL : count_of(c, s);
    const char *text = "";
    config_place(s, place);
    config_general(s->section, general);
    for (const struct section_row *k = c->known; k && k->name && !*text; k++)
        if (!strcmp(k->name, general))
            text = k->text;
    if (count && count->number == 1)
        return err_set(e, "%swithout effect: there is no [%s] with %s.%s = 1 (%s), only [%s]; "
                          "remove it", place, s->section, count->section, count->key,
                       count->origin, general);
    if (count)
        return err_set(e, "%swithout effect: there is no [%s] with %s.%s = %s (%s): the last "
                          "number is %llu; remove it", place, s->section, count->section,
                       count->key, count->value, count->origin,
                       (unsigned long long)count->number - 1);
    if (tell_need(c, s, NULL, need))
        return err_set(e, "%swithout effect: [%s] needs %s; change that or remove this", place,
                       s->section, need);
    return err_set(e, "%swithout effect: this machine has no [%s]%s%s%s; remove it", place,
                   s->section, *text ? " (" : "", text, *text ? ")" : "");
}

/* A key that some row of the section's kind has, though nothing in this machine reads it. */
static bool key_exists(const struct config *c, const char *section, const char *key)
{
    char general[INI_NAME_MAX + 1];
    config_general(section, general);
    for (const struct section_row *k = c->known; k && k->name; k++)
        if (!strcmp(k->name, general) && has_key(k, key))
            return true;
    return false;
}

static bool unused(const struct config *c, const struct setting *s, struct err *e)
{
    char place[CONFIG_PLACE_MAX], hint[NEAREST_HINT_MAX], need[TEXT_MAX], names[TEXT_MAX] = "";
    struct nearest near = nearest_to(s->key ? s->key : "");
    config_place(s, place);
    if (!section_bound(c, s->section))
        return no_section(c, s, e);
    for (uint32_t i = 0; i < c->bound_count; i++)
        if (belongs(c->bound[i].entry.section, s->section)) {
            nearest_offer(&near, c->bound[i].entry.key);
            config_append_name(names, sizeof names, c->bound[i].entry.key);
        }
    if (!key_exists(c, s->section, s->key)) {
        nearest_hint(&near, "", "", hint);
        return err_set(e, "%sunknown key%s; allowed in [%s]: %s", place, hint, s->section, names);
    }
    if (tell_need(c, s, s->key, need))
        return err_set(e, "%swithout effect: the key needs %s; change that or remove this", place,
                       need);
    return err_set(e, "%sthe key has no effect in this machine; [%s] reads here: %s", place,
                   s->section, names);
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
