#include "config.h"

#include "net/pull_state.h"

#include "base/buf.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PERIODS = 10, LIMIT_MAX = 500, SHEET = 25, NOTE_MS = 3600 * 1000 };

struct yz_pull *yz_pull_new(const struct yz_pull_setup *setup)
{
	struct yz_pull *p = yz_alloc(sizeof(*p));

	p->setup = *setup;
	p->limit = LIMIT_MAX;
	yz_errand_open(&p->errand, setup->http, setup->token_file, setup->poll_s);
	return p;
}

void yz_pull_free(struct yz_pull *p)
{
	if (!p)
		return;
	yz_errand_close(&p->errand);
	free(p);
}

static const char *stream_of(const struct yz_pull *p)
{
	return yz_pulled_streams[p->at];
}

/* This stream has had its turn. */
static void rest(struct yz_pull *p)
{
	p->due_ms[p->at] = yz_clock_now(0).mono_ms + PERIODS * p->errand.pause_ms;
}

/* The cursor is no good any more: a snapshot is taken instead, from its beginning. */
static void want_snapshot(struct yz_pull *p, const char *why)
{
	struct yz_feed feed = p->feed;

	yz_log(YZ_LOG_WARN, "%s: a snapshot is taken: %s", stream_of(p), why);
	feed.wants_snapshot = true;
	feed.part_etag[0] = feed.fault[0] = '\0';
	feed.part_total = 0;
	(void)yz_pull_save(p, feed, (struct yz_pull_step){.drop_parts = true});
}

/* A page is saved if it says anything new; else the disk is left alone, but for once an hour. */
static bool save_page(struct yz_pull *p, struct yz_feed feed, const struct yz_wire_page *page)
{
	int64_t now = yz_clock_now(p->setup.test_now_ms).wall_ms;
	struct yz_pull_step step = {.page = page, .replace = page->reset};

	(void)yz_copy(feed.cursor, sizeof(feed.cursor), page->cursor);
	feed.fault[0] = '\0';
	if (page->n || strcmp(feed.cursor, p->feed.cursor) != 0)
		feed.etag[0] = '\0'; /* no longer the snapshot, or past it */
	if (!page->n && !page->reset && !strcmp(feed.cursor, p->feed.cursor) &&
	        !strcmp(feed.epoch, p->feed.epoch) && !*p->feed.fault &&
	        now - feed.good_ms < NOTE_MS && now >= feed.good_ms)
		return true;
	return yz_pull_save(p, feed, step);
}

static void changes_came(struct yz_pull *p, const struct yz_http_reply *r)
{
	const struct yz_answer a = {r->type, yz_buf_str(&r->body), r->body.len};
	struct yz_feed feed = p->feed;
	struct yz_wire_page page = {.n = 0};
	struct yz_error err;

	if (r->status != 200 || !*r->epoch || yz_wire_changes(&page, &a, &err) != YZ_OK ||
	        (page.more && !page.n)) {
		yz_errand_bad(&p->errand, "bad-answer");
		yz_wire_page_free(&page);
		return;
	}
	yz_errand_ok(&p->errand);
	if (*feed.epoch && strcmp(feed.epoch, r->epoch) != 0) {
		want_snapshot(p, "the platform was restored from a backup");
	} else if (page.reset && page.more) {
		want_snapshot(p, "the platform begins anew");
	} else {
		(void)yz_copy(feed.epoch, sizeof(feed.epoch), r->epoch);
		if (save_page(p, feed, &page) && !page.more)
			rest(p);
		if (p->limit < LIMIT_MAX)
			p->limit = p->limit * 2 < LIMIT_MAX ? p->limit * 2 : LIMIT_MAX;
	}
	yz_wire_page_free(&page);
}

/* The platform does not know the stream, or not the cursor. */
static void refused(struct yz_pull *p, const struct yz_http_reply *r, const char *code)
{
	struct yz_feed feed = p->feed;

	if (p->is_snapshot) {
		yz_snapshot_refused(p, r);
		rest(p);
	} else if (r->status == 410) {
		want_snapshot(p, code);
	} else {
		(void)yz_copy(feed.fault, sizeof(feed.fault), code);
		if (strcmp(feed.fault, p->feed.fault) != 0)
			(void)yz_pull_save(p, feed, (struct yz_pull_step){.page = NULL});
		rest(p);
	}
}

