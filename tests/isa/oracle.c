#include "tests/isa/oracle.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/err.h"

struct oracle {
    int to, from;
    pid_t pid;
    bool swap;
};

static void be_child(char *const command[], const int in[2], const int out[2])
{
    dup2(in[0], 0);
    dup2(out[1], 1);
    close(in[0]), close(in[1]), close(out[0]), close(out[1]);
    execvp(command[0], command);
    _exit(127);
}

struct oracle *oracle_create(char *const command[], bool swap)
{
    int in[2], out[2];
    if (pipe(in) || pipe(out))
        return NULL;
    signal(SIGPIPE, SIG_IGN); /* a dead runner is a failed write */
    pid_t pid = fork();
    if (pid < 0)
        return NULL;
    if (pid == 0)
        be_child(command, in, out);
    close(in[0]);
    close(out[1]);
    struct oracle *o = xcalloc(1, sizeof *o);
    *o = (struct oracle){.to = in[1], .from = out[0], .pid = pid, .swap = swap};
    return o;
}

void oracle_destroy(struct oracle *o)
{
    close(o->to);
    close(o->from);
    waitpid(o->pid, NULL, 0);
    free(o);
}

static bool send(struct oracle *o, const void *buffer, uint64_t bytes)
{
    for (const char *at = buffer; bytes;) {
        ssize_t n = write(o->to, at, bytes);
        if (n <= 0)
            return false;
        at += n;
        bytes -= (uint64_t)n;
    }
    return true;
}

/* All members before the window are doublewords. */
static void swap_regs(struct isa_regs *r)
{
    uint64_t v;
    for (char *at = (char *)r; at < (char *)r->window; at += sizeof v) {
        memcpy(&v, at, sizeof v);
        v = __builtin_bswap64(v);
        memcpy(at, &v, sizeof v);
    }
}

static bool send_swapped(struct oracle *o, const struct isa_block *block)
{
    struct isa_block b = *block;
    b.word = __builtin_bswap32(b.word);
    b.reserve_bytes = __builtin_bswap32(b.reserve_bytes);
    b.reserve_ea = __builtin_bswap64(b.reserve_ea);
    swap_regs(&b.in);
    return send(o, &b, sizeof b);
}

bool oracle_ask(struct oracle *o, const struct isa_block *blocks, uint32_t count)
{
    uint64_t header = o->swap ? __builtin_bswap64(count) : count;
    if (!send(o, &header, sizeof header))
        return false;
    if (!o->swap)
        return send(o, blocks, count * sizeof blocks[0]);
    for (uint32_t n = 0; n < count; n++)
        if (!send_swapped(o, &blocks[n]))
            return false;
    return true;
}

/* The runner says where execution went on as the number of a landing pad. */
static uint64_t pad_address(uint64_t number)
{
    return ISA_CODE_BASE + number / ISA_PADS * ISA_SLOT_BYTES + ISA_PAD_AT(number % ISA_PADS);
}

bool oracle_answer(struct oracle *o, struct isa_regs *results, uint32_t count)
{
    uint64_t bytes = count * sizeof results[0];
    for (char *at = (char *)results; bytes;) {
        ssize_t n = read(o->from, at, bytes);
        if (n <= 0)
            return false;
        at += n;
        bytes -= (uint64_t)n;
    }
    for (uint32_t n = 0; n < count; n++) {
        if (o->swap)
            swap_regs(&results[n]);
        if (!results[n].signal)
            results[n].nia = pad_address(results[n].nia);
    }
    return true;
}
