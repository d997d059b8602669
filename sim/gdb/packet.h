/* The frame of gdb's remote serial protocol: $DATA#CC, with acknowledgements, escapes and the
 * interrupt byte; and texts made of hexadecimal digits. Knows no sockets and no commands; whatever
 * bytes arrive, nothing is written beyond the room below. */
#ifndef SIM_GDB_PACKET_H
#define SIM_GDB_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest data of a packet in either direction; what qSupported tells gdb. */
#define PACKET_ROOM 16384u

enum packet_event {
    PACKET_NOTHING,   /* more bytes are needed */
    PACKET_COMPLETE,  /* data[0..bytes-1], unescaped, followed by a NUL */
    PACKET_BAD,       /* wrong checksum, too long, or broken off */
    PACKET_AGAIN,     /* '-': the last packet sent has to be sent again */
    PACKET_INTERRUPT, /* Ctrl-C */
};

struct packet_reader {
    enum { READ_OUTSIDE, READ_DATA, READ_ESCAPED, READ_SUM_HIGH, READ_SUM_LOW } state;
    uint8_t sum, expected; /* of the raw data bytes; as sent, once it has come */
    bool too_long, bad_digit;
    size_t bytes;
    char data[PACKET_ROOM + 1];
};

/* One byte from the peer. After PACKET_COMPLETE the data stay until the next call. */
enum packet_event packet_take(struct packet_reader *r, uint8_t byte);

/* A packet being made: what does not fit sets `overflow` and is dropped. */
struct packet_writer {
    bool overflow;
    size_t bytes;
    char data[PACKET_ROOM];
};

void packet_add(struct packet_writer *w, const char *text);
void packet_add_bytes(struct packet_writer *w, const void *data, size_t bytes); /* as they are */
void packet_add_hex(struct packet_writer *w, const void *data, size_t bytes);
void packet_add_number(struct packet_writer *w, uint64_t value);

/* Twice the data and the frame: all that packet_frame can need. */
#define PACKET_FRAME_ROOM (2 * PACKET_ROOM + 4)
/* The bytes to send; returns how many. */
size_t packet_frame(const struct packet_writer *w, char out[PACKET_FRAME_ROOM]);

/* Digits at *text up to the first other character, which *text is set to; false when there is no
 * digit or the number has more than 64 bits. */
bool packet_number(const char **text, uint64_t *value);
/* Exactly `bytes` bytes from 2 * bytes digits at *text, which is moved behind them; false when
 * there is anything else. */
bool packet_hex(const char **text, void *to, size_t bytes);
/* Moves *text behind `word` when it starts with it. */
bool packet_skip(const char **text, const char *word);

#endif
