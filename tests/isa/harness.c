/* Every row of the instruction table against an oracle, with random words and operands:
 *
 *   harness [-w WORDS] [-s SEED] [-b] [-3] [-v] [-r "ROW..."] ORACLE-COMMAND...
 *
 * A case is executed by the oracle, by our single step and by our chain; all three must agree.
 * The same cases check the row's register masks, and that the chain does not eat the host's
 * stack. With -3 both are 32-bit processors: the upper halves of registers are there on our side,
 * full of random bits, and must have no effect on the lower ones; rows of floating point and
 * vectors, which have no such mode, are left out. Exit status 1 on any difference. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/isa/operands.h"
#include "sim/isa/state.h"
#include "tests/isa/check.h"
#include "tests/isa/gen.h"
#include "tests/isa/oracle.h"
#include "tests/isa/select.h"

#define LONG_RUN    5000u /* words a row that bring out every exempt difference */
#define STACK_LIMIT 4096u /* a frame kept by each copy of a word takes more than this */

struct options {
    uint32_t words;
    uint64_t seed;
    bool verbose, big_endian, is_32bit, is_v31, is_mac;
    const char *rows; /* names separated by blanks; empty: all */
    char *const *command;
};

struct harness {
    struct options options;
    struct ours *ours;
    struct oracle *oracle;
    struct gen gen;
    struct exempt_use use;
    struct isa_block blocks[ISA_SLOTS];
    struct isa_regs step[ISA_SLOTS], oracle_regs[ISA_SLOTS];
    uint64_t cases, failed_rows;
};

/* Of one row. */
struct tally {
    uint32_t cases, oracle, chain, deps, stack, completed;
    struct mask_use masks;
};

/* Prints a failing case only when it is the first of its kind in the row. */
static uint32_t first_only(uint32_t seen, uint32_t slot, const struct isa_block *block,
                           const char *what, FILE **report)
{
    *report = seen ? NULL : stdout;
    if (!seen) {
        printf("%s:\n", what);
        print_case(stdout, slot, block);
    }
    return 1;
}

/* What a 32-bit processor does not have is not compared. */
static void narrow(const struct harness *h, struct isa_regs *r)
{
    if (!h->options.is_32bit)
        return;
    for (uint32_t n = 0; n < 32; n++)
        r->gpr[n] = (uint32_t)r->gpr[n];
    r->lr = (uint32_t)r->lr;
    r->ctr = (uint32_t)r->ctr;
}

static void check_ours(struct harness *h, const struct insn_row *row, uint32_t slot,
                       struct tally *t)
{
    const struct isa_block *block = &h->blocks[slot];
    struct isa_regs chain;
    FILE *report;
    ours_run(h->ours, slot, block, OURS_STEP, &h->step[slot]);
    ours_run(h->ours, slot, block, OURS_CHAIN, &chain);
    if (check_same(NULL, row, &h->step[slot], &chain, "step", "chain", NULL)) {
        t->chain += first_only(t->chain, slot, block, "step and chain differ", &report);
        if (report)
            check_same(NULL, row, &h->step[slot], &chain, "step", "chain", report);
    }
    t->completed += !h->step[slot].signal;
    narrow(h, &h->step[slot]);
    if (h->options.is_32bit) /* the masks are checked in 64 bits */
        return;
    mask_use_observe(&t->masks, h->ours, slot, block, &h->step[slot], &h->gen.values);
    struct values again = h->gen.values;
    if (exempt_keeps(&h->use, row->mnemonic))
        return;
    if (check_deps(h->ours, slot, block, &h->step[slot], &h->gen.values, NULL)) {
        t->deps += first_only(t->deps, slot, block, "wrong register masks", &report);
        if (report)
            check_deps(h->ours, slot, block, &h->step[slot], &again, report);
    }
}

static void check_oracle(struct harness *h, const struct insn_row *row, uint32_t slot,
                         struct tally *t)
{
    const struct isa_regs *ours = &h->step[slot];
    struct isa_regs *theirs = &h->oracle_regs[slot];
    FILE *report;
    narrow(h, theirs);
    if (theirs->signal) /* a signal frame holds 32 bits of FPSCR */
        theirs->fpscr |= ours->fpscr >> 32 << 32;
    if (theirs->signal && theirs->signal != ours->signal && exempt_signal(&h->use, row->mnemonic))
        return;
    if (!check_same(&h->use, row, ours, theirs, "ours", "oracle", NULL))
        return;
    t->oracle += first_only(t->oracle, slot, &h->blocks[slot], "ours and the oracle differ",
                            &report);
    if (report)
        check_same(&h->use, row, ours, theirs, "ours", "oracle", report);
}

