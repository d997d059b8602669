/* The grammar of [core.units] queues, and how queues share pipes; classes in several steps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "models/pipeline/ooo/queues.h"
#include "sim/base/bits.h"

#define PIPES "alu*4 lsu*2 bru"

/* Classes that are not set use a kind `alu`. */
static bool create(struct units *u, struct queues *q, const char *text, const char *loada,
                   struct err *e)
{
    struct config *c = config_create(NULL);
    bool ok = config_set(c, "core.units", "pipes", PIPES, "test", e) &&
              config_set(c, "core.units", "loada", loada, "test", e) &&
              config_set(c, "core.units", "queues", text, "test", e) &&
              units_create(u, c, "core.units", e) &&
              queues_create(q, u, text, c, "core.units", e);
    config_destroy(c);
    return ok;
}

static void assert_refused(const char *text, const char *part)
{
    struct units u;
    struct queues q;
    struct err e = {0};
    assert_false(create(&u, &q, text, "lsu 1", &e));
    assert_int_equal(e.status, EXIT_USER);
    if (!strstr(e.text, part))
        fail_msg("'%s' is not in '%s'", part, e.text);
}

static void wrong_queues_are_refused_with_what_is_wanted(void **state)
{
    (void)state;
    static const char *const malformed[] = {"alu", "alu:", "alu:0", ":4", "alu:4*0", "alu:4*x",
                                            "alu:257", "alu:4*33", "alu:x"};
    for (size_t n = 0; n < ARRAY_LEN(malformed); n++)
        assert_refused(malformed[n], "want KIND[+KIND...]:ENTRIES[*COUNT]");
    assert_refused("fpu:4", "'fpu' is not one of the kinds in `pipes`");
    assert_refused("alu+lsu:4 alu+bru:4", "two queues serve 'alu'");
    assert_refused("*:4 alu:2", "two queues serve 'alu'");
    assert_refused("alu+lsu:4", "no queue serves 'bru'");
    assert_refused("", "no queue serves 'alu'");
    assert_refused("alu:4*3 lsu+bru:4", "4 pipes 'alu' cannot be divided among 3 queues");
}

static void one_queue_may_serve_all_kinds(void **state)
{
    struct units u;
    struct queues q;
    struct err e = {0};
    (void)state;
    assert_true(create(&u, &q, "*:256", "lsu 1", &e));
    assert_int_equal(q.queue_count, 1);
    assert_int_equal(q.queue[0].entries, 256);
    assert_int_equal(q.port_count, 3);
    assert_int_equal(q.port[q.first_port[1]].first, 4);
    assert_int_equal(q.port[q.first_port[1]].count, 2);
}

static void equal_queues_divide_the_pipes(void **state)
{
    struct units u;
    struct queues q;
    struct err e = {0};
    (void)state;
    assert_true(create(&u, &q, "bru:3 alu+lsu:11*2", "lsu 1", &e));
    assert_int_equal(q.queue_count, 3);
    assert_int_equal(q.ports[0], 2);
    for (uint32_t n = 0; n < 2; n++) {
        const struct port *alu = &q.port[q.first_port[0] + n], *lsu = &q.port[q.first_port[1] + n];
        assert_int_equal(q.queue[alu->queue].entries, 11);
        assert_int_equal(alu->queue, 1 + n);
        assert_int_equal(lsu->queue, 1 + n);
        assert_int_equal(alu->first, 2 * n);
        assert_int_equal(alu->count, 2);
        assert_int_equal(lsu->first, 4 + n);
        assert_int_equal(lsu->count, 1);
    }
    assert_int_equal(q.port[q.first_port[2]].queue, 0);
}

static void a_queue_may_issue_in_order(void **state)
{
    struct units u;
    struct queues q;
    struct err e = {0};
    (void)state;
    assert_true(create(&u, &q, "alu:2*2! lsu+bru:3", "lsu 1", &e));
    assert_true(q.any_in_order && q.queue[0].in_order && q.queue[1].in_order);
    assert_false(q.queue[2].in_order);
    assert_true(create(&u, &q, "*:2", "lsu 1", &e));
    assert_false(q.any_in_order);
}

static void a_class_may_have_steps(void **state)
{
    struct units u;
    struct queues q;
    struct err e = {0};
    (void)state;
    assert_true(create(&u, &q, "*:8", "lsu 1 + alu 2 3", &e));
    assert_int_equal(u.class[CLASS_LDA].steps, 2);
    assert_int_equal(u.class[CLASS_LDA].latency, 1);
    assert_int_equal(u.class[CLASS_LDA].step[1].kinds, 1); /* alu, the first */
    assert_int_equal(u.class[CLASS_LDA].step[1].latency, 2);
    assert_int_equal(u.class[CLASS_LDA].step[1].interval, 3);
    assert_false(create(&u, &q, "*:8", "lsu 1 +", &e));
    assert_non_null(strstr(e.text, "want KIND LATENCY [INTERVAL [SLOTS]]"));
    e = (struct err){0};
    assert_false(create(&u, &q, "*:8", "lsu 1 + alu 1 + alu 1 + alu 1 + alu 1", &e));
    assert_non_null(strstr(e.text, "more than 4 steps"));
}

static void entries_are_taken_from_the_lowest(void **state)
{
    struct queue q = {.entries = 70};
    (void)state;
    for (uint32_t n = 0; n < 70; n++)
        assert_int_equal(queue_take_entry(&q, n), n);
    queue_give_entry(&q, 65);
    queue_give_entry(&q, 3);
    assert_int_equal(queue_take_entry(&q, 100), 3);
    assert_int_equal(queue_take_entry(&q, 101), 65);
    assert_int_equal(q.uop[65], 101);
}

static void the_oldest_is_found_around_the_ring(void **state)
{
    struct window_set s = {0};
    (void)state;
    window_add(&s, 3);
    window_add(&s, 70);
    window_add(&s, 127);
    assert_int_equal(window_first(&s, 2, 0), 3);
    assert_int_equal(window_first(&s, 2, 3), 3);
    assert_int_equal(window_first(&s, 2, 4), 70);
    assert_int_equal(window_first(&s, 2, 71), 127);
    window_remove(&s, 127);
    assert_int_equal(window_first(&s, 2, 71), 3);
    assert_int_equal(s.count, 2);
    assert_true(window_has(&s, 70));
    assert_false(window_has(&s, 127));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_queues_are_refused_with_what_is_wanted),
        cmocka_unit_test(one_queue_may_serve_all_kinds),
        cmocka_unit_test(equal_queues_divide_the_pipes),
        cmocka_unit_test(a_queue_may_issue_in_order),
        cmocka_unit_test(a_class_may_have_steps),
        cmocka_unit_test(entries_are_taken_from_the_lowest),
        cmocka_unit_test(the_oldest_is_found_around_the_ring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
