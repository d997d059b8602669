/* The resolved configuration of one run: every key of every section with its text, typed value and
 * origin.
 *
 *   struct config *c = config_create(sections);                  known sections, for messages
 *   if (!config_load(c, "power9.ini", &e) ||                     files, in order
 *       !config_override(c, "l2.size=1MiB", &e) ||               -s section.key=value
 *       !config_bind(c, "l2", cache_key_rows, &keys, &e) ||      each component its own section
 *       !config_finish(c, &e))                                   refuses what nobody bound
 *       fail(&e);
 *   char *text = config_text(c);                                 for the hash and the result file
 *
 * config_finish refuses an unknown section or key, or one without effect in this machine. After it
 * the object is read-only and can be listed. A section with a number among its dotted parts is one
 * unit's own: [core.0] overrides [core] for core 0, and [core.0.bpred] overrides [core.bpred].
 * Binding "core.0" reads both; the numbered one wins wherever it was set. Errors read `file:line:
 * [section] key = value: what is wrong; what is allowed`, or start with
 * `-s section.key=value: `, give the nearest known name for an unknown one, and say which other
 * setting makes one useless. */
#ifndef SIM_SCHEMA_CONFIG_H
#define SIM_SCHEMA_CONFIG_H

#include "sim/base/err.h"
#include "sim/schema/schema.h"

struct config;

/* A kind of section that exists at all. Several rows may share a name (the private keys of each
 * policy, say). A section that no row names is refused at once, so that a slip in a section name is
 * the first thing reported. */
struct section_row {
    const char *name; /* "l1d", "core.bpred" ..., without numbers; NULL ends the list */
    const struct key_row *keys;
    const char *text;
    /* Rows that only some machines read: with this value of this key, of the section itself or
     * (with a dot) of another. NULL: every machine that has the section reads them. */
    const char *needs, *needs_value;
    const char *count; /* key that says how many of the section there are, by number; or NULL */
};

/* `known` must outlive the object; NULL knows nothing and accepts any section that is bound. */
struct config *config_create(const struct section_row *known);
void config_destroy(struct config *c);

/* Reads an .ini file and the files named by `include = FILE` lines before its first section
 * (relative to the including file). What is read later wins: a file over what it includes. */
bool config_load(struct config *c, const char *path, struct err *e);
/* Assignment is "section.key=value"; the last dot before '=' separates section from key. After all
 * files. */
bool config_override(struct config *c, const char *assignment, struct err *e);
/* The same in parts, for a sweep or a result file run again; `origin` is kept for the result file
 * and error messages. */
bool config_set(struct config *c, const char *section, const char *key, const char *value,
                const char *origin, struct err *e);

/* True when a file or override mentions this section (or, for a numbered one, the one it
 * overrides). */
bool config_has_section(const struct config *c, const char *section);
/* True when a file or override sets the key in this very section. */
bool config_sets(const struct config *c, const char *section, const char *key);
/* Where the value in force is from: "FILE:LINE", "command line", "default" ... */
const char *config_origin(const struct config *c, const char *section, const char *key);

/* Parses the section's keys into the struct at `keys` (defaults where absent) and marks them as
 * used. May be called several times for one section with different rows (a policy's private keys).
 * Strings live as long as the config. Panics when a row's own default is not a legal value. */
bool config_bind(struct config *c, const char *section, const struct key_row *rows, void *keys,
                 struct err *e);

/* An error about a value that only its component can judge: "FILE:LINE: [section] key = value:
 * ...". Returns false. */
bool config_error(const struct config *c, const char *section, const char *key, struct err *e,
                  const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The same, in status and words of an error that somebody found who does not know the key. */
bool config_blame(const struct config *c, const char *section, const char *key,
                  const struct err *why, struct err *e);

/* "must be one of NAMES", a list with commas, `more`, and the name that is nearest to the value. */
bool config_refuse_name(const struct config *c, const char *section, const char *key,
                        const char *names, const char *more, struct err *e);

bool config_finish(struct config *c, struct err *e);

/* The bound keys in the order of binding, for the result file. `value` is canonical: equal values
 * have equal texts, however they were spelled (32768, 32KiB). */
struct config_entry {
    const char *section, *key, *value;
    const char *unit; /* of number: "bytes", "Hz", "ps", "1"; "" when the value is a word or text */
    const char *origin; /* "default", "FILE:LINE", "command line", or what config_set was given */
    uint64_t number;    /* the value as a number; a choice's place, yes = 1; 0 for a text */
};
uint32_t config_count(const struct config *c);
struct config_entry config_get(const struct config *c, uint32_t index);

/* The bound keys as the text of an .ini file that, loaded alone, gives the same machine; no
 * origins, so that equal configurations have equal texts and hashes. The caller frees it. */
char *config_text(const struct config *c);

/* Prints to stdout all sections (`what` NULL or ""), one section, one key ("l1d.size"), or the keys
 * of that name in all sections ("size"): meaning, unit, range, default. */
bool config_explain(const struct section_row *known, const char *what, struct err *e);

#endif
