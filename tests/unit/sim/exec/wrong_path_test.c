/* Wrong paths: what they see, what ends them, and that nothing of them stays. */
#include "tests/unit/sim/exec/wrong_path_rig.h"

#include "sim/mem/overlay.h"

static void registers_and_memory_are_as_before(void **state)
{
    (void)state;
    WITH(f, LE64, d_form(OP_ADDI, 3, 3, 1), d_form(OP_STW, 3, 4, 8), d_form(OP_LWZ, 5, 4, 8),
         spr_form(3, 8, XO_MTSPR), spr_form(3, 9, XO_MTSPR), x_form(6, 3, 3, OP_ADD_XO) | 1,
         x_form(7, 0, 4, XO_LWARX), d_form(OP_LFD, 1, 4, 0));
    struct cpu *s = f.g->cpu, before;
    s->gpr[4] = DATA;
    s->gpr[3] = 41;
    before = *s;
    diverge_and_run(&f, CODE, 8);
    assert_int_equal(f.op.ea, DATA);
    assert_memory_equal(s, &before, CPU_CONTEXT_BYTES);
    assert_int_equal(read64(&f, DATA + 8), 0);
    wrong_path_restore(f.w, 1);
    assert_memory_equal(s, &before, CPU_CONTEXT_BYTES);
    assert_int_equal(exec_icount(&f.g->exec), 0);
    assert_int_equal(s->run_pc, before.run_pc);
    assert_int_equal(exec_next(&f.g->exec, &f.op, false), EXEC_OK);
    assert_int_equal(f.op.pc, CODE);
    assert_int_equal(s->gpr[3], 42);
    fixture_destroy(&f);
}

/* Counts r3 up, stores it and goes through memory: r5. */
static void an_inner_path_starts_from_the_outer_one_and_leaves_it_alone(void **state)
{
    (void)state;
    WITH(f, LE64, d_form(OP_ADDI, 3, 3, 1), d_form(OP_STW, 3, 4, 0), d_form(OP_LWZ, 5, 4, 0),
         PROBE(5), PROBE(3), d_form(OP_LWZ, 5, 4, 0), PROBE(5));
    f.g->cpu->gpr[4] = DATA;
    for (uint32_t level = 1; level <= 3; level++) {
        diverge_and_run(&f, CODE, 3);
        assert_probe(&f, level);
        assert_int_equal(wrong_path_depth(f.w), level);
    }
    for (uint32_t level = 2; level >= 1; level--) {
        wrong_path_restore(f.w, level + 1);
        assert_probe(&f, level); /* r3 */
        assert_int_equal(wrong_path_next(f.w, &f.op), EXEC_OK);
        assert_probe(&f, level); /* and what it has stored */
        diverge_and_run(&f, CODE, 2); /* another store, gone with the outer path */
    }
    wrong_path_restore(f.w, 1);
    assert_int_equal(read64(&f, DATA), 0);
    assert_int_equal(f.g->cpu->gpr[3], 0);
    fixture_destroy(&f);
}

static void restoring_an_outer_path_forgets_the_inner_ones(void **state)
{
    (void)state;
    WITH(f, LE64, d_form(OP_ADDI, 3, 3, 1), d_form(OP_STW, 3, 4, 0), d_form(OP_LWZ, 5, 4, 0),
         PROBE(5));
    f.g->cpu->gpr[4] = DATA;
    for (uint32_t n = 0; n < 5; n++)
        diverge_and_run(&f, CODE, 2);
    wrong_path_restore(f.w, 2);
    assert_int_equal(wrong_path_depth(f.w), 1);
    assert_int_equal(wrong_path_next(f.w, &f.op), EXEC_OK);
    assert_probe(&f, 1);
    assert_int_equal(wrong_path_diverge(f.w, CODE), 2);
    fixture_destroy(&f);
}

static void sixty_four_nest_and_the_next_one_is_refused(void **state)
{
    (void)state;
    WITH(f, LE64, d_form(OP_ADDI, 3, 3, 1), PROBE(3));
    for (uint32_t n = 1; n <= WRONG_PATH_DEPTH; n++) {
        assert_int_equal(wrong_path_diverge(f.w, CODE), n);
        assert_int_equal(wrong_path_next(f.w, &f.op), EXEC_OK);
    }
    assert_int_equal(wrong_path_diverge(f.w, CODE), 0);
    assert_probe(&f, WRONG_PATH_DEPTH);
    wrong_path_restore(f.w, 2);
    assert_probe(&f, 1);
    fixture_destroy(&f);
}

