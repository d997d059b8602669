/* The values of configuration keys: from the text of the .ini to a number and back. One parser
 * serves the user's values and the defaults and limits in the rows. */
#ifndef SIM_SCHEMA_VALUE_H
#define SIM_SCHEMA_VALUE_H

#include "sim/schema/schema.h"

enum { VALUE_TEXT_MAX = 400 }; /* bytes at every `why` and `out` below */

/* Parses and range-checks a value of any type but STR. On failure `why` says what is wrong (not
 * what is allowed). BOOL gives 0 or 1, CHOICE the place of the word in its list. */
bool value_parse(const struct key_row *row, const char *text, uint64_t *number, char *why);

/* What is allowed: "bytes: 512, 32KiB, 4MiB, 1GiB; from 64 to 1GiB", "one of lru, random". */
void value_allowed(const struct key_row *row, char *out);
/* The limits alone, short: "64..1GiB", ">= 1", "lru|random", "yes|no", "" when there is none. */
void value_range(const struct key_row *row, char *out);

/* The canonical text: equal numbers give equal texts, and value_parse gives the number back. U64 is
 * hexadecimal where the row's default is. */
void value_format(const struct key_row *row, uint64_t number, char *out);

/* Unit of the number: "bytes", "Hz", "ps", "1"; "" for words and texts. */
const char *value_unit(enum key_type type);

#endif
