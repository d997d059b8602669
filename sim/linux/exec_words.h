/* Arguments and environment on their way from one program to the next, and the first line of a
 * script. */
#ifndef SIM_LINUX_EXEC_WORDS_H
#define SIM_LINUX_EXEC_WORDS_H

#include <stdbool.h>
#include <stdint.h>

struct linux_process;

/* Zero-initialised it is empty. */
struct exec_words {
    char **words; /* each on its own */
    uint64_t count, room;
};

/* Reads a vector of pointers up to a zero one, none at all when ea is zero. Each word takes its
 * bytes and a pointer's of *left: 0, -E2BIG or -EFAULT. */
int64_t exec_words_read(struct exec_words *w, struct linux_process *l, uint64_t ea,
                        uint64_t *left);
void exec_words_append(struct exec_words *w, const char *word);
/* In front of the others. */
void exec_words_push(struct exec_words *w, const char *word);
void exec_words_drop_first(struct exec_words *w);
bool exec_words_are_none(const struct exec_words *w);
/* As one block for free(), ending with NULL; the words are none afterwards. */
char **exec_words_take(struct exec_words *w);
void exec_words_free(struct exec_words *w);

#define SCRIPT_LINE 256u /* of a script's first bytes are looked at */

/* The file's first bytes, behind them zeros; true when they are a script's. False with errno set,
 * or 0 when the file can be read and is none. */
bool exec_script_read(int fd, char line[SCRIPT_LINE + 1]);
/* Takes "#! interpreter argument" apart, in place; *argument may become NULL. `line` has
 * SCRIPT_LINE bytes and a zero, the rest zeros. False when no interpreter can be told. */
bool exec_script_line(char *line, char **interpreter, char **argument);

#endif
