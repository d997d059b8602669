/* The executor: exact limits, the same state whether chained or stepped, and the record of each
 * instruction. */
#include "tests/unit/sim/isa/guest.h"

#include "sim/base/rng.h"

#define NOP     UINT32_C(0x60000000)
#define SC      UINT32_C(0x44000002)
#define ISYNC   UINT32_C(0x4c00012c)
#define ILLEGAL UINT32_C(0)

static uint32_t addi(uint32_t t, uint32_t a, int32_t imm) { return d_form(OP_ADDI, t, a, imm); }
static uint32_t branch(int32_t displacement)
{
    return UINT32_C(18) << 26 | ((uint32_t)displacement & 0x3fffffc);
}
static uint32_t bdnz(int32_t displacement)
{
    return UINT32_C(16) << 26 | 16u << 21 | ((uint32_t)displacement & 0xfffc);
}

/* Three nested ways to go on: straight over a page's end, a branch back, a loop in the loop. It
 * never ends. */
static void load_endless(struct guest *g)
{
    const uint32_t head[] = {addi(3, 3, 1), addi(4, 4, 3), addi(5, 0, 7), spr_form(5, 9, XO_MTSPR),
                             addi(6, 6, 1), bdnz(-4)};
    const uint32_t tail = branch(-0x1040);
    guest_words(g, CODE, head, ARRAY_LEN(head));
    for (uint64_t ea = CODE + 4 * ARRAY_LEN(head); ea < CODE + 0x1040; ea += 4)
        guest_words(g, ea, (const uint32_t[]){addi(7, 7, (int32_t)(ea >> 2 & 7))}, 1);
    guest_words(g, CODE + 0x1040, &tail, 1);
    guest_start(g, CODE);
}

static void assert_same_state(const struct guest *a, const struct guest *b)
{
    assert_memory_equal(a->cpu->gpr, b->cpu->gpr, sizeof a->cpu->gpr);
    assert_int_equal(a->cpu->ctr, b->cpu->ctr);
    assert_int_equal(a->cpu->nia, b->cpu->nia);
    assert_int_equal(exec_icount(&a->exec), exec_icount(&b->exec));
}

static void a_run_stops_at_exactly_the_asked_count(void **state)
{
    (void)state;
    struct guest *chained = guest_create(LE64), *stepped = guest_create(LE64);
    struct rng r = rng_seeded(1);
    load_endless(chained);
    load_endless(stepped);
    for (uint64_t until = 0, n = 0; n < 300; n++) {
        until += rng_below(&r, n % 3 ? 3000 : 5);
        assert_int_equal(exec_run(&chained->exec, until), EXEC_STOPPED);
        assert_int_equal(exec_icount(&chained->exec), until);
        while (exec_icount(&stepped->exec) < until)
            assert_int_equal(exec_next(&stepped->exec, &stepped->op, true), EXEC_OK);
        assert_same_state(chained, stepped);
    }
    guest_destroy(chained);
    guest_destroy(stepped);
}

/* bc or b, some with LK, from ea to anywhere in the two pages; what counts CTR starts low enough
 * to reach zero. */
static uint32_t random_branch(struct rng *r, uint64_t ea)
{
    int32_t to = (int32_t)(CODE + 4 * rng_below(r, 0x800) - ea);
    uint32_t lk = rng_below(r, 4) == 0;
    if (rng_below(r, 4) == 0)
        return branch(to) | lk;
    return UINT32_C(16) << 26 | (uint32_t)rng_below(r, 32) << 21 |
           (uint32_t)rng_below(r, 32) << 16 | ((uint32_t)to & 0xfffc) | lk;
}

static void load_branches(struct guest *g, uint64_t seed)
{
    struct rng r = rng_seeded(seed);
    for (uint64_t ea = CODE; ea < CODE + 0x2000; ea += 4) {
        uint32_t n = (uint32_t)rng_below(&r, 4);
        uint32_t word = n == 0   ? random_branch(&r, ea)
                        : n == 1 ? UINT32_C(11) << 26 | (ea >> 2 & 7) << 23 | 3u << 16 | 0x40
                        : n == 2 ? addi(3, 3, 5)
                                 : addi(4, 4, (int32_t)(ea & 0xff));
        if (ea % 0x100 == 0)
            word = spr_form(3, 9, XO_MTSPR);
        if (ea == CODE + 0x1ffc)
            word = branch(-0x1ffc);
        guest_words(g, ea, &word, 1);
    }
    guest_start(g, CODE);
}

