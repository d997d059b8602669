/* What the guest programs share: a line per result, with the error's name's number instead of a
 * text. */
#ifndef TESTS_SYSTEM_GUEST_CHECK_H
#define TESTS_SYSTEM_GUEST_CHECK_H

#include <errno.h>
#include <stdio.h>

/* Results that may differ from machine to machine (addresses, descriptors) are shown as yes
 * or no. */
#define SHOW(call)                                                                                 \
    do {                                                                                           \
        errno = 0;                                                                                 \
        long shown = (long)(call);                                                                 \
        printf("%s = %ld, errno %d\n", #call, shown, shown == -1 ? errno : 0);                     \
    } while (0)
#define GOOD(call)                                                                                 \
    do {                                                                                           \
        errno = 0;                                                                                 \
        int good = (call);                                                                         \
        printf("%s: %s, errno %d\n", #call, good ? "yes" : "no", good ? 0 : errno);                \
    } while (0)

#endif