/* Stack depth with a few of the batch's words that did not fault. */
static void check_stack(struct harness *h, const struct insn_row *row, uint32_t count,
                        struct tally *t)
{
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
    uint64_t bytes;
    for (uint32_t n = 0, tried = 0; n < count && tried < 3 && !t->stack; n++) {
        bool straight = !h->step[n].signal && h->step[n].nia == slot_word_address(n) + 4;
        if (!straight || row->flags & F_BRANCH)
            continue;
        tried++;
        if (ours_stack_depth(h->ours, &h->blocks[n], &bytes) && bytes > STACK_LIMIT) {
            t->stack++;
            printf("%s: the chain keeps a stack frame (EXEC_CALL wanted?): %u bytes\n",
                   row->mnemonic, (unsigned)bytes);
        }
    }
#else
    (void)h, (void)row, (void)count, (void)t;
#endif
}

/* Counting branches to themselves: bc +0, bclr and bctar with BO = 16; b and bcctr cannot count. */
static void check_branch_stack(struct harness *h, const struct insn_row *row, struct tally *t)
{
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
    uint32_t mask, match;
    uint64_t bytes;
    if (!(row->flags & F_COND) || row->in & CTR)
        return;
    insn_pattern_bits(row->pattern, &mask, &match, NULL);
    if (!ours_branch_depth(h->ours, match | 16u << 21, &bytes) || bytes > STACK_LIMIT) {
        t->stack++;
        printf("%s: taken branches keep stack frames: %u bytes\n", row->mnemonic, (unsigned)bytes);
    }
#else
    (void)h, (void)row, (void)t;
#endif
}

static void run_batch(struct harness *h, uint16_t number, uint32_t count, struct tally *t)
{
    const struct insn_row *row = &insn_rows[number];
    bool alone = exempt_alone(&h->use, row->mnemonic);
    uint32_t made = 0;
    while (made < count && gen_case(&h->gen, number, made, &h->blocks[made]))
        made++;
    if (!alone && !oracle_ask(h->oracle, h->blocks, made))
        panic("the oracle does not take a batch of %s", row->mnemonic);
    ours_load(h->ours, h->blocks, made);
    for (uint32_t n = 0; n < made; n++)
        check_ours(h, row, n, t);
    if (!t->stack)
        check_stack(h, row, made, t);
    if (!alone && !oracle_answer(h->oracle, h->oracle_regs, made))
        panic("the oracle died of a batch of %s", row->mnemonic);
    for (uint32_t n = 0; n < made && !alone; n++)
        check_oracle(h, row, n, t);
    t->cases += made;
}

static uint64_t hash(const char *s)
{
    uint64_t h = 0;
    for (; *s; s++)
        h = h * 31 + (uint8_t)*s;
    return h;
}

/* Decides whether the row failed; a row whose every case raised has tested nothing. */
static void finish_row(struct harness *h, const struct insn_row *row, struct tally *t)
{
    bool wide = mask_use_report(&t->masks, row->mnemonic, NULL) != 0;
    if ((wide || !t->completed) && !exempt_wide(&h->use, row->mnemonic))
        t->deps += mask_use_report(&t->masks, row->mnemonic, stdout);
    bool vacuous = !t->completed && !exempt_alone(&h->use, row->mnemonic);
    bool failed = t->oracle || t->chain || t->deps || t->stack || !t->cases || vacuous;
    h->cases += t->cases;
    h->failed_rows += failed;
    if (failed || h->options.verbose)
        printf("%-12s cases %u, oracle %u, chain %u, masks %u, stack %u%s\n", row->mnemonic,
               t->cases, t->oracle, t->chain, t->deps, t->stack,
               !t->cases ? "  NO CASE" : vacuous ? "  ALL RAISED" : failed ? "  FAILED" : "");
}

#define VECTOR_OPERANDS                                                                            \
    (FRT | FRS | FRA | FRB | FRC | VRT | VRS | VRA | VRB | VRC | XT | XS | XA | XB | XC | FPSCR |  \
     VSCR)

