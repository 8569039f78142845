/* yizhan-sync with one thing wrong: the cursor is on disk before the items that it stands for. The
 * linker puts this in the place of yz_pull_save. For tests/fault/pull_feed alone. */
#include "config.h"

#include "net/pull_state.h"

#include <time.h>

bool __real_yz_pull_save(struct yz_pull *p, struct yz_feed feed, struct yz_pull_step step);
bool __wrap_yz_pull_save(struct yz_pull *p, struct yz_feed feed, struct yz_pull_step step);

bool __wrap_yz_pull_save(struct yz_pull *p, struct yz_feed feed, struct yz_pull_step step)
{
	const struct timespec t = {0, 20000000L};
	struct yz_pull_step early = {.drop_parts = step.drop_parts};

	if (step.page && !__real_yz_pull_save(p, feed, early))
		return false;
	(void)nanosleep(&t, NULL);
	return __real_yz_pull_save(p, feed, step);
}
