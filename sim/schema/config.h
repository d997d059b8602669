/* The resolved configuration of one run: every key of every section with its text, typed value and origin.
 *
 * Life cycle: config_create, config_load (files, in order), config_override (`-s section.key=value`), then each
 * component calls config_bind for its own section, then config_finish refuses whatever nobody bound: an unknown section or
 * key, or one without effect in this machine. After that the object is read-only and can be listed.
 * Errors start with `file:line: ` (or `-s section.key: ` on the command line), say what is allowed and, for an unknown
 * name, the nearest known one. */
#ifndef SIM_SCHEMA_CONFIG_H
#define SIM_SCHEMA_CONFIG_H

#include "sim/base/err.h"
#include "sim/schema/schema.h"

struct config;

/* A kind of section that exists at all: used for `simrun explain` and for "did you mean". */
struct section_row {
    const char *name; /* "l1d", "core.bpred" ...; NULL ends the list */
    const struct key_row *keys;
    const char *text;
};

struct config *config_create(const struct section_row *known);
void config_destroy(struct config *c);

/* Reads an .ini file and, recursively, its `include = FILE` lines (relative to the including file). Later wins. */
bool config_load(struct config *c, const char *path, struct err *e);
/* Assignment is "section.key=value"; the last dot before '=' separates section from key. */
bool config_override(struct config *c, const char *assignment, struct err *e);

/* True when a file or override mentions this section, or gives it this key. */
bool config_has_section(const struct config *c, const char *section);

/* Parses the section's keys into the struct at `keys` (defaults where absent) and marks them as used. May be called
 * several times for one section with different rows (a policy's private keys). Strings live as long as the config. */
bool config_bind(struct config *c, const char *section, const struct key_row *rows, void *keys,
                 struct err *e);

/* An error about a value that only its component can judge: "FILE:LINE: [section] key = value: ...". Returns false. */
bool config_error(const struct config *c, const char *section, const char *key, struct err *e,
                  const char *format, ...) __attribute__((format(printf, 5, 6)));

bool config_finish(struct config *c, struct err *e);

/* The bound keys in the order of binding, for the result file. `origin` is "default", "FILE:LINE" or "command line". */
struct config_entry {
    const char *section, *key, *value, *unit, *origin;
};
uint32_t config_count(const struct config *c);
struct config_entry config_get(const struct config *c, uint32_t index);

/* Prints all sections, one section, or one key ("l1d.size"): meaning, unit, range, default. */
bool config_explain(const struct section_row *known, const char *what, struct err *e);

#endif
