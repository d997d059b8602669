/* Packets and their answers, without a connection: registers in each byte order, memory,
 * breakpoints, and packets that no debugger would send. */
#include "tests/unit/sim/isa/guest.h"

#include <stdio.h>

#include "sim/base/rng.h"
#include "sim/gdb/internal.h"
#include "sim/gdb/regs.h"

#define NOP UINT32_C(0x60000000)

struct bench {
    struct guest *guest;
    struct gdb *gdb;
};

static bool nothing_happens(void *ctx)
{
    (void)ctx;
    return true;
}

static void no_signal(void *ctx, uint32_t signo) { (void)ctx, (void)signo; }

static void says_hello(void *ctx, char *text, size_t room)
{
    (void)ctx;
    snprintf(text, room, "hello");
}

static struct bench bench_create(enum guest_mode mode)
{
    struct bench b = {.guest = guest_create(mode)};
    struct err e = {0};
    exec_init(&b.guest->exec, b.guest->cpu, (struct exec_system){.exception = guest_exception,
                                                                 .system = b.guest});
    struct gdb_target target = {.exec = &b.guest->exec, .attend = nothing_happens,
                                .raise = no_signal, .describe = says_hello};
    b.gdb = gdb_create(&target, 0, &e);
    assert_non_null(b.gdb);
    b.gdb->description = regs_description(b.guest->cpu);
    return b;
}

static void bench_destroy(struct bench *b)
{
    gdb_destroy(b->gdb);
    guest_destroy(b->guest);
}

/* The answer to a packet, as a text. */
static const char *ask(struct bench *b, const char *packet)
{
    static char answer[PACKET_ROOM + 1];
    command(b->gdb, packet, strlen(packet));
    memcpy(answer, b->gdb->link.reply.data, b->gdb->link.reply.bytes);
    answer[b->gdb->link.reply.bytes] = '\0';
    return answer;
}

static void registers_are_in_the_guests_order_and_width(void **state)
{
    static const struct {
        enum guest_mode mode;
        const char *gpr, *cr;
    } rows[] = {{LE64, "8877665544332211", "78563412"}, {BE64, "1122334455667788", "12345678"},
                {BE32, "55667788", "12345678"}};
    (void)state;
    for (uint32_t n = 0; n < ARRAY_LEN(rows); n++) {
        struct bench b = bench_create(rows[n].mode);
        b.guest->cpu->gpr[3] = UINT64_C(0x1122334455667788);
        cpu_set_cr(b.guest->cpu, 0x12345678);
        assert_string_equal(ask(&b, "p3"), rows[n].gpr);
        assert_string_equal(ask(&b, "p22"), rows[n].cr);
        bench_destroy(&b);
    }
}

static void what_is_written_to_a_register_is_read_again(void **state)
{
    (void)state;
    for (enum guest_mode mode = LE64; mode <= BE32; mode++) {
        struct bench b = bench_create(mode);
        for (uint32_t n = 0; n < regs_count(); n++) {
            uint8_t raw[REGS_MAX_BYTES] = {0}, again[REGS_MAX_BYTES];
            uint32_t bytes = regs_bytes(b.guest->cpu, n), low = mode == LE64 ? 0 : bytes - 1;
            raw[low] = n == REGS_PC ? 4 : 1; /* a bit that every register has */
            regs_read(b.guest->cpu, n, again);
            if (n == REGS_PC + 1) /* MSR is what it is */
                memcpy(raw, again, sizeof raw);
            regs_write(b.guest->cpu, n, raw);
            regs_read(b.guest->cpu, n, again);
            assert_memory_equal(raw, again, bytes);
        }
        bench_destroy(&b);
    }
}

static void all_registers_are_written_or_none(void **state)
{
    (void)state;
    struct bench b = bench_create(LE64);
    b.guest->cpu->gpr[7] = 99;
    static char packet[PACKET_ROOM + 2];
    snprintf(packet, sizeof packet, "G%s", ask(&b, "g"));
    b.guest->cpu->gpr[7] = 1;
    packet[strlen(packet) - 1] = '\0';
    assert_string_equal(ask(&b, packet), "E01");
    assert_int_equal(b.guest->cpu->gpr[7], 1);
    strcat(packet, "0");
    assert_string_equal(ask(&b, packet), "OK");
    assert_int_equal(b.guest->cpu->gpr[7], 99);
    bench_destroy(&b);
}

static void memory_is_read_as_far_as_it_goes(void **state)
{
    (void)state;
    struct bench b = bench_create(LE64);
    assert_string_equal(ask(&b, "M21ffe,2:abcd"), "OK");
    assert_string_equal(ask(&b, "m21ffe,10"), "abcd");
    assert_string_equal(ask(&b, "m22000,1"), "E01");
    assert_string_equal(ask(&b, "M21fff,2:0000"), "E01");
    assert_string_equal(ask(&b, "M30000,1:77"), "OK"); /* a debugger may write constants */
    assert_string_equal(ask(&b, "m30000,1"), "77");
    assert_string_equal(ask(&b, "X20000,3:abc"), "OK");
    assert_string_equal(ask(&b, "m20000,3"), "616263");
    assert_string_equal(ask(&b, "X20000,4:abc"), "E01");
    bench_destroy(&b);
}

