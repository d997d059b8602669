#include "tests/unit/sim/linux/guest.h"

#include "sim/isa/fpscr.h"

#define HANDLER UINT64_C(0x12345678)
#define SP      (SCRATCH + 0xc000)
enum { NR_rt_sigreturn = 172, NR_kill = 37 };

static void install(struct guest *g, uint32_t signo, uint64_t flags)
{
    g->l->signals.action[signo] = (struct signal_action){.handler = HANDLER, .flags = flags};
    g->cpu->gpr[1] = SP;
}

static void raise_fault(struct guest *g, enum exception kind, uint64_t ea, uint32_t detail)
{
    struct exec_system system = linux_system(g->l);
    g->cpu->exception = (struct exception_record){.kind = kind, .ea = ea, .detail = detail};
    system.exception(system.system, g->cpu);
}

static uint64_t frame_word(struct guest *g, uint64_t offset)
{
    uint64_t value = 0;
    assert_true(guest_read_long(g->l, g->cpu->gpr[1] + 128 + offset, &value));
    return value;
}

/* Offsets of struct rt_sigframe as <asm/ucontext.h> and <asm/sigcontext.h> of ppc64 have them. */
static void the_frame_is_laid_out_as_linux_does(void **state)
{
    struct guest *g = *state;
    install(g, GUEST_SIGSEGV, SA_FLAG_SIGINFO);
    for (uint32_t n = 2; n < 32; n++)
        g->cpu->gpr[n] = 0x100 + n;
    g->cpu->nia = 0x4444;
    g->cpu->ctr = 0x55;
    g->cpu->lr = 0x66;
    VSR_D(g->cpu->vsr[3], 0) = 0x3ff0;
    VSR_D(g->cpu->vsr[3], 1) = 0x77;
    g->cpu->vsr[35].q = (u128)0x88 << 64 | 0x99;
    raise_fault(g, EXC_DSI, 0xbad0, MMU_PROTECTED);

    uint64_t frame = SP - 4096;
    assert_int_equal(g->cpu->gpr[1], frame - 128);
    assert_int_equal(g->cpu->gpr[3], 11);
    assert_int_equal(g->cpu->gpr[4], frame + 3456);
    assert_int_equal(g->cpu->gpr[5], frame);
    assert_int_equal(g->cpu->gpr[12], HANDLER);
    assert_int_equal(g->cpu->ctr, HANDLER);
    assert_int_equal(g->cpu->nia, g->l->space->sigtramp_ea);
    assert_int_equal(frame_word(g, 232 + 8 * 14), 0x10e);       /* gp_regs[14] */
    assert_int_equal(frame_word(g, 232 + 8 * 1), SP);
    assert_int_equal(frame_word(g, 232 + 8 * 32), 0x4444);      /* nip */
    assert_int_equal(frame_word(g, 232 + 8 * 35), 0x55);        /* ctr */
    assert_int_equal(frame_word(g, 232 + 8 * 36), 0x66);        /* link */
    assert_int_equal(frame_word(g, 616 + 8 * 3), 0x3ff0);       /* fp_regs[3] */
    uint64_t v_regs = frame_word(g, 880), value;
    assert_int_equal(v_regs % 16, 0);
    guest_read_long(g->l, v_regs + 16 * 3, &value);
    assert_int_equal(value, 0x99);
    guest_read_long(g->l, v_regs + 34 * 16 + 8 * 3, &value);
    assert_int_equal(value, 0x77);
    assert_int_equal(frame_word(g, 3456), 11);                  /* si_signo, si_errno */
    assert_int_equal(frame_word(g, 3464), CODE_SEGV_ACCERR);
    assert_int_equal(frame_word(g, 3472), 0xbad0);              /* si_addr */
    assert_int_equal(g->l->signals.blocked, SIGNAL_BIT(11));
}

static void randomise(struct cpu *s, struct rng *rng)
{
    for (uint32_t n = 2; n < 32; n++)
        s->gpr[n] = rng_next(rng);
    for (uint32_t n = 0; n < 64; n++)
        s->vsr[n].q = (u128)rng_next(rng) << 64 | rng_next(rng);
}

