#include "sim/check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/check_scan.h"
#include "sim/isa/disasm.h"
#include "sim/linux/linux.h"

#define ROWS_SHOWN 20u

const char check_usage[] = "usage: simrun check [--bare] [--isa VERSION] PROGRAM";

enum { NOTHING_MISSING, SOMETHING_MISSING };

static const char *version_text(char text[8], uint16_t isa)
{
    static const struct {
        uint16_t isa;
        const char *name;
    } old[] = {{P1, "POWER"}, {P2, "POWER2"}, {PPC, "PPC"}};
    for (uint32_t n = 0; n < ARRAY_LEN(old); n++)
        if (isa == old[n].isa)
            return old[n].name;
    if (isa >= V300)
        snprintf(text, 8, "%u.%u", isa / 100u % 10, isa / 10u % 10);
    else
        snprintf(text, 8, "%u.%02u", isa / 100u % 10, isa % 100u);
    return text;
}

static void report_file(const struct survey *s, const char *path, const struct processor *p)
{
    printf("%s: %s-bit %s-endian%s, %s\n", path, s->is_64bit ? "64" : "32",
           s->big_endian ? "big" : "little",
           !s->is_64bit ? "" : s->is_elfv1 ? " (ELFv1)" : " (ELFv2)",
           s->interpreter ? "dynamically linked" : "statically linked");
    printf("checked against core.isa = %s (%s)\n", p->key, p->name);
    if (!s->interpreter)
        return;
    printf("interpreter: %s%s\n", s->interpreter, access(s->interpreter, R_OK) ?
           " (not on this host: workload.sysroot must name a directory that has it)" : "");
    for (uint32_t n = 0; n < s->needed_count; n++)
        printf("shared library: %s\n", s->needed[n]);
    puts("Libraries are not looked at: check them, too.");
}

static void report_source(const struct survey *s, const struct scan *scan)
{
    printf("\n%llu instructions ", (unsigned long long)scan->instructions);
    if (s->source == SURVEY_FUNCTIONS)
        printf("in %u function%s; %llu bytes of code outside functions were not looked at\n",
               s->range_count, s->range_count == 1 ? "" : "s",
               (unsigned long long)s->skipped_bytes);
    else
        printf("in executable %s: without a symbol table data may pass for instructions\n",
               s->source == SURVEY_SECTIONS ? "sections" : "segments");
}

static bool is_used(const struct scan *s, uint32_t version)
{
    uint64_t sum = 0;
    for (uint32_t g = 0; g < GROUP_COUNT; g++)
        sum += s->by_version[g][version];
    return sum > 0;
}

/* A row per group, a column per version of the ISA that brought the instructions. */
static void report_table(const struct scan *s)
{
    static const char *const names[] = {
#define GROUP_NAME(name, text) text,
        INSN_GROUPS(GROUP_NAME)
#undef GROUP_NAME
    };
    char text[8];
    printf("%-15s", "by ISA version");
    for (uint32_t v = 0; v < s->version_count; v++)
        if (is_used(s, v))
            printf("%9s", version_text(text, s->versions[v]));
    putchar('\n');
    for (uint32_t g = 0; g < GROUP_COUNT; g++) {
        printf("%-15s", names[g]);
        for (uint32_t v = 0; v < s->version_count; v++)
            if (is_used(s, v))
                printf("%9llu", (unsigned long long)s->by_version[g][v]);
        putchar('\n');
    }
}

static void report_word(const struct missing_word *w)
{
    char mnemonic[INSN_MNEMONIC_ROOM] = "", text[8];
    if (w->number != INSN_ILLEGAL)
        insn_mnemonic(mnemonic, w->number, w->word);
    printf("  %08x %8llu  first at 0x%llx", w->word, (unsigned long long)w->count,
           (unsigned long long)w->first_ea);
    if (*w->where->name)
        printf(" <%s+0x%llx>", w->where->name, (unsigned long long)(w->first_ea - w->where->ea));
    if (*mnemonic)
        printf("  %s, ISA %s", mnemonic, version_text(text, insn_rows[w->number].isa));
    putchar('\n');
}

static void report_missing(const struct scan *s)
{
    if (s->guarded)
        printf("\n%llu words more are where the C library goes only if AT_HWCAP allows it, and it "
               "does not:\nscv, and in functions called *_power10, *_hw, *_elision and such.\n",
               (unsigned long long)s->guarded);
    if (!s->missing) {
        puts("\nEvery instruction is implemented.");
        return;
    }
    printf("\n%llu words are no instructions of this processor (word, count, place):\n",
           (unsigned long long)s->missing);
    for (uint32_t n = 0; n < s->word_count && n < ROWS_SHOWN; n++)
        report_word(&s->words[n]);
    if (s->word_count > ROWS_SHOWN)
        puts("  ... and others");
}

static void report_calls(const struct scan *s, bool is_64bit)
{
    uint32_t listed = 0;
    printf("\n%llu system call instructions; the number could be told of %llu. Which calls are "
           "made is known\nonly in a run; one that is not implemented answers ENOSYS.\n",
           (unsigned long long)s->call_sites,
           (unsigned long long)(s->call_sites - s->unknown_sites));
    for (uint32_t n = 0; n < SCAN_CALLS; n++) {
        bool is_implemented;
        const char *name = linux_syscall_name(is_64bit, n, &is_implemented);
        if (!s->calls[n] || is_implemented)
            continue;
        printf("%s%u (%s)", listed++ ? ", " : "not implemented: ", n, name ? name : "no such call");
    }
    puts(listed ? "" : "All of these are implemented.");
}

/* The processor of a legal value of core.isa. */
static const struct processor *find_processor(const char *key, struct err *e)
{
    const struct processor *p = processor_find(key);
    if (!p)
        err_set(e, "--isa %s: one of %s is allowed", key, processor_choices + 1);
    return p;
}

static int report(const char *path, bool is_bare, const struct processor *p, struct err *e)
{
    static struct scan scan; /* large, and zeroed by scan_program */
    struct survey *s = survey_open(path, is_bare, e);
    if (!s)
        return e->status;
    if (s->is_64bit && p->is_32bit) {
        err_set_status(e, EXIT_NOEXEC, "%s: is a 64-bit program, core.isa = %s is for 32-bit ones",
                       path, p->key);
        survey_close(s);
        return e->status;
    }
    scan_program(&scan, s, p);
    report_file(s, path, p);
    report_source(s, &scan);
    report_table(&scan);
    report_missing(&scan);
    if (!is_bare)
        report_calls(&scan, s->is_64bit);
    survey_close(s);
    return scan.missing ? SOMETHING_MISSING : NOTHING_MISSING;
}

int check_run(int argc, char **argv, struct err *e)
{
    const struct processor *p = processor_at(0);
    int at = 2;
    bool is_bare = at < argc && !strcmp(argv[at], "--bare");
    at += is_bare;
    if (at + 1 < argc && !strcmp(argv[at], "--isa")) {
        p = find_processor(argv[at + 1], e);
        at += 2;
    }
    if (p && at + 1 != argc)
        err_set(e, "%s", check_usage);
    return e->status ? e->status : report(argv[at], is_bare, p, e);
}
