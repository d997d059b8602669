/* The partition between the guest's instructions: its interrupt line, its console, and the time
 * that goes by while it has nothing to do. */
#include "sim/base/bits.h"
#include "sim/base/log.h"
#include "sim/platform/pseries/internal.h"

#define PS_PER_NS 1000

void partition_interrupts(struct pseries *p)
{
    bool line = presenter_line(&p->presenter);
    if (line != p->line)
        board_set_external(p->board, line);
    p->line = line;
}

/* An interrupt tells that there is something to read again: the guest then reads until there is
 * nothing. */
void partition_look_at_console(struct pseries *p)
{
    if (!p->is_drained || !console_has_input(p->console))
        return;
    p->is_drained = false;
    p->presenter.source.pending = true;
    partition_interrupts(p);
}

static void give_up(struct pseries *p)
{
    log_line("the guest only waits, for %llu s of its time, and its console's input is at its end "
             "(platform.idle_limit)",
             (unsigned long long)(p->idle_ns / NS_PER_SECOND));
    p->is_off = true;
    p->exit_status = 1;
}

/* As long as somebody may still type, the guest's time is the host's; otherwise it goes by at
 * once. */
void partition_wait(struct pseries *p)
{
    uint64_t now = board_time_ns(p->board), until = now + board_next_event_ns(p->board);
    partition_look_at_console(p);
    if (!console_is_at_end(p->console) && !p->line) {
        uint64_t host = console_wait_ns(p->console, until - now);
        partition_look_at_console(p);
        if (p->line) /* somebody has */
            until = now + min_u64(host, until - now);
    }
    uint64_t waited = board_wait(p->board, until);
    p->stats.waits++;
    p->stats.waited_ns += waited;
    p->idle_ns += waited;
    if (console_is_at_end(p->console) && p->idle_ns > p->keys->idle_limit / PS_PER_NS)
        give_up(p);
}
