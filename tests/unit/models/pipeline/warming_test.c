/* What functional warming asks of caches, TLBs and branch unit for each kind of instruction. */
#include "models/pipeline/warming.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "models/pipeline/pipeline.h"
#include "tests/unit/models/pipeline/bpred/rig.h"

#define CODE UINT64_C(0x40000) /* physical address of PC */
#define DATA UINT64_C(0x90000)

/* What was asked, one after the other: "i" and "d" for the caches, "I" and "D" for the TLBs, a
 * letter for the command, address and bytes. */
struct asked {
    char text[400];
};

struct node {
    struct asked *asked;
    char name;
};

static void note(struct asked *a, char name, uint8_t command, uint64_t address, uint32_t bytes)
{
    static const char letters[MEM_COMMANDS] = {
        [MEM_FETCH] = 'f', [MEM_LOAD] = 'l', [MEM_STORE] = 's', [MEM_PREFETCH] = 'p',
        [MEM_FLUSH] = 'F', [MEM_CLEAN] = 'C', [MEM_INVALIDATE] = 'I'};
    size_t used = strlen(a->text);
    used += (size_t)snprintf(a->text + used, sizeof a->text - used, "%s%c%c%llx", used ? " " : "",
                             name, letters[command], (unsigned long long)address);
    if (bytes)
        snprintf(a->text + used, sizeof a->text - used, "+%u", bytes);
}

static void node_warm(void *node, struct mem_request *r)
{
    const struct node *n = node;
    assert_false(r->block || r->dirty || r->done);
    note(n->asked, n->name, r->command, r->pa, r->bytes);
}

static void tlb_warm(void *node, const struct tlb_request *r)
{
    const struct node *n = node;
    note(n->asked, n->name, r->command, r->ea, 0);
}

struct rig {
    struct asked asked;
    struct node node[4];
    struct branch_unit *branches;
    struct warming warming;
};

/* Blocks of 16 bytes, lines of 64. */
static void rig_make(struct rig *g)
{
    struct core_env env = {.fetch_line = 64, .data_line = 64};
    *g = (struct rig){.node = {{&g->asked, 'i'}, {&g->asked, 'd'}, {&g->asked, 'I'},
                               {&g->asked, 'D'}}};
    env.fetch = (struct mem_port){.warm = node_warm, .node = &g->node[0]};
    env.data = (struct mem_port){.warm = node_warm, .node = &g->node[1]};
    env.itlb = (struct tlb_port){.warm = tlb_warm, .node = &g->node[2]};
    env.dtlb = (struct tlb_port){.warm = tlb_warm, .node = &g->node[3]};
    g->branches = create("gshare");
    g->warming = warming_of(&env, g->branches, 16);
}

/* An instruction at PC + offset has done what the flags say. */
static void execute(struct rig *g, struct insn *i, struct op op)
{
    op.insn = i;
    op.row = &insn_rows[i->number];
    op.pc = i->pc;
    op.fetch_pa = CODE + (i->pc - PC);
    warming_op(&g->warming, &op);
}

static void straight(struct rig *g, uint64_t offset)
{
    struct insn i = at(PC + offset, 0x60000000); /* nop */
    execute(g, &i, (struct op){.flags = 0});
}

static void access_at(struct rig *g, uint8_t flags, uint64_t ea, uint32_t bytes, uint8_t cache)
{
    struct insn i = at(PC, 0xe8640000); /* ld: its block is at hand */
    g->warming.block_pa = CODE;
    execute(g, &i, (struct op){.flags = flags, .ea = ea, .pa = DATA + (ea & 0xfff), .bytes = bytes,
                               .cache = cache, .block_bytes = 128,
                               .second_page_pa = 0x50000});
}

static void assert_asked(struct rig *g, const char *text)
{
    assert_string_equal(g->asked.text, text);
    *g->asked.text = '\0';
}

static void fetch_opens_a_block_once_and_anew_behind_a_taken_branch(void **state)
{
    (void)state;
    struct rig g;
    rig_make(&g);
    for (uint64_t offset = 4; offset < 24; offset += 4)
        straight(&g, offset);
    assert_asked(&g, "If10000 if40000+16 If10010 if40010+16");
    struct insn loop = at(PC + 24, b(-8, false));
    execute(&g, &loop, (struct op){.flags = OP_BRANCH | OP_TAKEN, .next_pc = PC + 16});
    assert_asked(&g, "");
    straight(&g, 16);
    assert_asked(&g, "If10010 if40010+16");
    struct insn not_taken = at(PC + 20, bc(12, 0x40, false));
    execute(&g, &not_taken, (struct op){.flags = OP_BRANCH, .next_pc = PC + 24});
    straight(&g, 24);
    assert_asked(&g, "");
    warming_restart(&g.warming);
    straight(&g, 28);
    assert_asked(&g, "If10010 if40010+16");
    branch_unit_destroy(g.branches);
}

