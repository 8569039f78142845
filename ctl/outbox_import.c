#include "config.h"

#include "ctl/outbox.h"

#include "base/csv.h"
#include "base/file.h"
#include "net/wire.h"
#include "station/bundle_pieces.h"
#include "station/bundle_key.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCANS_BYTES_MAX = 8 << 20, LIST_BYTES_MAX = 1 << 20 };

struct import {
	const struct yz_ctl *ctl;
	const char *key_file, *stations_file, *url, *token_file, *ca_file, *pins, *out_file;
	struct yz_pieces codes;     /* of the scans */
	size_t again, foreign, bad; /* lines of the scans */
	struct yz_buf bytes;        /* the bundle */
	struct yz_bundle bundle;
	struct yz_op *ops;
	size_t n;
	struct yz_posting posting;
};

static enum yz_status take_line(
        struct import *m, const char *line, const char *file, size_t number, struct yz_error *err)
{
	switch (yz_pieces_scan(&m->codes, line)) {
	case YZ_SCAN_NEW:
		break;
	case YZ_SCAN_AGAIN:
		m->again++;
		break;
	case YZ_SCAN_FOREIGN:
		m->foreign += *line != '\0';
		break;
	case YZ_SCAN_DAMAGED:
		m->bad++;
		(void)fprintf(stderr, _("%s:%zu: this code was read wrongly; scan it again.\n"),
		        file, number);
		break;
	case YZ_SCAN_OTHER:
		return yz_fail_say(err, YZ_E_STATE,
		        N_("The scans are of two bundles: import the pages of each on their own."),
		        "%s:%zu: not of bundle %s", file, number, m->codes.id);
	}
	return YZ_OK;
}

static enum yz_status take_scans(
        struct import *m, char *text, const char *file, struct yz_error *err)
{
	enum yz_status st = YZ_OK;
	size_t number = 0;

	while (st == YZ_OK && *text) {
		size_t len = strcspn(text, "\n");
		char *next = text + len + (text[len] == '\n');

		text[len] = '\0';
		if (len && text[len - 1] == '\r')
			text[len - 1] = '\0';
		st = take_line(m, text, file, ++number, err);
		text = next;
	}
	return st;
}

/* A bundle, or scans: told apart by how the file begins. */
static enum yz_status take_file(struct import *m, const char *file, struct yz_error *err)
{
	struct yz_buf b = YZ_BUF_INIT;
	enum yz_status st = yz_file_read(&b, file, YZ_BUNDLE_BYTES_MAX, err);

	if (st == YZ_OK && b.len >= 4 && !memcmp(b.data, "YZB", 3)) {
		if (m->bytes.len)
			st = yz_fail_say(err, YZ_E_STATE,
			        N_("One bundle at a time: import the second one after the first."),
			        "%s", file);
		else
			yz_buf_add(&m->bytes, b.data, b.len);
	} else if (st == YZ_OK && memchr(yz_buf_str(&b), '\0', b.len)) {
		st = yz_fail_say(err, YZ_E_PARSE,
		        N_("This is neither a bundle nor a text of scanned codes."), "%s", file);
	} else if (st == YZ_OK && b.len > SCANS_BYTES_MAX) {
		st = yz_fail(err, YZ_E_RANGE, "%s: %zu bytes of scans", file, b.len);
	} else if (st == YZ_OK && b.len) {
		st = take_scans(m, b.data, file, err);
	}
	yz_buf_free(&b);
	return st;
}

/* What each page has, so that a person with the paper at hand sees what to scan again. */
static void say_pages(const struct import *m)
{
	char missing[64], check[YZ_PIECE_CHECK_SIZE];

	for (size_t page = 0; page < m->codes.pages; page++) {
		yz_pieces_check(&m->codes, page, check);
		if (!yz_pieces_missing(&m->codes, page, missing, sizeof(missing)))
			(void)fprintf(stderr,
			        _("Bundle %s, page %zu of %zu: complete, check %s.\n"), m->codes.id,
			        page + 1, m->codes.pages, check);
		else
			(void)fprintf(stderr, _("Bundle %s, page %zu of %zu: missing codes %s.\n"),
			        m->codes.id, page + 1, m->codes.pages, missing);
	}
	if (m->foreign)
		(void)fprintf(stderr,
		        ngettext("%zu line is no code of a bundle and was passed over.\n",
		                "%zu lines are no codes of a bundle and were passed over.\n",
		                m->foreign),
		        m->foreign);
}

static enum yz_status gather(struct import *m, char **files, int n, struct yz_error *err)
{
	enum yz_status st = YZ_OK;

