/* The connection to gdb: one client on a TCP port of the loopback interface, packets in both
 * directions. Input is announced by SIGIO, so that a running simulation need not ask the host. */
#ifndef SIM_GDB_LINK_H
#define SIM_GDB_LINK_H

#include <signal.h>

#include "sim/base/err.h"
#include "sim/gdb/packet.h"

struct link {
    int listener, client; /* host descriptors, -1: none */
    bool no_ack;          /* after QStartNoAckMode */
    uint16_t port;
    struct packet_reader reader;
    struct packet_writer reply; /* kept, in case that it has to be sent again */
};

/* Listens; port 0 picks a free one. False with *e set when the port cannot be had. */
bool link_open(struct link *l, uint16_t port, struct err *e);
void link_close(struct link *l);      /* the client and the listener */
void link_hang_up(struct link *l);    /* the client alone */
static inline bool link_is_up(const struct link *l) { return l->client >= 0; }

/* Waits for a client, at most a moment; false when none has come. */
bool link_accept(struct link *l);

/* Calls `notice(owner)` from a signal handler whenever input has come from the client. */
void link_notify(struct link *l, void (*notice)(void *owner), void *owner);

/* The next event, waiting for it at most a moment: PACKET_NOTHING when none has come. The client
 * may be gone afterwards. Acknowledges and answers requests to send again by itself. */
enum packet_event link_receive(struct link *l, bool wait);
/* Sends l->reply. */
void link_send(struct link *l);

#endif
