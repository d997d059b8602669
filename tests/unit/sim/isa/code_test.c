/* Predecoded code: it changes when its bytes do, and execution goes from page to page. Each test
 * runs both ways. */
#include "tests/unit/sim/isa/guest.h"

#include "sim/base/rng.h"

#define LI(t, value) d_form(OP_ADDI, t, 0, value)
#define B(offset)    (UINT32_C(18) << 26 | ((uint32_t)(offset) & 0x3fffffc))

static void an_instruction_may_overwrite_the_next_one(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    for (int chained = 0; chained < 2; chained++) {
        guest_words(g, CODE, (uint32_t[]){d_form(OP_STW, 5, 4, 4), LI(3, 1), 0}, 3);
        g->cpu->gpr[4] = CODE;
        g->cpu->gpr[5] = LI(3, 2);
        assert_int_equal(guest_run(g, CODE + 4, chained), EXC_ILLEGAL); /* decodes the old one */
        assert_int_equal(g->cpu->gpr[3], 1);
        assert_int_equal(guest_run(g, CODE, chained), EXC_ILLEGAL);
        assert_int_equal(g->cpu->gpr[3], 2);
        assert_int_equal(exec_icount(&g->exec), 2);
    }
    guest_destroy(g);
}

/* A loop whose body counts down its own immediate: each store hits the page that is running. */
static void a_loop_may_rewrite_itself(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    for (int chained = 0; chained < 2; chained++) {
        const uint32_t program[] = {
            LI(3, 100),                      /* 0: becomes li 3,99, 98 ... */
            d_form(OP_LWZ, 5, 4, 0),         /* 4 */
            d_form(OP_ADDI, 5, 5, -1),       /* 8 */
            d_form(OP_STW, 5, 4, 0),         /* c */
            d_form(11, 0, 3, 90),            /* 10: cmpwi r3,90 */
            d_form(16, 12, 1, -20),          /* 14: bgt 0 */
            0,
        };
        guest_words(g, CODE, program, ARRAY_LEN(program));
        g->cpu->gpr[4] = CODE;
        assert_int_equal(guest_run(g, CODE, chained), EXC_ILLEGAL);
        assert_int_equal(g->cpu->gpr[3], 90);
        assert_int_equal(exec_icount(&g->exec), 11 * 6);
    }
    guest_destroy(g);
}

static void a_store_to_another_page_of_code_is_seen(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    uint64_t routine = CODE + 0x1100;
    for (int chained = 0; chained < 2; chained++) {
        guest_words(g, CODE, (uint32_t[]){d_form(OP_STW, 5, 4, 0), B(0x1100 - 4)}, 2);
        guest_words(g, routine, (uint32_t[]){LI(3, 1), 0}, 2);
        assert_int_equal(guest_run(g, routine, chained), EXC_ILLEGAL);
        g->cpu->gpr[4] = routine;
        g->cpu->gpr[5] = LI(3, 2);
        assert_int_equal(guest_run(g, CODE, chained), EXC_ILLEGAL);
        assert_int_equal(g->cpu->gpr[3], 2);
    }
    guest_destroy(g);
}

/* Data that share a page with code. The store is at CODE; what it changes is at CODE + 128 * 2. */
static void stores_beside_code_leave_it_decoded_until_they_are_many(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    for (int chained = 0; chained < 2; chained++) {
        struct frame *frame;
        uint64_t pa, data = CODE + 2 * FRAME_PART_BYTES;
        guest_words(g, CODE, (uint32_t[]){d_form(OP_STW, 5, 4, 0), 0}, 2);
        assert_int_equal(g->mmu->translate(g->mmu, CODE, MMU_LOAD, &frame, &pa), MMU_OK);
        g->cpu->gpr[4] = data;
        for (uint32_t n = 0; n < FRAME_STORES_BESIDE; n++) {
            g->cpu->gpr[5] = n;
            assert_int_equal(guest_run(g, CODE, chained), EXC_ILLEGAL);
            assert_true(frame->has_code);
            assert_int_equal(guest_word(g, data), n);
        }
        assert_int_equal(guest_run(g, CODE, chained), EXC_ILLEGAL);
        assert_int_equal(frame->stores_beside, 0); /* it began anew */
        g->cpu->gpr[4] = data - 2;
        assert_int_equal(guest_run(g, CODE, chained), EXC_ILLEGAL);
        assert_int_equal(frame->stores_beside, 1);
        guest_words(g, data, (uint32_t[]){LI(3, 1), 0}, 2); /* code now */
        assert_int_equal(guest_run(g, data, chained), EXC_ILLEGAL);
        g->cpu->gpr[5] = LI(3, 2);
        g->cpu->gpr[4] = data;
        assert_int_equal(guest_run(g, CODE, chained), EXC_ILLEGAL);
        assert_int_equal(guest_run(g, data, chained), EXC_ILLEGAL);
        assert_int_equal(g->cpu->gpr[3], 2);
    }
    guest_destroy(g);
}

