#include "config.h"

#include "net/pace.h"

void yz_pace_good(struct yz_pace *p, size_t n, int64_t took_ms)
{
	size_t top = took_ms <= YZ_PACE_QUICK_MS ? YZ_PACE_MAX : YZ_PACE_USUAL;

	if (p->limit > top) /* it was quick: four large batches would overrun a slow line's queue */
		p->limit = top;
	if (n < p->limit || p->limit >= top)
		return;
	if (p->limit < YZ_PACE_USUAL && p->limit * 2 > YZ_PACE_USUAL)
		p->limit = YZ_PACE_USUAL;
	else
		p->limit = p->limit * 2 < top ? p->limit * 2 : top;
}

void yz_pace_bad(struct yz_pace *p, size_t n)
{
	size_t half = n > 1 ? n / 2 : 1;

	if (half < p->limit)
		p->limit = half;
}
