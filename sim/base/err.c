#include "sim/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The one piece of process-wide state: a panic has no object to be called on. */
static struct {
    void (*tell)(const void *ctx, char *text, size_t room);
    const void *ctx;
} panic_context;

static void err_vset(struct err *e, int status, const char *format, va_list args)
{
    if (e->status)
        return;
    e->status = status;
    vsnprintf(e->text, sizeof e->text, format, args);
}

bool err_set(struct err *e, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    err_vset(e, EXIT_USER, format, args);
    va_end(args);
    return false;
}

bool err_set_status(struct err *e, int status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    err_vset(e, status, format, args);
    va_end(args);
    return false;
}

void panic_set_context(void (*tell)(const void *ctx, char *text, size_t room), const void *ctx)
{
    panic_context.tell = tell;
    panic_context.ctx = ctx;
}

void panic(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("simrun: internal error: ", stderr);
    vfprintf(stderr, format, args);
    va_end(args);
    if (panic_context.tell) {
        char where[500];
        panic_context.tell(panic_context.ctx, where, sizeof where);
        fprintf(stderr, " (%s)", where);
    }
    fputc('\n', stderr);
    exit(EXIT_INTERNAL);
}

static void *checked(void *p, uint64_t size)
{
    if (!p && size)
        panic("out of memory (%llu bytes)", (unsigned long long)size);
    return p;
}

void *xmalloc(uint64_t size) { return checked(malloc(size), size); }
void *xcalloc(uint64_t count, uint64_t size) { return checked(calloc(count, size), count * size); }

void *xcalloc_lines(uint64_t size)
{
    uint64_t lines = (size / HOST_LINE + 1) * HOST_LINE; /* never none */
    return memset(checked(aligned_alloc(HOST_LINE, lines), lines), 0, lines);
}

void *xrealloc(void *p, uint64_t size) { return checked(realloc(p, size), size); }
char *xstrdup(const char *s) { return checked(strdup(s), 1); }

char *xasprintf(const char *format, ...)
{
    va_list args;
    char *s = NULL;
    va_start(args, format);
    if (vasprintf(&s, format, args) < 0)
        s = NULL;
    va_end(args);
    return checked(s, 1);
}
