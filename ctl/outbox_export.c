#include "config.h"

#include "ctl/outbox.h"

#include "base/file.h"
#include "print/sheets.h"
#include "station/bundle_key.h"
#include "store/audit.h"
#include "store/reference.h"

#include <cjson/cJSON.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct export
{
	const char *file, *pages_file; /* NULL: not asked for */
	struct yz_ctl_station station;
	struct yz_bundle bundle;
	struct yz_bundle_keys keys;
	bool key_is_new;
	struct yz_buf bytes, pdf;
	struct yz_pieces codes; /* empty without pages_file */
	char id[YZ_BUNDLE_ID_SIZE];
	int64_t left; /* waiting, but not in the bundle */
};

static enum yz_status find_keys(struct export *x, struct yz_error *err)
{
	struct yz_recipient centre;
	enum yz_status st = yz_recipient_get(x->station.desk.store, "centre", &centre, err);

	if (st == YZ_E_NOTFOUND)
		return yz_fail_say(err, st,
		        N_("The centre's key is missing: the centre makes it with yizhanctl outbox "
		           "key new, the station loads it with yizhanctl import recipients."),
		        "no recipient \"centre\"");
	if (st != YZ_OK)
		return st;
	memcpy(x->keys.centre, centre.public_key, sizeof(x->keys.centre));
	return yz_bundle_key_station(
	        x->keys.station, x->station.conf.station_dir, &x->key_is_new, err);
}

/* Fills the bundle with what waits; the oldest first, and no more than fits. */
static enum yz_status collect(struct export *x, struct yz_error *err)
{
	struct yz_store *s = x->station.desk.store;
	struct yz_bundle *b = &x->bundle;
	struct yz_outbox_counts counts;
	struct yz_op *ops = NULL;
	char epoch[24];
	size_t n = 0;
	enum yz_status st;

	if ((st = yz_meta_get(s, "agent.epoch", epoch, sizeof(epoch), err)) != YZ_OK ||
	        (st = yz_outbox_waiting(s, YZ_BUNDLE_OPS_MAX, &ops, &n, err)) != YZ_OK ||
	        (st = yz_outbox_count(s, &counts, err)) != YZ_OK)
		goto done;
	(void)yz_copy(b->station, sizeof(b->station), x->station.desk.station.id);
	b->agent_epoch = *epoch ? strtoll(epoch, NULL, 10) : 1;
	b->created_ms = x->station.now.wall_ms;
	while (b->count < n && b->items.len < YZ_BUNDLE_BYTES_MAX / 4)
		yz_items_write(&b->items, &ops[b->count++], 1);
	x->left = counts.pending - (int64_t)b->count;
	if (!b->count)
		st = yz_fail_say(err, YZ_E_EMPTY, N_("Nothing waits that could be carried."),
		        "%lld wait for others", (long long)counts.pending);
done:
	yz_ops_free(ops, n);
	return st;
}

static enum yz_status draw_pages(struct export *x, struct yz_error *err)
{
	struct yz_sheets sheets = {.codes = &x->codes,
	        .station_id = x->station.desk.station.id,
	        .station_name = x->station.desk.station.name,
	        .created_ms = x->bundle.created_ms,
	        .operations = x->bundle.count};
	enum yz_status st = yz_pieces_cut(&x->codes, x->bytes.data, x->bytes.len, err);

	return st == YZ_OK ? yz_sheets_pdf(&x->pdf, &sheets, err) : st;
}

/* Personal data is about to leave the station, if sealed. */
static enum yz_status note(struct export *x, struct yz_error *err)
{
	struct yz_tx *tx = NULL;
	char detail[80];
	enum yz_status st = yz_tx_begin(x->station.desk.store, &x->station.now, &tx, err);

	(void)snprintf(detail, sizeof(detail), "%zu operations%s%s", x->bundle.count,
	        x->file ? ", file" : "", x->pages_file ? ", pages" : "");
	if (st == YZ_OK)
		st = yz_audit_add(tx, NULL, "outbox.export", x->id, detail, err);
	if (st == YZ_OK)
		return yz_tx_commit(tx, err);
	yz_tx_rollback(tx);
	return st;
}

