/* The frame of the remote protocol, most of all with bytes that nobody should send. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdint.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/base/rng.h"
#include "sim/gdb/packet.h"

static struct packet_reader reader;
static struct packet_writer writer;
static char frame[PACKET_FRAME_ROOM];

static enum packet_event feed(const char *bytes, size_t count)
{
    enum packet_event last = PACKET_NOTHING;
    for (size_t n = 0; n < count; n++)
        last = packet_take(&reader, (uint8_t)bytes[n]);
    return last;
}

static enum packet_event feed_text(const char *text) { return feed(text, strlen(text)); }

static void start(void)
{
    memset(&reader, 0, sizeof reader);
    memset(&writer, 0, sizeof writer);
}

static void a_packet_arrives_without_its_frame(void **state)
{
    (void)state;
    start();
    assert_int_equal(feed_text("+$m10,4#2a"), PACKET_BAD);
    assert_int_equal(feed_text("+$m10,4#2e"), PACKET_COMPLETE);
    assert_string_equal(reader.data, "m10,4");
    assert_int_equal(feed_text("$#00"), PACKET_COMPLETE);
    assert_int_equal(reader.bytes, 0);
}

static void escapes_are_undone_and_count_in_the_checksum(void **state)
{
    (void)state;
    start();
    packet_add_bytes(&writer, "a#b$c}d*\0e", 10);
    size_t bytes = packet_frame(&writer, frame);
    assert_null(memchr(frame + 1, '$', bytes - 1));
    assert_int_equal(feed(frame, bytes), PACKET_COMPLETE);
    assert_int_equal(reader.bytes, 10);
    assert_memory_equal(reader.data, "a#b$c}d*\0e", 10);
}

static void an_interrupt_counts_between_packets_only(void **state)
{
    (void)state;
    start();
    assert_int_equal(feed_text("\003"), PACKET_INTERRUPT);
    assert_int_equal(feed_text("$\003"), PACKET_NOTHING);
    assert_int_equal(feed_text("#03"), PACKET_COMPLETE);
    assert_int_equal(feed_text("-"), PACKET_AGAIN);
}

static void a_packet_that_is_broken_off_does_not_spoil_the_next(void **state)
{
    (void)state;
    start();
    assert_int_equal(feed_text("$abc$"), PACKET_BAD);
    assert_int_equal(feed_text("?#3f"), PACKET_COMPLETE);
    assert_string_equal(reader.data, "?");
    assert_int_equal(feed_text("$?#3z"), PACKET_BAD);
    assert_int_equal(feed_text("$?#3f"), PACKET_COMPLETE);
}

static void the_longest_packet_fits_and_one_more_byte_is_refused(void **state)
{
    (void)state;
    for (size_t extra = 0; extra < 2; extra++) {
        start();
        feed_text("$");
        for (size_t n = 0; n < PACKET_ROOM + extra; n++)
            feed_text("@"); /* 64 of them and their sum is zero again */
        feed_text("#");
        assert_int_equal(feed_text(extra ? "40" : "00"), extra ? PACKET_BAD : PACKET_COMPLETE);
        assert_int_equal(reader.bytes, PACKET_ROOM);
    }
}

static void any_bytes_are_survived(void **state)
{
    struct rng rng = rng_seeded(7);
    static const char likely[] = "$#}+-0123abcmMGXZ,;:\003";
    uint32_t complete = 0;
    (void)state;
    start();
    for (uint32_t n = 0; n < 2000000; n++) {
        uint64_t r = rng_next(&rng);
        uint8_t byte = r & 0x100 ? (uint8_t)likely[(r >> 16) % (sizeof likely - 1)] : (uint8_t)r;
        if (packet_take(&reader, byte) == PACKET_COMPLETE) {
            assert_true(reader.bytes <= PACKET_ROOM);
            assert_int_equal(reader.data[reader.bytes], 0);
            complete++;
        }
    }
    assert_true(complete > 0);
}

static void an_answer_that_is_too_long_is_cut_and_marked(void **state)
{
    (void)state;
    start();
    for (uint32_t n = 0; n < PACKET_ROOM; n++)
        packet_add(&writer, "}}");
    assert_true(writer.overflow);
    assert_int_equal(writer.bytes, PACKET_ROOM);
    assert_int_equal(packet_frame(&writer, frame), PACKET_FRAME_ROOM);
}

static void numbers_and_bytes_are_read_from_digits(void **state)
{
    const char *text = "7fFf,ffffffffffffffff0";
    uint64_t value;
    uint8_t bytes[2];
    (void)state;
    start();
    assert_true(packet_number(&text, &value));
    assert_int_equal(value, 0x7fff);
    assert_true(packet_skip(&text, ","));
    assert_false(packet_number(&text, &value)); /* 65 bits */
    text = "x";
    assert_false(packet_number(&text, &value));
    text = "12f";
    assert_false(packet_hex(&text, bytes, 2));
    text = "12fg";
    assert_false(packet_hex(&text, bytes, 2));
    text = "12fe!";
    assert_true(packet_hex(&text, bytes, 2));
    assert_int_equal(bytes[1], 0xfe);
    assert_string_equal(text, "!");
    packet_add_number(&writer, 0);
    packet_add_number(&writer, UINT64_MAX);
    assert_memory_equal(writer.data, "0ffffffffffffffff", 17);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packet_arrives_without_its_frame),
        cmocka_unit_test(escapes_are_undone_and_count_in_the_checksum),
        cmocka_unit_test(an_interrupt_counts_between_packets_only),
        cmocka_unit_test(a_packet_that_is_broken_off_does_not_spoil_the_next),
        cmocka_unit_test(the_longest_packet_fits_and_one_more_byte_is_refused),
        cmocka_unit_test(any_bytes_are_survived),
        cmocka_unit_test(an_answer_that_is_too_long_is_cut_and_marked),
        cmocka_unit_test(numbers_and_bytes_are_read_from_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
