#include "sim/schema/ini.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

enum {
    RAW_MAX = 4096
}; /* a line with its comment; also keeps a stray binary from filling the memory */

struct reader {
    FILE *file;
    const char *path;
    const struct ini_sink *sink;
    struct err *e;
    unsigned line;
};

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool ini_name_ok(const char *name, bool dots)
{
    static const char legal[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    size_t n = strlen(name);
    bool dot = true; /* no name starts or ends with a dot, or has two in a row */
    for (size_t i = 0; i < n; i++) {
        bool is_dot = name[i] == '.';
        if (is_dot ? dot || !dots : !strchr(legal, name[i]))
            return false;
        dot = is_dot;
    }
    return n && n <= INI_NAME_MAX && !dot;
}

/* Length of the UTF-8 sequence at s, 0 when it is not one (overlong forms and surrogates included).
 */
static size_t utf8_length(const unsigned char *s)
{
    if (s[0] < 0x80)
        return 1;
    size_t n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (s[0] < 0xc2 || s[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f))
        return 0;
    if ((s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return n;
}

static const char *text_problem(const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    while (*s) {
        if ((*s < 0x20 && *s != '\t') || *s == 0x7f)
            return "a control character; the file must be plain text";
        size_t n = utf8_length(s);
        if (!n)
            return "a byte sequence that is not UTF-8; the file must be plain text in UTF-8";
        s += n;
    }
    return NULL;
}

static char *find_comment(char *line)
{
    for (char *s = line; *s; s++)
        if ((*s == '#' || *s == ';') && (s == line || is_blank(s[-1])))
            return s;
    return NULL;
}

const char *ini_value_problem(const char *value)
{
    for (const char *s = value; *s; s++)
        if ((*s == '#' || *s == ';') && (s == value || is_blank(s[-1])))
            return "a value cannot hold '#' or ';' at its start or after a blank: it would start a "
                   "comment";
    return text_problem(value);
}

/* Always false: ends the line loop. */
static bool refuse(struct reader *r, const char *what)
{
    return err_set(r->e, "%s:%u: %s", r->path, r->line, what);
}

/* One line without its end into raw[RAW_MAX]; false at the end of the file or on error. */
static bool read_raw(struct reader *r, char *raw)
{
    size_t n = 0;
    int c = getc(r->file);
    if (c == EOF) {
        if (ferror(r->file))
            err_set(r->e, "%s: cannot read: %s", r->path, strerror(errno));
        return false;
    }
    r->line++;
    for (; c != EOF && c != '\n'; c = getc(r->file)) {
        if (!c)
            return refuse(r, "a NUL byte; the file must be plain text");
        if (n == RAW_MAX - 1)
            return refuse(r, "the line is longer than 4095 bytes, comment included");
        raw[n++] = (char)c;
    }
    if (n && raw[n - 1] == '\r')
        n--;
    raw[n] = '\0';
    if (r->line == 1 && !strncmp(raw, "\xef\xbb\xbf", 3))
        memmove(raw, raw + 3, n - 2);
    return true;
}

static void strip(char *line)
{
    char *comment = find_comment(line);
    if (comment)
        *comment = '\0';
    size_t n = strlen(line);
    while (n && is_blank(line[n - 1]))
        n--;
    line[n] = '\0';
}

static bool check_section(struct reader *r, const char *line)
{
    char name[INI_LINE_MAX + 1];
    size_t n = strlen(line);
    if (line[n - 1] != ']')
        return refuse(r, "a section header ends with ']' and nothing follows it but a comment");
    memcpy(name, line + 1, n - 2);
    name[n - 2] = '\0';
    if (!ini_name_ok(name, true))
        return refuse(
            r, "not a section name; allowed: letters, digits and '_', in parts joined by '.', "
               "at most 49 bytes");
    return r->sink->section(r->sink->user, name, r->line, r->e);
}

static bool check_key(struct reader *r, const char *line)
{
    char name[INI_LINE_MAX + 1];
    const char *equals = strchr(line, '=');
    if (!equals)
        return refuse(r, "neither 'key = value' nor '[section]' nor a comment");
    size_t n = (size_t)(equals - line);
    while (n && is_blank(line[n - 1]))
        n--;
    memcpy(name, line, n);
    name[n] = '\0';
    if (!ini_name_ok(name, r->sink->dotted_keys))
        return err_set(r->e, "%s:%u: not a key name before '=': '%s'; allowed: letters, digits and "
                             "'_', at most %d bytes", r->path, r->line, name, INI_NAME_MAX);
    return true;
}

/* Refuses what libinih would mangle. */
static bool check_line(struct reader *r, const char *line)
{
    const char *problem = text_problem(line);
    if (problem)
        return refuse(r, problem);
    if (strlen(line) > INI_LINE_MAX)
        return refuse(r, "the line is longer than 199 bytes (not counting its comment), "
                         "the most libinih can read");
    if (!*line)
        return true;
    if (is_blank(*line))
        return refuse(r, "the line is indented; a value cannot go on in the next line, and every "
                         "section and key starts in the first column");
    return *line == '[' ? check_section(r, line) : check_key(r, line);
}

/* The fgets of libinih. */
static char *next_line(char *out, int size, void *user)
{
    struct reader *r = user;
    char raw[RAW_MAX];
    if (r->e->status || !read_raw(r, raw))
        return NULL;
    strip(raw);
    if (!check_line(r, raw))
        return NULL;
    if (strlen(raw) >= (size_t)size)
        panic("libinih reads lines of %d bytes only", size);
    return strcpy(out, raw);
}

static int on_key(void *user, const char *section, const char *key, const char *value)
{
    struct reader *r = user;
    return r->sink->key(r->sink->user, section, key, value, r->line, r->e);
}

bool ini_read(const char *path, const struct ini_sink *sink, struct err *e)
{
    struct reader r = {.path = path, .sink = sink, .e = e, .file = fopen(path, "re")};
    if (!r.file)
        return err_set(e, "%s: cannot open: %s", path, strerror(errno));
    int bad = ini_parse_stream(next_line, &r, on_key, &r);
    fclose(r.file);
    if (bad && !e->status)
        err_set(e, "%s:%d: libinih cannot read this line", path, bad);
    return !e->status;
}
