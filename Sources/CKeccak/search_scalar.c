#include "constants.h"
#include "search.h"

#define TARGET
#define SEARCH ckeccak_search_plain
#define ROUNDS(name) plain_##name
#include "search_scalar.h"

#if defined(__x86_64__)

#undef TARGET
#undef SEARCH
#undef ROUNDS

// And-not, and rotation into another register: every x86-64 processor since about 2013. A fifth
// faster.
#define TARGET __attribute__((target("bmi,bmi2,tune=znver4")))
#define SEARCH ckeccak_search_bmi
#define ROUNDS(name) bmi_##name
#include "search_scalar.h"

#endif
