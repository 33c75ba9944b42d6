// What glibc has as a variadic function, which Swift cannot call.

#ifndef CPROCESS_H
#define CPROCESS_H

#include <stdbool.h>

/// Whether the kernel may write this process's memory to a file, and others of its user may read it.
bool cprocess_is_dumpable(void);

/// Forbids both; false where the kernel does not.
bool cprocess_forbid_dumps(void);

/// Names the calling thread; 15 bytes at most count.
void cprocess_name_thread(const char *name);

#endif
