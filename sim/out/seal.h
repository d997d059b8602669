/* The seal at the end of a finished file: a CRC-32 over all bytes before it. HDF5 does not look
 * behind its own last byte, so that every reader opens a sealed file as it is; whoever has this
 * header can tell a damaged one before HDF5 reads it, which may crash on it or give other numbers.
 * A file without a seal (under way, or written anew by another program) is not judged. */
#ifndef SIM_OUT_SEAL_H
#define SIM_OUT_SEAL_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* Magic, length of what is sealed, checksum, zeros: little-endian. */
#define SEAL_MAGIC "simrunCK"
enum { SEAL_BYTES = 24, SEAL_BLOCK = 65536 };

enum seal { SEAL_NONE, SEAL_INTACT, SEAL_BROKEN };

static inline void seal_pack(uint8_t *to, uint64_t length, uint64_t crc)
{
    memcpy(to, SEAL_MAGIC, 8);
    for (int n = 0; n < 8; n++) {
        to[8 + n] = (uint8_t)(length >> 8 * n);
        to[16 + n] = (uint8_t)(crc >> 8 * n);
    }
}

/* Of the first `length` bytes; false when they cannot be read. */
static inline bool seal_checksum(int fd, uint64_t length, uint64_t *crc)
{
    uint8_t block[SEAL_BLOCK];
    uLong sum = crc32(0, NULL, 0);
    for (uint64_t at = 0; at < length;) {
        size_t wanted = length - at < SEAL_BLOCK ? (size_t)(length - at) : SEAL_BLOCK;
        ssize_t got = pread(fd, block, wanted, (off_t)at);
        if (got <= 0)
            return false;
        sum = crc32(sum, block, (uInt)got);
        at += (uint64_t)got;
    }
    *crc = sum;
    return true;
}

/* Seals a file that is complete; false with errno. */
static inline bool seal_write(int fd)
{
    uint8_t seal[SEAL_BYTES];
    struct stat st;
    uint64_t crc;
    if (fstat(fd, &st) || !seal_checksum(fd, (uint64_t)st.st_size, &crc))
        return false;
    seal_pack(seal, (uint64_t)st.st_size, crc);
    for (ssize_t done = 0, got; done < SEAL_BYTES; done += got) { /* in parts: the disk is full */
        got = pwrite(fd, seal + done, (size_t)(SEAL_BYTES - done), st.st_size + done);
        if (got <= 0)
            return false;
    }
    return true;
}

/* SEAL_NONE also for what cannot be opened. */
static inline enum seal seal_check(const char *path)
{
    uint8_t there[SEAL_BYTES], expected[SEAL_BYTES];
    struct stat st;
    uint64_t crc, length;
    enum seal seal = SEAL_NONE;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && !fstat(fd, &st) && st.st_size >= SEAL_BYTES &&
        pread(fd, there, SEAL_BYTES, st.st_size - SEAL_BYTES) == SEAL_BYTES &&
        !memcmp(there, SEAL_MAGIC, 8)) {
        length = (uint64_t)st.st_size - SEAL_BYTES;
        seal = SEAL_BROKEN;
        if (seal_checksum(fd, length, &crc)) {
            seal_pack(expected, length, crc);
            seal = memcmp(there, expected, SEAL_BYTES) ? SEAL_BROKEN : SEAL_INTACT;
        }
    }
    if (fd >= 0)
        close(fd);
    return seal;
}

#endif