static enum yz_status write_out(const char *path, const struct yz_buf *bytes, struct yz_error *err)
{
	enum yz_status st = yz_file_write(path, bytes->data, bytes->len, 0640, err);

	if (st == YZ_E_FULL)
		err->say = N_("There is no room for the bundle: make room or take another stick. "
		              "What was there before is unharmed.");
	else if (st == YZ_E_IO)
		err->say = N_("The bundle could not be written: is the stick still in? Export it "
		              "again.");
	return st;
}

static void say(const struct yz_ctl *ctl, const struct export *x)
{
	char text[YZ_KEY_TEXT_SIZE];
	uint8_t public[YZ_BUNDLE_KEY];

	if (ctl->is_json) {
		(void)printf("{\"ok\":true,\"bundle\":\"%s\",\"operations\":%zu,\"left\":%lld,"
		             "\"bytes\":%zu,\"codes\":%zu,\"pages\":%zu}\n",
		        x->id, x->bundle.count, (long long)x->left, x->bytes.len, x->codes.count,
		        x->codes.pages);
		return;
	}
	(void)printf(ngettext("Bundle %s: %zu operation, %zu bytes.\n",
	                     "Bundle %s: %zu operations, %zu bytes.\n", x->bundle.count),
	        x->id, x->bundle.count, x->bytes.len);
	if (x->codes.pages)
		(void)printf(
		        _("On paper: %zu codes on %zu pages.\n"), x->codes.count, x->codes.pages);
	if (x->left > 0)
		(void)printf(_("Not in it: %lld more that wait for another one, or did not fit.\n"),
		        (long long)x->left);
	(void)puts(_("They stay waiting and also go out by the line when it is back: the platform "
	             "counts each once."));
	if (!x->key_is_new)
		return;
	yz_bundle_key_public(public, x->keys.station, YZ_KEY_STATION);
	yz_bundle_key_text(text, public);
	(void)printf(
	        _("The station's signing key is new. The centre needs this line once:\n%s,%s\n"),
	        x->bundle.station, text);
}

static enum yz_status run(const struct yz_ctl *ctl, struct export *x, struct yz_error *err)
{
	enum yz_status st;

	if ((st = yz_ctl_open(ctl, &x->station, err)) != YZ_OK ||
	        (st = find_keys(x, err)) != YZ_OK || (st = collect(x, err)) != YZ_OK ||
	        (st = yz_bundle_seal(&x->bytes, &x->bundle, &x->keys, err)) != YZ_OK)
		return st;
	yz_bundle_id(x->id, x->bytes.data, x->bytes.len);
	if (x->pages_file && (st = draw_pages(x, err)) != YZ_OK)
		return st;
	if ((st = note(x, err)) != YZ_OK)
		return st;
	if (x->file && (st = write_out(x->file, &x->bytes, err)) != YZ_OK)
		return st;
	return x->pages_file ? write_out(x->pages_file, &x->pdf, err) : YZ_OK;
}

int yz_outbox_export(const struct yz_ctl *ctl, int argc, char **argv)
{
	struct export x = {.pages_file = yz_ctl_option(&argc, argv, "--pages")};
	struct yz_error err = {0};
	enum yz_status st;

	if (argc == 2 && *argv[1] && argv[1][0] != '-')
		x.file = argv[1];
	if (argc < 1 || argc > 2 || (argc == 2 && !x.file) || (!x.file && !x.pages_file))
		return yz_ctl_usage(ctl);
	st = run(ctl, &x, &err);
	if (st == YZ_OK)
		say(ctl, &x);
	yz_ctl_close(&x.station);
	yz_bundle_free(&x.bundle);
	yz_pieces_free(&x.codes);
	yz_buf_free(&x.bytes);
	yz_buf_free(&x.pdf);
	sodium_memzero(&x.keys, sizeof(x.keys));
	if (st == YZ_OK)
		return YZ_EXIT_OK;
	return st == YZ_E_EMPTY ? (yz_ctl_cannot(ctl, &err), YZ_EXIT_NO) : yz_ctl_cannot(ctl, &err);
}
