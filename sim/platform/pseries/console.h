/* The partition's console in the host: writes go to standard output, reads come from a file or from
 * standard input. A file is read the same way in every run; what a terminal or a pipe says depends
 * on when it says it. */
#ifndef SIM_PLATFORM_PSERIES_CONSOLE_H
#define SIM_PLATFORM_PSERIES_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/err.h"

struct console;

/* `input` is a path, or empty: standard input, which, when it is a terminal, is set to give each
 * key at once and unechoed until console_destroy. NULL with *e set. */
struct console *console_create(const char *input, struct err *e);
void console_destroy(struct console *c);

void console_write(const char *text, size_t bytes);
/* Up to `room` bytes that are there now; 0: none. */
size_t console_read(struct console *c, char *text, size_t room);

/* Whether a read would find something. */
bool console_has_input(struct console *c);
/* Whether there never will be anything to read again. */
bool console_is_at_end(const struct console *c);
/* Waits for somebody to type, up to so long in the host's time; at once when input is a file or at
 * its end. How long it was. */
uint64_t console_wait_ns(struct console *c, uint64_t ns);

#endif
