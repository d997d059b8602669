/* Areas filled from a host file: private ones read it on first touch, shared ones use the host's
 * own mapping of it, so that read(2), write(2) and other mappings of the file see the same
 * bytes. */
#ifndef SIM_MEM_FILE_SOURCE_H
#define SIM_MEM_FILE_SOURCE_H

#include "sim/mem/process.h"

#define FILE_SOURCE_NO_LIMIT UINT64_MAX

/* Offsets into the source are offsets into the file. Bytes from file offset `limit` on are zero
 * whatever the file holds (the rest of a program's last data page); without a limit, pages beyond
 * the file's end fail. The descriptor is duplicated and `name` copied; the source lives until the
 * last area that uses it is gone. */
struct area_source *file_source_private(int fd, uint64_t limit, uint64_t page_bytes,
                                        const char *name);

/* Offsets into the source are relative to file offset `offset` (a multiple of the host's page).
 * NULL, with errno set, when the host refuses the mapping. The file need not be as long yet. */
struct area_source *file_source_shared(int fd, uint64_t offset, uint64_t bytes, bool writable,
                                       uint64_t page_bytes, const char *name);

/* The name given, owned by the source: for struct area. */
const char *file_source_name(const struct area_source *s);
/* Writes a shared source's pages back; 0 or -1 with errno. Does nothing for sources of another
 * kind. */
int file_source_sync(struct area_source *s, uint64_t offset, uint64_t bytes);
/* May a shared source's pages be written? */
bool file_source_writable(const struct area_source *s);
/* Names a place in a shared source in the same way for all mappings of the file. */
void file_source_identify(const struct area_source *s, uint64_t offset, uint64_t *device,
                          uint64_t *inode, uint64_t *file_offset);
/* Makes a shared source at least `bytes` long; 0 or -1. What was borrowed before is no longer
 * valid. */
int file_source_grow(struct area_source *s, uint64_t bytes);

#endif