/* A byte over a doubleword that crosses a page over what memory has. */
static void loads_see_each_byte_from_its_newest_store(void **state)
{
    (void)state;
    const int32_t cross = 0xffc;
    WITH(f, LE64, d_form(OP_DS_STORE, 3, 4, cross), d_form(OP_DS_LOAD, 5, 4, cross + 4), PROBE(5),
         d_form(OP_STB, 6, 4, 0x1001), d_form(OP_DS_LOAD, 5, 4, cross), PROBE(5),
         d_form(OP_DS_LOAD, 5, 4, cross), PROBE(5));
    uint64_t there = UINT64_C(0x8877665544332211);
    mmu_write(f.g->mmu, DATA + 0x1000, &there, 8);
    f.g->cpu->gpr[4] = DATA;
    f.g->cpu->gpr[3] = UINT64_C(0xa8a7a6a5a4a3a2a1);
    f.g->cpu->gpr[6] = 0xbb;
    diverge_and_run(&f, CODE, 2);
    assert_probe(&f, UINT64_C(0x88776655a8a7a6a5));
    diverge_and_run(&f, CODE + 12, 2);
    assert_probe(&f, UINT64_C(0xa8a7bba5a4a3a2a1));
    wrong_path_restore(f.w, 2);
    diverge_and_run(&f, CODE + 24, 1);
    assert_probe(&f, UINT64_C(0xa8a7a6a5a4a3a2a1));
    assert_int_equal(read64(&f, DATA + 0x1000), there);
    wrong_path_restore(f.w, 1);
    diverge_and_run(&f, CODE + 4, 1);
    assert_probe(&f, UINT64_C(0x8877665544332211));
    assert_int_equal(read64(&f, DATA + 0xff8), 0);
    fixture_destroy(&f);
}

static void the_right_path_and_others_store_below(void **state)
{
    (void)state;
    WITH(f, LE64, d_form(OP_DS_LOAD, 5, 4, 0), PROBE(5), d_form(OP_DS_LOAD, 5, 4, 0), PROBE(5));
    f.g->cpu->gpr[4] = DATA;
    diverge_and_run(&f, CODE, 1);
    assert_probe(&f, 0);
    uint64_t other = 77; /* another processor's */
    mmu_write(f.g->mmu, DATA, &other, 8);
    assert_int_equal(wrong_path_next(f.w, &f.op), EXEC_OK);
    assert_probe(&f, 77);
    fixture_destroy(&f);
}

/* What a wrong path does not execute, with r4 = DATA, r5 = no memory, r6 = READ_ONLY, r7 an
 * untouched page. */
static void what_cannot_be_undone_ends_a_path(void **state)
{
    (void)state;
    const uint32_t enders[] = {
        ILLEGAL, SC, ISYNC, TRAP,
        x_form(3, 0, 0, XO_DARN), d_form(OP_LWZ, 3, 5, 0), d_form(OP_STW, 3, 5, 0),
        d_form(OP_STW, 3, 6, 0), d_form(OP_LWZ, 3, 7, 0), d_form(OP_STW, 3, 7, 0),
        x_form(0, 0, 7, XO_DCBZ), x_form(3, 0, 8, XO_LWARX), d_form(OP_DS_STORE, 3, 4, 0x1ffc),
        d_form(OP_DS_LOAD, 3, 4, 0x1ffc), d_form(OP_LMW, 3, 4, 0), d_form(OP_ADDI, 3, 3, 1)};
    for (uint32_t n = 0; n < ARRAY_LEN(enders); n++) {
        WITH(f, LE64, d_form(OP_ADDI, 3, 3, 1), enders[n], NOP, NOP);
        struct cpu *s = f.g->cpu;
        s->gpr[4] = DATA;
        s->gpr[5] = DATA_END;
        s->gpr[6] = READ_ONLY;
        s->gpr[7] = READ_ONLY + 0x1000;
        s->gpr[8] = DATA + 2;
        process_map(f.g->process, s->gpr[7], 0x1000, AREA_READ | AREA_WRITE, NULL, 0, "fresh");
        uint64_t resident = phys_resident_bytes(f.g->phys);
        bool is_ender = n + 1 < ARRAY_LEN(enders);
        diverge_and_run(&f, CODE, 1);
        for (int again = 0; again < 3; again++)
            assert_int_equal(wrong_path_next(f.w, &f.op), is_ender ? EXEC_WAIT : EXEC_OK);
        assert_int_equal(phys_resident_bytes(f.g->phys), resident);
        assert_int_equal(f.g->exception.kind, EXC_NONE);
        assert_int_equal(s->exception.kind, EXC_NONE);
        wrong_path_restore(f.w, 1);
        assert_int_equal(exec_next(&f.g->exec, &f.op, false), EXEC_OK);
        assert_int_equal(f.op.pc, CODE);
        fixture_destroy(&f);
    }
}

