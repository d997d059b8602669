/* The initial stack of Linux/ppc64: from the top downwards the program's name, environment and
 * argument strings, the platform's name, 16 random bytes; then, 16-byte aligned, argc, argv, envp
 * and the auxiliary vector. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/isa/processor.h"
#include "sim/linux/internal.h"
#include "sim/linux/vdso.h"
#include "sim/linux/open_flags.h"

#define MMAP_GAP   (UINT64_C(128) << 20) /* mmap leaves this below the stack's top, as Linux does */
#define STACK_MOST (UINT64_C(64) << 20)  /* what is mapped of an unlimited one */

enum auxv_type {
    AT_PHDR_ = 3, AT_PHENT_ = 4, AT_PHNUM_ = 5, AT_PAGESZ_ = 6, AT_BASE_ = 7, AT_FLAGS_ = 8,
    AT_ENTRY_ = 9, AT_UID_ = 11, AT_EUID_ = 12, AT_GID_ = 13, AT_EGID_ = 14, AT_PLATFORM_ = 15,
    AT_HWCAP_ = 16, AT_CLKTCK_ = 17, AT_DCACHEBSIZE_ = 19, AT_ICACHEBSIZE_ = 20,
    AT_UCACHEBSIZE_ = 21, AT_SECURE_ = 23, AT_BASE_PLATFORM_ = 24, AT_RANDOM_ = 25,
    AT_HWCAP2_ = 26, AT_EXECFN_ = 31, AT_SYSINFO_EHDR_ = 33, AT_L1I_SIZE_ = 40,
    AT_L1I_GEOMETRY_ = 41,
    AT_L1D_SIZE_ = 42, AT_L1D_GEOMETRY_ = 43, AT_L2_SIZE_ = 44, AT_L2_GEOMETRY_ = 45,
    AT_L3_SIZE_ = 46, AT_L3_GEOMETRY_ = 47, AT_MINSIGSTKSZ_ = 51,
};

struct builder {
    struct linux_process *l;
    uint64_t sp;   /* of the lowest string so far */
    uint8_t *data; /* image of [low, stack_top) */
    uint64_t low;
};

static uint64_t push_bytes(struct builder *b, const void *from, uint64_t bytes)
{
    b->sp -= bytes;
    memcpy(b->data + (b->sp - b->low), from, bytes);
    return b->sp;
}

static uint64_t push_string(struct builder *b, const char *s)
{
    return push_bytes(b, s, strlen(s) + 1);
}

static void aux(struct linux_process *l, uint64_t type, uint64_t value)
{
    assert(l->exe->auxv_words + 2 <= ARRAY_LEN(l->exe->auxv));
    l->exe->auxv[l->exe->auxv_words++] = type;
    l->exe->auxv[l->exe->auxv_words++] = value;
}

/* Associativity in the upper, line size in the lower half. */
static uint64_t geometry(uint64_t ways, uint64_t line) { return ways << 16 | line; }

/* The sizes are those of POWER9. */
static void aux_caches(struct linux_process *l)
{
    uint64_t line = l->cpu->cache_block_bytes;
    aux(l, AT_DCACHEBSIZE_, line);
    aux(l, AT_ICACHEBSIZE_, line);
    aux(l, AT_UCACHEBSIZE_, 0);
    if (l->config.processor->is_32bit) /* kernels for these say no more */
        return;
    aux(l, AT_L1I_SIZE_, 32 << 10);
    aux(l, AT_L1I_GEOMETRY_, geometry(8, line));
    aux(l, AT_L1D_SIZE_, 32 << 10);
    aux(l, AT_L1D_GEOMETRY_, geometry(8, line));
    aux(l, AT_L2_SIZE_, 512 << 10);
    aux(l, AT_L2_GEOMETRY_, geometry(8, line));
    aux(l, AT_L3_SIZE_, 10 << 20);
    aux(l, AT_L3_GEOMETRY_, geometry(20, line));
}

static void aux_all(struct builder *b, uint64_t execfn, uint64_t platform, uint64_t random)
{
    struct linux_process *l = b->l;
    const struct workload_keys *keys = l->config.keys;
    aux_caches(l);
    aux(l, AT_SYSINFO_EHDR_, l->space->vdso_ea);
    aux(l, AT_HWCAP_, l->config.processor->hwcap);
    aux(l, AT_HWCAP2_, l->config.processor->hwcap2);
    aux(l, AT_PAGESZ_, process_page_bytes(l->process));
    aux(l, AT_CLKTCK_, CLOCK_TICKS);
    aux(l, AT_PHDR_, l->image.phdr_ea);
    aux(l, AT_PHENT_, l->image.phdr_bytes);
    aux(l, AT_PHNUM_, l->image.phdr_count);
    aux(l, AT_BASE_, l->image.base);
    aux(l, AT_FLAGS_, 0);
    aux(l, AT_ENTRY_, l->image.entry);
    aux(l, AT_UID_, keys->uid);
    aux(l, AT_EUID_, keys->uid);
    aux(l, AT_GID_, keys->gid);
    aux(l, AT_EGID_, keys->gid);
    aux(l, AT_SECURE_, 0);
    aux(l, AT_RANDOM_, random);
    aux(l, AT_EXECFN_, execfn);
    aux(l, AT_PLATFORM_, platform);
    aux(l, AT_BASE_PLATFORM_, platform);
    aux(l, AT_MINSIGSTKSZ_, signal_min_stack(l));
    aux(l, 0, 0);
}