static void branches_do_chained_what_they_do_stepped(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        struct guest *chained = guest_create(seed & 1 ? LE64 : BE32);
        struct guest *stepped = guest_create(seed & 1 ? LE64 : BE32);
        load_branches(chained, seed);
        load_branches(stepped, seed);
        for (uint64_t until = 0; until < 20000;) {
            until += 1500 + seed; /* more than a chain may run on for: see CHAIN_OVERRUN */
            assert_int_equal(exec_run(&chained->exec, until), EXEC_STOPPED);
            while (exec_icount(&stepped->exec) < until)
                assert_int_equal(exec_next(&stepped->exec, &stepped->op, true), EXEC_OK);
            assert_same_state(chained, stepped);
            assert_int_equal(chained->cpu->lr, stepped->cpu->lr);
            assert_memory_equal(chained->cpu->cr, stepped->cpu->cr, sizeof stepped->cpu->cr);
        }
        guest_destroy(chained);
        guest_destroy(stepped);
    }
}

static void a_count_already_reached_runs_nothing(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    load_endless(g);
    exec_run(&g->exec, 100);
    uint64_t nia = g->cpu->nia;
    assert_int_equal(exec_run(&g->exec, 100), EXEC_STOPPED);
    assert_int_equal(exec_run(&g->exec, 5), EXEC_STOPPED);
    assert_int_equal(g->cpu->nia, nia);
    guest_destroy(g);
}

static void a_serialising_instruction_waits_until_it_is_the_oldest(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    const uint32_t words[] = {NOP, ISYNC, NOP, SC};
    guest_words(g, CODE, words, 4);
    guest_start(g, CODE);
    assert_int_equal(exec_next(&g->exec, &g->op, false), EXEC_OK);
    assert_int_equal(g->op.flags, 0);
    for (int n = 0; n < 3; n++)
        assert_int_equal(exec_next(&g->exec, &g->op, false), EXEC_WAIT);
    assert_int_equal(exec_icount(&g->exec), 1);
    assert_int_equal(g->cpu->nia, CODE + 4);
    assert_int_equal(exec_next(&g->exec, &g->op, true), EXEC_OK);
    assert_int_equal(g->op.flags, OP_SERIAL);
    assert_int_equal(exec_next(&g->exec, &g->op, false), EXEC_OK);
    assert_int_equal(exec_next(&g->exec, &g->op, false), EXEC_WAIT);
    assert_int_equal(g->exception.kind, EXC_NONE);
    assert_int_equal(exec_next(&g->exec, &g->op, true), EXEC_OK);
    assert_int_equal(g->op.flags, OP_SERIAL | OP_SYSTEM);
    assert_int_equal(exec_icount(&g->exec), 4); /* a system call counts */
    assert_int_equal(exec_next(&g->exec, &g->op, true), EXEC_HALTED);
    guest_destroy(g);
}

static bool skip_it(void *system, struct cpu *s)
{
    ((struct guest *)system)->exception = s->exception;
    s->nia = CODE + 0x100;
    return true;
}

