/* Reads one .ini file, line by line, through libinih.
 *
 * libinih would silently cut long lines and section names, keep `#` comments in values, join
 * indented lines to the value above, and drop text after `]`. The reader in between counts lines,
 * takes the comments out and refuses everything libinih would mangle, so that what reaches the sink
 * is what the user wrote.
 *
 * The syntax: `[section]`, `key = value`, blank lines; `#` or `;` starts a comment at the beginning
 * of a line or after a blank; names are made of letters, digits, `_` and (sections only) `.`; every
 * line starts in the first column; UTF-8 with or without a byte order mark, LF or CRLF. */
#ifndef SIM_SCHEMA_INI_H
#define SIM_SCHEMA_INI_H

#include "sim/base/err.h"

enum {
    INI_LINE_MAX =
        199, /* bytes of a line without its comment: libinih's buffer less the closing NUL */
    INI_NAME_MAX = 49, /* bytes of a section or key name, same reason */
};

/* Called in the order of the file; texts are valid during the call only. False with *e filled ends
 * the reading. */
struct ini_sink {
    bool (*section)(void *user, const char *section, unsigned line, struct err *e);
    /* section is "" before the first header */
    bool (*key)(void *user, const char *section, const char *key, const char *value, unsigned line,
                struct err *e);
    void *user;
    bool dotted_keys; /* keys may have dots too, as the axes of a sweep have */
};

/* False with "path:line: what is wrong; what is allowed" (no line when the file cannot be read). */
bool ini_read(const char *path, const struct ini_sink *sink, struct err *e);

/* What makes `value` impossible to write in an .ini file (a comment sign after a blank, a control
 * character, broken UTF-8), or NULL when nothing does. The length is not judged. */
const char *ini_value_problem(const char *value);
/* True for a legal section name (dots allowed) or key name (no dots). */
bool ini_name_ok(const char *name, bool dots);

#endif
