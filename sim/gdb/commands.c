/* The packets, a row each: what they ask for and what is answered. A packet that no row knows gets
 * the empty answer, a malformed one E01. */
#include "sim/gdb/internal.h"

#include <stdio.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/gdb/regs.h"

#define THREAD "1"

static void answer(struct gdb *g, const char *text) { packet_add(&g->link.reply, text); }
static void answer_error(struct gdb *g) { answer(g, "E01"); }
static void answer_ok(struct gdb *g, bool good) { answer(g, good ? "OK" : "E01"); }

static void start_reply(struct gdb *g)
{
    g->link.reply.bytes = 0;
    g->link.reply.overflow = false;
}

static void add_stop(struct gdb *g, const struct stop *stop)
{
    struct packet_writer *w = &g->link.reply;
    packet_add(w, "T");
    packet_add_hex(w, &(uint8_t){(uint8_t)stop->signal}, 1);
    packet_add(w, "thread:" THREAD ";");
    if (!stop->event)
        return;
    packet_add(w, stop->event);
    packet_add(w, ":");
    if (strcmp(stop->event, breaks_event(BREAK_SOFTWARE)))
        packet_add_number(w, stop->ea);
    packet_add(w, ";");
}

void command_report_stop(struct gdb *g, const struct stop *stop)
{
    start_reply(g);
    add_stop(g, stop);
    link_send(&g->link);
}

void command_report_end(struct gdb *g, int status)
{
    uint32_t signal = signal_to_gdb(g->killed_by);
    start_reply(g);
    packet_add(&g->link.reply, g->killed_by ? "X" : "W");
    packet_add_hex(&g->link.reply, &(uint8_t){(uint8_t)(g->killed_by ? signal : (uint32_t)status)},
                   1);
    link_send(&g->link);
}

/* ADDRESS,LENGTH */
static bool parse_range(const char **text, uint64_t *ea, uint64_t *bytes)
{
    return packet_number(text, ea) && packet_skip(text, ",") && packet_number(text, bytes);
}

static void why_stopped(struct gdb *g, const char *args, size_t bytes)
{
    (void)args, (void)bytes;
    add_stop(g, &g->last_stop);
}

static void read_all_regs(struct gdb *g, const char *args, size_t bytes)
{
    uint8_t raw[REGS_MAX_BYTES];
    (void)args, (void)bytes;
    for (uint32_t n = 0; n < regs_count(); n++) {
        regs_read(g->cpu, n, raw);
        packet_add_hex(&g->link.reply, raw, regs_bytes(g->cpu, n));
    }
}

/* Nothing is written unless there are digits for every register. */
static void write_all_regs(struct gdb *g, const char *args, size_t bytes)
{
    uint8_t raw[REGS_MAX_BYTES];
    (void)bytes;
    for (int pass = 0; pass < 2; pass++) {
        const char *at = args;
        for (uint32_t n = 0; n < regs_count(); n++) {
            if (!packet_hex(&at, raw, regs_bytes(g->cpu, n))) {
                answer_error(g);
                return;
            }
            if (pass)
                regs_write(g->cpu, n, raw);
        }
    }
    answer_ok(g, true);
}

static void read_reg(struct gdb *g, const char *args, size_t bytes)
{
    uint64_t number;
    uint8_t raw[REGS_MAX_BYTES];
    (void)bytes;
    if (!packet_number(&args, &number) || *args || number >= regs_count()) {
        answer_error(g);
        return;
    }
    regs_read(g->cpu, (uint32_t)number, raw);
    packet_add_hex(&g->link.reply, raw, regs_bytes(g->cpu, (uint32_t)number));
}

static void write_reg(struct gdb *g, const char *args, size_t bytes)
{
    uint64_t number;
    uint8_t raw[REGS_MAX_BYTES];
    (void)bytes;
    bool good = packet_number(&args, &number) && number < regs_count() && packet_skip(&args, "=") &&
                packet_hex(&args, raw, regs_bytes(g->cpu, (uint32_t)number)) && !*args;
    if (good)
        regs_write(g->cpu, (uint32_t)number, raw);
    answer_ok(g, good);
}