static void a_fault_is_reported_and_does_not_count(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    guest_words(g, CODE, (const uint32_t[]){d_form(OP_LWZ, 3, 4, 0)}, 1);
    guest_words(g, CODE + 0x100, (const uint32_t[]){NOP, ILLEGAL}, 2);
    guest_start(g, CODE);
    g->exec.system.exception = skip_it;
    g->cpu->gpr[4] = DATA_END;
    g->cpu->gpr[3] = 77;
    assert_int_equal(exec_next(&g->exec, &g->op, false), EXEC_OK);
    assert_int_equal(g->exception.kind, EXC_DSI);
    assert_int_equal(g->op.flags, OP_FAULT | OP_SYSTEM);
    assert_int_equal(g->op.pc, CODE);
    assert_int_equal(g->op.next_pc, CODE + 0x100);
    assert_int_equal(g->op.bytes, 0);
    assert_int_equal(g->cpu->gpr[3], 77);
    assert_int_equal(exec_icount(&g->exec), 0);
    assert_int_equal(exec_next(&g->exec, &g->op, false), EXEC_OK);
    assert_int_equal(g->op.pc, CODE + 0x100);
    assert_int_equal(exec_icount(&g->exec), 1);
    guest_destroy(g);
}

/* The next instruction reported is the first of the handler. */
static void a_fault_of_the_fetch_itself_is_delivered(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    guest_words(g, CODE + 0x100, (const uint32_t[]){NOP}, 1);
    guest_start(g, DATA);
    g->exec.system.exception = skip_it;
    assert_int_equal(exec_next(&g->exec, &g->op, false), EXEC_OK);
    assert_int_equal(g->exception.kind, EXC_ISI);
    assert_int_equal(g->exception.ea, DATA);
    assert_int_equal(g->op.pc, CODE + 0x100);
    assert_int_equal(exec_icount(&g->exec), 1);
    guest_start(g, DATA);
    assert_int_equal(exec_next(&g->exec, &g->op, false), EXEC_HALTED);
    guest_start(g, DATA);
    assert_int_equal(exec_run(&g->exec, 10), EXEC_HALTED);
    guest_destroy(g);
}

static uint64_t physical(struct guest *g, uint64_t ea)
{
    struct frame *frame;
    uint64_t pa;
    assert_int_equal(g->mmu->translate(g->mmu, PAGE_OF(ea), MMU_LOAD, &frame, &pa), MMU_OK);
    return pa + (ea - PAGE_OF(ea));
}

static void an_access_is_recorded_with_both_its_pages(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    for (uint64_t ea = DATA + 0xff8; ea <= DATA + 0x1000; ea++)
        for (int store = 0; store < 2; store++) {
            g->cpu->gpr[4] = ea;
            assert_int_equal(guest_step(g, d_form(store ? OP_DS_STORE : OP_DS_LOAD, 3, 4, 0)),
                             EXC_NONE);
            assert_int_equal(g->op.flags, store ? OP_STORE : OP_LOAD);
            assert_int_equal(g->op.ea, ea);
            assert_int_equal(g->op.bytes, 8);
            assert_int_equal(g->op.pa, physical(g, ea));
            if (PAGE_OF(ea + 7) != PAGE_OF(ea))
                assert_int_equal(g->op.second_page_pa, physical(g, DATA + 0x1000));
        }
    guest_destroy(g);
}

static void a_store_into_code_has_its_physical_address(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    for (int n = 0; n < 3; n++) { /* its page is code by now, and changes under it */
        g->cpu->gpr[4] = CODE + 0x200;
        g->cpu->gpr[3] = (uint64_t)n;
        assert_int_equal(guest_step(g, d_form(OP_STW, 3, 4, 0)), EXC_NONE);
        assert_int_equal(g->op.pa, physical(g, CODE + 0x200));
    }
    guest_destroy(g);
}

static void taken_is_what_the_branch_did(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    for (uint32_t ctr = 1; ctr <= 2; ctr++) {
        g->cpu->ctr = ctr;
        assert_int_equal(guest_step(g, bdnz(0x40)), EXC_NONE);
        assert_int_equal(g->op.flags, OP_BRANCH | (ctr == 2 ? OP_TAKEN : 0));
        assert_int_equal(g->op.next_pc, CODE + (ctr == 2 ? 0x40 : 4));
    }
    guest_step(g, branch(4)); /* taken, to the next instruction */
    assert_int_equal(g->op.flags, OP_BRANCH | OP_TAKEN);
    guest_step(g, NOP);
    assert_int_equal(g->op.flags, 0);
    guest_destroy(g);
}

/* What is in flight refers to the record as it was, so a rewritten one is decoded only when
 * nothing is. */
