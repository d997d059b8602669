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

static void predict_branch(struct branch_unit *u, const struct insn *i, bool taken,
                           uint64_t next_pc)
{
    struct prediction p;
    branch_unit_predict(u, i, &p);
    if (p.decode_next != next_pc)
        branch_unit_repair(u, i, &p, taken, next_pc);
    branch_unit_retire(u, i, &p, taken, next_pc);
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

/* Calls `branch` for each branch; the count of instructions. */
static uint64_t execute(struct machine *m, uint64_t max_instructions,
                        void (*branch)(void *owner, const struct op *op), void *owner)
{
    struct op_source source = exec_op_source(&m->cores->exec);
    struct op op;
    while (exec_icount(&m->cores->exec) < max_instructions &&
           source.next(source.source, &op, true) == EXEC_OK)
        if (op.flags & OP_BRANCH && !(op.flags & (OP_SYSTEM | OP_FAULT)))
            branch(owner, &op);
    return exec_icount(&m->cores->exec);
}

static uint64_t run_program(const char *self, const char *workload, uint64_t max_instructions,
                            void (*branch)(void *owner, const struct op *op), void *owner)
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
    uint64_t instructions = execute(m, max_instructions, branch, owner);
    dup2(output, STDOUT_FILENO);
    close(output);
    close(nowhere);
    machine_destroy(m);
    config_destroy(config);
    free(sections);
    return instructions;
}

static void give_to_all(void *owner, const struct op *op)
{
    const struct replay *r = owner;
    for (uint32_t n = 0; n < r->count; n++)
        predict_branch(r->units[n], op->insn, op->flags & OP_TAKEN, op->next_pc);
}

void replay_run(struct replay *r, const char *self, const char *workload, uint64_t max_instructions)
{
    r->instructions += run_program(self, workload, max_instructions, give_to_all, r);
}

struct branch_trace {
    uint64_t count, room;
    struct traced {
        struct insn insn;
        uint64_t next_pc;
        bool taken;
    } *branches;
};

static void record(void *owner, const struct op *op)
{
    struct branch_trace *t = owner;
    if (t->count == t->room) {
        t->room = t->room ? 2 * t->room : 1 << 16;
        t->branches = xrealloc(t->branches, t->room * sizeof t->branches[0]);
    }
    t->branches[t->count++] = (struct traced){
        .insn = *op->insn, .next_pc = op->next_pc, .taken = op->flags & OP_TAKEN};
}

struct branch_trace *branch_trace_record(const char *self, const char *workload,
                                         uint64_t max_instructions)
{
    struct branch_trace *t = xcalloc(1, sizeof *t);
    run_program(self, workload, max_instructions, record, t);
    return t;
}

void branch_trace_destroy(struct branch_trace *t)
{
    free(t->branches);
    free(t);
}

uint64_t branch_trace_count(const struct branch_trace *t) { return t->count; }

void branch_trace_predict(const struct branch_trace *t, struct branch_unit *u)
{
    for (uint64_t n = 0; n < t->count; n++) {
        const struct traced *b = &t->branches[n];
        predict_branch(u, &b->insn, b->taken, b->next_pc);
    }
}

uint64_t replay_rate(const struct replay *r, uint64_t events)
{
    return r->instructions ? (events * 1000000 + r->instructions / 2) / r->instructions : 0;
}
