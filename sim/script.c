#include "sim/script.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/linux/exec_words.h"

/* The first bytes; false when they are none of a script's. */
static bool read_line(const char *path, char line[SCRIPT_LINE + 1], bool *is_executable)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && exec_script_read(fd, line);
    *is_executable = ok && st.st_mode & 0111;
    close(fd);
    return ok;
}

bool script_read(struct script *s, const char *path, const char *name, struct err *e)
{
    char line[SCRIPT_LINE + 1], *interpreter, *argument;
    bool is_executable;
    *s = (struct script){0};
    if (!read_line(path, line, &is_executable))
        return true;
    if (!is_executable)
        return err_set_status(e, EXIT_NOEXEC, "%s: permission denied: no execute permission "
                                              "(chmod +x)", name);
    if (!exec_script_line(line, &interpreter, &argument))
        return err_set_status(e, EXIT_NOEXEC, "%s: is a script whose first line names no "
                                              "interpreter", name);
    s->name = xstrdup(name);
    s->path = xstrdup(path);
    s->interpreter = xstrdup(interpreter);
    s->argument = argument ? xstrdup(argument) : NULL;
    return true;
}

void script_free(struct script *s)
{
    free(s->name);
    free(s->path);
    free(s->interpreter);
    free(s->argument);
    *s = (struct script){0};
}
