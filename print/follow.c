#include "config.h"

#include "print/follow.h"

#include <stdio.h>
#include <string.h>

void yz_follow_name(const struct yz_print_job *job, char *out, size_t size)
{
	char id[YZ_ID_TEXT_SIZE];

	(void)snprintf(out, size, "%s-%s-%d", job->paper,
	        strrchr(yz_id_text(&job->id, id), '-') + 1, job->attempts);
}

const struct yz_cups_job *yz_follow_find(
        const struct yz_print_job *job, const struct yz_cups_job *rows, size_t n)
{
	char name[YZ_CUPS_NAME_SIZE];

	yz_follow_name(job, name, sizeof(name));
	for (size_t i = 0; i < n; i++)
		if (!strcmp(rows[i].name, name) &&
		        (job->cups_job == 0 || rows[i].id == job->cups_job))
			return &rows[i];
	return NULL;
}

/* No document was sent by us, unless CUPS took it from the wire after we had looked and written 0.
 */
static enum yz_follow judge_unsent(const struct yz_cups_job *found)
{
	if (!found)
		return YZ_FOLLOW_AGAIN;
	if (found->state == YZ_CUPS_COMPLETED || found->has_begun)
		return YZ_FOLLOW_ADOPT;
	if (found->state != YZ_CUPS_OPEN)
		return YZ_FOLLOW_AGAIN;
	return found->has_document ? YZ_FOLLOW_ADOPT : YZ_FOLLOW_CANCEL;
}

enum yz_follow yz_follow_judge(const struct yz_print_job *job, const struct yz_cups_job *found)
{
	if (job->cups_job == 0)
		return judge_unsent(found);
	if (!found)
		return YZ_FOLLOW_ASK;
	switch (found->state) {
	case YZ_CUPS_COMPLETED:
		return YZ_FOLLOW_DONE;
	case YZ_CUPS_CANCELED:
	case YZ_CUPS_ABORTED:
		return YZ_FOLLOW_FAILED;
	case YZ_CUPS_OPEN:
		break;
	}
	return found->has_document ? YZ_FOLLOW_WAIT : YZ_FOLLOW_FORGET;
}
