/* The one network interface, as ifconfig and Java ask for it. */
#include <arpa/inet.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

static const char *address_in(const struct sockaddr *a)
{
    struct in_addr in;
    memcpy(&in, a->sa_data + 2, sizeof in);
    return inet_ntoa(in);
}

int main(void)
{
    struct ifreq all[4], one = {.ifr_name = "lo"}, other = {.ifr_name = "eth9"};
    struct ifconf conf = {.ifc_len = sizeof all, .ifc_req = all};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    setvbuf(stdout, NULL, _IONBF, 0);
    SHOW(ioctl(fd, SIOCGIFCONF, &conf));
    printf("%d interfaces, %s %s\n", (int)(conf.ifc_len / sizeof *all), all[0].ifr_name,
           address_in(&all[0].ifr_addr));
    conf = (struct ifconf){0};
    SHOW(ioctl(fd, SIOCGIFCONF, &conf));
    printf("room for %d\n", (int)(conf.ifc_len / sizeof *all));
    SHOW(ioctl(fd, SIOCGIFFLAGS, &one));
    printf("flags %x\n", (unsigned)one.ifr_flags);
    SHOW(ioctl(fd, SIOCGIFADDR, &one));
    printf("family %d, %s\n", one.ifr_addr.sa_family, address_in(&one.ifr_addr));
    SHOW(ioctl(fd, SIOCGIFNETMASK, &one));
    printf("mask %s\n", address_in(&one.ifr_netmask));
    SHOW(ioctl(fd, SIOCGIFHWADDR, &one));
    printf("hardware %d\n", one.ifr_hwaddr.sa_family);
    SHOW(ioctl(fd, SIOCGIFMTU, &one));
    printf("mtu %d\n", one.ifr_mtu);
    SHOW(ioctl(fd, SIOCGIFINDEX, &one));
    printf("index %d\n", one.ifr_ifindex);
    memset(one.ifr_name, 'x', sizeof one.ifr_name);
    SHOW(ioctl(fd, SIOCGIFNAME, &one));
    printf("name %s\n", one.ifr_name);
    SHOW(ioctl(fd, SIOCGIFFLAGS, &other));
    SHOW(ioctl(fd, SIOCSIFFLAGS, &one));
    SHOW(ioctl(0, SIOCGIFCONF, &conf));
    close(fd);
    return 0;
}