static void an_ended_path_stays_so_behind_an_inner_one(void **state)
{
    (void)state;
    WITH(f, LE64, ILLEGAL, NOP);
    diverge_and_run(&f, CODE, 0);
    assert_int_equal(wrong_path_next(f.w, &f.op), EXEC_WAIT);
    diverge_and_run(&f, CODE + 4, 1);
    wrong_path_restore(f.w, 2);
    assert_int_equal(wrong_path_next(f.w, &f.op), EXEC_WAIT);
    wrong_path_restore(f.w, 1);
    diverge_and_run(&f, CODE + 4, 1);
    fixture_destroy(&f);
}

static void what_cannot_be_fetched_ends_a_path(void **state)
{
    (void)state;
    const uint64_t nowhere[] = {DATA, DATA_END, READ_ONLY, CODE + 0x1000, UINT64_MAX - 3};
    WITH(f, LE64, NOP);
    uint64_t resident = phys_resident_bytes(f.g->phys);
    for (uint32_t n = 0; n < ARRAY_LEN(nowhere); n++) { /* CODE + 0x1000 was never touched */
        assert_int_equal(wrong_path_diverge(f.w, nowhere[n]), 1);
        assert_int_equal(wrong_path_next(f.w, &f.op), EXEC_WAIT);
        assert_int_equal(wrong_path_next(f.w, &f.op), EXEC_WAIT);
        wrong_path_restore(f.w, 1);
    }
    assert_int_equal(phys_resident_bytes(f.g->phys), resident);
    assert_int_equal(exec_next(&f.g->exec, &f.op, false), EXEC_OK);
    fixture_destroy(&f);
}

static void a_path_with_more_lines_than_the_overlay_ends(void **state)
{
    (void)state;
    /* loop: stdx r3,r4,r5; add r5,r5,r6; b loop */
    WITH(f, LE64, x_form(3, 4, 5, 149), x_form(5, 5, 6, OP_ADD_XO), UINT32_C(0x4bfffff8));
    const uint64_t area = UINT64_C(0x1000000), bytes = (OVERLAY_LINES + 8) * OVERLAY_LINE_BYTES;
    process_map(f.g->process, area, bytes, AREA_READ | AREA_WRITE, NULL, 0, "many");
    for (uint64_t at = 0, zero = 0; at < bytes; at += FRAME_BYTES)
        mmu_write(f.g->mmu, area + at, &zero, 8);
    f.g->cpu->gpr[4] = area;
    f.g->cpu->gpr[6] = OVERLAY_LINE_BYTES;
    for (int again = 0; again < 2; again++) {
        diverge_and_run(&f, CODE, 3 * OVERLAY_LINES);
        assert_int_equal(wrong_path_next(f.w, &f.op), EXEC_WAIT);
        wrong_path_restore(f.w, 1);
    }
    fixture_destroy(&f);
}

/* Stores over the instruction behind, and runs it: as it was. */
static void a_wrong_store_into_code_drops_no_predecoded_page(void **state)
{
    (void)state;
    WITH(f, LE64, d_form(OP_STW, 3, 4, 8), x_form(0, 0, 4, XO_ICBI), d_form(OP_ADDI, 5, 5, 7),
         PROBE(5), d_form(OP_LWZ, 6, 4, 8), PROBE(6));
    f.g->cpu->gpr[3] = d_form(OP_ADDI, 5, 5, 9);
    f.g->cpu->gpr[4] = CODE;
    for (int again = 0; again < 2; again++) {
        diverge_and_run(&f, CODE, 3);
        const struct insn *i = f.op.insn;
        assert_probe(&f, 7);
        assert_int_equal(wrong_path_next(f.w, &f.op), EXEC_OK);
        assert_probe(&f, d_form(OP_ADDI, 5, 5, 9)); /* as data it is new */
        assert_ptr_equal(exec_peek(&f.g->exec, CODE + 8), i);
        assert_int_equal(i->word, d_form(OP_ADDI, 5, 5, 7));
        wrong_path_restore(f.w, 1);
        assert_int_equal(guest_word(f.g, CODE + 8), d_form(OP_ADDI, 5, 5, 7));
    }
    for (int n = 0; n < 4; n++) /* on the right path the same store counts */
        assert_int_equal(exec_next(&f.g->exec, &f.op, true), EXEC_OK);
    assert_int_equal(f.g->cpu->gpr[5], 9);
    fixture_destroy(&f);
}

