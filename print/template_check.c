#include "config.h"

#include "print/template.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The table of data/templates/README.md; a test compares the two. N is a number. */
static const char *const known[] = {"station.name", "station.id", "station.phone",
        "station.address", "waybill.no", "order_no", "waybill.provisional", "courier.name",
        "courier.code", "carrier.name", "service", "routing.code", "routing.bag", "sender.name",
        "sender.phone", "sender.region", "sender.detail", "receiver.name", "receiver.phone",
        "receiver.region", "receiver.detail", "masked", "remark", "goods", "pieces", "weight_g",
        "billed_g", "line.N.name", "line.N.qty", "line.N.mass_g", "freight_fen", "insured_fen",
        "insurance_fen", "packing_fen", "total_fen", "payer", "paid_by", "identity_seen",
        "inspected", "terms_read", "print_no", "reprint", "booked_at", "clerk.name", "claim_rule",
        "complaint_phone", "offline", "special_line", "tariff", "void.reason", "void.at",
        "refund_fen", "refund.no"};

const char *yz_template_field(size_t i)
{
	return i < sizeof(known) / sizeof(known[0]) ? known[i] : NULL;
}

/* Does name fit the row, where ".N." of the row stands for a number, or for nothing inside its own
 * repeat? */
static bool fits(const char *row, const char *name, const char *group)
{
	const char *n = strstr(row, ".N.");
	size_t head;

	if (!n)
		return !strcmp(row, name);
	head = (size_t)(n - row);
	if (strncmp(row, name, head + 1) != 0)
		return false;
	name += head + 1;
	if (group && strlen(group) == head && !strncmp(group, row, head) && !strcmp(name, n + 3))
		return true;
	if (!isdigit((unsigned char)*name))
		return false;
	while (isdigit((unsigned char)*name))
		name++;
	return *name == '.' && !strcmp(name + 1, n + 3);
}

bool yz_template_has_field(const char *name, const char *group)
{
	for (size_t i = 0; yz_template_field(i); i++)
		if (fits(yz_template_field(i), name, group))
			return true;
	return false;
}

static bool has_group(const char *group)
{
	size_t n = strlen(group);

	for (size_t i = 0; yz_template_field(i); i++)
		if (!strncmp(yz_template_field(i), group, n) &&
		        !strncmp(yz_template_field(i) + n, ".N.", 3))
			return true;
	return false;
}

static bool ends_in(const char *s, const char *tail)
{
	size_t n = strlen(s), m = strlen(tail);

	return n >= m && !strcmp(s + n - m, tail);
}

/* A parcel goes where these say: half of one is worse than none. */
static bool may_not_be_cut(const char *field)
{
	return ends_in(field, ".phone") || ends_in(field, ".detail") || ends_in(field, ".region") ||
	       !strcmp(field, "waybill.no") || !strcmp(field, "complaint_phone");
}

static enum yz_status check_parts(const struct yz_template *t, const struct yz_item *item,
        const char *group, struct yz_error *err)
{
	for (size_t i = 0; i < item->part_count; i++) {
		const struct yz_part *p = &item->parts[i];

		if (!p->field)
			continue;
		if (!yz_template_has_field(p->field, group))
			return yz_fail(err, YZ_E_PARSE,
			        "%s:%d: %s: no paper has a field %s (see data/templates/README.md)",
			        t->path, p->line, yz_item_name(item->kind), p->field);
		if (item->overflow == YZ_OVERFLOW_CLIP && may_not_be_cut(p->field))
			return yz_fail(err, YZ_E_PARSE,
			        "%s:%d: %s: %s may not be clipped: expected error or shrink",
			        t->path, p->line, yz_item_name(item->kind), p->field);
	}
	return YZ_OK;
}

static enum yz_status check_box(
        const struct yz_template *t, const struct yz_item *item, bool in_row, struct yz_error *err)
{
	int bottom = item->y_um + (item->h_um > 0 ? item->h_um : 0);

	if (item->kind == YZ_ITEM_QR)
		bottom = item->y_um + item->w_um;
	if (item->x_um + item->w_um > t->width_um)
		return yz_fail(err, YZ_E_PARSE,
		        "%s:%d: %s: off the page: it ends at %g mm, the page at %g", t->path,
		        item->line, yz_item_name(item->kind), (item->x_um + item->w_um) / 1000.0,
		        t->width_um / 1000.0);
	if (t->height_um > 0 && item->place == YZ_PLACE_AT && !in_row && bottom > t->height_um)
		return yz_fail(err, YZ_E_PARSE,
		        "%s:%d: %s: off the page: it ends at %g mm, the page at %g", t->path,
		        item->line, yz_item_name(item->kind), bottom / 1000.0,
		        t->height_um / 1000.0);
	return YZ_OK;
}

static enum yz_status check_items(const struct yz_template *t, const struct yz_item *items,
        size_t count, const char *group, struct yz_error *err)
{
	enum yz_status st = YZ_OK;

	for (size_t i = 0; i < count && st == YZ_OK; i++) {
		const struct yz_item *item = &items[i];
		bool is_repeat = item->kind == YZ_ITEM_REPEAT;

		if (is_repeat && (group || !has_group(item->field)))
			return yz_fail(err, YZ_E_PARSE, "%s:%d: repeat: no paper has rows of %s%s",
			        t->path, item->line, item->field, group ? " inside a repeat" : "");
		if (item->kind == YZ_ITEM_IF && !yz_template_has_field(item->field, group))
			return yz_fail(err, YZ_E_PARSE,
			        "%s:%d: if: no paper has a field %s (see data/templates/README.md)",
			        t->path, item->line, item->field);
		st = check_parts(t, item, group, err);
		if (st == YZ_OK && !item->children)
			st = check_box(t, item, group != NULL, err);
		if (st == YZ_OK && item->children)
			st = check_items(t, item->children, item->child_count,
			        is_repeat ? item->field : group, err);
	}
	return st;
}

enum yz_status yz_template_check(const struct yz_template *t, struct yz_error *err)
{
	return check_items(t, t->items, t->item_count, NULL, err);
}

static void free_items(struct yz_item *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t p = 0; p < items[i].part_count; p++) {
			free(items[i].parts[p].words);
			free(items[i].parts[p].field);
		}
		free(items[i].parts);
		free(items[i].field);
		free(items[i].is);
		free_items(items[i].children, items[i].child_count);
	}
	free(items);
}

void yz_template_free(struct yz_template *t)
{
	if (!t)
		return;
	free_items(t->items, t->item_count);
	free(t->path);
	free(t->name);
	free(t->media);
	free(t->font);
	free(t);
}
