#include "config.h"

#include "net/link.h"

#include "base/bell.h"
#include "base/buf.h"
#include "base/log.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

void yz_link_ring(struct yz_store *s)
{
	char dir[PATH_MAX];

	if (snprintf(dir, sizeof(dir), "%s/run/ui", yz_store_dir(s)) < (int)sizeof(dir))
		yz_bell_ring_all(dir);
}

static enum yz_status learn(struct yz_link *link, struct yz_store *s, struct yz_error *err)
{
	enum yz_status st;

	if (link->known)
		return YZ_OK;
	st = yz_meta_get(s, "link.state", link->state, sizeof(link->state), err);
	if (st == YZ_OK)
		st = yz_meta_get(s, "link.why", link->why, sizeof(link->why), err);
	link->known = st == YZ_OK;
	return st;
}

enum yz_status yz_link_put(struct yz_link *link, struct yz_tx *tx, const char *state,
        const char *why, bool *changed, struct yz_error *err)
{
	enum yz_status st = learn(link, yz_tx_store(tx), err);
	char since[24];

	*changed = st == YZ_OK && (strcmp(link->state, state) != 0 || strcmp(link->why, why) != 0);
	if (!*changed)
		return st;
	if (strcmp(link->state, state) != 0) {
		(void)snprintf(since, sizeof(since), "%lld", (long long)yz_tx_now(tx)->wall_ms);
		st = yz_meta_put(tx, "link.state", state, err);
		if (st == YZ_OK)
			st = yz_meta_put(tx, "link.since_ms", since, err);
	}
	if (st == YZ_OK)
		st = yz_meta_put(tx, "link.why", why, err);
	if (st != YZ_OK)
		return st;
	yz_log(YZ_LOG_INFO, "the line is %s%s%s", state, *why ? ": " : "", why);
	(void)yz_copy(link->state, sizeof(link->state), state);
	(void)yz_copy(link->why, sizeof(link->why), why);
	return YZ_OK;
}

enum yz_status yz_link_set(struct yz_link *link, struct yz_store *s, const struct yz_now *now,
        const char *state, const char *why, struct yz_error *err)
{
	struct yz_tx *tx = NULL;
	bool changed;
	enum yz_status st = learn(link, s, err);

	if (st != YZ_OK || (!strcmp(link->state, state) && !strcmp(link->why, why)))
		return st;
	st = yz_tx_begin(s, now, &tx, err);
	if (st != YZ_OK)
		return st;
	st = yz_link_put(link, tx, state, why, &changed, err);
	if (st != YZ_OK) {
		yz_tx_rollback(tx);
	} else {
		st = yz_tx_commit(tx, err);
	}
	if (st != YZ_OK)
		link->known = false; /* what was noted may not stand in the store */
	else
		yz_link_ring(s);
	return st;
}
