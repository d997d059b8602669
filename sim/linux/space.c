#include "sim/linux/space.h"

#include <stdlib.h>
#include <string.h>

#include "sim/isa/code.h"
#include "sim/isa/processor.h"
#include "sim/linux/internal.h"

struct address_space *space_create(struct kernel *k, struct process *process, struct code *code)
{
    struct address_space *s = xcalloc(1, sizeof *s);
    *s = (struct address_space){
        .process = process, .code = code, .users = 1, .id = k->next_space++};
    return s;
}

struct address_space *space_copy(struct kernel *k, const struct address_space *s)
{
    struct process *process = process_copy(s->process);
    struct code *code = s->code ? code_create_like(s->code, process_mmu(process), false) : NULL;
    struct address_space *copy = xmalloc(sizeof *copy);
    *copy = *s;
    copy->process = process;
    copy->code = code;
    copy->users = 1;
    copy->id = k->next_space++;
    memset(copy->left, 0, sizeof copy->left);
    return copy;
}

void space_give(struct linux_process *l, struct address_space *s)
{
    l->space = s;
    l->process = s->process;
    l->mmu = process_mmu(s->process);
}

void space_release(struct kernel *k, struct address_space *s)
{
    if (--s->users)
        return;
    s->next = k->dead;
    k->dead = s;
}

static void leave(struct kernel *k)
{
    uint32_t core = k->cores.active;
    if (k->entered && k->entered->code)
        code_detach(k->entered->code, k->cpu);
    if (k->entered)
        k->entered->left[core] = k->cores.core[core].calls + 1;
    k->entered = NULL;
}

/* Another core is in it, or may have instructions of it in flight. */
static bool is_in_use(const struct kernel *k, const struct address_space *s)
{
    for (uint32_t n = 0; n < k->cores.used; n++) {
        const struct kernel_core *c = &k->cores.core[n];
        if (n != k->cores.active && (c->entered == s || s->left[n] > c->calls))
            return true;
    }
    return false;
}

void spaces_free_dead(struct kernel *k)
{
    struct address_space **link = &k->dead;
    while (*link) {
        struct address_space *s = *link;
        if (is_in_use(k, s)) {
            link = &s->next;
            continue;
        }
        *link = s->next;
        if (s == k->entered)
            leave(k);
        if (s->code)
            code_destroy(s->code);
        k->dead_page_faults += process_pages_touched(s->process);
        process_destroy(s->process);
        free(s);
    }
}

void space_enter(struct linux_process *l)
{
    struct kernel *k = l->kernel;
    if (k->entered == l->space)
        return;
    leave(k);
    k->entered = l->space;
    if (!l->space->code)
        return;
    code_attach(l->space->code, k->cpu);
    k->cpu->asid = l->space->id;
    processor_reset(l->config.processor, k->cpu, l->image.is_64bit, l->image.big_endian);
}
