#define _GNU_SOURCE
#include "CAffinity.h"

#include <sched.h>

bool caffinity_allows(int processor) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return processor == 0;
  return processor >= 0 && processor < CPU_SETSIZE && CPU_ISSET(processor, &set);
}

bool caffinity_bind(int processor) {
  if (processor < 0 || processor >= CPU_SETSIZE) return false;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  return sched_setaffinity(0, sizeof set, &set) == 0;
}
