#include "sim/schema/value.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/schema/nearest.h"

/* A suffix and what it multiplies by; largest first, so that formatting tries the shortest text
 * first. */
struct suffix {
    const char *name;
    uint64_t scale;
};

static const struct suffix none[] = {{"", 1}, {NULL, 0}};
static const struct suffix counts[] = {
    {"G", 1000000000}, {"M", 1000000}, {"K", 1000}, {"", 1}, {NULL, 0}};
static const struct suffix sizes[] = {
    {"GiB", 1u << 30}, {"MiB", 1u << 20}, {"KiB", 1u << 10}, {"", 1}, {NULL, 0}};
static const struct suffix frequencies[] = {
    {"GHz", 1000000000}, {"MHz", 1000000}, {"kHz", 1000}, {"Hz", 1}, {NULL, 0}};
static const struct suffix times[] = {{"s", UINT64_C(1000000000000)},
                                      {"ms", 1000000000},
                                      {"us", 1000000},
                                      {"ns", 1000},
                                      {"ps", 1},
                                      {NULL, 0}};

/* What each type needs to know beside KEY_TYPES. */
static const struct {
    const struct suffix *suffixes;
    const char *unit, *noun;
    bool decimals; /* the canonical text may have a fraction: 2.5GHz */
    uint64_t most;
} types[KEY_TYPE_COUNT] = {
    [KEY_U32] = {none, "1", "whole number", false, UINT32_MAX},
    [KEY_U64] = {none, "1", "whole number", false, UINT64_MAX},
    [KEY_COUNT] = {counts, "1", "whole number", false, UINT64_MAX},
    [KEY_SIZE] = {sizes, "bytes", "whole number of bytes", false, UINT64_MAX},
    [KEY_FREQ] = {frequencies, "Hz", "whole number of Hz", true, UINT64_MAX},
    [KEY_TIME] = {times, "ps", "whole number of ps", true, UINT64_MAX},
    [KEY_BOOL] = {none, "", "", false, 1},
    [KEY_STR] = {none, "", "", false, 0},
    [KEY_CHOICE] = {none, "", "", false, UINT32_MAX},
};

#define KEY_TYPE_TEXT(name, ctype, text) [KEY_##name] = text,
static const char *const type_texts[] = {KEY_TYPES(KEY_TYPE_TEXT)};
#undef KEY_TYPE_TEXT

const char *value_unit(enum key_type type) { return types[type].unit; }

/* A decimal number: digits, perhaps with a fraction, as mantissa / 10^places. NULL when there is
 * none, else what follows it. The bound keeps mantissa times the largest suffix inside 128 bits. */
static const char *parse_decimal(const char *s, u128 *mantissa, unsigned *places)
{
    const u128 bound = (u128)1000000000000 * 1000000000000;
    *mantissa = 0;
    *places = 0;
    if (!isdigit((unsigned char)*s))
        return NULL;
    for (bool point = false; isdigit((unsigned char)*s) || (*s == '.' && !point); s++) {
        if (*s == '.') {
            point = true;
            continue;
        }
        if (point && (++*places > 24 || *mantissa >= bound))
            return NULL;
        if (*mantissa < bound) /* else too large for any type, and the next digit changes nothing */
            *mantissa = *mantissa * 10 + (unsigned)(*s - '0');
    }
    return s[-1] == '.' ? NULL : s;
}