static void read_memory(struct gdb *g, const char *args, size_t bytes)
{
    uint8_t raw[PACKET_ROOM / 2];
    uint64_t ea, wanted, got = 0;
    (void)bytes;
    if (!parse_range(&args, &ea, &wanted) || *args) {
        answer_error(g);
        return;
    }
    got = memory_read(g, ea, raw, min_u64(wanted, sizeof raw));
    if (wanted && !got)
        answer_error(g);
    packet_add_hex(&g->link.reply, raw, got);
}

static void write_memory_hex(struct gdb *g, const char *args, size_t bytes)
{
    uint8_t raw[PACKET_ROOM / 2];
    uint64_t ea, wanted;
    (void)bytes;
    bool good = parse_range(&args, &ea, &wanted) && packet_skip(&args, ":") &&
                wanted <= sizeof raw && packet_hex(&args, raw, wanted) && !*args;
    answer_ok(g, good && memory_write(g, ea, raw, wanted) == wanted);
}

static void write_memory_binary(struct gdb *g, const char *args, size_t bytes)
{
    const char *at = args;
    uint64_t ea, wanted;
    bool good = parse_range(&at, &ea, &wanted) && packet_skip(&at, ":") &&
                wanted == bytes - (size_t)(at - args);
    answer_ok(g, good && memory_write(g, ea, at, wanted) == wanted);
}

/* TYPE,ADDRESS,KIND: the last is a length where it matters. */
static bool parse_break(const char *args, enum break_kind *kind, uint64_t *ea, uint64_t *bytes)
{
    uint64_t type;
    if (!packet_number(&args, &type) || type > WATCH_ACCESS || !packet_skip(&args, ",") ||
        !parse_range(&args, ea, bytes))
        return false;
    *kind = (enum break_kind)type;
    return !*args;
}

static void insert_break(struct gdb *g, const char *args, size_t bytes)
{
    enum break_kind kind;
    uint64_t ea, length;
    (void)bytes;
    answer_ok(g, parse_break(args, &kind, &ea, &length) && breaks_insert(g, kind, ea, length));
}

static void remove_break(struct gdb *g, const char *args, size_t bytes)
{
    enum break_kind kind;
    uint64_t ea, length;
    (void)bytes;
    bool good = parse_break(args, &kind, &ea, &length);
    if (good)
        breaks_remove(g, kind, ea, length);
    answer_ok(g, good);
}

static void resume(struct gdb *g, const char *args, size_t bytes)
{
    (void)bytes;
    if (!resume_by_letter(g, args - 1)) /* the letter says how */
        answer_error(g);
}

static void resume_threads(struct gdb *g, const char *args, size_t bytes)
{
    (void)bytes;
    if (!resume_by_vcont(g, args))
        answer_error(g);
}

static void detach(struct gdb *g, const char *args, size_t bytes)
{
    (void)args, (void)bytes;
    answer_ok(g, true);
    link_send(&g->link);
    link_hang_up(&g->link);
}

/* `k` has no answer: the client hangs up as well. */
static void kill_guest(struct gdb *g, const char *args, size_t bytes)
{
    (void)args, (void)bytes;
    resume_by_letter(g, "c");
    g->resume_signal = GUEST_SIGKILL_NUMBER;
    link_hang_up(&g->link);
}

static void kill_politely(struct gdb *g, const char *args, size_t bytes)
{
    answer_ok(g, true);
    link_send(&g->link);
    kill_guest(g, args, bytes);
}

static void select_thread(struct gdb *g, const char *args, size_t bytes)
{
    uint64_t thread;
    (void)bytes;
    bool good = (*args == 'g' || *args == 'c') && args++ &&
                (packet_skip(&args, "-1") || (packet_number(&args, &thread) && thread <= 1));
    answer_ok(g, good && !*args);
}

static void is_thread_alive(struct gdb *g, const char *args, size_t bytes)
{
    (void)bytes;
    answer_ok(g, !strcmp(args, THREAD));
}

static void supported(struct gdb *g, const char *args, size_t bytes)
{
    char size[40];
    (void)bytes;
    g->knows_swbreak = strstr(args, "swbreak+") != NULL;
    snprintf(size, sizeof size, "PacketSize=%x;", PACKET_ROOM);
    answer(g, size);
    answer(g, "qXfer:features:read+;qXfer:auxv:read+;QStartNoAckMode+;QPassSignals+;"
              "vContSupported+;swbreak+");
}

