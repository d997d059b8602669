/* The three kinds of error (see the house rules): the user's is returned as a struct err and ends
 * in exit status 125 or 126; the guest's never comes here; ours is a panic, exit status 70. */
#ifndef SIM_BASE_ERR_H
#define SIM_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit statuses of the programs themselves; a guest's own status passes through unchanged. */
enum exit_status {
    EXIT_INTERNAL = 70,  /* a broken law or assertion of ours */
    EXIT_LIMIT    = 124, /* a limit of the configuration ended the run */
    EXIT_USER     = 125, /* the user's mistake: configuration, files */
    EXIT_NOEXEC   = 126, /* PROGRAM cannot be run */
};

/* A user-facing error: one line, no newline, starting with `file:line: ` where there is one. */
struct err {
    int status; /* enum exit_status; 0 while there is no error */
    char text[1000];
};

/* Fills *e (status EXIT_USER) and returns false, so that `return err_set(...)` reads well. The
 * first error wins: when *e already holds one it is kept. */
bool err_set(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* As err_set with a status of the caller's choice. */
bool err_set_status(struct err *e, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Who can say where the simulation stands, asked when there is a panic: cycle and pc, as a text
 * without a newline. NULL: nobody. */
void panic_set_context(void (*tell)(const void *ctx, char *text, size_t room), const void *ctx);

/* Reports a defect of the simulator, with where it stands, and exits with EXIT_INTERNAL. */
_Noreturn void panic(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* malloc family that panics when the host has no memory; sizes in bytes. xcalloc zeroes. */
void *xmalloc(uint64_t size);
void *xcalloc(uint64_t count, uint64_t size);
/* Zeroed, and a line of the host's caches begins with it. */
#define HOST_LINE 64
void *xcalloc_lines(uint64_t size);
void *xrealloc(void *p, uint64_t size);
char *xstrdup(const char *s);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
