#include <time.h>

#include "sim/base/bits.h"
#include "sim/base/log.h"
#include "sim/platform/pseries/internal.h"

enum { RTAS_SUCCESS = 0, RTAS_HARDWARE_ERROR = -1, RTAS_PARAMETER = -3 };

#define ARGUMENTS_MAX 16
#define HEADER_WORDS  3 /* token, number of arguments, number of results */

/* Fills r[1] on; r[0] is what it returns. */
typedef int32_t rtas_function(struct pseries *p, const uint32_t *a, uint32_t *r);

static int32_t get_time(struct pseries *p, const uint32_t *a, uint32_t *r)
{
    (void)a;
    uint64_t ns = board_time_ns(p->board);
    time_t now = (time_t)((int64_t)(p->epoch + ns / NS_PER_SECOND) + p->clock_offset_s);
    struct tm t;
    gmtime_r(&now, &t);
    r[1] = (uint32_t)t.tm_year + 1900;
    r[2] = (uint32_t)t.tm_mon + 1;
    r[3] = (uint32_t)t.tm_mday;
    r[4] = (uint32_t)t.tm_hour;
    r[5] = (uint32_t)t.tm_min;
    r[6] = (uint32_t)t.tm_sec;
    r[7] = (uint32_t)(ns % NS_PER_SECOND);
    return RTAS_SUCCESS;
}

static int32_t set_time(struct pseries *p, const uint32_t *a, uint32_t *r)
{
    (void)r;
    struct tm t = {.tm_year = (int)a[0] - 1900, .tm_mon = (int)a[1] - 1, .tm_mday = (int)a[2],
                   .tm_hour = (int)a[3], .tm_min = (int)a[4], .tm_sec = (int)a[5]};
    if (a[0] < 1970 || a[0] > 9999 || a[1] < 1 || a[1] > 12)
        return RTAS_PARAMETER;
    p->clock_offset_s = (int64_t)timegm(&t) -
                        (int64_t)(p->epoch + board_time_ns(p->board) / NS_PER_SECOND);
    return RTAS_SUCCESS;
}

static int32_t get_xive(struct pseries *p, const uint32_t *a, uint32_t *r)
{
    const struct presenter_source *s = presenter_find(&p->presenter, a[0]);
    if (!s)
        return RTAS_PARAMETER;
    r[1] = s->server;
    r[2] = s->priority;
    return RTAS_SUCCESS;
}

static int32_t set_xive(struct pseries *p, const uint32_t *a, uint32_t *r)
{
    (void)r;
    struct presenter_source *s = presenter_find(&p->presenter, a[0]);
    if (!s || a[1] != 0 || a[2] > PRESENTER_NONE)
        return RTAS_PARAMETER;
    s->priority = (uint8_t)a[2];
    partition_interrupts(p);
    return RTAS_SUCCESS;
}

static int32_t switch_source(struct pseries *p, uint32_t number, bool on)
{
    struct presenter_source *s = presenter_find(&p->presenter, number);
    if (!s)
        return RTAS_PARAMETER;
    presenter_switch(s, on);
    partition_interrupts(p);
    return RTAS_SUCCESS;
}

static int32_t interrupt_on(struct pseries *p, const uint32_t *a, uint32_t *r)
{
    (void)r;
    return switch_source(p, a[0], true);
}

static int32_t interrupt_off(struct pseries *p, const uint32_t *a, uint32_t *r)
{
    (void)r;
    return switch_source(p, a[0], false);
}

static int32_t end(struct pseries *p, int exit_status)
{
    p->is_off = true;
    p->exit_status = exit_status;
    return RTAS_SUCCESS;
}

static int32_t power_off(struct pseries *p, const uint32_t *a, uint32_t *r)
{
    (void)a;
    (void)r;
    return end(p, 0);
}

static int32_t reboot(struct pseries *p, const uint32_t *a, uint32_t *r)
{
    (void)a;
    (void)r;
    log_line("the guest reboots: the run ends");
    return end(p, 0);
}

/* The kernel has panicked; the argument is the address of its last words. */
static int32_t terminated(struct pseries *p, const uint32_t *a, uint32_t *r)
{
    (void)r;
    char words[120];
    ram_read(&p->ram, a[0], words, sizeof words);
    words[sizeof words - 1] = '\0';
    log_line("the guest's operating system has failed: %s", words);
    return end(p, 1);
}

static const struct {
    const char *name;
    rtas_function *function;
    uint32_t arguments, results;
} services[] = {
#define RTAS(name, function, arguments, results) {name, function, arguments, results},
#include "sim/platform/pseries/rtas.def"
#undef RTAS
};

const char *rtas_service(uint32_t n) { return n < ARRAY_LEN(services) ? services[n].name : NULL; }

/* Words of the argument block: token, counts, arguments, results. */
int64_t rtas_call(struct pseries *p, uint64_t pa)
{
    uint32_t service = ram_get32(&p->ram, pa) - 1;
    uint32_t arguments = ram_get32(&p->ram, pa + 4), results = ram_get32(&p->ram, pa + 8);
    uint32_t a[ARGUMENTS_MAX] = {0}, r[ARGUMENTS_MAX] = {0};
    uint64_t at = pa + 4 * HEADER_WORDS;
    p->stats.rtas_calls++;
    if (arguments > ARGUMENTS_MAX || results < 1 || results > ARGUMENTS_MAX)
        return 0;
    for (uint32_t n = 0; n < arguments; n++)
        a[n] = ram_get32(&p->ram, at + 4 * n);
    bool is_known = service < ARRAY_LEN(services) && arguments >= services[service].arguments &&
                    results >= services[service].results;
    r[0] = (uint32_t)(is_known ? services[service].function(p, a, r) : RTAS_PARAMETER);
    for (uint32_t n = 0; n < results; n++)
        ram_put32(&p->ram, at + 4 * (arguments + n), r[n]);
    return 0;
}