	for (int i = 0; st == YZ_OK && i < n; i++)
		st = take_file(m, files[i], err);
	if (st != YZ_OK)
		return st;
	if (m->bytes.len && m->codes.texts)
		return yz_fail_say(err, YZ_E_STATE,
		        N_("One bundle at a time: import the second one after the first."),
		        "a bundle and scans");
	say_pages(m);
	return m->bytes.len ? YZ_OK : yz_pieces_join(&m->bytes, &m->codes, err);
}

/* The public key that the list gives for the station. */
static enum yz_status known_key(struct import *m, uint8_t *key, struct yz_error *err)
{
	static const char *const columns[] = {"station", "public_key", NULL};
	struct yz_buf text = YZ_BUF_INIT;
	struct yz_csv *csv = NULL;
	bool more = true, found = false;
	enum yz_status st = yz_file_read_text(&text, m->stations_file, LIST_BYTES_MAX, err);

	if (st != YZ_OK || (st = yz_csv_open(&csv, text.data, m->stations_file, err)) != YZ_OK ||
	        (st = yz_csv_require(csv, columns, err)) != YZ_OK)
		goto done;
	while ((st = yz_csv_next(csv, &more, err)) == YZ_OK && more && !found) {
		found = !strcmp(yz_csv_get(csv, "station"), m->bundle.station);
		if (found && !yz_bundle_key_parse(key, yz_csv_get(csv, "public_key")))
			st = yz_csv_fail(csv, err, "public_key", "expected 32 bytes in base64");
		if (st != YZ_OK)
			break;
	}
	if (st == YZ_OK && !found)
		st = yz_fail_say(err, YZ_E_DENIED,
		        N_("The station is not in the list of known keys: ask it for the line of "
		           "yizhanctl outbox key, by a way you trust."),
		        "%s: no station %s", m->stations_file, m->bundle.station);
done:
	yz_csv_free(csv);
	yz_buf_free(&text);
	return st;
}

static enum yz_status open_bundle(struct import *m, struct yz_error *err)
{
	struct yz_bundle_keys keys;
	enum yz_status st = known_key(m, keys.station, err);

	if (st == YZ_OK)
		st = yz_bundle_key_read(keys.centre, m->key_file, YZ_KEY_CENTRE, err);
	if (st == YZ_OK)
		st = yz_bundle_open(&m->bundle, m->bytes.data, m->bytes.len, &keys, err);
	sodium_memzero(&keys, sizeof(keys));
	if (st == YZ_OK)
		st = yz_items_read(&m->ops, &m->bundle.items, m->bundle.count, err);
	if (st == YZ_OK)
		m->n = m->bundle.count;
	return st;
}

/* {"station":...,"agent_epoch":...,"batches":[bodies of POST /v1/batches]}, for a platform that
 * takes files. */
static enum yz_status write_json(struct import *m, struct yz_error *err)
{
	struct yz_buf out = YZ_BUF_INIT, batch = YZ_BUF_INIT;
	enum yz_status st;

	yz_buf_printf(&out, "{\"station\":\"%s\",\"agent_epoch\":%lld,\"batches\":[",
	        m->bundle.station, (long long)m->bundle.agent_epoch);
	for (size_t i = 0; i < m->n; i += YZ_BATCH_MAX) {
		struct yz_id id = yz_id_new(yz_clock_now(0).wall_ms);

		yz_wire_batch(
		        &batch, &id, m->ops + i, m->n - i < YZ_BATCH_MAX ? m->n - i : YZ_BATCH_MAX);
		yz_buf_printf(&out, "%s\n%s", i ? "," : "", yz_buf_str(&batch));
	}
	yz_buf_puts(&out, "\n]}\n");
	st = yz_file_write(m->out_file, out.data, out.len, 0600, err);
	sodium_memzero(out.data, out.len);
	yz_buf_free(&out);
	yz_buf_free(&batch);
	return st;
}

static void say_refused(
        void *user, const struct yz_op *op, const char *code, const char *field, const char *reason)
{
	char id[YZ_ID_TEXT_SIZE];

	(void)user;
	(void)fprintf(stderr, "%6lld %-16s %s %s %s %s\n", (long long)op->seq, op->kind,
	        yz_id_text(&op->id, id), code, field, reason);
}

