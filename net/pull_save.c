#include "config.h"

#include "net/pull_state.h"

#include "base/log.h"
#include "net/link.h"

static void tell(const char *stream, const struct yz_pulled_count *count)
{
	if (count->taken)
		yz_log(YZ_LOG_INFO, "%s: %zu taken", stream, count->taken);
	if (count->refused)
		yz_log(YZ_LOG_WARN, "%s: %zu not taken; yizhanctl doctor says why", stream,
		        count->refused);
}

static enum yz_status write_step(struct yz_pull *p, struct yz_tx *tx, const struct yz_feed *feed,
        const struct yz_pull_step *step, struct yz_error *err)
{
	struct yz_pulled_count count = {0, 0};
	enum yz_status st = YZ_OK;

	if (step->page && step->replace)
		st = yz_pulled_replace(&p->setup.desk, tx, feed->stream, step->page->items,
		        step->page->n, &count, err);
	else if (step->page)
		st = yz_pulled_take(&p->setup.desk, tx, feed->stream, step->page->items,
		        step->page->n, &count, err);
	if (st == YZ_OK && step->drop_parts)
		st = yz_feed_part_drop(tx, feed->stream, err);
	if (st == YZ_OK)
		st = yz_feed_put(tx, feed, err);
	if (st == YZ_OK)
		tell(feed->stream, &count);
	return st;
}

bool yz_pull_save(struct yz_pull *p, struct yz_feed feed, struct yz_pull_step step)
{
	struct yz_now now = yz_clock_now(p->setup.test_now_ms);
	struct yz_tx *tx = NULL;
	struct yz_error err;
	enum yz_status st = yz_tx_begin(p->setup.desk.store, &now, &tx, &err);

	if (st == YZ_OK) {
		feed.good_ms = *feed.fault ? feed.good_ms : now.wall_ms;
		st = write_step(p, tx, &feed, &step, &err);
		if (st == YZ_OK)
			st = yz_tx_commit(tx, &err);
		else
			yz_tx_rollback(tx);
	}
	if (st != YZ_OK) {
		yz_errand_trouble(&p->errand, &err);
		return false;
	}
	p->feed = feed;
	if (step.page && step.page->n)
		yz_link_ring(p->setup.desk.store);
	return true;
}