static void returning_restores_every_register(void **state)
{
    (void)state;
    for (int big = 0; big < 2; big++) {
        struct guest *g = guest_create(big);
        struct rng rng = rng_seeded(5);
        install(g, GUEST_SIGTRAP, SA_FLAG_NODEFER);
        randomise(g->cpu, &rng);
        g->cpu->nia = 0x7770;
        g->cpu->ctr = rng_next(&rng);
        g->cpu->lr = rng_next(&rng);
        g->cpu->vrsave = 0x1234;
        g->cpu->vscr = VSCR_SAT;
        cpu_set_cr(g->cpu, 0x12345678);
        cpu_set_xer(g->cpu, 0xe0000012);
        fpscr_write(g->cpu, 0x3);
        struct cpu before = *g->cpu;
        raise_fault(g, EXC_TRAP, 0, 0);
        assert_int_equal(g->cpu->nia, g->l->space->sigtramp_ea);
        g->cpu->gpr[1] += 128; /* as the trampoline does */
        for (uint32_t n = 0; n < 64; n++)
            g->cpu->vsr[n].q = 0;
        g->cpu->vscr = g->cpu->vrsave = 0;
        cpu_set_cr(g->cpu, 0);
        guest_call(g, NR_rt_sigreturn, 0, 0, 0, 0);
        assert_memory_equal(g->cpu->gpr, before.gpr, sizeof before.gpr);
        assert_memory_equal(g->cpu->vsr, before.vsr, sizeof before.vsr);
        assert_int_equal(g->cpu->nia, 0x7770);
        assert_int_equal(g->cpu->ctr, before.ctr);
        assert_int_equal(g->cpu->lr, before.lr);
        assert_int_equal(g->cpu->vrsave, 0x1234);
        assert_int_equal(g->cpu->vscr, VSCR_SAT);
        assert_int_equal(cpu_get_cr(g->cpu), 0x12345678);
        assert_int_equal(cpu_get_xer(g->cpu), cpu_get_xer(&before));
        assert_int_equal(fpscr_read(g->cpu) & 3, 3);
        guest_destroy(g);
    }
}

static void each_exception_has_its_signal_and_code(void **state)
{
    (void)state;
    static const struct {
        enum exception kind;
        uint32_t detail, signo;
        int32_t code;
    } rows[] = {
        {EXC_ILLEGAL, 0, GUEST_SIGILL, CODE_ILL_OPC},
        {EXC_PRIVILEGED, 0, GUEST_SIGILL, CODE_ILL_PRVOPC},
        {EXC_TRAP, 0, GUEST_SIGTRAP, CODE_TRAP_BRKPT},
        {EXC_DSI, MMU_UNMAPPED, GUEST_SIGSEGV, CODE_SEGV_MAPERR},
        {EXC_DSI, MMU_PROTECTED, GUEST_SIGSEGV, CODE_SEGV_ACCERR},
        {EXC_DSI, MMU_BUS_ERROR, GUEST_SIGBUS, CODE_BUS_ADRERR},
        {EXC_ISI, MMU_UNMAPPED, GUEST_SIGSEGV, CODE_SEGV_MAPERR},
        {EXC_ALIGNMENT, 0, GUEST_SIGBUS, CODE_BUS_ADRALN},
        {EXC_UNAVAILABLE, 0, GUEST_SIGILL, CODE_ILL_OPC},
        {EXC_SYSCALL_V, 0, GUEST_SIGILL, CODE_ILL_OPC},
    };
    for (size_t n = 0; n < ARRAY_LEN(rows); n++) {
        struct guest *g = guest_create(false);
        install(g, rows[n].signo, SA_FLAG_SIGINFO);
        raise_fault(g, rows[n].kind, 0, rows[n].detail);
        assert_int_equal(g->cpu->gpr[3], rows[n].signo);
        assert_int_equal((int32_t)frame_word(g, 3464), rows[n].code);
        guest_destroy(g);
        g = guest_create(false);
        raise_fault(g, rows[n].kind, 0, rows[n].detail);
        assert_int_equal(linux_exit_status(g->l), 128 + (int)rows[n].signo);
        guest_destroy(g);
    }
}

static void a_fault_whose_signal_is_blocked_ends_the_program(void **state)
{
    struct guest *g = *state;
    install(g, GUEST_SIGSEGV, 0);
    signals_set_mask(g->l, UINT64_MAX);
    raise_fault(g, EXC_DSI, 0, MMU_UNMAPPED);
    assert_int_equal(linux_exit_status(g->l), 128 + 11);
}

