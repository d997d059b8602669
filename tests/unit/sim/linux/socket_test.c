#include "tests/unit/sim/linux/guest.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

enum { NR_getsockname = 331, NR_getpeername = 332 };
#define NAME   (SCRATCH + 16)
#define LENGTH SCRATCH

static int64_t ask(struct guest *g, uint64_t number, uint64_t fd, uint32_t room)
{
    guest_write_u32(g->l, LENGTH, room);
    return guest_call(g, number, fd, NAME, LENGTH, 0);
}

static void what_is_no_socket_has_no_peer(void **state)
{
    struct guest *g = *state;
    int p[2];
    assert_int_equal(pipe(p), 0);
    fd_replace(&g->l->fds, 0, p[0], false);
    assert_int_equal(ask(g, NR_getpeername, 0, 128), -88); /* ENOTSOCK */
    assert_int_equal(ask(g, NR_getpeername, 99, 128), -9);
    close(p[1]);
}

static void a_name_is_in_the_guests_byte_order_and_says_its_whole_length(void **state)
{
    struct guest *g = *state;
    struct sockaddr_in6 name = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    uint8_t family[2], last[2];
    uint32_t length;
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof name) < 0)
        skip(); /* a host without IPv6 */
    fd_replace(&g->l->fds, 0, fd, false);
    for (int big_endian = 0; big_endian < 2; big_endian++) {
        g->l->image.big_endian = g->cpu->big_endian = big_endian;
        guest_write(g->l, NAME + 23, "##", 2);
        assert_int_equal(ask(g, NR_getsockname, 0, 24), 0);
        guest_read_u32(g->l, LENGTH, &length);
        assert_int_equal(length, sizeof name);
        guest_read(g->l, NAME, family, 2);
        assert_int_equal(family[big_endian], AF_INET6);
        guest_read(g->l, NAME + 23, last, 2); /* of the address, and behind the room */
        assert_int_equal(last[0], 1);
        assert_int_equal(last[1], '#');
    }
}

static void the_two_ends_of_a_pair_have_no_name(void **state)
{
    struct guest *g = *state;
    int pair[2];
    uint32_t length;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    fd_replace(&g->l->fds, 0, pair[0], false);
    assert_int_equal(ask(g, NR_getpeername, 0, 128), 0);
    guest_read_u32(g->l, LENGTH, &length);
    assert_int_equal(length, 2);
    assert_int_equal(guest_call(g, NR_getpeername, 0, NAME, 0, 0), -14);
    assert_int_equal(ask(g, NR_getpeername, 0, 0x80000000), -22);
    close(pair[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUEST_TEST(what_is_no_socket_has_no_peer),
        GUEST_TEST(a_name_is_in_the_guests_byte_order_and_says_its_whole_length),
        GUEST_TEST(the_two_ends_of_a_pair_have_no_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