static void answered(struct yz_pull *p, const struct yz_http_reply *r)
{
	struct yz_verdict problem;

	if (p->is_snapshot && (r->status == 416 || r->status == 412)) {
		yz_snapshot_refused(p, r);
		return;
	}
	switch (yz_errand_judge(&p->errand, r, &problem)) {
	case YZ_ANSWER_GOOD:
		if (!p->is_snapshot && r->status == 304) {
			yz_errand_ok(&p->errand);
			rest(p);
		} else if (p->is_snapshot) {
			yz_snapshot_answered(p, r);
			if (!p->feed.wants_snapshot)
				rest(p);
		} else {
			changes_came(p, r);
		}
		break;
	case YZ_ANSWER_REFUSED:
		yz_errand_ok(&p->errand);
		refused(p, r, problem.code);
		break;
	case YZ_ANSWER_LATER:
		if (!r->status && p->limit > 1)
			p->limit /= 2; /* less at once gets through a bad line, or fits */
		break;
	}
}

static bool start_changes(struct yz_pull *p, int64_t *wait_ms)
{
	struct yz_http_request r = {.path = ""};
	struct yz_buf path = YZ_BUF_INIT;
	/* an item of the tariffs is a whole sheet */
	int limit = strcmp(stream_of(p), "tariffs") ? p->limit : p->limit / SHEET;
	bool started;

	yz_buf_printf(&path, "/v1/changes/%s?limit=%d", stream_of(p), limit ? limit : 1);
	if (*p->feed.cursor) {
		yz_buf_puts(&path, "&cursor=");
		for (const char *c = p->feed.cursor; *c; c++)
			yz_buf_printf(&path, "%%%02X", (unsigned char)*c);
	}
	r.path = yz_buf_str(&path);
	started = yz_errand_start(&p->errand, &r, wait_ms);
	yz_buf_free(&path);
	return started;
}

/* The first stream that is due; false and the time to the next. */
static bool pick(struct yz_pull *p, int64_t *wait_ms)
{
	int64_t now = yz_clock_now(0).mono_ms;

	*wait_ms = PERIODS * p->errand.pause_ms;
	for (size_t i = 0; yz_pulled_streams[i]; i++) {
		if (p->due_ms[i] <= now) {
			p->at = i;
			return true;
		}
		if (p->due_ms[i] - now < *wait_ms)
			*wait_ms = p->due_ms[i] - now;
	}
	return false;
}

enum yz_errand_outcome yz_pull_step(struct yz_pull *p, int64_t *wait_ms)
{
	const struct yz_http_reply *r = p->errand.x ? yz_http_done(p->errand.x) : NULL;
	struct yz_error err;
	bool started;

	*wait_ms = p->errand.pause_ms;
	if (r) {
		answered(p, r);
		yz_errand_end(&p->errand);
	}
	if (p->errand.x)
		return YZ_ERRAND_BUSY;
	if (yz_errand_wait_ms(&p->errand) > 0) {
		*wait_ms = yz_errand_wait_ms(&p->errand);
		return YZ_ERRAND_FAILED;
	}
	if (!pick(p, wait_ms))
		return YZ_ERRAND_DONE;
	if (yz_feed_get(p->setup.desk.store, stream_of(p), &p->feed, &err) != YZ_OK) {
		yz_errand_trouble(&p->errand, &err);
		return YZ_ERRAND_FAILED;
	}
	p->is_snapshot = p->feed.wants_snapshot;
	started = p->is_snapshot ? yz_snapshot_start(p, wait_ms) : start_changes(p, wait_ms);
	if (!started && yz_errand_wait_ms(&p->errand) > 0)
		return YZ_ERRAND_FAILED;
	return YZ_ERRAND_BUSY;
}