/* Loads and stores of doublewords side by side, of which the chain may execute two at once; with
 * bases over a page's end, at the end of what is mapped, and overwritten by the load itself. */
static void load_pairs(struct guest *g, struct rng *r)
{
    for (uint64_t ea = CODE; ea < CODE + 4 * 64;) {
        uint32_t opcode = rng_below(r, 2) ? 58 : 62, base = rng_below(r, 8) ? 4 : 5;
        int32_t at = 8 * (int32_t)rng_below(r, 8);
        for (uint64_t n = rng_below(r, 5); n && ea < CODE + 4 * 64; n--, at += 8, ea += 4)
            guest_words(g, ea,
                        (uint32_t[]){d_form(opcode, 5 + (uint32_t)rng_below(r, 4), base, at)}, 1);
    }
    guest_words(g, CODE + 4 * 64, (uint32_t[]){0}, 1);
}

static void start_pairs(struct guest *g, uint64_t base)
{
    uint8_t bytes[0x40];
    for (uint32_t n = 0; n < sizeof bytes; n++)
        bytes[n] = (uint8_t)(n * 37);
    mmu_write(g->mmu, DATA + 0xfc0, bytes, sizeof bytes);
    mmu_write(g->mmu, DATA + 0x1000, bytes, sizeof bytes);
    for (uint32_t n = 4; n < 9; n++)
        g->cpu->gpr[n] = n == 4 ? base : DATA + 0x1800;
}

static void doublewords_side_by_side_move_chained_as_they_do_stepped(void **state)
{
    (void)state;
    struct rng r = rng_seeded(3);
    for (uint32_t n = 0; n < 600; n++) {
        uint64_t seed = rng_below(&r, 1000);
        const uint64_t bases[] = {DATA + 0x20, DATA + 0x1000 - rng_below(&r, 0x80),
                                  DATA_END - rng_below(&r, 0x80)};
        struct guest *g[2];
        enum exception end[2];
        for (uint32_t k = 0; k < 2; k++) {
            struct rng words = rng_seeded(seed);
            g[k] = guest_create(n & 1 ? LE64 : BE64);
            load_pairs(g[k], &words);
            for (uint32_t turn = 0; turn < 2; turn++) { /* decoded, then as one */
                start_pairs(g[k], bases[n % 3]);
                end[k] = guest_run(g[k], CODE, k);
            }
        }
        assert_int_equal(end[0], end[1]);
        assert_int_equal(g[0]->cpu->nia, g[1]->cpu->nia);
        assert_memory_equal(g[0]->cpu->gpr, g[1]->cpu->gpr, sizeof g[0]->cpu->gpr);
        assert_int_equal(exec_icount(&g[0]->exec), exec_icount(&g[1]->exec));
        for (uint64_t ea = DATA; ea < DATA_END; ea += 4)
            assert_int_equal(guest_word(g[0], ea), guest_word(g[1], ea));
        guest_destroy(g[0]);
        guest_destroy(g[1]);
    }
}

static void a_breakpoint_stops_before_the_second_of_two_that_are_executed_as_one(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    guest_words(g, CODE, (uint32_t[]){d_form(62, 5, 4, 0), d_form(62, 6, 4, 8), 0}, 3);
    for (int on = 0; on < 2; on++) {
        code_set_breakpoint(g->code, CODE + 4, on);
        for (int turn = 0; turn < 3; turn++) {
            g->cpu->gpr[4] = DATA;
            assert_int_equal(guest_run(g, CODE, true), on ? EXC_BREAKPOINT : EXC_ILLEGAL);
            assert_int_equal(g->cpu->nia, on ? CODE + 4 : CODE + 8);
        }
    }
    guest_destroy(g);
}

