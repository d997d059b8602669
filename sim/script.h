/* A program that is a script: its first line, "#! interpreter argument", names the program that is
 * run in its place, as execve does it. */
#ifndef SIM_SCRIPT_H
#define SIM_SCRIPT_H

#include <stdbool.h>

#include "sim/base/err.h"

/* All NULL: no script. */
struct script {
    char *name;        /* as the user gave it */
    char *path;        /* in the host */
    char *interpreter; /* as the script names it */
    char *argument;    /* one, blanks and all, or NULL */
};

/* Of the file `path`, called `name`; a file that cannot be read is none. False with *e set for a
 * script that cannot be run: without an interpreter, or without execute permission. */
bool script_read(struct script *s, const char *path, const char *name, struct err *e);
void script_free(struct script *s);

#endif