/* What is in flight may refer to the record as it was. */
static void rewritten_code_is_not_executed_before_the_right_path_does(void **state)
{
    (void)state;
    WITH(f, LE64, d_form(OP_ADDI, 5, 5, 7), NOP);
    const uint32_t changed = d_form(OP_ADDI, 5, 5, 9);
    diverge_and_run(&f, CODE, 1);
    struct op op = f.op;
    wrong_path_restore(f.w, 1);
    guest_words(f.g, CODE, &changed, 1);
    assert_int_equal(wrong_path_diverge(f.w, CODE), 1);
    assert_int_equal(wrong_path_next(f.w, &f.op), EXEC_WAIT);
    assert_int_equal(op.insn->word, d_form(OP_ADDI, 5, 5, 7));
    wrong_path_restore(f.w, 1);
    assert_int_equal(exec_next(&f.g->exec, &f.op, true), EXEC_OK);
    diverge_and_run(&f, CODE, 1);
    assert_int_equal(f.op.insn->word, changed);
    fixture_destroy(&f);
}

static void a_reservation_is_the_right_paths_again(void **state)
{
    (void)state;
    WITH(f, LE64, x_form(3, 0, 4, XO_LWARX), NOP, d_form(OP_ADDI, 3, 3, 1),
         x_form(3, 0, 4, XO_STWCX) | 1, d_form(OP_LWZ, 5, 4, 0), PROBE(5));
    f.g->cpu->gpr[4] = DATA;
    exec_next(&f.g->exec, &f.op, true);
    diverge_and_run(&f, CODE + 8, 2);
    assert_int_equal(f.op.bytes, 4); /* it was stored */
    assert_int_equal(wrong_path_next(f.w, &f.op), EXEC_OK);
    assert_probe(&f, 1);
    diverge_and_run(&f, CODE + 12, 1);
    assert_int_equal(f.op.bytes, 0); /* not again */
    wrong_path_restore(f.w, 1);
    for (int n = 0; n < 3; n++)
        assert_int_equal(exec_next(&f.g->exec, &f.op, true), EXEC_OK);
    assert_int_equal(f.op.bytes, 4);
    assert_int_equal(read64(&f, DATA), 1);
    fixture_destroy(&f);
}

static bool poll(void *system, struct cpu *s)
{
    (void)s;
    ++*(uint32_t *)system;
    return true;
}

static void a_poll_waits_for_the_right_path(void **state)
{
    (void)state;
    WITH(f, LE64, NOP, NOP);
    uint32_t polls = 0;
    f.g->exec.system = (struct exec_system){.poll = poll, .system = &polls};
    struct op_source source = wrong_path_op_source(f.w);
    uint32_t mark = source.diverge(source.source, CODE);
    exec_interrupt(&f.g->exec);
    assert_int_equal(source.next(source.source, &f.op, false), EXEC_OK);
    assert_int_equal(polls, 0);
    source.restore(source.source, mark);
    assert_int_equal(source.next(source.source, &f.op, false), EXEC_OK);
    assert_int_equal(polls, 1);
    fixture_destroy(&f);
}

static void a_mapping_that_goes_away_is_gone_at_once(void **state)
{
    (void)state;
    WITH(f, LE64, d_form(OP_LWZ, 3, 4, 0), d_form(OP_LWZ, 3, 4, 0));
    f.g->cpu->gpr[4] = DATA;
    diverge_and_run(&f, CODE, 1);
    process_unmap(f.g->process, DATA, 0x2000); /* by another processor */
    assert_int_equal(wrong_path_next(f.w, &f.op), EXEC_WAIT);
    fixture_destroy(&f);
}