/* A page of memory that a parent and its child share. */
#define SHARED UINT64_C(0x40000)

static uint8_t *lend(struct area_source *source, uint64_t offset)
{
    static uint8_t bytes[FRAME_BYTES];
    (void)source;
    return bytes + offset;
}

/* Stores r5 to r4 in the guest whose CODE page does that. */
static void store_from(struct guest *g, uint32_t word)
{
    g->cpu->gpr[4] = SHARED;
    g->cpu->gpr[5] = word;
    assert_int_equal(guest_run(g, CODE, true), EXC_ILLEGAL);
}

static void a_store_of_another_process_to_shared_code_is_seen(void **state)
{
    (void)state;
    struct area_source source = {.borrow = lend};
    struct guest *g = guest_create(LE64), child = {.phys = g->phys};
    guest_words(g, CODE, (uint32_t[]){d_form(OP_STW, 5, 4, 0), 0}, 2);
    process_map(g->process, SHARED, FRAME_BYTES, AREA_READ | AREA_WRITE | AREA_EXEC, &source, 0,
                "shared");
    guest_words(g, SHARED, (uint32_t[]){LI(3, 1), 0}, 2);
    child.process = process_copy(g->process);
    child.code = code_create_like(g->code, process_mmu(child.process), false);
    child.cpu = xcalloc(1, sizeof *child.cpu);
    memcpy(child.cpu, g->cpu, CPU_CONTEXT_BYTES);
    code_attach(child.code, child.cpu);
    store_from(&child, LI(3, 1)); /* its soft TLB knows the page from now on */
    for (uint16_t n = 2; n < 5; n++) {
        assert_int_equal(guest_run(g, SHARED, true), EXC_ILLEGAL);
        assert_int_equal(g->cpu->gpr[3], n - 1);
        store_from(&child, LI(3, n));
    }
    code_detach(child.code, child.cpu);
    code_destroy(child.code);
    process_destroy(child.process);
    free(child.cpu);
    guest_destroy(g);
}

/* Somebody changes the memory behind the simulator's back, as another owner of a shared mapping
 * does. */
static void icbi_notices_what_no_store_told(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    uint32_t icbi = x_form(0, 0, 4, 982), other = LI(3, 2);
    for (int chained = 0; chained < 2; chained++) {
        struct frame *frame;
        uint64_t pa;
        guest_words(g, CODE, (uint32_t[]){icbi, LI(3, 1), 0}, 3);
        g->cpu->gpr[4] = CODE;
        assert_int_equal(guest_run(g, CODE, chained), EXC_ILLEGAL);
        assert_int_equal(g->cpu->gpr[3], 1);
        assert_int_equal(g->mmu->translate(g->mmu, CODE, MMU_LOAD, &frame, &pa), MMU_OK);
        memcpy(frame->host + 4, &other, 4);
        assert_int_equal(guest_run(g, CODE, chained), EXC_ILLEGAL);
        assert_int_equal(g->cpu->gpr[3], 2);
    }
    guest_destroy(g);
}

static void execution_goes_on_into_the_next_page_and_stops_where_none_is(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    for (int chained = 0; chained < 2; chained++) {
        guest_words(g, CODE + 0xff8, (uint32_t[]){LI(3, 1), LI(4, 2), LI(5, 3), B(0xff4)}, 4);
        guest_words(g, CODE + 0x1ff8, (uint32_t[]){LI(6, 4), LI(7, 5)}, 2);
        memset(g->cpu->gpr, 0, sizeof g->cpu->gpr);
        assert_int_equal(guest_run(g, CODE + 0xff8, chained), EXC_ISI);
        assert_int_equal(g->cpu->nia, CODE + 0x2000);
        assert_int_equal(g->exception.ea, CODE + 0x2000);
        assert_int_equal(g->exception.detail, MMU_UNMAPPED);
        for (uint32_t n = 3; n < 8; n++)
            assert_int_equal(g->cpu->gpr[n], n - 2);
        assert_int_equal(exec_icount(&g->exec), 6);
    }
    guest_destroy(g);
}

#define BL(offset) (B(offset) | 1)
#define BLR        UINT32_C(0x4e800020)
#define BCTRL      UINT32_C(0x4e800421)

