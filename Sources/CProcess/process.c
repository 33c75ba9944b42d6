#include "CProcess.h"

#include <sys/prctl.h>

bool cprocess_is_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0; }

bool cprocess_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0; }

void cprocess_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
