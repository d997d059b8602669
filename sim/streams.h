/* Standard streams as a program can tell them apart, which is all that it sees of where its output
 * goes: libraries buffer a terminal, a pipe and a file in different ways, and make other system
 * calls for them. */
#ifndef SIM_STREAMS_H
#define SIM_STREAMS_H

#include <stdbool.h>

/* "terminal", "device", "pipe" (a socket, too), "file" or "none". */
const char *stream_kind(int fd);

/* Makes `fd` a stream of that kind from which nothing comes and whose output is dropped; of the
 * kinds that are nobody's, /dev/null. A process may be left that reads until all have closed it. */
bool stream_imitate(int fd, const char *kind);

#endif
