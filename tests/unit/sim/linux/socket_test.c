#include "tests/unit/sim/linux/guest.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { NR_socketcall = 102, NR_socket = 326, NR_bind, NR_connect, NR_listen,
       NR_getsockname = 331, NR_getpeername, NR_socketpair, NR_sendto = 335, NR_setsockopt = 339,
       NR_getsockopt, NR_sendmsg };
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

/* An address of the network in the scratch page: family, port, address. */
static void put_address(struct guest *g, const char *address)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(9)};
    inet_pton(AF_INET, address, &in.sin_addr);
    guest_write(g->l, NAME, &in, sizeof in);
}

static void only_loopback_addresses_are_reached(void **state)
{
    struct guest *g = *state;
    int64_t udp = guest_call(g, NR_socket, AF_INET, SOCK_DGRAM, 0, 0);
    assert_true(udp >= 0);
    put_address(g, "192.0.2.1");
    assert_int_equal(guest_call(g, NR_connect, (uint64_t)udp, NAME, 16, 0), -101);
    assert_int_equal(guest_call(g, NR_bind, (uint64_t)udp, NAME, 16, 0), -99);
    g->cpu->gpr[7] = NAME;
    g->cpu->gpr[8] = 16;
    assert_int_equal(guest_call(g, NR_sendto, (uint64_t)udp, SCRATCH, 1, 0), -101);
    put_address(g, "127.0.0.2");
    assert_int_equal(guest_call(g, NR_connect, (uint64_t)udp, NAME, 16, 0), 0);
}

static void there_are_no_other_families(void **state)
{
    struct guest *g = *state;
    assert_int_equal(guest_call(g, NR_socket, AF_NETLINK, SOCK_RAW, 0, 0), -97);
    assert_int_equal(guest_call(g, NR_socket, AF_PACKET, SOCK_RAW, 0, 0), -97);
    assert_int_equal(guest_call(g, NR_socket, AF_INET, SOCK_RAW, 1, 0), -1);
}

/* asm/socket.h of powerpc: 16 is SO_RCVLOWAT, which other machines call 18. */
static void options_have_the_numbers_of_powerpc(void **state)
{
    struct guest *g = *state;
    int low = 0;
    socklen_t bytes = sizeof low;
    int64_t tcp = guest_call(g, NR_socket, AF_INET, SOCK_STREAM, 0, 0);
    guest_write_u32(g->l, NAME, 7);
    g->cpu->gpr[7] = 4;
    assert_int_equal(guest_call(g, NR_setsockopt, (uint64_t)tcp, SOL_SOCKET, 16, NAME), 0);
    getsockopt(fd_host(&g->l->fds, (uint64_t)tcp), SOL_SOCKET, SO_RCVLOWAT, &low, &bytes);
    assert_int_equal(low, 7);
}

static void put_path(struct guest *g, const char *path)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    strcpy(un.sun_path, path);
    guest_write(g->l, NAME, &un, sizeof un);
}

/* ".." and absolute names stay in the directory, and names are told as the guest wrote them. */
static void paths_stay_below_the_root(void **state)
{
    struct guest *g = *state;
    struct roots roots;
    const struct roots *before = g->l->config.roots;
    struct err e = {0};
    char root[] = "/tmp/socket_test_XXXXXX", path[64], told[32] = "";
    assert_non_null(mkdtemp(root));
    assert_true(roots_open(&roots, root, NULL, &e));
    g->l->config.roots = &roots;
    int64_t fd = guest_call(g, NR_socket, AF_UNIX, SOCK_STREAM, 0, 0);
    put_path(g, "/../../name");
    assert_int_equal(guest_call(g, NR_bind, (uint64_t)fd, NAME, 110, 0), 0);
    snprintf(path, sizeof path, "%s/name", root);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(ask(g, NR_getsockname, (uint64_t)fd, 110), 0);
    guest_read(g->l, NAME + 2, told, sizeof told);
    assert_string_equal(told, "/../../name");
    unlink(path);
    rmdir(root);
    g->l->config.roots = before;
    roots_close(&roots);
}

/* The whole structure has to be readable, wherever its page ends. */
static void headers_and_names_are_checked(void **state)
{
    struct guest *g = *state;
    uint64_t end = SCRATCH + GUEST_PAGE;
    assert_int_equal(guest_call(g, NR_socketpair, AF_UNIX, SOCK_DGRAM, 0, end - 4), -14);
    assert_int_equal(guest_call(g, NR_socketpair, AF_UNIX, SOCK_DGRAM, 0, SCRATCH), 0);
    uint32_t fd;
    guest_read_u32(g->l, SCRATCH, &fd);
    assert_int_equal(guest_call(g, NR_sendmsg, fd, end - 55, 0, 0), -14);
    assert_int_equal(guest_call(g, NR_bind, fd, end - 8, 16, 0), -14);
    assert_int_equal(guest_call(g, NR_bind, fd, SCRATCH, 129, 0), -22);
    assert_int_equal(guest_call(g, NR_getsockopt, fd, SOL_SOCKET, 3, end), -14);
    assert_int_equal(guest_call(g, NR_socketcall, 21, SCRATCH, 0, 0), -22);
    assert_int_equal(guest_call(g, NR_socketcall, 1, end - 8, 0, 0), -14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUEST_TEST(what_is_no_socket_has_no_peer),
        GUEST_TEST(a_name_is_in_the_guests_byte_order_and_says_its_whole_length),
        GUEST_TEST(the_two_ends_of_a_pair_have_no_name),
        GUEST_TEST(only_loopback_addresses_are_reached),
        GUEST_TEST(there_are_no_other_families),
        GUEST_TEST(options_have_the_numbers_of_powerpc),
        GUEST_TEST(paths_stay_below_the_root),
        GUEST_TEST(headers_and_names_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