static void rewritten_code_waits_and_keeps_its_record_meanwhile(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    struct op load, op;
    const uint32_t words[] = {d_form(OP_LWZ, 3, 5, 0), branch(-4)};
    const uint32_t changed = addi(7, 7, 1);
    guest_words(g, CODE, words, 2);
    guest_start(g, CODE);
    g->cpu->gpr[5] = DATA;
    assert_int_equal(exec_next(&g->exec, &load, false), EXEC_OK);
    struct insn_deps deps = *load.deps;
    guest_words(g, CODE, &changed, 1);
    assert_memory_equal(load.deps, &deps, sizeof deps);
    assert_int_equal(exec_next(&g->exec, &op, false), EXEC_OK); /* the branch is as it was */
    assert_int_equal(exec_next(&g->exec, &op, false), EXEC_WAIT);
    assert_null(exec_op_source(&g->exec).peek(&g->exec, CODE));
    assert_memory_equal(load.deps, &deps, sizeof deps);
    assert_int_equal(load.insn->word, words[0]);
    assert_int_equal(exec_next(&g->exec, &op, true), EXEC_OK);
    assert_int_equal(op.insn->word, changed);
    assert_int_equal(op.deps->out[0], REG_GPR + 7);
    assert_int_equal(g->cpu->gpr[7], 1);
    guest_destroy(g);
}

struct polled {
    uint32_t polls;
    bool goes_on;
};

static bool poll(void *system, struct cpu *s)
{
    struct polled *p = system;
    p->polls++;
    s->nia = CODE + 0x100;
    return p->goes_on;
}

static void start_polled(struct guest *g, struct polled *p)
{
    load_endless(g);
    g->exec.system = (struct exec_system){.poll = poll, .system = p};
}

static void an_interrupt_polls_once_and_ends_a_run(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    struct polled p = {0, true};
    start_polled(g, &p);
    exec_run(&g->exec, 50);
    exec_interrupt(&g->exec);
    assert_int_equal(exec_run(&g->exec, 100000), EXEC_STOPPED);
    assert_int_equal(p.polls, 1);
    assert_int_equal(exec_icount(&g->exec), 50);
    assert_int_equal(g->cpu->nia, CODE + 0x100);
    assert_int_equal(exec_run(&g->exec, 100000), EXEC_STOPPED);
    assert_int_equal(exec_icount(&g->exec), 100000);
    exec_interrupt(&g->exec);
    assert_int_equal(exec_next(&g->exec, &g->op, false), EXEC_OK);
    assert_int_equal(g->op.pc, CODE + 0x100);
    assert_int_equal(p.polls, 2);
    guest_destroy(g);
}

static void a_poll_may_end_the_thread(void **state)
{
    (void)state;
    for (int stepped = 0; stepped < 2; stepped++) {
        struct guest *g = guest_create(LE64);
        struct polled p = {0, false};
        start_polled(g, &p);
        exec_interrupt(&g->exec);
        assert_int_equal(stepped ? exec_next(&g->exec, &g->op, true) : exec_run(&g->exec, 9),
                         EXEC_HALTED);
        assert_int_equal(exec_icount(&g->exec), 0);
        guest_destroy(g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_stops_at_exactly_the_asked_count),
        cmocka_unit_test(branches_do_chained_what_they_do_stepped),
        cmocka_unit_test(a_count_already_reached_runs_nothing),
        cmocka_unit_test(a_serialising_instruction_waits_until_it_is_the_oldest),
        cmocka_unit_test(a_fault_is_reported_and_does_not_count),
        cmocka_unit_test(a_fault_of_the_fetch_itself_is_delivered),
        cmocka_unit_test(an_access_is_recorded_with_both_its_pages),
        cmocka_unit_test(a_store_into_code_has_its_physical_address),
        cmocka_unit_test(taken_is_what_the_branch_did),
        cmocka_unit_test(rewritten_code_waits_and_keeps_its_record_meanwhile),
        cmocka_unit_test(an_interrupt_polls_once_and_ends_a_run),
        cmocka_unit_test(a_poll_may_end_the_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