static void malformed_packets_are_refused_and_unknown_ones_unanswered(void **state)
{
    static const char *const malformed[] = {
        "m", "m0", "m0,", "mx,1", "m0,1,", "M20000,1", "M20000,1:", "M20000,2:00", "M20000,1:0g",
        "p", "pffff", "P0", "P0=", "P0=00", "Pffffffff=0", "G", "G00", "Z", "Z0", "Z5,0,4",
        "Z0,10001,4", "Z0,0,4", "Z2,0,0", "Z2,ffffffffffffffff,2", "z9,0,4", "vCont;", "vCont;x",
        "vCont;s:", "vCont;r1", "vCont;C", "C", "c12x", "H", "Hx1", "Hg2", "T2", "QPassSignals:x",
        "qXfer:features:read:target.xml:0", "qXfer:features:read:target.xml:fffffff,1",
        "m00000000000000000000000000000000000000,1",
    };
    static const char *const unknown[] = {"", "!", "b", "vRun", "qUnknown", "vMustReplyEmpty", "R",
                                          "qXfer:memory-map:read::0,10"};
    (void)state;
    struct bench b = bench_create(LE64);
    for (uint32_t n = 0; n < ARRAY_LEN(malformed); n++)
        if (strcmp(ask(&b, malformed[n]), "E01"))
            fail_msg("%s: %s", malformed[n], ask(&b, malformed[n]));
    for (uint32_t n = 0; n < ARRAY_LEN(unknown); n++)
        assert_string_equal(ask(&b, unknown[n]), "");
    assert_false(b.gdb->resumed);
    bench_destroy(&b);
}

static void the_description_comes_in_parts(void **state)
{
    (void)state;
    struct bench b = bench_create(BE32);
    char range[80], whole[PACKET_ROOM] = "";
    for (size_t at = 0;; at += 1000) {
        snprintf(range, sizeof range, "qXfer:features:read:target.xml:%zx,3e8", at);
        const char *part = ask(&b, range);
        strcat(whole, part + 1);
        if (*part == 'l')
            break;
        assert_int_equal(strlen(part), 1001);
    }
    assert_string_equal(whole, b.gdb->description);
    assert_non_null(strstr(whole, "<reg name=\"vs31h\" bitsize=\"64\""));
    assert_non_null(strstr(whole, "<reg name=\"pc\" bitsize=\"32\""));
    bench_destroy(&b);
}

/* Stops are looked for, as gdb_run does; with no client they are all that happens. */
static void a_breakpoint_stops_a_chain_and_outlives_a_change_of_the_code(void **state)
{
    (void)state;
    struct bench b = bench_create(LE64);
    struct exec *x = &b.guest->exec;
    x->system = gdb_system(b.gdb, x->system);
    for (int change = 0; change < 2; change++) {
        guest_words(b.guest, CODE, (uint32_t[]){NOP, NOP, NOP, 0}, 4);
        assert_string_equal(ask(&b, "Z0,10008,4"), "OK");
        b.guest->cpu->nia = CODE;
        assert_int_equal(exec_run(x, 1u << 20), EXEC_STOPPED);
        assert_int_equal(b.guest->cpu->nia, CODE + 8);
        assert_int_equal(guest_word(b.guest, CODE + 8), NOP); /* never in memory */
    }
    struct op op;
    assert_int_equal(exec_next(x, &op, true), EXEC_OK); /* a step takes no notice */
    assert_int_equal(b.guest->cpu->nia, CODE + 12);
    assert_string_equal(ask(&b, "z0,10008,4"), "OK");
    b.guest->cpu->nia = CODE;
    assert_int_equal(exec_run(x, 1u << 20), EXEC_HALTED);
    assert_int_equal(b.guest->cpu->nia, CODE + 12);
    bench_destroy(&b);
}

static void any_packet_is_survived(void **state)
{
    static const char *const starts[] = {"m", "M", "X", "p", "P", "G", "g", "Z", "z", "c", "s", "C",
                                         "vCont", "vCont;", "H", "T", "q", "Q", "qRcmd,", "?",
                                         "QPassSignals:", "qXfer:auxv:read::", "qSupported:"};
    static const char letters[] = "0123456789abcdef,;:=x2fff0000-";
    struct rng rng = rng_seeded(3);
    (void)state;
    struct bench b = bench_create(BE64);
    for (uint32_t n = 0; n < 200000; n++) {
        char packet[64];
        const char *word = starts[rng_next(&rng) % ARRAY_LEN(starts)];
        int used = snprintf(packet, sizeof packet, "%s", word);
        uint32_t more = (uint32_t)(rng_next(&rng) % 24);
        for (uint32_t m = 0; m < more; m++)
            packet[used++] = letters[rng_next(&rng) % (sizeof letters - 1)];
        packet[used] = '\0';
        command(b.gdb, packet, (size_t)used);
        assert_true(b.gdb->link.reply.bytes <= PACKET_ROOM);
    }
    bench_destroy(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registers_are_in_the_guests_order_and_width),
        cmocka_unit_test(what_is_written_to_a_register_is_read_again),
        cmocka_unit_test(all_registers_are_written_or_none),
        cmocka_unit_test(memory_is_read_as_far_as_it_goes),
        cmocka_unit_test(malformed_packets_are_refused_and_unknown_ones_unanswered),
        cmocka_unit_test(the_description_comes_in_parts),
        cmocka_unit_test(a_breakpoint_stops_a_chain_and_outlives_a_change_of_the_code),
        cmocka_unit_test(any_packet_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
