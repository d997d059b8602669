#include "sim/gdb/packet.h"

#include <string.h>

static const char digits[] = "0123456789abcdef";

/* -1 when it is none. */
static int digit_value(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static void start(struct packet_reader *r)
{
    r->state = READ_DATA;
    r->sum = r->expected = 0;
    r->too_long = r->bad_digit = false;
    r->bytes = 0;
}

static void keep(struct packet_reader *r, uint8_t byte)
{
    if (r->bytes < PACKET_ROOM)
        r->data[r->bytes++] = (char)byte;
    else
        r->too_long = true;
}

static void take_sum_digit(struct packet_reader *r, uint8_t byte)
{
    int value = digit_value(byte);
    r->bad_digit |= value < 0;
    r->expected = (uint8_t)(r->expected << 4 | (value & 15));
}

static enum packet_event complete(struct packet_reader *r)
{
    r->state = READ_OUTSIDE;
    r->data[r->bytes] = '\0';
    return r->too_long || r->bad_digit || r->sum != r->expected ? PACKET_BAD : PACKET_COMPLETE;
}

static enum packet_event take_data(struct packet_reader *r, uint8_t byte)
{
    if (byte == '#') {
        r->state = READ_SUM_HIGH;
        return PACKET_NOTHING;
    }
    if (byte == '$') { /* the end of the one before was lost */
        start(r);
        return PACKET_BAD;
    }
    r->sum = (uint8_t)(r->sum + byte);
    if (byte == '}')
        r->state = READ_ESCAPED;
    else
        keep(r, byte);
    return PACKET_NOTHING;
}

enum packet_event packet_take(struct packet_reader *r, uint8_t byte)
{
    switch (r->state) {
    case READ_DATA:
        return take_data(r, byte);
    case READ_ESCAPED:
        r->sum = (uint8_t)(r->sum + byte);
        keep(r, byte ^ 0x20);
        r->state = READ_DATA;
        return PACKET_NOTHING;
    case READ_SUM_HIGH:
        take_sum_digit(r, byte);
        r->state = READ_SUM_LOW;
        return PACKET_NOTHING;
    case READ_SUM_LOW:
        take_sum_digit(r, byte);
        return complete(r);
    default:
        if (byte == '$')
            start(r);
        return byte == '-' ? PACKET_AGAIN : byte == 3 ? PACKET_INTERRUPT : PACKET_NOTHING;
    }
}

void packet_add_bytes(struct packet_writer *w, const void *data, size_t bytes)
{
    if (bytes > PACKET_ROOM - w->bytes) {
        w->overflow = true;
        return;
    }
    memcpy(w->data + w->bytes, data, bytes);
    w->bytes += bytes;
}

void packet_add(struct packet_writer *w, const char *text)
{
    packet_add_bytes(w, text, strlen(text));
}

void packet_add_hex(struct packet_writer *w, const void *data, size_t bytes)
{
    const uint8_t *from = data;
    for (size_t n = 0; n < bytes; n++)
        packet_add_bytes(w, (char[2]){digits[from[n] >> 4], digits[from[n] & 15]}, 2);
}

void packet_add_number(struct packet_writer *w, uint64_t value)
{
    char text[16];
    size_t first = sizeof text;
    do {
        text[--first] = digits[value & 15];
        value >>= 4;
    } while (value);
    packet_add_bytes(w, text + first, sizeof text - first);
}

size_t packet_frame(const struct packet_writer *w, char out[PACKET_FRAME_ROOM])
{
    uint8_t sum = 0;
    size_t used = 0;
    out[used++] = '$';
    for (size_t n = 0; n < w->bytes; n++) {
        char c = w->data[n];
        if (c == '#' || c == '$' || c == '}' || c == '*') {
            out[used++] = '}';
            sum = (uint8_t)(sum + '}');
            c ^= 0x20;
        }
        out[used++] = c;
        sum = (uint8_t)(sum + (uint8_t)c);
    }
    out[used++] = '#';
    out[used++] = digits[sum >> 4];
    out[used++] = digits[sum & 15];
    return used;
}

bool packet_number(const char **text, uint64_t *value)
{
    const char *from = *text;
    int digit;
    *value = 0;
    for (; (digit = digit_value(**text)) >= 0; ++*text) {
        if (*value >> 60)
            return false;
        *value = *value << 4 | (uint64_t)digit;
    }
    return *text != from;
}

bool packet_hex(const char **text, void *to, size_t bytes)
{
    uint8_t *out = to;
    for (size_t n = 0; n < bytes; n++, *text += 2) {
        int high = digit_value((*text)[0]), low = high < 0 ? -1 : digit_value((*text)[1]);
        if (low < 0)
            return false;
        out[n] = (uint8_t)(high << 4 | low);
    }
    return true;
}

bool packet_skip(const char **text, const char *word)
{
    size_t bytes = strlen(word);
    if (strncmp(*text, word, bytes) != 0)
        return false;
    *text += bytes;
    return true;
}
