#include "config.h"

#include "print/printers.h"

#include "base/bell.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>

enum { WAYBILL, RECEIPT };

static void key_of(const struct yz_printer *p, const char *what, char *out, size_t size)
{
	(void)snprintf(out, size, "printer.%s.%s", p->name, what);
}

/* A restart must not make an old trouble look new. */
static enum yz_status read_state(struct yz_store *store, struct yz_printer *p, struct yz_error *err)
{
	char key[64], word[YZ_SHORT_SIZE];
	enum yz_status st;

	key_of(p, "state", key, sizeof(key));
	st = yz_meta_get(store, key, word, sizeof(word), err);
	for (int s = 0; st == YZ_OK && s < YZ_PRINTER_STATE_COUNT; s++)
		if (!strcmp(word, yz_printer_word((enum yz_printer_state)s))) {
			p->state = (enum yz_printer_state)s;
			p->is_written = true;
		}
	return st;
}

enum yz_status yz_printers_init(struct yz_printers *p, struct yz_store *store,
        const struct yz_conf *conf, struct yz_error *err)
{
	enum yz_status st;

	memset(p, 0, sizeof(*p));
	p->store = store;
	(void)snprintf(p->ui_dir, sizeof(p->ui_dir), "%s/run/ui", yz_store_dir(store));
	p->rows[WAYBILL] =
	        (struct yz_printer){"waybill", conf->print_waybill_queue, YZ_PRINTER_NONE, false};
	p->rows[RECEIPT] =
	        (struct yz_printer){"receipt", conf->print_receipt_queue, YZ_PRINTER_NONE, false};
	st = read_state(store, &p->rows[WAYBILL], err);
	return st == YZ_OK ? read_state(store, &p->rows[RECEIPT], err) : st;
}

int yz_printers_of(const char *paper)
{
	return strcmp(paper, "waybill") ? RECEIPT : WAYBILL;
}

const char *yz_printers_trouble(const struct yz_printers *p, const char *paper)
{
	enum yz_printer_state state = p->rows[yz_printers_of(paper)].state;

	return state == YZ_PRINTER_READY ? "" : yz_printer_word(state);
}

static enum yz_status write_state(struct yz_store *store, const struct yz_printer *p,
        const struct yz_now *now, struct yz_error *err)
{
	char key[64], since[24];
	struct yz_tx *tx = NULL;
	enum yz_status st = yz_tx_begin(store, now, &tx, err);

	key_of(p, "state", key, sizeof(key));
	if (st == YZ_OK)
		st = yz_meta_put(tx, key, yz_printer_word(p->state), err);
	key_of(p, "since", key, sizeof(key));
	(void)snprintf(since, sizeof(since), "%lld", (long long)now->wall_ms);
	if (st == YZ_OK)
		st = yz_meta_put(tx, key, since, err);
	if (st == YZ_OK)
		return yz_tx_commit(tx, err);
	yz_tx_rollback(tx);
	return st;
}

static void set_state(struct yz_printers *all, struct yz_printer *p, enum yz_printer_state state,
        const struct yz_now *now)
{
	struct yz_error err;

	if (p->is_written && p->state == state)
		return;
	yz_log(YZ_LOG_INFO, "printer %s: %s", p->name, yz_printer_word(state));
	p->state = state;
	p->is_written = write_state(all->store, p, now, &err) == YZ_OK;
	if (p->is_written)
		yz_bell_ring_all(all->ui_dir);
	else
		yz_log_error("printer state", &err);
}

enum yz_status yz_printers_look(
        struct yz_printers *p, struct yz_cups *cups, const struct yz_now *now, struct yz_error *err)
{
	for (size_t i = 0; i < YZ_PRINTERS; i++) {
		struct yz_printer *row = &p->rows[i];
		enum yz_printer_state state = YZ_PRINTER_NONE;
		struct yz_cups_queue q;
		enum yz_status st;

		if (*row->queue) {
			st = yz_cups_queue_get(cups, row->queue, &q, err);
			if (st == YZ_E_NET)
				return st;
			state = st == YZ_OK ? yz_printer_judge(&q) : YZ_PRINTER_QUEUE_GONE;
		}
		set_state(p, row, state, now);
	}
	return YZ_OK;
}

void yz_printers_lost(struct yz_printers *p, const struct yz_now *now)
{
	for (size_t i = 0; i < YZ_PRINTERS; i++)
		if (*p->rows[i].queue)
			set_state(p, &p->rows[i], YZ_PRINTER_CUPS_GONE, now);
}

bool yz_printers_any(const struct yz_printers *p)
{
	return *p->rows[WAYBILL].queue || *p->rows[RECEIPT].queue;
}