static void an_access_is_cut_at_lines_and_translated_once_a_page(void **state)
{
    (void)state;
    struct rig g;
    rig_make(&g);
    access_at(&g, OP_LOAD, 0x7008, 8, OP_CACHE_NONE);
    assert_asked(&g, "Dl7008 dl90008+8");
    access_at(&g, OP_STORE, 0x703c, 8, OP_CACHE_NONE);
    assert_asked(&g, "Ds703c ds9003c+4 ds90040+4");
    access_at(&g, OP_LOAD, 0x7ff8, 80, OP_CACHE_NONE);
    assert_asked(&g, "Dl7ff8 dl90ff8+8 Dl8000 dl50000+64 dl50040+8");
    access_at(&g, OP_LOAD, 0x7ff8, 8, OP_CACHE_NONE); /* up to the end of the page */
    assert_asked(&g, "Dl7ff8 dl90ff8+8");
    access_at(&g, OP_LOAD | OP_STORE, 0x7010, 4, OP_CACHE_NONE); /* an atomic one */
    assert_asked(&g, "Dl7010 dl90010+4 Ds7010 ds90010+4");
    access_at(&g, OP_STORE, 0x7010, 0, OP_CACHE_NONE); /* a store conditional that failed */
    access_at(&g, OP_LOAD, 0x7010, 0, OP_CACHE_NONE);  /* a string of no bytes */
    access_at(&g, OP_SYSTEM | OP_FAULT, 0x7010, 0, OP_CACHE_NONE);
    assert_asked(&g, "");
    branch_unit_destroy(g.branches);
}

static void cache_instructions_ask_what_they_ask_in_time(void **state)
{
    (void)state;
    struct rig g;
    rig_make(&g);
    access_at(&g, OP_LOAD, 0x7024, 0, OP_CACHE_TOUCH);
    assert_asked(&g, "Dp7024 dp90024+1");
    access_at(&g, OP_LOAD, 0x7024, 0, OP_CACHE_TOUCH_CODE);
    assert_asked(&g, "Dp7024 ip90024+1");
    access_at(&g, OP_LOAD, 0x7024, 0, OP_CACHE_FLUSH);
    assert_asked(&g, "Ds7000 dF90000+64 dF90040+64");
    access_at(&g, OP_LOAD, 0x70a4, 0, OP_CACHE_CLEAN);
    assert_asked(&g, "Ds7080 dC90080+64 dC900c0+64");
    access_at(&g, OP_LOAD, 0x70a4, 0, OP_CACHE_INVALIDATE);
    assert_asked(&g, "Ds7080 iI90080+64 iI900c0+64");
    branch_unit_destroy(g.branches);
}

static void branches_train_and_system_calls_do_not(void **state)
{
    (void)state;
    struct rig g;
    rig_make(&g);
    struct insn call = at(PC, b(0x40, true));
    execute(&g, &call, (struct op){.flags = OP_SYSTEM | OP_BRANCH | OP_TAKEN, .next_pc = 0x9000});
    assert_false(predict(g.branches, PC, b(0x40, true)).btb_hit);
    execute(&g, &call, (struct op){.flags = OP_BRANCH | OP_TAKEN, .next_pc = PC + 0x40});
    assert_true(predict(g.branches, PC, b(0x40, true)).btb_hit);
    branch_unit_destroy(g.branches);
}

/* Without caches, without TLBs. */
static void what_has_nothing_to_warm_is_not_asked(void **state)
{
    (void)state;
    struct rig g;
    rig_make(&g);
    g.warming.fetch.warm = g.warming.data.warm = NULL;
    g.warming.itlb.warm = g.warming.dtlb.warm = NULL;
    warming_restart(&g.warming);
    straight(&g, 0);
    access_at(&g, OP_LOAD, 0x7008, 8, OP_CACHE_NONE);
    assert_asked(&g, "");
    branch_unit_destroy(g.branches);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fetch_opens_a_block_once_and_anew_behind_a_taken_branch),
        cmocka_unit_test(an_access_is_cut_at_lines_and_translated_once_a_page),
        cmocka_unit_test(cache_instructions_ask_what_they_ask_in_time),
        cmocka_unit_test(branches_train_and_system_calls_do_not),
        cmocka_unit_test(what_has_nothing_to_warm_is_not_asked),
    };
    return cmocka_run_group_tests(tests, make_decoder, drop_decoder);
}