static enum yz_status deliver(struct import *m, struct yz_error *err)
{
	if (m->out_file)
		return write_json(m, err);
	if (!m->url)
		return YZ_OK;
	m->posting = (struct yz_posting){.url = m->url,
	        .token_file = m->token_file,
	        .ca_file = m->ca_file ? m->ca_file : "",
	        .pins = m->pins ? m->pins : "",
	        .from = &m->bundle,
	        .refused = say_refused};
	return yz_outbox_post(&m->posting, m->ops, m->n, err);
}

static void say_done(const struct import *m)
{
	const struct yz_bundle *b = &m->bundle;
	const struct yz_posting *p = &m->posting;
	char id[YZ_BUNDLE_ID_SIZE], made[32];

	yz_bundle_id(id, m->bytes.data, m->bytes.len);
	yz_clock_rfc3339(b->created_ms, made, sizeof(made));
	if (m->ctl->is_json) {
		(void)printf("{\"ok\":%s,\"bundle\":\"%s\",\"station\":\"%s\",\"operations\":%zu,"
		             "\"opened\":%s,\"applied\":%zu,\"replayed\":%zu,\"rejected\":%zu,"
		             "\"blocked\":%zu}\n",
		        p->rejected + p->blocked ? "false" : "true", id, b->station, b->count,
		        m->key_file ? "true" : "false", p->applied, p->replayed, p->rejected,
		        p->blocked);
		return;
	}
	(void)printf(ngettext("Bundle %s of station %s, made %s: %zu operation.\n",
	                     "Bundle %s of station %s, made %s: %zu operations.\n", b->count),
	        id, b->station, made, b->count);
	if (!m->key_file)
		(void)puts(_(
		        "It is complete. It was not opened: give --key and --stations for that."));
	else if (m->out_file)
		(void)printf(_("Written to %s, in the open: keep it safe, then delete it.\n"),
		        m->out_file);
	else if (!m->url)
		(void)puts(
		        _("Signature and contents are good. Nothing was sent: give --url or --out "
		          "for that."));
	else
		(void)printf(
		        _("At the platform: %zu new, %zu that it had already, %zu refused, %zu "
		          "waiting for a refused one.\n"),
		        p->applied, p->replayed, p->rejected, p->blocked);
}

static int run(struct import *m, char **files, int n)
{
	struct yz_error err = {0};
	enum yz_status st = gather(m, files, n, &err);
	int code;

	if (st == YZ_OK)
		st = yz_bundle_peek(&m->bundle, m->bytes.data, m->bytes.len, &err);
	if (st == YZ_OK && m->key_file)
		st = open_bundle(m, &err);
	if (st == YZ_OK)
		st = deliver(m, &err);
	if (st == YZ_OK) {
		say_done(m);
		return m->posting.rejected + m->posting.blocked ? YZ_EXIT_NO : YZ_EXIT_OK;
	}
	if (m->posting.applied + m->posting.replayed)
		(void)fprintf(stderr,
		        _("Before that went out: %zu new, %zu that it had already.\n"),
		        m->posting.applied, m->posting.replayed);
	code = yz_ctl_cannot(m->ctl, &err);
	return st == YZ_E_EMPTY || st == YZ_E_DENIED || st == YZ_E_STATE ? YZ_EXIT_NO : code;
}

/* What is asked for must go together: to send or to write, it must be opened; one way only. */
static bool is_sound(const struct import *m)
{
	if (!m->key_file != !m->stations_file || (m->url && m->out_file))
		return false;
	if (!m->url != !m->token_file || ((m->ca_file || m->pins) && !m->url))
		return false;
	return m->key_file || !(m->url || m->out_file);
}

int yz_outbox_import(const struct yz_ctl *ctl, int argc, char **argv)
{
	struct import m = {.ctl = ctl};
	const struct {
		const char *name, **to;
	} options[] = {{"--key", &m.key_file}, {"--stations", &m.stations_file}, {"--url", &m.url},
	        {"--token-file", &m.token_file}, {"--ca-file", &m.ca_file}, {"--pins", &m.pins},
	        {"--out", &m.out_file}};
	int code;

	for (size_t i = 0; argc > 0 && i < sizeof(options) / sizeof(options[0]); i++)
		*options[i].to = yz_ctl_option(&argc, argv, options[i].name);
	for (int i = 1; i < argc; i++)
		if (argv[i][0] == '-' && argv[i][1])
			argc = 0;
	if (argc < 2 || !is_sound(&m))
		return yz_ctl_usage(ctl);
	code = run(&m, argv + 1, argc - 1);
	yz_pieces_free(&m.codes);
	yz_bundle_free(&m.bundle);
	yz_buf_free(&m.bytes);
	yz_ops_free(m.ops, m.n);
	return code;
}
