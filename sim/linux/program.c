/* What a process runs: its name and words, and its first instruction. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/err.h"
#include "sim/isa/processor.h"
#include "sim/linux/internal.h"

void program_release(struct executable *x)
{
    if (--x->users)
        return;
    if (x->fd >= 0)
        close(x->fd);
    free(x->argv);
    free(x->envp);
    free(x->called);
    free(x->name);
    free(x->host_path);
    free(x);
}

/* A descriptor that cannot be read leaves the address, which cannot be fetched from either. */
static void set_entry(struct linux_process *l)
{
    struct cpu *s = l->cpu;
    uint64_t start = l->image.start, entry, toc;
    s->nia = start;
    if (l->image.descriptors) {
        if (guest_read_long(l, start, &entry) && guest_read_long(l, start + 8, &toc)) {
            s->nia = entry + l->image.start_bias;
            s->gpr[2] = toc + l->image.start_bias;
        }
    } else if (l->image.is_64bit) {
        s->gpr[12] = start; /* ELFv2's global entry finds its TOC from it */
    }
}

void program_start(struct linux_process *l)
{
    struct cpu *s = l->cpu;
    const char *name = strrchr(l->exe->called, '/');
    char *comm = l->leader->name;
    memset(s, 0, THREAD_REGISTERS);
    s->fp_exceptions_enabled = false;
    s->reservation.valid = false;
    processor_reset(l->config.processor, s, l->image.is_64bit, l->image.big_endian);
    l->fp_exceptions = 0;
    stack_build(l);
    set_entry(l);
    memset(comm, 0, sizeof l->leader->name);
    strncpy(comm, name ? name + 1 : l->exe->called, sizeof l->leader->name - 1);
}
