#include "models/cache/mshr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_file_finds_its_lines_and_is_full_at_its_count(void **state)
{
    (void)state;
    struct mshr_file f;
    mshr_file_init(&f, 3, state);
    struct mshr *a = mshr_alloc(&f, 0x00), *b = mshr_alloc(&f, 0x40), *c = mshr_alloc(&f, 0x80);
    assert_non_null(c);
    assert_null(mshr_alloc(&f, 0xc0));
    assert_ptr_equal(mshr_find(&f, 0x00), a);
    assert_ptr_equal(mshr_find(&f, 0x40), b);
    assert_ptr_equal(b->owner, state);
    mshr_release(&f, b);
    assert_null(mshr_find(&f, 0x40));
    assert_ptr_equal(mshr_alloc(&f, 0xc0), b);
    assert_ptr_equal(mshr_find(&f, 0xc0), b);
    mshr_file_free(&f);
}

static void a_new_entry_remembers_nothing_of_the_one_before(void **state)
{
    (void)state;
    struct mshr_file f;
    mshr_file_init(&f, 1, NULL);
    struct mshr *m = mshr_alloc(&f, 0x40);
    m->dirty = m->dropped = m->prefetch = true;
    m->first_ticks = 5;
    mshr_release(&f, m);
    m = mshr_alloc(&f, 0x80);
    assert_false(m->dirty || m->dropped || m->prefetch);
    assert_true(m->first_ticks == MSHR_UNKNOWN);
    assert_null(m->targets);
    mshr_file_free(&f);
}

static void targets_are_kept_in_order_of_arrival(void **state)
{
    (void)state;
    struct mshr_file f;
    struct mem_request r[3] = {{0}};
    mshr_file_init(&f, 1, NULL);
    struct mshr *m = mshr_alloc(&f, 0);
    for (int i = 0; i < 3; i++)
        mshr_add_target(m, &r[i]);
    assert_ptr_equal(m->targets, &r[0]);
    assert_ptr_equal(m->targets->next, &r[1]);
    assert_ptr_equal(m->targets->next->next, &r[2]);
    assert_null(r[2].next);
    mshr_file_free(&f);
}

static void a_queue_survives_taking_its_middle_and_its_last(void **state)
{
    (void)state;
    struct mshr m[4] = {{0}};
    struct mshr_queue q;
    mshr_queue_init(&q);
    for (int i = 0; i < 3; i++)
        mshr_queue_push(&q, &m[i]);
    assert_ptr_equal(mshr_queue_take(&q, &q.first->next), &m[1]);
    assert_ptr_equal(mshr_queue_take(&q, &q.first->next), &m[2]);
    mshr_queue_push(&q, &m[3]);
    assert_ptr_equal(mshr_queue_take(&q, &q.first), &m[0]);
    assert_ptr_equal(mshr_queue_take(&q, &q.first), &m[3]);
    assert_null(q.first);
    mshr_queue_push(&q, &m[0]);
    assert_ptr_equal(q.first, &m[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_finds_its_lines_and_is_full_at_its_count),
        cmocka_unit_test(a_new_entry_remembers_nothing_of_the_one_before),
        cmocka_unit_test(targets_are_kept_in_order_of_arrival),
        cmocka_unit_test(a_queue_survives_taking_its_middle_and_its_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