/* Of ISA 3.1 the rows that a POWER9 lacks, of the 405 those that a 750 lacks. A case is one word:
 * prefixed rows have unit tests. */
static bool row_exists(const struct harness *h, const struct insn_row *row)
{
    if (row->flags & F_PREFIX || h->options.is_v31 != (row->isa > V300))
        return false;
    if (!h->options.is_32bit)
        return !(row->flags & (F_PRIV | F_32BIT | F_MAC));
    if (h->options.is_mac)
        return row->flags & F_MAC;
    return !(row->flags & (F_PRIV | F_64BIT | F_MAC)) && row->isa <= PPC &&
           !((row->in | row->out) & VECTOR_OPERANDS);
}

static void run_row(struct harness *h, uint16_t number)
{
    const struct insn_row *row = &insn_rows[number];
    struct tally t = {0};
    if (exempt_skips(&h->use, row->mnemonic) || !row_exists(h, row))
        return;
    /* A row's cases depend on the seed and the row alone, so that ROWS repeats a failure of a
     * whole run. */
    h->gen.values.rng = rng_seeded(h->options.seed * 1000003 + hash(row->mnemonic));
    for (uint32_t left = h->options.words; left;) {
        uint32_t count = left < ISA_SLOTS ? left : ISA_SLOTS, before = t.cases;
        run_batch(h, number, count, &t);
        if (t.cases == before)
            break;
        left -= t.cases - before;
    }
    check_branch_stack(h, row, &t);
    finish_row(h, row, &t);
}

static bool parse_options(struct options *o, int argc, char *argv[])
{
    int c;
    *o = (struct options){.words = 200, .seed = 1, .rows = ""};
    while ((c = getopt(argc, argv, "+w:s:r:b341v")) != -1)
        switch (c) {
        case 'w': o->words = (uint32_t)strtoul(optarg, NULL, 0); break;
        case 's': o->seed = strtoull(optarg, NULL, 0); break;
        case 'r': o->rows = optarg; break;
        case 'b': o->big_endian = true; break;
        case '3': o->is_32bit = true; break;
        case '4': o->is_32bit = o->is_mac = true; break;
        case '1': o->is_v31 = true; break;
        case 'v': o->verbose = true; break;
        default:  return false;
        }
    o->command = argv + optind;
    o->verbose |= *o->rows != '\0';
    return optind < argc;
}

int main(int argc, char *argv[])
{
    struct harness *h = xcalloc(1, sizeof *h);
    uint32_t rows = 0;
    if (!parse_options(&h->options, argc, argv)) {
        fprintf(stderr, "harness [-w WORDS] [-s SEED] [-b] [-3|-4|-1] [-v] [-r ROWS] ORACLE...\n");
        return 2;
    }
    h->ours = ours_create(h->options.big_endian, h->options.is_mac ? "ppc405"
                                                 : h->options.is_32bit ? "classic32"
                                                 : h->options.is_v31 ? "microwatt" : "3.0");
    h->oracle = oracle_create(h->options.command,
                              h->options.big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__));
    h->gen.decoder = ours_decoder(h->ours);
    h->use = exempt_use_create(h->options.big_endian);
    if (!h->oracle)
        panic("cannot start %s", h->options.command[0]);
    for (uint16_t n = 1; n < INSN_COUNT; n++)
        if (row_is_selected(h->options.rows, insn_rows[n].mnemonic) &&
            row_exists(h, &insn_rows[n])) {
            rows++;
            run_row(h, n);
        }
    /* Most exemptions are of rows that only a 64-bit Power ISA 3.0 processor has. */
    bool long_run = !*h->options.rows && h->options.words >= LONG_RUN && !h->options.is_32bit &&
                    !h->options.is_v31;
    uint32_t stale = exempt_report_stale(&h->use, long_run);
    printf("%u rows, %llu cases, %llu rows failed, %u exemptions stale\n", rows,
           (unsigned long long)h->cases, (unsigned long long)h->failed_rows, stale);
    oracle_destroy(h->oracle);
    ours_destroy(h->ours);
    exempt_use_destroy(&h->use);
    bool failed = h->failed_rows || stale || !rows;
    free(h);
    return failed;
}
