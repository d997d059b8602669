#include "sim/linux/exec_words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/linux/internal.h"

#define WORD_PAGES  32u /* MAX_ARG_STRLEN */
#define FIRST_BYTES 256u

static void append(struct exec_words *w, char *word)
{
    if (w->count == w->room) {
        w->room = w->room ? w->room * 2 : 16;
        w->words = xrealloc(w->words, w->room * sizeof *w->words);
    }
    w->words[w->count++] = word;
}

/* A string of at most `most` bytes with its zero; NULL with *error set. */
static char *read_word(struct linux_process *l, uint64_t ea, uint64_t most, int64_t *error)
{
    uint64_t room = min_u64(most, FIRST_BYTES);
    char *text = xmalloc(room + 1);
    while ((*error = guest_string(l, ea, text, room)) == -ENAMETOOLONG && room < most) {
        room = min_u64(most, room * 4);
        text = xrealloc(text, room + 1);
    }
    if (*error >= 0)
        return text;
    if (*error == -ENAMETOOLONG)
        *error = -E2BIG;
    free(text);
    return NULL;
}

int64_t exec_words_read(struct exec_words *w, struct linux_process *l, uint64_t ea, uint64_t *left)
{
    uint64_t most = WORD_PAGES * process_page_bytes(l->process), at;
    uint64_t step = l->image.is_64bit ? 8 : 4;
    int64_t error;
    for (; ea; ea += step) {
        if (!guest_read_long(l, ea, &at))
            return -EFAULT;
        if (!at)
            return 0;
        if (*left < 8)
            return -E2BIG;
        *left -= 8;
        char *word = read_word(l, at, min_u64(most, *left), &error);
        if (!word)
            return error;
        *left -= strlen(word) + 1;
        append(w, word);
    }
    return 0;
}

void exec_words_append(struct exec_words *w, const char *word) { append(w, xstrdup(word)); }

void exec_words_push(struct exec_words *w, const char *word)
{
    append(w, NULL);
    memmove(w->words + 1, w->words, (w->count - 1) * sizeof *w->words);
    w->words[0] = xstrdup(word);
}

void exec_words_drop_first(struct exec_words *w)
{
    free(w->words[0]);
    memmove(w->words, w->words + 1, --w->count * sizeof *w->words);
}

bool exec_words_are_none(const struct exec_words *w) { return w->count == 0; }

char **exec_words_take(struct exec_words *w)
{
    uint64_t bytes = (w->count + 1) * sizeof *w->words;
    for (uint64_t n = 0; n < w->count; n++)
        bytes += strlen(w->words[n]) + 1;
    char **block = xmalloc(bytes), *to = (char *)(block + w->count + 1);
    for (uint64_t n = 0; n < w->count; n++) {
        block[n] = to;
        to = stpcpy(to, w->words[n]) + 1;
    }
    block[w->count] = NULL;
    exec_words_free(w);
    return block;
}

void exec_words_free(struct exec_words *w)
{
    for (uint64_t n = 0; n < w->count; n++)
        free(w->words[n]);
    free(w->words);
    *w = (struct exec_words){0};
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool exec_script_read(int fd, char line[SCRIPT_LINE + 1])
{
    memset(line, 0, SCRIPT_LINE + 1);
    errno = 0;
    return pread(fd, line, SCRIPT_LINE, 0) >= 0 && line[0] == '#' && line[1] == '!';
}

/* Without a line's end among the first bytes the name may have been cut off, unless something
 * follows it. */
bool exec_script_line(char *line, char **interpreter, char **argument)
{
    char *end = strchr(line, '\n'), *at = line + 2;
    bool is_cut = !end && strlen(line) == SCRIPT_LINE;
    if (!end)
        end = line + (is_cut ? SCRIPT_LINE - 1 : strlen(line));
    while (end > at && is_blank(end[-1]))
        is_cut = false, end--;
    *end = 0;
    while (is_blank(*at))
        at++;
    *interpreter = at;
    at += strcspn(at, " \t");
    if (at == *interpreter || (is_cut && !*at))
        return false;
    *argument = NULL;
    if (!*at)
        return true;
    *at++ = 0;
    while (is_blank(*at))
        at++;
    *argument = at;
    return true;
}