static uint64_t count_words(char *const *words)
{
    uint64_t n = 0;
    while (words[n])
        n++;
    return n;
}

static uint64_t string_bytes(char *const *words)
{
    uint64_t bytes = 0;
    for (; *words; words++)
        bytes += strlen(*words) + 1;
    return bytes;
}

/* The addresses of the strings, pushed last first so that they ascend; ends with a zero. */
static uint64_t *push_strings(struct builder *b, char **words, uint64_t count)
{
    uint64_t *ea = xcalloc(count + 1, sizeof *ea);
    for (uint64_t n = count; n-- > 0;)
        ea[n] = push_string(b, words[n]);
    return ea;
}

static uint64_t put_longs(struct linux_process *l, uint64_t at, const uint64_t *v, uint64_t count)
{
    for (uint64_t n = 0; n < count; n++, at += l->image.is_64bit ? 8 : 4)
        guest_write_long(l, at, v[n]);
    return at;
}

static void push_all(struct builder *b)
{
    struct linux_process *l = b->l;
    uint64_t random[2] = {rng_next(&l->kernel->rng), rng_next(&l->kernel->rng)};
    uint64_t argc = count_words(l->exe->argv), envc = count_words(l->exe->envp),
             word = l->image.is_64bit ? 8 : 4;
    push_bytes(b, &(uint64_t){0}, 8);
    uint64_t execfn = push_string(b, l->exe->called);
    uint64_t *envp = push_strings(b, l->exe->envp, envc);
    uint64_t *argv = push_strings(b, l->exe->argv, argc);
    uint64_t platform = push_string(b, l->config.processor->platform);
    aux_all(b, execfn, platform, push_bytes(b, random, sizeof random));
    guest_write(l, b->low, b->data, l->space->stack_top - b->low);
    uint64_t words = 1 + argc + 1 + envc + 1 + l->exe->auxv_words;
    uint64_t sp = align_down(b->sp - words * word, 16), at = put_longs(l, sp, &argc, 1);
    at = put_longs(l, at, argv, argc + 1);
    at = put_longs(l, at, envp, envc + 1);
    put_longs(l, at, l->exe->auxv, l->exe->auxv_words);
    l->cpu->gpr[1] = sp;
    free(argv);
    free(envp);
}

static void map_stack(struct linux_process *l)
{
    struct address_space *s = l->space;
    uint64_t page = process_page_bytes(l->process);
    uint64_t limit = min_u64(l->limits[GUEST_RLIMIT_STACK].soft, STACK_MOST);
    uint64_t bytes = max_u64(limit, 2 * stack_words_bytes(l->exe->argv, l->exe->envp));
    uint32_t prot = AREA_READ | AREA_WRITE | (l->image.exec_stack ? (uint32_t)AREA_EXEC : 0);
    s->stack_top = l->image.user_end;
    s->stack_low = s->stack_top - align_up(bytes, page);
    process_map(l->process, s->stack_low, s->stack_top - s->stack_low, prot, NULL, 0, "[stack]");
    s->mmap_base = s->stack_top - max_u64(MMAP_GAP, bytes + STACK_GUARD);
    s->mmap_base = align_down(s->mmap_base, page);
    s->brk_now = l->image.brk_start;
}

static void map_vdso(struct linux_process *l)
{
    struct address_space *s = l->space;
    uint64_t page = process_page_bytes(l->process);
    struct wire w;
    uint32_t code;
    vdso_build(l, &w, &code);
    s->mmap_base -= page;
    s->vdso_ea = s->mmap_base;
    s->sigtramp_ea = s->vdso_ea + code;
    process_map(l->process, s->vdso_ea, page, AREA_READ | AREA_EXEC, NULL, 0, "[vdso]");
    mmu_poke(l->mmu, s->vdso_ea, w.bytes, w.used);
}

uint64_t stack_words_bytes(char *const *argv, char *const *envp)
{
    uint64_t count = count_words(argv) + count_words(envp);
    return string_bytes(argv) + string_bytes(envp) + count * 8;
}

void stack_build(struct linux_process *l)
{
    const struct executable *x = l->exe;
    uint64_t bytes = string_bytes(x->argv) + string_bytes(x->envp) + strlen(x->called) + 64;
    map_stack(l);
    map_vdso(l);
    struct builder b = {.l = l, .sp = l->space->stack_top, .low = l->space->stack_top - bytes};
    b.data = xcalloc(bytes, 1);
    push_all(&b);
    free(b.data);
}

/* A raised limit takes effect at once, as far as nothing is in the way; a lowered one only for
 * later programs. */
bool stack_set_limit(struct linux_process *l, uint64_t bytes)
{
    uint64_t page = process_page_bytes(l->process);
    uint64_t most = l->space->stack_top - l->space->mmap_base - page - STACK_GUARD;
    uint64_t low = l->space->stack_top - align_up(min_u64(bytes, most), page);
    const struct area *stack = process_area_at(l->process, l->space->stack_top - 1);
    if (low >= l->space->stack_low)
        return true;
    const struct area *below = process_area_at(l->process, low);
    if (below->start < l->space->stack_low)
        return false;
    process_map(l->process, low, l->space->stack_low - low, stack->prot, NULL, 0, stack->name);
    l->space->stack_low = low;
    return true;
}
