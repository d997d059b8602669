#include "sim/linux/cores.h"

#include "sim/base/bits.h"
#include "sim/linux/internal.h"

void cores_init(struct kernel *k, struct cpu *cpu, const struct linux_config *config)
{
    struct kernel_cores *c = &k->cores;
    c->count = (uint32_t)max_u64(config->core_count, 1);
    c->used = 1;
    k->cpu = c->core[0].cpu = cpu;
    for (uint32_t n = 1; n < c->count; n++)
        c->core[n].cpu = config->cpus[n];
}

/* What the process holds of its thread on this core goes with it: another one may come next. */
static void put_away(struct kernel *k)
{
    struct threads *g = &k->threads;
    struct kernel_core *from = &k->cores.core[k->cores.active];
    if (g->current && !g->current->ended)
        thread_save(g->current->process, g->current);
    from->current = g->current;
    from->entered = k->entered;
    from->turn_began_ns = k->turn_began_ns;
    from->slice_end_ns = g->slice_end_ns;
}

void core_select(struct kernel *k, uint32_t number)
{
    struct threads *g = &k->threads;
    const struct kernel_core *to = &k->cores.core[number];
    if (number == k->cores.active)
        return;
    put_away(k);
    k->cpu = to->cpu;
    g->current = to->current;
    k->entered = to->entered;
    k->turn_began_ns = to->turn_began_ns;
    g->slice_end_ns = to->slice_end_ns;
    k->cores.active = number;
    if (g->current) {
        g->current->process->cpu = k->cpu;
        thread_load_signals(g->current->process, g->current);
    }
}

void core_select_cpu(struct kernel *k, const struct cpu *cpu)
{
    uint32_t n = 0;
    while (k->cores.core[n].cpu != cpu)
        n++;
    core_select(k, n);
}

struct thread *core_thread(const struct kernel *k, uint32_t number)
{
    return number == k->cores.active ? k->threads.current : k->cores.core[number].current;
}

bool cores_others_run(const struct kernel *k)
{
    for (uint32_t n = 0; n < k->cores.used; n++)
        if (n != k->cores.active && k->cores.core[n].current)
            return true;
    return false;
}

static bool runs(const struct kernel *k, uint32_t number, const struct linux_process *l)
{
    const struct thread *t = core_thread(k, number);
    return t && t->process == l;
}

bool cores_run(const struct kernel *k, const struct linux_process *l)
{
    for (uint32_t n = 0; n < k->cores.used; n++)
        if (runs(k, n, l))
            return true;
    return false;
}

static uint64_t began_ns(const struct kernel *k, uint32_t number)
{
    return number == k->cores.active ? k->turn_began_ns : k->cores.core[number].turn_began_ns;
}

uint64_t cores_turn_began_ns(const struct kernel *k, const struct linux_process *l)
{
    uint32_t n = 0;
    while (!runs(k, n, l))
        n++;
    return began_ns(k, n);
}

uint64_t cores_turns_ns(const struct linux_process *l)
{
    const struct kernel *k = l->kernel;
    uint64_t sum = 0;
    for (uint32_t n = 0; n < k->cores.used; n++)
        if (runs(k, n, l))
            sum += time_now_ns(l) - began_ns(k, n);
    return sum;
}

void cores_account(struct linux_process *l)
{
    struct kernel *k = l->kernel;
    l->cpu_ns += cores_turns_ns(l);
    for (uint32_t n = 0; n < k->cores.used; n++)
        if (runs(k, n, l))
            *(n == k->cores.active ? &k->turn_began_ns : &k->cores.core[n].turn_began_ns) =
                time_now_ns(l);
}

/* While one core carries all threads, it carries those of others. */
bool core_suits(const struct kernel *k, const struct thread *t, uint32_t number)
{
    return k->cores.used == 1 || t->affinity >> number & 1;
}

void core_idle(struct kernel *k)
{
    struct threads *g = &k->threads;
    struct thread *old = g->current;
    const struct linux_config *c = &k->first->config;
    old->process->cpu_ns += time_now_ns(old->process) - k->turn_began_ns;
    old->runs = false;
    g->current = NULL;
    threads_remove_ended(k);
    tasks_remove_gone(k);
    c->set_idle(c->ctx, k->cores.active, true);
}

static void tell_busy(struct kernel *k, uint32_t number)
{
    const struct linux_config *c = &k->first->config;
    const struct thread *t = core_thread(k, number);
    if (t->ended || t->process->stopped || !core_suits(k, t, number) ||
        signal_waits_for(t->process, t))
        c->interrupt(c->ctx, number);
}

void cores_spread(struct kernel *k)
{
    const struct linux_config *c = &k->first->config;
    uint32_t home = k->cores.active;
    for (uint32_t n = 0; n < k->cores.used && !k->over; n++) {
        if (core_thread(k, n))
            continue;
        core_select(k, n);
        if (!thread_take_ready(k))
            continue;
        c->set_idle(c->ctx, n, false);
        core_leave(k);
    }
    core_select(k, home);
    for (uint32_t n = 0; n < k->cores.used && !k->over; n++)
        if (n != home && core_thread(k, n))
            tell_busy(k, n);
}

void linux_use_all_cores(struct linux_process *first)
{
    struct kernel *k = first->kernel;
    const struct linux_config *c = &first->config;
    k->cores.used = k->cores.count;
    for (uint32_t n = 1; n < k->cores.used; n++)
        c->set_idle(c->ctx, n, true);
    if (k->cores.used > 1)
        cores_spread(k);
}
