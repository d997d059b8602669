/* The simulator's own words: to stderr, each line starting `simrun: ` (the guest owns stdout). */
#ifndef SIM_BASE_LOG_H
#define SIM_BASE_LOG_H

/* One line, newline added. */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same with `warning: ` before it. */
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