static void another_address_space_is_followed(void **state)
{
    (void)state;
    WITH(f, LE64, d_form(OP_LWZ, 3, 4, 0), PROBE(3));
    f.g->cpu->gpr[4] = DATA;
    diverge_and_run(&f, CODE, 1);
    assert_probe(&f, 0);
    wrong_path_restore(f.w, 1);
    struct guest *other = guest_create(LE64);
    uint64_t there = 5;
    guest_words(other, CODE, words_of_f, 2);
    mmu_write(other->mmu, DATA, &there, 8);
    code_detach(f.g->code, f.g->cpu);
    code_destroy(f.g->code);
    code_attach(other->code, f.g->cpu);
    diverge_and_run(&f, CODE, 1);
    assert_probe(&f, 5);
    wrong_path_destroy(f.w);
    code_detach(other->code, f.g->cpu);
    f.g->code = code_create(f.g->decoder, f.g->mmu);
    code_attach(f.g->code, f.g->cpu);
    guest_destroy(other);
    guest_destroy(f.g);
}

/* Every kind of access, one word: multiple, string, quadword, vector, atomic, cleared block; and
 * the loads that tell what was stored. r4 lies before a page's end. */
static void stores_of_all_kinds_are_seen_by_loads_of_all_kinds(void **state)
{
    (void)state;
    const uint32_t big[] = {
        d_form(OP_STMW, 3, 2, 0), x_form(3, 2, 13, XO_STSWI), d_form(OP_STQ, 6, 2, 2),
        x_form(1, 0, 2, XO_STVX), x_form(6, 2, 0, XO_LWAT), x_form(0, 0, 2, XO_DCBZ),
        d_form(OP_STW, 9, 2, 2), d_form(OP_LMW, 10, 2, 4), x_form(14, 2, 9, XO_LSWI),
        d_form(OP_LQ, 18, 2, 0), x_form(2, 0, 2, XO_LVX)};
    for (uint32_t store = 0; store < 7; store++)
        for (uint32_t load = 7; load < ARRAY_LEN(big); load++) {
            WITH(f, BE64, big[store], big[load], PROBE(10), PROBE(15), PROBE(18), PROBE(19));
            struct cpu *s = f.g->cpu;
            struct op wrong[6], op;
            for (uint32_t n = 3; n < 32; n++)
                s->gpr[n] = n * UINT64_C(0x0101010101010101);
            for (uint32_t n = 0; n < 64; n++)
                s->vsr[n].q = (u128)n << 100 | n;
            s->gpr[2] = DATA + 0xff0;
            assert_int_equal(wrong_path_diverge(f.w, CODE), 1);
            for (uint32_t n = 0; n < 6; n++)
                assert_int_equal(wrong_path_next(f.w, &wrong[n]), EXEC_OK);
            for (uint64_t ea = DATA; ea < DATA_END; ea += 8)
                assert_int_equal(read64(&f, ea), 0);
            wrong_path_restore(f.w, 1);
            for (uint32_t n = 0; n < 6; n++) {
                assert_int_equal(exec_next(&f.g->exec, &op, true), EXEC_OK);
                assert_int_equal(op.ea, wrong[n].ea);
                assert_int_equal(op.bytes, wrong[n].bytes);
                assert_int_equal(op.flags, wrong[n].flags);
                if (op.bytes)
                    assert_int_equal(op.pa, wrong[n].pa);
            }
            fixture_destroy(&f);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registers_and_memory_are_as_before),
        cmocka_unit_test(an_inner_path_starts_from_the_outer_one_and_leaves_it_alone),
        cmocka_unit_test(restoring_an_outer_path_forgets_the_inner_ones),
        cmocka_unit_test(sixty_four_nest_and_the_next_one_is_refused),
        cmocka_unit_test(loads_see_each_byte_from_its_newest_store),
        cmocka_unit_test(the_right_path_and_others_store_below),
        cmocka_unit_test(what_cannot_be_undone_ends_a_path),
        cmocka_unit_test(an_ended_path_stays_so_behind_an_inner_one),
        cmocka_unit_test(what_cannot_be_fetched_ends_a_path),
        cmocka_unit_test(a_path_with_more_lines_than_the_overlay_ends),
        cmocka_unit_test(a_wrong_store_into_code_drops_no_predecoded_page),
        cmocka_unit_test(rewritten_code_is_not_executed_before_the_right_path_does),
        cmocka_unit_test(a_reservation_is_the_right_paths_again),
        cmocka_unit_test(a_poll_waits_for_the_right_path),
        cmocka_unit_test(a_mapping_that_goes_away_is_gone_at_once),
        cmocka_unit_test(another_address_space_is_followed),
        cmocka_unit_test(stores_of_all_kinds_are_seen_by_loads_of_all_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
