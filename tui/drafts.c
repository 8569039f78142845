#include "config.h"

#include "tui/drafts.h"

#include "base/buf.h"
#include "store/draft.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct yz_drafts {
	struct yz_store *store; /* the thread's own */
	pthread_t thread;
	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t changed;
	bool is_waiting, is_writing, is_over;
	struct yz_now now;
	struct yz_id clerk;
	char screen[YZ_SHORT_SIZE];
	struct yz_fields fields;
	struct yz_error fault; /* of the first write that failed, until it was told */
};

/* Takes the waiting draft out while the lock is held, writes it without. */
static void write_one(struct yz_drafts *d)
{
	struct yz_now now = d->now;
	struct yz_id clerk = d->clerk;
	struct yz_fields fields = d->fields;
	struct yz_error err = {0};
	char screen[YZ_SHORT_SIZE];
	enum yz_status st;

	memcpy(screen, d->screen, sizeof(screen));
	d->fields = (struct yz_fields)YZ_FIELDS_INIT;
	d->is_waiting = false;
	d->is_writing = true;
	(void)pthread_mutex_unlock(&d->lock);
	st = yz_draft_save(d->store, &now, &clerk, screen, &fields, &err);
	yz_fields_free(&fields);
	(void)pthread_mutex_lock(&d->lock);
	if (st != YZ_OK && d->fault.status == YZ_OK)
		d->fault = err;
	d->is_writing = false;
	(void)pthread_cond_broadcast(&d->changed);
}

static void *work(void *arg)
{
	struct yz_drafts *d = arg;

	(void)pthread_mutex_lock(&d->lock);
	while (d->is_waiting || !d->is_over) {
		if (d->is_waiting)
			write_one(d);
		else
			(void)pthread_cond_wait(&d->changed, &d->lock);
	}
	(void)pthread_mutex_unlock(&d->lock);
	return NULL;
}

enum yz_status yz_drafts_start(struct yz_drafts **out, const char *dir, struct yz_error *err)
{
	struct yz_drafts *d = yz_alloc(sizeof(*d));
	sigset_t all, before;
	enum yz_status st = yz_store_open(&d->store, dir, YZ_STORE_LOOK, err);
	int rc;

	if (st != YZ_OK) {
		free(d);
		return st;
	}
	(void)pthread_mutex_init(&d->lock, NULL);
	(void)pthread_cond_init(&d->changed, NULL);
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_BLOCK, &all, &before);
	rc = pthread_create(&d->thread, NULL, work, d);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (rc != 0) {
		yz_store_close(d->store);
		free(d);
		return yz_fail(err, YZ_E_IO, "thread: %s", strerror(rc));
	}
	*out = d;
	return YZ_OK;
}

void yz_drafts_stop(struct yz_drafts *d)
{
	if (!d)
		return;
	(void)pthread_mutex_lock(&d->lock);
	d->is_over = true;
	(void)pthread_cond_broadcast(&d->changed);
	(void)pthread_mutex_unlock(&d->lock);
	(void)pthread_join(d->thread, NULL);
	(void)pthread_cond_destroy(&d->changed);
	(void)pthread_mutex_destroy(&d->lock);
	yz_store_close(d->store);
	free(d);
}

/* How the writes since the last question went; the lock is held. */
static enum yz_status take_fault(struct yz_drafts *d, struct yz_error *err)
{
	enum yz_status st = d->fault.status;

	if (st != YZ_OK && err)
		*err = d->fault;
	d->fault.status = YZ_OK;
	return st;
}

void yz_drafts_put(struct yz_drafts *d, const struct yz_now *now, const struct yz_id *clerk,
        const char *screen, struct yz_fields *fields)
{
	(void)pthread_mutex_lock(&d->lock);
	while (d->is_waiting && (strcmp(d->screen, screen) != 0 || !yz_id_equal(&d->clerk, clerk)))
		(void)pthread_cond_wait(&d->changed, &d->lock);
	yz_fields_free(&d->fields); /* an older state of the same form */
	d->fields = *fields;
	*fields = (struct yz_fields)YZ_FIELDS_INIT;
	d->now = *now;
	d->clerk = *clerk;
	(void)yz_copy(d->screen, sizeof(d->screen), screen);
	d->is_waiting = true;
	(void)pthread_cond_broadcast(&d->changed);
	(void)pthread_mutex_unlock(&d->lock);
}

enum yz_status yz_drafts_fault(struct yz_drafts *d, struct yz_error *err)
{
	enum yz_status st;

	(void)pthread_mutex_lock(&d->lock);
	st = take_fault(d, err);
	(void)pthread_mutex_unlock(&d->lock);
	return st;
}

enum yz_status yz_drafts_settle(struct yz_drafts *d, struct yz_error *err)
{
	enum yz_status st;

	(void)pthread_mutex_lock(&d->lock);
	while (d->is_waiting || d->is_writing)
		(void)pthread_cond_wait(&d->changed, &d->lock);
	st = take_fault(d, err);
	(void)pthread_mutex_unlock(&d->lock);
	return st;
}
