/* Prints random bytes: of each device, by each kind of call, in pieces of any size. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void)
{
    unsigned char b[40] = {0};
    struct iovec iov[] = {{b, 3}, {b + 3, 0}, {b + 3, 17}};
    int random = open("/dev/random", O_RDONLY), other = dup(open("/dev/urandom", O_RDONLY));
    ssize_t n = readv(random, iov, 3) + read(other, b + 20, 11) + pread(other, b + 31, 9, 5);
    if (sendfile(1, other, NULL, 8) > 0)
        return 1; /* the host's bytes */
    for (ssize_t i = 0; i < n; i++)
        printf("%02x", b[i]);
    return n != sizeof b;
}
