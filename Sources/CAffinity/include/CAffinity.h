// Binding threads to processors: glibc declares it under _GNU_SOURCE only, which Swift's Glibc leaves
// out.

#ifndef CAFFINITY_H
#define CAFFINITY_H

#include <stdbool.h>

/// Whether the calling thread may run on `processor` (0 … 1023).
bool caffinity_allows(int processor);

/// Binds the calling thread to `processor`; false where that is not allowed.
bool caffinity_bind(int processor);

#endif
