#include "tests/bpred/replay.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/machine.h"

static void set_keys(struct config *c, const char *words)
{
    char text[500], *rest = text;
    struct err e = {0};
    snprintf(text, sizeof text, "%s", words);
    for (char *word; (word = strtok_r(rest, " ", &rest));) {
        char *value = strchr(word, '=');
        *value++ = 0;
        if (!config_set(c, "core.bpred", word, value, "contestant", &e)) {
            fprintf(stderr, "%s\n", e.text);
            exit(1);
        }
    }
}

struct replay *replay_create(const struct contestant *c, uint32_t count)
{
    struct replay *r = xcalloc(1, sizeof *r);
    r->count = count;
    r->units = xcalloc(count, sizeof(struct branch_unit *));
    for (uint32_t n = 0; n < count; n++) {
        struct err e = {0};
        struct config *config = config_create(NULL);
        set_keys(config, c[n].keys);
        r->units[n] = branch_unit_create(config, "core.bpred", &e);
        if (!r->units[n] || !config_finish(config, &e)) {
            fprintf(stderr, "%s: %s\n", c[n].name, e.text);
            exit(1);
        }
        config_destroy(config);
    }
    return r;
}

void replay_destroy(struct replay *r)
{
    for (uint32_t n = 0; n < r->count; n++)
        branch_unit_destroy(r->units[n]);
    free(r->units);
    free(r);
}

static void predict_branch(struct branch_unit *u, const struct op *op)
{
    struct prediction p;
    bool taken = op->flags & OP_TAKEN;
    branch_unit_predict(u, op->insn, &p);
    if (p.decode_next != op->next_pc)
        branch_unit_repair(u, op->insn, &p, taken, op->next_pc);
    branch_unit_retire(u, op->insn, &p, taken, op->next_pc);
}

static void execute(struct replay *r, struct machine *m, uint64_t max_instructions)
{
    struct op_source source = exec_op_source(&m->exec);
    struct op op;
    while (exec_icount(&m->exec) < max_instructions &&
           source.next(source.source, &op, true) == EXEC_OK)
        if (op.flags & OP_BRANCH && !(op.flags & (OP_SYSTEM | OP_FAULT)))
            for (uint32_t n = 0; n < r->count; n++)
                predict_branch(r->units[n], &op);
    r->instructions += exec_icount(&m->exec);
}

static struct machine *create_machine(struct config *config, const char *program)
{
    static const volatile sig_atomic_t no_attention;
    const char *arguments[] = {program, NULL};
    struct err e = {0};
    struct machine_setup setup = {
        .config = config, .arguments = arguments, .attention = &no_attention, .gdb_port = -1};
    struct machine *m = NULL;
    if (config_load(config, "configs/base.ini", &e))
        m = machine_create(&setup, &e);
    if (!m) {
        fprintf(stderr, "%s\n", e.text);
        exit(1);
    }
    return m;
}

void replay_run(struct replay *r, const char *self, const char *workload, uint64_t max_instructions)
{
    char program[1000];
    struct section_row *sections = machine_sections();
    struct config *config = config_create(sections);
    const char *slash = strrchr(self, '/');
    snprintf(program, sizeof program, "%.*s/../../workloads/%s", slash ? (int)(slash - self) : 1,
             slash ? self : ".", workload);
    struct machine *m = create_machine(config, program);
    int output = dup(STDOUT_FILENO), nowhere = open("/dev/null", O_WRONLY);
    fflush(stdout);
    dup2(nowhere, STDOUT_FILENO);
    execute(r, m, max_instructions);
    dup2(output, STDOUT_FILENO);
    close(output);
    close(nowhere);
    machine_destroy(m);
    config_destroy(config);
    free(sections);
}

uint64_t replay_rate(const struct replay *r, uint64_t events)
{
    return r->instructions ? (events * 1000000 + r->instructions / 2) / r->instructions : 0;
}