/* The chain remembers where branches to other pages and through registers led. */
static void what_branches_lead_to_may_change_or_go_away(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    uint64_t page = CODE + 0x1000, routine = page + 0x100;
    const uint32_t calls[] = {BL(0x1100), BCTRL, 0};
    guest_words(g, CODE, calls, ARRAY_LEN(calls));
    for (uint16_t n = 0; n < 12; n++) {
        bool is_open = n % 3 != 2;
        uint32_t prot = AREA_READ | AREA_WRITE | (is_open ? AREA_EXEC : 0);
        guest_words(g, routine, (uint32_t[]){d_form(OP_ADDI, 3, 3, n), BLR}, 2);
        assert_true(process_protect(g->process, page, 0x1000, prot));
        for (int turn = 0; turn < 3; turn++) {
            g->cpu->gpr[3] = 0;
            g->cpu->ctr = routine;
            enum exception end = guest_run(g, turn < 2 ? CODE : CODE + 4, true);
            assert_int_equal(end, is_open ? EXC_ILLEGAL : EXC_ISI);
            assert_int_equal(g->cpu->nia, is_open ? CODE + 8 : routine);
            uint32_t calls_done = turn < 2 ? 2 : 1;
            assert_int_equal(g->cpu->gpr[3], is_open ? calls_done * n : 0);
            assert_int_equal(exec_icount(&g->exec), is_open ? 3 * calls_done : 1);
        }
    }
    guest_destroy(g);
}

static void a_limit_is_exact_among_calls(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    const uint32_t loop[] = {BL(0x1100), d_form(OP_ADDI, 4, 4, 1), BCTRL, B(-12)};
    guest_words(g, CODE, loop, ARRAY_LEN(loop));
    guest_words(g, CODE + 0x1100, (uint32_t[]){d_form(OP_ADDI, 3, 3, 1), BLR}, 2);
    for (uint64_t limit = 8000; limit < 8016; limit++) {
        g->cpu->gpr[3] = g->cpu->gpr[4] = 0;
        g->cpu->ctr = CODE + 0x1100;
        guest_start(g, CODE);
        assert_int_equal(exec_run(&g->exec, limit), EXEC_STOPPED);
        assert_int_equal(exec_icount(&g->exec), limit);
        assert_int_equal(g->cpu->gpr[3], (limit + 6) / 8 + (limit + 2) / 8);
        assert_int_equal(g->cpu->gpr[4], (limit + 4) / 8);
    }
    guest_destroy(g);
}

static void data_pages_are_not_executed(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    for (int chained = 0; chained < 2; chained++) {
        assert_int_equal(guest_run(g, DATA, chained), EXC_ISI);
        assert_int_equal(g->exception.detail, MMU_PROTECTED);
        assert_int_equal(g->cpu->nia, DATA);
    }
    guest_destroy(g);
}

static void code_is_decoded_in_the_guests_order(void **state)
{
    (void)state;
    for (int mode = LE64; mode <= BE32; mode++) {
        struct guest *g = guest_create((enum guest_mode)mode);
        assert_int_equal(guest_step(g, LI(3, 5)), EXC_NONE);
        assert_int_equal(g->cpu->gpr[3], 5);
        guest_destroy(g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_instruction_may_overwrite_the_next_one),
        cmocka_unit_test(a_loop_may_rewrite_itself),
        cmocka_unit_test(a_store_to_another_page_of_code_is_seen),
        cmocka_unit_test(stores_beside_code_leave_it_decoded_until_they_are_many),
        cmocka_unit_test(doublewords_side_by_side_move_chained_as_they_do_stepped),
        cmocka_unit_test(a_breakpoint_stops_before_the_second_of_two_that_are_executed_as_one),
        cmocka_unit_test(a_store_of_another_process_to_shared_code_is_seen),
        cmocka_unit_test(icbi_notices_what_no_store_told),
        cmocka_unit_test(execution_goes_on_into_the_next_page_and_stops_where_none_is),
        cmocka_unit_test(what_branches_lead_to_may_change_or_go_away),
        cmocka_unit_test(a_limit_is_exact_among_calls),
        cmocka_unit_test(data_pages_are_not_executed),
        cmocka_unit_test(code_is_decoded_in_the_guests_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
