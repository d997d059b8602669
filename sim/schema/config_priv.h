/* Inside of struct config, shared by config.c (reading and binding), config_check.c (errors) and
 * config_unused.c (what was never used). */
#ifndef SIM_SCHEMA_CONFIG_PRIV_H
#define SIM_SCHEMA_CONFIG_PRIV_H

#include "sim/schema/config.h"
#include "sim/schema/ini.h"

/* One `key = value` as written; a section header is one too, with key and value NULL. */
struct setting {
    const char *section, *key, *value;
    const char *origin;
    unsigned load; /* number of the file reading it came from; 0: not from a file */
    bool used;
};

/* One key as resolved by config_bind. */
struct bound {
    struct config_entry entry;
    const struct key_row *row;
};

struct config {
    const struct section_row *known;
    struct setting *settings; /* in the order read: the last one wins */
    struct bound *bound;
    char **strings; /* owns all texts */
    uint32_t settings_count, bound_count, strings_count;
    unsigned loads;
};

#define CONFIG_COMMAND_LINE "command line"

/* "core.0.bpred" without its numbers, "core.bpred", into out[INI_NAME_MAX + 1]; true when there
 * were any. */
bool config_general(const char *section, char *out);
/* The setting in force for the key: the section's own, else that of the section it overrides; or
 * NULL. */
struct setting *config_find(const struct config *c, const char *section, const char *key);
/* Owns the text from now on. */
const char *config_keep(struct config *c, char *owned);
/* The canonical value of a bound text, which its component alone can tell; owned from now on. */
void config_resolve(struct config *c, const char *section, const char *key, char *value);
bool config_section_known(const struct config *c, const char *section);

/* "FILE:LINE: [section] key = value: " or its like for the command line, an override, a default, or
 * a header. */
#define CONFIG_PLACE_MAX 600 /* bytes at out */
void config_place(const struct setting *s, char *out);
/* Appends name to the list in out unless it is there already; a list that is full ends in "...". */
void config_append_name(char *out, size_t size, const char *name);
/* An assignment to a key without a section, whose name has `length` bytes. Returns false. */
bool config_lacks_section(const struct config *c, const char *assignment, size_t length,
                          struct err *e);
bool config_unknown_section(const struct config *c, const struct setting *s, struct err *e);

#endif
