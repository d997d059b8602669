/* How the client lets the guest go on. */
#include "sim/gdb/internal.h"

struct action {
    char letter; /* c, s or r */
    uint32_t signal;
    uint64_t start, end;
};

static void go_on(struct gdb *g, const struct action *a)
{
    g->steps = a->letter != 'c';
    g->range_start = a->start;
    g->range_end = a->end;
    g->resume_signal = a->signal;
    g->resumed = true;
}

/* c, s, C SIGNAL, S SIGNAL, r START,END; what follows is left. */
static bool parse_action(const char **text, struct action *a)
{
    uint64_t signal = 0;
    char letter = *(*text)++;
    *a = (struct action){.letter = letter};
    switch (letter) {
    case 'c':
    case 's':
        return true;
    case 'C':
    case 'S':
        a->letter = letter == 'C' ? 'c' : 's';
        if (!packet_number(text, &signal))
            return false;
        a->signal = signal_from_gdb(signal);
        return true;
    case 'r':
        return packet_number(text, &a->start) && packet_skip(text, ",") &&
               packet_number(text, &a->end);
    default:
        return false;
    }
}

bool resume_by_letter(struct gdb *g, const char *text)
{
    struct action a;
    bool has_signal = *text == 'C' || *text == 'S';
    uint64_t pc;
    if (!parse_action(&text, &a))
        return false;
    if (*text && (!has_signal || packet_skip(&text, ";"))) {
        if (!packet_number(&text, &pc))
            return false;
        g->cpu->nia = pc & g->cpu->ea_mask & ~UINT64_C(3);
    }
    if (*text)
        return false;
    go_on(g, &a);
    return true;
}

/* Behind the action `:THREAD`, or nothing: all threads. There is but one. */
static bool parse_thread(const char **text)
{
    uint64_t thread;
    if (!packet_skip(text, ":"))
        return true;
    return packet_skip(text, "-1") || packet_number(text, &thread);
}

bool resume_by_vcont(struct gdb *g, const char *actions)
{
    struct action first = {0}, a;
    while (packet_skip(&actions, ";")) {
        if (!parse_action(&actions, &a) || !parse_thread(&actions))
            return false;
        if (!first.letter) /* the leftmost that names the thread counts */
            first = a;
    }
    if (*actions || !first.letter)
        return false;
    go_on(g, &first);
    return true;
}
