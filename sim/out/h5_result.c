#include "sim/out/h5_result.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/out/h5_result_priv.h"
#include "sim/out/seal.h"

#define RESULT_STATUS_TEXT(name, text) [RESULT_##name] = text,
static const char *const status_texts[] = {RESULT_STATUSES(RESULT_STATUS_TEXT)};
#undef RESULT_STATUS_TEXT

static bool check_target(const char *path, bool force, struct err *e)
{
    struct stat st;
    if (!*path)
        return err_set(e, "the name of the result file is empty");
    if (lstat(path, &st))
        return errno == ENOENT || err_set(e, "%s: %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return err_set(e, "%s: is a directory; the result is a file", path);
    if (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
        return err_set(e, "%s: not a regular file; it would be replaced", path);
    return force ||
           err_set(e, "%s: exists already; --force overwrites it, -o FILE writes elsewhere", path);
}

/* Opens and locks the .part file. A run that finishes just now renames the file we wait for, so the
 * name must still be that of the locked file. */
static bool lock_part(struct result *r, struct err *e)
{
    for (;;) {
        struct stat by_name, locked;
        r->lock = open(r->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (r->lock < 0)
            return err_set(e, "%s: cannot create: %s%s", r->part, strerror(errno),
                           errno == ENOENT ? ": its folder has to be there (mkdir -p)" : "");
        /* Where the file system has no locks, go on without. */
        if (flock(r->lock, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
            return err_set(e, "%s: another run is writing this result; -o FILE writes elsewhere",
                           r->part);
        if (!stat(r->part, &by_name) && !fstat(r->lock, &locked) &&
            by_name.st_ino == locked.st_ino && by_name.st_dev == locked.st_dev)
            return true;
        close(r->lock);
    }
}

static void result_free(struct result *r)
{
    if (r->lock >= 0)
        close(r->lock);
    for (uint32_t n = 0; n < r->phase_count; n++)
        free(r->phases[n]);
    free(r->phases);
    free(r->path);
    free(r->part);
    free(r);
}

static void start_file(struct result *r)
{
    struct h5_file *f = &r->file;
    if (!h5_create(f, r->part))
        return;
    h5_attribute_text(f, f->id, "format", RESULT_FORMAT);
    h5_attribute_u64(f, f->id, "format_version", RESULT_FORMAT_VERSION);
    h5_attribute_text(f, f->id, "status", RESULT_RUNNING);
    h5_group(f, "/meta", "what depends on the time and the host");
    h5_flush(f);
}

struct result *result_open(const char *path, bool force, struct err *e)
{
    signal(SIGXFSZ, SIG_IGN);
    h5_init();
    if (!check_target(path, force, e))
        return NULL;
    struct result *r = xcalloc(1, sizeof *r);
    r->path = xstrdup(path);
    r->part = xasprintf("%s%s", path, RESULT_PART_SUFFIX);
    r->force = force;
    r->file.id = H5I_INVALID_HID;
    if (!lock_part(r, e)) {
        result_free(r);
        return NULL;
    }
    start_file(r);
    if (h5_ok(&r->file))
        return r;
    *e = r->file.error;
    result_abandon(r);
    return NULL;
}

const struct err *result_error(const struct result *r)
{
    return h5_ok(&r->file) ? NULL : &r->file.error;
}

void result_trace_group(struct result *r)
{
    if (h5_ok(&r->file) && H5Lexists(r->file.id, "/trace", H5P_DEFAULT) <= 0)
        h5_group(&r->file, "/trace", "what happened, in order");
}

static bool finish_file(struct result *r, enum result_status status)
{
    struct h5_file *f = &r->file;
    if (r->intervals)
        h5_intervals_finish(f, r->intervals);
    r->intervals = NULL;
    h5_traces_finish(r->traces);
    r->traces = NULL;
    h5_attribute_text(f, f->id, "status", status_texts[status]);
    return h5_close(f);
}

/* A file that appeared in the meantime is not overwritten either; file systems without
 * RENAME_NOREPLACE (NFS) take the older, racy way. */
static int rename_part(const struct result *r)
{
    if (r->force)
        return rename(r->part, r->path);
    if (!renameat2(AT_FDCWD, r->part, AT_FDCWD, r->path, RENAME_NOREPLACE))
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1;
    if (!access(r->path, F_OK)) {
        errno = EEXIST;
        return -1;
    }
    return rename(r->part, r->path);
}

/* Without this a crash of the host may undo the rename. Some file systems cannot do it; the data
 * are safe. */
static void sync_directory(const char *path)
{
    char *copy = xstrdup(path);
    int d = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (d >= 0) {
        fsync(d);
        close(d);
    }
    free(copy);
}

bool result_close(struct result *r, enum result_status status, struct err *e)
{
    if (!finish_file(r, status))
        err_set(e, "%s; no result was kept", r->file.error.text);
    else if (!seal_write(r->lock))
        err_set(e, "%s: cannot write the checksum: %s; no result was kept", r->part,
                strerror(errno));
    else if (fsync(r->lock))
        err_set(e, "%s: cannot write: %s; no result was kept", r->part, strerror(errno));
    else if (rename_part(r))
        err_set(e, "%s: cannot rename to %s: %s; no result was kept", r->part, r->path,
                strerror(errno));
    else {
        sync_directory(r->path);
        result_free(r);
        return true;
    }
    result_abandon(r);
    return false;
}

void result_abandon(struct result *r)
{
    if (!r)
        return;
    if (r->intervals)
        h5_intervals_finish(&r->file, r->intervals);
    if (r->inst_trace)
        h5_inst_trace_stop(r->inst_trace);
    if (r->mem_trace)
        h5_mem_trace_stop(r->mem_trace);
    h5_bbv_free(r->bbv);
    h5_traces_finish(r->traces);
    h5_close(&r->file);
    unlink(r->part);
    result_free(r);
}

void result_identity(struct result *r, uint64_t model_version, const char *run_id)
{
    h5_attribute_u64(&r->file, r->file.id, "model_version", model_version);
    h5_attribute_text(&r->file, r->file.id, "run_id", run_id);
}

static void write_meta(struct result *r, const char *key, enum h5_type type, const void *value,
                       const char *units, const char *long_name)
{
    char *path = xasprintf("/meta/%s", key);
    h5_write(&r->file, &(struct h5_array){path, units, long_name, type, .data = value});
    free(path);
}

void result_meta_text(struct result *r, const char *key, const char *value, const char *long_name)
{
    write_meta(r, key, H5_TEXT, &value, "", long_name);
}

void result_meta_u64(struct result *r, const char *key, uint64_t value, const char *units,
                     const char *long_name)
{
    write_meta(r, key, H5_U64, &value, units, long_name);
}

void result_meta_f64(struct result *r, const char *key, double value, const char *units,
                     const char *long_name)
{
    write_meta(r, key, H5_F64, &value, units, long_name);
}

/* The members of a row of /config/table are those of struct config_entry. */
static hid_t entry_type(void)
{
    static const struct {
        const char *name;
        size_t offset;
    } texts[] = {{"section", offsetof(struct config_entry, section)},
                 {"key", offsetof(struct config_entry, key)},
                 {"value", offsetof(struct config_entry, value)},
                 {"unit", offsetof(struct config_entry, unit)},
                 {"origin", offsetof(struct config_entry, origin)}};
    hid_t row = H5Tcreate(H5T_COMPOUND, sizeof(struct config_entry)), text = h5_text_type();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        H5Tinsert(row, texts[i].name, texts[i].offset, text);
    H5Tinsert(row, "number", offsetof(struct config_entry, number), H5T_NATIVE_UINT64);
    H5Tclose(text);
    return row;
}

static void write_entries(struct h5_file *f, const struct config *c)
{
    hsize_t count = config_count(c);
    struct config_entry *rows = xcalloc(count + 1, sizeof *rows);
    for (uint32_t i = 0; i < count; i++)
        rows[i] = config_get(c, i);
    hid_t type = entry_type(), space = H5Screate_simple(1, &count, NULL),
          list = h5_creation_list(f);
    hid_t set = h5_create_dataset(f, "/config/table", type, space, list, "see member unit",
                                  "every key with its value, its number in `unit`, its origin");
    if (h5_ok(f) && count)
        h5_check(f, H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows) >= 0, "/config/table");
    h5_write_dimension(f, "/config", "entry", count);
    h5_attach_scale(f, set, 0, "/config/entry");
    if (set >= 0)
        H5Dclose(set);
    H5Pclose(list);
    H5Sclose(space);
    H5Tclose(type);
    free(rows);
}

void result_config(struct result *r, const struct config *c)
{
    char *text = config_text(c);
    h5_group(&r->file, "/config", "the resolved configuration");
    h5_write(&r->file, &(struct h5_array){"/config/text", "", "the configuration as an .ini file",
                                          H5_TEXT, .data = &text});
    write_entries(&r->file, c);
    free(text);
}

void result_arguments(struct result *r, const char *const *arguments)
{
    hsize_t count = 0;
    while (arguments && arguments[count])
        count++;
    if (!count)
        return;
    h5_write_dimension(&r->file, "/config", "argument", count);
    h5_write(&r->file, &(struct h5_array){"/config/arguments", "",
                                          "program and arguments of the command line", H5_TEXT,
                                          1, {count}, arguments, {"/config/argument"}, NULL});
}