static void stop_acknowledging(struct gdb *g, const char *args, size_t bytes)
{
    (void)args, (void)bytes;
    answer_ok(g, true);
    g->link.no_ack = true;
}

/* OFFSET,LENGTH of an object: `l` and the rest of it, or `m` and a part. */
static void answer_part(struct gdb *g, const char *range, const void *object, uint64_t size)
{
    uint64_t from, wanted;
    if (!parse_range(&range, &from, &wanted) || *range || from > size) {
        answer_error(g);
        return;
    }
    /* Room for the letter; escapes are added behind this. */
    wanted = min_u64(wanted, PACKET_ROOM - 1);
    answer(g, wanted < size - from ? "m" : "l");
    packet_add_bytes(&g->link.reply, (const char *)object + from, min_u64(wanted, size - from));
}

static void read_description(struct gdb *g, const char *args, size_t bytes)
{
    (void)bytes;
    answer_part(g, args, g->description, strlen(g->description));
}

static void read_auxv(struct gdb *g, const char *args, size_t bytes)
{
    (void)bytes;
    answer_part(g, args, g->auxv, g->auxv_bytes);
}

/* Numbers separated by `;`. */
static void pass_signals(struct gdb *g, const char *args, size_t bytes)
{
    bool passes[GDB_SIGNALS] = {false}, good = true;
    uint64_t number;
    (void)bytes;
    while (*args && good) {
        good = packet_number(&args, &number) && (!*args || packet_skip(&args, ";"));
        if (good && number < GDB_SIGNALS)
            passes[number] = true;
    }
    if (good)
        memcpy(g->passes, passes, sizeof passes);
    answer_ok(g, good);
}

static void monitor(struct gdb *g, const char *args, size_t bytes)
{
    char text[200];
    (void)args, (void)bytes;
    g->target.describe(g->target.ctx, text, sizeof text - 1);
    packet_add_hex(&g->link.reply, text, strlen(text));
    packet_add_hex(&g->link.reply, "\n", 1);
}

#define FIXED(name, text)                                                                          \
    static void name(struct gdb *g, const char *args, size_t bytes)                                \
    {                                                                                              \
        (void)bytes;                                                                               \
        if (!*args)                                                                                \
            answer(g, text);                                                                       \
    }
FIXED(attached, "0") /* the simulator has started the guest: quitting gdb ends it */
FIXED(current_thread, "QC" THREAD)
FIXED(first_threads, "m" THREAD)
FIXED(more_threads, "l")
FIXED(resume_kinds, "vCont;c;C;s;S;r")

/* Longer words come first where one begins with another. */
static const struct {
    const char *word;
    void (*handle)(struct gdb *g, const char *args, size_t bytes);
} rows[] = {
    {"?", why_stopped},
    {"g", read_all_regs}, {"G", write_all_regs}, {"p", read_reg}, {"P", write_reg},
    {"m", read_memory}, {"M", write_memory_hex}, {"X", write_memory_binary},
    {"Z", insert_break}, {"z", remove_break},
    {"c", resume}, {"s", resume}, {"C", resume}, {"S", resume},
    {"vCont?", resume_kinds}, {"vCont", resume_threads},
    {"vKill", kill_politely}, {"k", kill_guest}, {"D", detach},
    {"H", select_thread}, {"T", is_thread_alive},
    {"qSupported", supported}, {"QStartNoAckMode", stop_acknowledging},
    {"qXfer:features:read:target.xml:", read_description}, {"qXfer:auxv:read::", read_auxv},
    {"QPassSignals:", pass_signals}, {"qAttached", attached}, {"qRcmd,", monitor},
    {"qfThreadInfo", first_threads}, {"qsThreadInfo", more_threads},
    {"qC", current_thread},
};

void command(struct gdb *g, const char *packet, size_t bytes)
{
    start_reply(g);
    for (uint32_t n = 0; n < ARRAY_LEN(rows); n++) {
        const char *args = packet;
        if (!packet_skip(&args, rows[n].word))
            continue;
        rows[n].handle(g, args, bytes - (size_t)(args - packet));
        break;
    }
    if (!g->resumed && link_is_up(&g->link)) /* going on is answered by the next stop */
        link_send(&g->link);
}
