#include "config.h"

#include "station/register.h"

#include "base/buf.h"
#include "station/record.h"
#include "station/refdata.h"
#include "store/audit.h"

#include <stdio.h>
#include <string.h>

struct taking {
	struct yz_desk *desk;
	struct yz_tx *tx;
	size_t count;
};

static void fill(struct yz_product *p, const struct yz_catalogue_row *row)
{
	const struct {
		char *to;
		size_t size;
		const char *from;
	} texts[] = {{p->item_no, sizeof(p->item_no), row->item_no},
	        {p->name, sizeof(p->name), row->name},
	        {p->class_code, sizeof(p->class_code), row->class_code},
	        {p->origin, sizeof(p->origin), row->origin_county},
	        {p->tier314, sizeof(p->tier314), row->tier314},
	        {p->leading, sizeof(p->leading), row->leading},
	        {p->unit, sizeof(p->unit), row->unit}, {p->grades, sizeof(p->grades), row->grades},
	        {p->storage, sizeof(p->storage), row->storage},
	        {p->doc_rule, sizeof(p->doc_rule), row->doc_rule},
	        {p->gtin, sizeof(p->gtin), row->gtin}, {p->hs10, sizeof(p->hs10), row->hs10}};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		(void)yz_copy(texts[i].to, texts[i].size, texts[i].from);
	p->content_g = row->content_g;
	p->shelf_days = (int)row->shelf_days;
	if (row->price_fen) /* the catalogue knows no prices; the station's own stays */
		p->price_fen = row->price_fen;
}

static bool same(const struct yz_product *a, const struct yz_product *b)
{
	return !strcmp(a->name, b->name) && !strcmp(a->class_code, b->class_code) &&
	       !strcmp(a->origin, b->origin) && !strcmp(a->tier314, b->tier314) &&
	       !strcmp(a->leading, b->leading) && !strcmp(a->unit, b->unit) &&
	       a->content_g == b->content_g && !strcmp(a->grades, b->grades) &&
	       a->price_fen == b->price_fen && a->shelf_days == b->shelf_days &&
	       !strcmp(a->storage, b->storage) && !strcmp(a->doc_rule, b->doc_rule) &&
	       !strcmp(a->gtin, b->gtin) && !strcmp(a->hs10, b->hs10);
}

static enum yz_status take(void *arg, const struct yz_catalogue_row *row, struct yz_error *err)
{
	struct taking *t = arg;
	struct yz_product old = {.rev = 0}, p;
	enum yz_status st = yz_product_by_item(yz_tx_store(t->tx), row->item_no, &old, err);

	if (st != YZ_OK && st != YZ_E_NOTFOUND)
		return st;
	p = old;
	fill(&p, row);
	t->count++;
	if (st == YZ_OK && same(&p, &old))
		return YZ_OK;
	yz_product_make_search(&p);
	p.clerk = t->desk->clerk.id;
	return yz_product_put(t->tx, &p, err);
}

enum yz_status yz_catalogue_take(struct yz_desk *desk, struct yz_tx *tx,
        const struct yz_ref_source *src, size_t *count, struct yz_error *err)
{
	struct taking t = {.desk = desk, .tx = tx};
	enum yz_status st = yz_catalogue_read(src, take, &t, err);

	if (st == YZ_OK)
		*count = t.count;
	return st;
}

/* The catalogue is the city's own list: nothing of it is posted back. */
enum yz_status yz_catalogue_import(struct yz_desk *desk, const struct yz_now *now, char *text,
        const char *name, size_t *count, struct yz_error *err)
{
	struct yz_ref_source src = {text, name, NULL};
	struct yz_tx *tx = NULL;
	size_t n = 0;
	enum yz_status st = yz_tx_begin(desk->store, now, &tx, err);

	if (st != YZ_OK)
		return st;
	st = yz_catalogue_take(desk, tx, &src, &n, err);
	if (st == YZ_OK)
		st = yz_audit_add(tx, NULL, "import", "catalogue", "", err);
	st = yz_desk_finish(desk, tx, st, err);
	if (st == YZ_OK)
		*count = n;
	return st;
}