static void a_handler_without_a_stack_ends_the_program(void **state)
{
    struct guest *g = *state;
    install(g, GUEST_SIGUSR1, 0);
    g->cpu->gpr[1] = 64;
    guest_call(g, NR_kill, GUEST_PID, GUEST_SIGUSR1, 0, 0);
    assert_int_equal(linux_exit_status(g->l), 128 + 11);
}

static void handlers_nest_on_one_stack(void **state)
{
    struct guest *g = *state;
    install(g, GUEST_SIGUSR1, 0);
    install(g, GUEST_SIGUSR2, 0);
    guest_call(g, NR_kill, GUEST_PID, GUEST_SIGUSR1, 0, 0);
    uint64_t outer = g->cpu->gpr[1];
    assert_int_equal(outer, SP - 4096 - 128);
    guest_call(g, NR_kill, GUEST_PID, GUEST_SIGUSR1, 0, 0);
    assert_int_equal(g->cpu->gpr[1], outer);
    guest_call(g, NR_kill, GUEST_PID, GUEST_SIGUSR2, 0, 0);
    assert_int_equal(g->cpu->gpr[1], ((outer - 4096) & ~UINT64_C(15)) - 128);
    g->cpu->gpr[1] += 128;
    guest_call(g, NR_rt_sigreturn, 0, 0, 0, 0);
    assert_int_equal(g->cpu->gpr[1], outer);
    /* The one that was blocked comes as soon as the outer handler returns. */
    g->cpu->gpr[1] += 128;
    guest_call(g, NR_rt_sigreturn, 0, 0, 0, 0);
    assert_int_equal(g->cpu->gpr[3], GUEST_SIGUSR1);
    assert_int_equal(g->cpu->gpr[1], outer);
}

static void an_interrupted_call_is_made_again_only_with_restart(void **state)
{
    (void)state;
    static const struct {
        uint64_t flags;
        int call;
        bool again;
    } rows[] = {
        {0, CALL_RESTART, false},
        {SA_FLAG_RESTART, CALL_RESTART, true},
        {SA_FLAG_RESTART, CALL_RESTART_NOHAND, false},
    };
    for (size_t n = 0; n < ARRAY_LEN(rows); n++) {
        struct guest *g = guest_create(false);
        install(g, GUEST_SIGUSR1, rows[n].flags);
        g->cpu->nia = 0x1004;
        g->l->syscall_r3 = 42;
        g->l->signals.restart = rows[n].call;
        signal_send(g->l, (struct signal_info){.signo = GUEST_SIGUSR1});
        signals_deliver(g->l);
        assert_int_equal(frame_word(g, 232 + 8 * 32), rows[n].again ? 0x1000 : 0x1004);
        assert_int_equal(frame_word(g, 232 + 8 * 3), rows[n].again ? 42 : 4);
        guest_destroy(g);
    }
}

static void standard_signals_pend_once_and_real_time_ones_queue(void **state)
{
    struct guest *g = *state;
    struct signal_info info;
    signals_set_mask(g->l, UINT64_MAX);
    for (uint32_t n = 0; n < 3; n++) {
        signal_send(g->l, (struct signal_info){.signo = GUEST_SIGUSR1, .value = n});
        signal_send(g->l, (struct signal_info){.signo = 40, .value = n});
    }
    assert_true(signal_take(g->l, UINT64_MAX, &info) && info.signo == GUEST_SIGUSR1);
    for (uint32_t n = 0; n < 3; n++)
        assert_true(signal_take(g->l, UINT64_MAX, &info) && info.signo == 40 && info.value == n);
    assert_false(signal_take(g->l, UINT64_MAX, &info));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUEST_TEST(the_frame_is_laid_out_as_linux_does),
        cmocka_unit_test(returning_restores_every_register),
        cmocka_unit_test(each_exception_has_its_signal_and_code),
        GUEST_TEST(a_fault_whose_signal_is_blocked_ends_the_program),
        GUEST_TEST(a_handler_without_a_stack_ends_the_program),
        GUEST_TEST(handlers_nest_on_one_stack),
        cmocka_unit_test(an_interrupted_call_is_made_again_only_with_restart),
        GUEST_TEST(standard_signals_pend_once_and_real_time_ones_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
