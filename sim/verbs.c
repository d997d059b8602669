#include "sim/verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/base/log.h"
#include "sim/build.h"
#include "sim/check.h"
#include "sim/gather.h"
#include "sim/identity.h"
#include "sim/options.h"
#include "sim/sweep/plan.h"
#include "sim/sweep/sweep.h"
#include "sim/verify.h"

/* Of another kind of file: they are explained when asked for by name. */
static const struct section_row sweep_sections[] = {
    {.name = "sweep", .keys = sweep_key_rows,
     .text = "of a sweep file, beside the axes SECTION.KEY = VALUE, VALUE ..."},
    {.name = NULL}};

static bool is_of_sweep(const char *what)
{
    return !strncmp(what, "sweep", 5) && (!what[5] || what[5] == '.');
}

static int explain(int argc, char **argv, struct err *e)
{
    struct section_row *sections = machine_sections();
    if (argc > 3)
        err_set(e, "usage: simrun explain [SECTION[.KEY] | KEY]");
    else
        config_explain(argc > 2 && is_of_sweep(argv[2]) ? sweep_sections : sections,
                       argc > 2 ? argv[2] : NULL, e);
    free(sections);
    return 0;
}

/* A machine is built to bind every key and to find what does not fit, and never run. */
static bool resolve(struct config *c, const char *inputs, char id[POINT_ID_LENGTH + 1],
                    struct err *e)
{
    static const volatile sig_atomic_t attention = 0;
    struct machine_setup setup = {.config = c, .attention = &attention, .gdb_port = -1};
    struct machine *m = machine_create(&setup, e);
    struct identity i;
    bool ok = m && identity_find(&i, c, machine_named_path(m), NULL, inputs, e);
    machine_destroy(m);
    if (ok)
        memcpy(id, i.id, POINT_ID_LENGTH + 1);
    return ok;
}

static int sweep(int argc, char **argv, struct err *e)
{
    struct section_row *sections = machine_sections();
    struct sweep_env env = {.program = "/proc/self/exe", .sections = sections, .resolve = resolve,
                            .status = gather_status, .collect = gather_sweep};
    int status = sweep_main(argc - 1, argv + 1, &env, e);
    free(sections);
    return status;
}

static int verify(int argc, char **argv, struct err *e)
{
    return verify_main(argc - 1, argv + 1, e);
}

static const struct {
    const char *name;
    int (*run)(int argc, char **argv, struct err *e); /* the exit status unless *e has one */
} verbs[] = {{"explain", explain}, {"check", check_run}, {"sweep", sweep}, {"verify", verify}};

bool verb_is(const char *word)
{
    for (size_t n = 0; n < ARRAY_LEN(verbs); n++)
        if (!strcmp(word, verbs[n].name))
            return true;
    return false;
}

bool verb_run(int argc, char **argv, int *status)
{
    struct err e = {0};
    for (size_t n = 0; argc > 1 && n < ARRAY_LEN(verbs); n++) {
        if (strcmp(argv[1], verbs[n].name))
            continue;
        if (verbs[n].run != sweep && argc == 3 &&
            (!strcmp(argv[2], "--help") || !strcmp(argv[2], "-h"))) {
            fputs(options_help, stdout);
            *status = 0;
            return true;
        }
        *status = verbs[n].run(argc, argv, &e);
        if (e.status) {
            log_line("%s", e.text);
            *status = e.status;
        }
        return true;
    }
    return false;
}
