#include "sim/sweep/point.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "sim/base/bits.h"

const char *const point_state_words[POINT_STATE_COUNT] = {
#define WORD(name, word, again, text) word,
    POINT_STATES(WORD)
#undef WORD
};

enum { STATE_FILE_MAX = 1000, NEW_CLAIM_SECONDS = 10 };

static char *path_of(const struct point *p, const char *name)
{
    return xasprintf("%s/%s", p->folder, name);
}

/* The beginning of a small file as a text without its last newline; false when there is none. */
static bool read_text(const char *path, char *text, size_t room)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return false;
    size_t bytes = fread(text, 1, room - 1, f);
    fclose(f);
    while (bytes && text[bytes - 1] == '\n')
        bytes--;
    text[bytes] = 0;
    return true;
}

/* A process is known by host (this boot of it), number and start: numbers are used again. */
static void start_of(pid_t pid, char *text, size_t room)
{
    char *path = xasprintf("/proc/%d/stat", (int)pid), stat[1000] = "";
    const char *at = read_text(path, stat, sizeof stat) ? strrchr(stat, ')') : NULL;
    free(path);
    for (int field = 2; at && field < 22; field++) /* starttime is field 22, proc(5) */
        at = strchr(at + 1, ' ');
    snprintf(text, room, "%.*s", at ? (int)strcspn(at + 1, " ") : 1, at ? at + 1 : "-");
}

static void boot_of(char *text, size_t room)
{
    if (!read_text("/proc/sys/kernel/random/boot_id", text, room))
        gethostname(text, room);
}

static bool is_stale(const struct point *p)
{
    char owner[300] = "", boot[100], owner_boot[100] = "", start[40], owner_start[40] = "";
    int pid = 0;
    struct stat claim;
    char *folder = path_of(p, "claim"), *file = path_of(p, "claim/owner");
    bool exists = !stat(folder, &claim), known = read_text(file, owner, sizeof owner);
    free(folder);
    free(file);
    if (!exists)
        return false;
    double age = difftime(time(NULL), claim.st_mtime);
    known = known && sscanf(owner, "%99s %d %39s", owner_boot, &pid, owner_start) == 3;
    if (!known)
        return age > NEW_CLAIM_SECONDS;
    boot_of(boot, sizeof boot);
    if (strcmp(boot, owner_boot))
        return age > POINT_STALE_SECONDS;
    start_of(pid, start, sizeof start);
    return strcmp(start, owner_start) != 0;
}

/* Out of the way in one step, so that only one of those who find it stale takes it away. */
static void remove_claim(const struct point *p)
{
    char *claim = path_of(p, "claim"), *aside = xasprintf("%s/old.%d", p->folder, (int)getpid());
    char *owner = xasprintf("%s/owner", aside);
    if (!rename(claim, aside)) {
        unlink(owner);
        rmdir(aside);
    }
    free(owner);
    free(aside);
    free(claim);
}

static bool make_folders(const char *folder, struct err *e)
{
    char *path = xstrdup(folder);
    bool ok = true;
    for (char *at = path; ok && *at;) {
        at += 1 + strcspn(at + 1, "/");
        char kept = *at;
        *at = 0;
        ok = !mkdir(path, 0777) || errno == EEXIST;
        *at = kept;
    }
    if (!ok)
        err_set(e, "%s: cannot make this directory: %s", folder, strerror(errno));
    free(path);
    return ok;
}

bool point_prepare(const struct point *p, struct err *e) { return make_folders(p->folder, e); }

bool point_claim(struct point *p, struct err *e)
{
    char boot[100], start[40];
    if (!make_folders(p->folder, e))
        return false;
    point_drop_stale(p);
    char *claim = path_of(p, "claim");
    bool ok = !mkdir(claim, 0777);
    if (!ok && errno != EEXIST)
        err_set(e, "%s: cannot make this directory: %s", claim, strerror(errno));
    free(claim);
    if (!ok)
        return false;
    boot_of(boot, sizeof boot);
    start_of(getpid(), start, sizeof start);
    char *owner = xasprintf("%s %d %s\n", boot, (int)getpid(), start);
    ok = point_write(p, "claim/owner", owner, e);
    free(owner);
    return ok;
}

void point_drop_stale(const struct point *p)
{
    if (is_stale(p))
        remove_claim(p);
}

void point_touch(const struct point *p)
{
    char *claim = path_of(p, "claim");
    utimensat(AT_FDCWD, claim, NULL, 0);
    free(claim);
}

void point_release(const struct point *p) { remove_claim(p); }

bool point_write(const struct point *p, const char *name, const char *text, struct err *e)
{
    char *path = path_of(p, name), *new = xasprintf("%s.%d", path, (int)getpid());
    FILE *f = fopen(new, "we");
    bool ok = f && fputs(text, f) >= 0;
    ok = (f && !fclose(f)) && ok && !rename(new, path);
    if (!ok) {
        err_set(e, "%s: cannot write: %s", path, strerror(errno));
        unlink(new);
    }
    free(new);
    free(path);
    return ok;
}

void point_clear(const struct point *p)
{
    static const char *const names[] = {"result.h5", "result.h5.part", "state"};
    for (size_t n = 0; n < ARRAY_LEN(names); n++) {
        char *path = path_of(p, names[n]);
        unlink(path);
        free(path);
    }
}

static void set_state(struct point *p, enum point_state state, const char *reason)
{
    p->state = state;
    free(p->reason);
    p->reason = reason ? xstrdup(reason) : NULL;
}

/* Of the words that /state and result files use. */
static enum point_state state_called(const char *word)
{
    for (uint32_t n = 0; n < POINT_STATE_COUNT; n++)
        if (!strcmp(point_state_words[n], word))
            return (enum point_state)n;
    return POINT_FAILED;
}

void point_look_at_files(struct point *p, const struct sweep_env *env)
{
    char text[STATE_FILE_MAX];
    char *result = path_of(p, "result.h5"), *state = path_of(p, "state");
    struct stat file;
    char *status = stat(result, &file) ? NULL
                                       : env->status(result, &p->host_seconds, &p->exit_status);
    p->bytes = status ? (uint64_t)file.st_size : 0;
    if (read_text(state, text, sizeof text)) { /* WORD REASON */
        char *blank = strchr(text, ' ');
        if (blank)
            *blank = 0;
        set_state(p, state_called(text), blank ? blank + 1 : NULL);
    } else if (!status) {
        set_state(p, POINT_QUEUED, NULL);
    } else { /* a killed run that left a file in order holds its beginning */
        set_state(p, strcmp(status, "killed") ? state_called(status) : POINT_PARTIAL, NULL);
    }
    free(status);
    free(state);
    free(result);
}

void point_look(struct point *p, const struct sweep_env *env)
{
    char *claim = path_of(p, "claim");
    point_look_at_files(p, env);
    if (!access(claim, F_OK) && !is_stale(p))
        set_state(p, POINT_RUNNING, NULL);
    free(claim);
}

char *point_last_words(const struct point *p)
{
    char *path = path_of(p, "stderr"), line[500], last[500] = "";
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f))
        if (line[0] != '\n')
            strcpy(last, line);
    if (f)
        fclose(f);
    free(path);
    last[strcspn(last, "\n")] = 0;
    const char *words = !strncmp(last, "simrun: ", 8) ? last + 8 : last;
    return xstrdup(words);
}
