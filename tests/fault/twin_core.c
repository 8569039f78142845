/* yizhan-sync that leaves cores: the twin of tests/fault/secrets.sh. */
#include "config.h"

#include "base/core.h"

void __wrap_yz_core_forbid(void);

void __wrap_yz_core_forbid(void)
{
}
