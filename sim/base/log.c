#include "sim/base/log.h"

#include <stdarg.h>
#include <stdio.h>

static void log_write(const char *prefix, const char *format, va_list args)
{
    char line[1024]; /* one write per line, so that the guest's own stderr does not cut it in two */
    int n = snprintf(line, sizeof line, "simrun: %s", prefix);
    vsnprintf(line + n, sizeof line - (size_t)n - 1, format, args);
    fprintf(stderr, "%s\n", line);
}

void log_line(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    log_write("", format, args);
    va_end(args);
}

void log_warn(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    log_write("warning: ", format, args);
    va_end(args);
}
