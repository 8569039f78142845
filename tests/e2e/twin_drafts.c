/* The kiosk with one thing wrong: it waits for each draft before it goes on, as if its loop wrote
 * them. The linker puts this in the place of yz_drafts_put. For tests/e2e/test_slow_disk alone. */
#include "config.h"

#include "tui/drafts.h"

void __real_yz_drafts_put(struct yz_drafts *d, const struct yz_now *now, const struct yz_id *clerk,
        const char *screen, struct yz_fields *fields);
void __wrap_yz_drafts_put(struct yz_drafts *d, const struct yz_now *now, const struct yz_id *clerk,
        const char *screen, struct yz_fields *fields);

void __wrap_yz_drafts_put(struct yz_drafts *d, const struct yz_now *now, const struct yz_id *clerk,
        const char *screen, struct yz_fields *fields)
{
	__real_yz_drafts_put(d, now, clerk, screen, fields);
	(void)yz_drafts_settle(d, NULL);
}