static bool say(char *why, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool say(char *why, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(why, VALUE_TEXT_MAX, format, args);
    va_end(args);
    return false;
}

/* 64KB, 32k, 2ghz: names the legal spelling when the first letter gives it away. */
static bool unknown_suffix(const struct suffix *table, const char *text, const char *suffix,
                           char *why)
{
    const char *unit = suffix;
    while (isblank((unsigned char)*unit))
        unit++;
    int digits = (int)(suffix - text);
    for (const struct suffix *t = table; t->name; t++)
        if (*t->name && *unit && tolower((unsigned char)*t->name) == tolower((unsigned char)*unit))
            return say(why, "no unit '%s'; write %.*s%s", suffix, digits, text, t->name);
    if (!table[1].name)
        return say(why, "not a whole number ('%.40s' follows it)", suffix);
    return *suffix ? say(why, "no unit '%.40s'", suffix) : say(why, "the unit is missing");
}

static bool parse_number(enum key_type type, const char *text, uint64_t *number, char *why)
{
    const struct suffix *table = types[type].suffixes, *t = table;
    u128 mantissa, divisor = 1;
    unsigned places;
    const char *suffix = parse_decimal(text, &mantissa, &places);
    if (!suffix)
        return say(why, *text ? "not a %s" : "the value is missing", types[type].noun);
    while (t->name && strcmp(t->name, suffix))
        t++;
    if (!t->name && !*suffix && !mantissa)
        t--; /* 0 needs no unit */
    if (!t->name)
        return unknown_suffix(table, text, suffix, why);
    while (places--)
        divisor *= 10;
    u128 scaled = mantissa * t->scale;
    if (scaled % divisor)
        return say(why, "not a %s", types[type].noun);
    if (scaled / divisor > types[type].most)
        return say(why, "too large");
    *number = (uint64_t)(scaled / divisor);
    return true;
}

static bool parse_hex(enum key_type type, const char *digits, uint64_t *number, char *why)
{
    uint64_t v = 0;
    size_t n = strlen(digits);
    if (!n || strspn(digits, "0123456789abcdefABCDEF") != n)
        return say(why, "not a hexadecimal number");
    for (; *digits; digits++) {
        unsigned char c = (unsigned char)*digits;
        if (v >> 60)
            return say(why, "too large");
        v = v << 4 | (unsigned)(isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);
    }
    *number = v;
    return v <= types[type].most || say(why, "too large");
}

static bool parse_bool(const char *text, uint64_t *number, char *why)
{
    static const char *const truths[] = {"yes", "true", "on", "1"};
    static const char *const falsehoods[] = {"no", "false", "off", "0"};
    if (!strcmp(text, "yes") || !strcmp(text, "no")) {
        *number = *text == 'y';
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(truths); i++) {
        if (!strcasecmp(text, truths[i]))
            return say(why, "write yes");
        if (!strcasecmp(text, falsehoods[i]))
            return say(why, "write no");
    }
    return say(why, "neither yes nor no");
}

/* The next word of "a|b|c" as length; *list moves behind it. */
static size_t next_choice(const char **list, const char **word)
{
    size_t n = strcspn(*list, "|");
    *word = *list;
    *list += n + ((*list)[n] == '|');
    return n;
}

static bool no_such_choice(const struct key_row *row, const char *text, char *why)
{
    char *words = xstrdup(row->min), *rest = words, *word, hint[NEAREST_HINT_MAX];
    struct nearest near = nearest_to(text);
    while ((word = strsep(&rest, "|")))
        nearest_offer(&near, word);
    nearest_hint(&near, "", "", hint);
    free(words);
    return say(why, *text ? "no such choice%s" : "the value is missing%s", hint);
}

static bool parse_choice(const struct key_row *row, const char *text, uint64_t *number, char *why)
{
    const char *list = row->min, *word;
    uint64_t place = 0;
    for (; *list; place++) {
        size_t n = next_choice(&list, &word);
        if (n == strlen(text) && !strncmp(word, text, n)) {
            *number = place;
            return true;
        }
    }
    return no_such_choice(row, text, why);
}

/* A limit in a row; a limit that does not parse is a defect of the table. */
static uint64_t limit(const struct key_row *row, const char *text, uint64_t absent)
{
    char why[VALUE_TEXT_MAX];
    uint64_t v = absent;
    if (*text && (text[0] == '0' && text[1] == 'x' ? !parse_hex(row->type, text + 2, &v, why)
                                                   : !parse_number(row->type, text, &v, why)))
        panic("key %s: limit %s: %s", row->name, text, why);
    return v;
}

bool value_parse(const struct key_row *row, const char *text, uint64_t *number, char *why)
{
    if (row->type == KEY_BOOL)
        return parse_bool(text, number, why);
    if (row->type == KEY_CHOICE)
        return parse_choice(row, text, number, why);
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    if (hex && types[row->type].suffixes == none) {
        if (!parse_hex(row->type, text + 2, number, why))
            return false;
    } else if (!parse_number(row->type, text, number, why)) {
        return false;
    }
    if (*number < limit(row, row->min, 0))
        return say(why, "too small");
    if (*number > limit(row, row->max, UINT64_MAX))
        return say(why, "too large");
    return true;
}

void value_range(const struct key_row *row, char *out)
{
    bool low = *row->min, high = *row->max;
    *out = '\0';
    if (row->type == KEY_BOOL)
        snprintf(out, VALUE_TEXT_MAX, "yes|no");
    else if (row->type == KEY_CHOICE)
        snprintf(out, VALUE_TEXT_MAX, "%s", row->min);
    else if (low && high)
        snprintf(out, VALUE_TEXT_MAX, "%s..%s", row->min, row->max);
    else if (low || high)
        snprintf(out, VALUE_TEXT_MAX, "%s %s", low ? ">=" : "<=", low ? row->min : row->max);
}

void value_allowed(const struct key_row *row, char *out)
{
    const char *list = row->min, *word;
    size_t used = 0;
    if (row->type != KEY_CHOICE) {
        char range[VALUE_TEXT_MAX];
        value_range(row, range);
        bool limits = *range && row->type != KEY_BOOL;
        snprintf(out, VALUE_TEXT_MAX, "%s%s%.200s", type_texts[row->type], limits ? "; " : "",
                 limits ? range : "");
        return;
    }
    used = (size_t)snprintf(out, VALUE_TEXT_MAX, "one of");
    for (const char *comma = " "; *list && used < VALUE_TEXT_MAX; comma = ", ") {
        size_t n = next_choice(&list, &word);
        used += (size_t)snprintf(out + used, VALUE_TEXT_MAX - used, "%s%.*s", comma, (int)n, word);
    }
}

/* Whole multiples of the largest suffix; up to three decimals where the type writes them (2.5GHz,
 * not 2500MHz). */
static void format_number(enum key_type type, uint64_t number, char *out)
{
    const struct suffix *t = types[type].suffixes;
    unsigned decimals = types[type].decimals ? 1000 : 1;
    for (; t[1].name; t++)
        if (number >= t->scale &&
            number % t->scale % (t->scale / (t->scale > 1 ? decimals : 1)) == 0)
            break;
    uint64_t rest = number % t->scale;
    int n = snprintf(out, VALUE_TEXT_MAX, "%llu", (unsigned long long)(number / t->scale));
    if (rest) {
        n += snprintf(out + n, VALUE_TEXT_MAX - (size_t)n, ".%03u",
                      (unsigned)(rest / (t->scale / decimals)));
        while (out[n - 1] == '0')
            n--;
    }
    snprintf(out + n, VALUE_TEXT_MAX - (size_t)n, "%s", t->name);
}

static void format_choice(const struct key_row *row, uint64_t number, char *out)
{
    const char *list = row->min, *word = "";
    size_t n = 0;
    for (uint64_t i = 0; i <= number && *list; i++)
        n = next_choice(&list, &word);
    snprintf(out, VALUE_TEXT_MAX, "%.*s", (int)n, word);
}

void value_format(const struct key_row *row, uint64_t number, char *out)
{
    if (row->type == KEY_BOOL)
        snprintf(out, VALUE_TEXT_MAX, "%s", number ? "yes" : "no");
    else if (row->type == KEY_CHOICE)
        format_choice(row, number, out);
    else if (types[row->type].suffixes == none && !strncmp(row->def, "0x", 2))
        snprintf(out, VALUE_TEXT_MAX, "0x%llx", (unsigned long long)number);
    else
        format_number(row->type, number, out);
}
