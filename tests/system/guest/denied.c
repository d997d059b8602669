/* Calls that take a capability: a program without any is told so, and no call is said to be
 * missing. Linux is not asked: it may well do what root wants. */
#define _GNU_SOURCE
#include "check.h"

#include <grp.h>
#include <sys/mount.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
    struct timeval now = {1, 0};
    struct timespec exactly = {1, 0};
    SHOW(chroot("/"));
    SHOW(sethostname("name", 4));
    SHOW(setdomainname("name", 4));
    SHOW(setgroups(0, NULL));
    SHOW(mount("none", "/", "tmpfs", 0, NULL));
    SHOW(umount("/"));
    SHOW(umount2("/", 0));
    SHOW(settimeofday(&now, NULL));
    SHOW(clock_settime(CLOCK_REALTIME, &exactly));
    SHOW(acct(NULL));
    SHOW(swapon("/dev/null", 0));
    SHOW(swapoff("/dev/null"));
    SHOW(vhangup());
    SHOW(syscall(SYS_pivot_root, "/", "/"));
    SHOW(syscall(SYS_delete_module, "none", 0));
    SHOW(time(NULL) > 1);
    return 0;
}
