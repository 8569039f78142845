#include "config.h"

#include "station/address_parts.h"

#include "base/buf.h"
#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

void yz_addr_doubt(struct yz_addr_work *w, double at_most)
{
	if (w->trust > at_most)
		w->trust = at_most;
}

static bool is_number(const char *s, size_t len)
{
	return len && strspn(s, "0123456789") >= len;
}

/* Six digits alone, or glued before the region, are a postcode; a label makes any digits one. */
static void take_postcode(struct yz_addr_work *w)
{
	for (size_t i = 0; i < w->count; i++) {
		struct yz_addr_part *p = w->parts + i;
		const char *s = w->text + p->start;

		if (p->label == YZ_LABEL_POSTCODE) {
			p->is_used = true;
			if (strspn(s, "0123456789") != 6) {
				yz_addr_doubt(w, 0.85);
				continue;
			}
		} else if (p->len != 6 || !is_number(s, 6) || *s == '9' ||
		           p->label == YZ_LABEL_NOISE_WORD) {
			continue;
		}
		p->is_used = true;
		if (!w->out->postcode[0])
			(void)snprintf(w->out->postcode, sizeof(w->out->postcode), "%.6s", s);
	}
}

/* A landline without its area, which only a label makes a phone. */
static void take_labelled_phone(struct yz_addr_work *w)
{
	for (size_t i = 0; i < w->count; i++) {
		struct yz_addr_part *p = w->parts + i;
		const char *s = w->text + p->start;

		if (p->label != YZ_LABEL_PHONE)
			continue;
		if (!w->out->phone[0] && is_number(s, p->len) && (p->len == 7 || p->len == 8)) {
			(void)snprintf(
			        w->out->phone, sizeof(w->out->phone), "%.*s", (int)p->len, s);
			yz_addr_doubt(w, 0.85);
			p->is_used = true;
		} else if (strspn(s, "0123456789+-*") >= p->len) {
			p->is_used = true; /* half a number is no part of the address */
			yz_addr_doubt(w, 0.7);
		}
	}
}

static void make_flat(struct yz_addr_work *w)
{
	size_t used = 0;

	for (size_t i = 0; i < w->count; i++) {
		const struct yz_addr_part *p = w->parts + i;

		w->flat_at[i] = SIZE_MAX;
		if (p->is_used || p->label == YZ_LABEL_NAME || p->label == YZ_LABEL_NOISE ||
		        p->label == YZ_LABEL_NOISE_WORD)
			continue;
		if (used)
			w->flat[used++] = p->after_phone ? YZ_ADDR_PHONE_MARK : ' ';
		w->flat_at[i] = used;
		memcpy(w->flat + used, w->text + p->start, p->len);
		used += p->len;
	}
	w->flat[used] = '\0';
}

/* Joins words of an address: a blank is kept only between letters and digits. */
static void append(struct yz_buf *b, const char *s, size_t len)
{
	while (len && strchr(",.:/-_ )", *s)) {
		s++;
		len--;
	}
	while (len && strchr(",.:/-_ (", s[len - 1]))
		len--;
	if (!len)
		return;
	if (b->len && (unsigned char)b->data[b->len - 1] < 0x80 && (unsigned char)*s < 0x80)
		yz_buf_putc(b, ' ');
	yz_buf_add(b, s, len);
}

/* Where this part's share of the address begins and ends, counted from its start; the region itself
 * is left out. */
static void share(const struct yz_addr_work *w, size_t i, size_t *from, size_t *to)
{
	const struct yz_addr_part *p = w->parts + i;
	size_t at = w->flat_at[i], end = at + p->len;

	*from = 0;
	*to = p->len;
	if (w->tail_len && w->tail_part == i)
		*to -= w->tail_len;
	if (!w->region.div || end <= w->region.start)
		return;
	if (w->region.detail_from >= end)
		*from = *to;
	else if (w->region.detail_from > at)
		*from = w->region.detail_from - at;
	*to -= *to > *from ? yz_addr_tail_noise(w->text + p->start + *from, *to - *from) : 0;
}

/* Text before the region in its own part that is neither a name nor polite is still told, with
 * doubt. */
static void keep_head(struct yz_addr_work *w, struct yz_buf *detail, size_t i)
{
	const char *s = w->text + w->parts[i].start;
	size_t lead = yz_addr_lead_noise(s, w->head_len), name_len = strlen(w->out->name);

	if (w->head_len == 6 && is_number(s, 6)) { /* 655000云南省… */
		if (!w->out->postcode[0])
			(void)snprintf(w->out->postcode, sizeof(w->out->postcode), "%.6s", s);
		return;
	}
	if (lead == w->head_len || yz_addr_is_chat(s, w->head_len))
		return;
	if (name_len && memmem(s, w->head_len, w->out->name, name_len))
		return;
	append(detail, s + lead, w->head_len - lead);
	yz_addr_doubt(w, 0.8);
}

/* Polite words, 男 or 女, or a request: left out; a request may hide something, so it costs a
 * little trust. */
static bool is_small_talk(struct yz_addr_work *w, const char *s, size_t len)
{
	if (yz_addr_lead_noise(s, len) == len ||
	        (len == 3 && (!memcmp(s, "男", 3) || !memcmp(s, "女", 3))))
		return true;
	if (!yz_addr_is_chat(s, len))
		return false;
	yz_addr_doubt(w, 0.93);
	return true;
}

static void collect_detail(struct yz_addr_work *w, struct yz_buf *detail)
{
	for (size_t i = 0; i < w->count; i++) {
		const struct yz_addr_part *p = w->parts + i;
		size_t from, to;
		bool has_head = w->region.div && w->flat_at[i] != SIZE_MAX &&
		                w->flat_at[i] <= w->region.start &&
		                w->region.start < w->flat_at[i] + p->len;

		if (p->is_used || w->flat_at[i] == SIZE_MAX)
			continue;
		if (has_head && w->head_len)
			keep_head(w, detail, i);
		share(w, i, &from, &to);
		if (from >= to)
			continue;
		if (!has_head && is_small_talk(w, w->text + p->start + from, to - from))
			continue;
		/* words behind a phone or a name, when the address has ended before: goods,
		 * remarks, another place */
		if (detail->len && i && (p->after_phone || w->parts[i - 1].is_used))
			yz_addr_doubt(w, 0.85);
		if (from == 0 && to == p->len && !has_head &&
		        yz_addr_is_person(w->text + p->start, p->len))
			yz_addr_doubt(w, 0.85); /* somebody else, or a place that sounds like one */
		if (w->region.div && w->flat_at[i] + p->len <= w->region.start)
			yz_addr_doubt(w, 0.82); /* a place before its region: unusual */
		append(detail, w->text + p->start + from, to - from);
	}
}

/* The town may come after a break: the detail's beginning is read once more below what is known. */
static void read_on(struct yz_addr_work *w, struct yz_buf *detail)
{
	struct yz_addr_region more;

	if (!w->region.div || w->region.also)
		return;
	more = yz_addr_go_on(w->d, w->region.div, yz_buf_str(detail));
	if (!more.steps)
		return;
	w->region.div = more.div;
	w->region.also = more.also;
	w->region.trust *= more.trust;
	w->region.steps += more.steps;
	if (more.detail_from && detail->data) {
		memmove(detail->data, detail->data + more.detail_from,
		        detail->len - more.detail_from + 1);
		detail->len -= more.detail_from;
	}
}

/* The name said once more is no part of the address. */
static void drop_repeats(struct yz_addr_work *w)
{
	size_t len = strlen(w->out->name);

	for (size_t i = 0; len && i < w->count; i++)
		if (w->parts[i].len == len &&
		        !memcmp(w->text + w->parts[i].start, w->out->name, len))
			w->parts[i].is_used = true;
}

static void name_of(char *out, size_t size, const struct yz_division *div)
{
	(void)yz_copy(out, size, div && !div->is_placeholder ? div->name : "");
}

/* Of two divisions that fit alike only what they share is told: names that are the same, and all
 * above them. */
static const struct yz_division *settle(struct yz_addr_work *w)
{
	const struct yz_division *a = w->region.div, *b = w->region.also;
	struct yz_address *out = w->out;

	if (!b)
		return a;
	yz_addr_doubt(w, 0.5);
	if (a->level == b->level && !strcmp(a->name, b->name)) {
		if (a->level == YZ_DIVISION_COUNTY)
			name_of(out->county, sizeof(out->county), a);
		else if (a->level == YZ_DIVISION_TOWN)
			name_of(out->town, sizeof(out->town), a);
	}
	while (a && !yz_division_is_within(b, a))
		a = a->parent;
	return a && a->is_placeholder ? a->parent : a;
}

static void fill_divisions(struct yz_addr_work *w)
{
	const struct yz_division *div = settle(w);
	const struct yz_division *city = yz_division_above(div, YZ_DIVISION_CITY);
	const struct yz_division *county = yz_division_above(div, YZ_DIVISION_COUNTY);
	const struct yz_division *province = yz_division_above(div, YZ_DIVISION_PROVINCE);
	struct yz_address *out = w->out;

	if (!div)
		return;
	(void)yz_copy(out->code, sizeof(out->code), div->code);
	name_of(out->province, sizeof(out->province), province);
	name_of(out->city, sizeof(out->city), city);
	if (county)
		name_of(out->county, sizeof(out->county), county);
	if (yz_division_above(div, YZ_DIVISION_TOWN))
		name_of(out->town, sizeof(out->town), yz_division_above(div, YZ_DIVISION_TOWN));
	if (div->level == YZ_DIVISION_VILLAGE)
		name_of(out->village, sizeof(out->village), div);
	/* municipalities have no city of their own; counties right under a province are their own
	 * city */
	if (province->child && province->child->is_placeholder &&
	        !strcmp(province->child->name, "市辖区"))
		(void)yz_copy(out->city, sizeof(out->city), province->name);
	else if (city && city->is_placeholder && county)
		(void)yz_copy(out->city, sizeof(out->city), county->name);
	else if (city && county && !strcmp(city->name, county->name))
		out->county[0] = '\0'; /* 东莞 has no counties: its towns' parent is a form */
}

/* 天河区, but not 小区, 开发区, 东区. */
static bool is_district(const char *before, const char *at)
{
	static const char not_these[] = "小社园校院厂景活业发开新东南西北港期矿库住";
	char one[4] = {before[0], before[1], before[2], '\0'};

	return !strncmp(at, "区", 3) && !strstr(not_these, one);
}

/* True if the detail starts with something like a county or town that the divisions do not know
 * there. */
static bool has_unknown_place(const char *detail)
{
	static const char *const ends[] = {"镇", "乡", "街道", "县", NULL};
	static const char *const roads[] = {"路", "街", "道", "巷", "号", NULL};
	const char *p = detail, *before = detail;

	for (int n = 0; n < 10 && *p; n++) {
		const char *at = p;

		if (!yz_is_han(yz_utf8_next(&p)))
			return false;
		for (size_t i = 0; n > 0 && ends[i]; i++)
			if (!strncmp(at, ends[i], strlen(ends[i])) && strncmp(at, "县城", 6) != 0)
				return true;
		if (n > 0 && n < 4 && is_district(before, at))
			return true;
		for (size_t i = 0; roads[i]; i++)
			if (!strncmp(at, roads[i], strlen(roads[i])))
				return false;
		before = at;
	}
	return false;
}

static void weigh(struct yz_addr_work *w)
{
	const struct yz_address *out = w->out;
	const struct yz_division *div = w->region.div;
	double confidence = 1;

	if (!div)
		yz_addr_doubt(w, 0.4);
	else
		confidence = w->region.trust;
	if (div && div->level == YZ_DIVISION_PROVINCE && div->child)
		yz_addr_doubt(w, strcmp(out->city, out->province) ? 0.8 : 0.9);
	if (div && div->level == YZ_DIVISION_CITY)
		confidence *= 0.95;
	if (div && div->level < YZ_DIVISION_TOWN && has_unknown_place(out->detail) &&
	        (!out->county[0] || strncmp(out->detail, out->county, strlen(out->county)) != 0))
		yz_addr_doubt(w, 0.85);
	if (div && yz_addr_contradicts(w->d, div, out->detail))
		yz_addr_doubt(w, 0.4);
	if (!out->name[0] != !out->phone[0])
		yz_addr_doubt(w, out->phone[0] ? 0.7 : 0.8);
	if (out->name[0] && !out->detail[0] && (!div || div->level < YZ_DIVISION_COUNTY))
		yz_addr_doubt(w, 0.85);
	if (!div && !out->name[0] && !out->phone[0] && !out->detail[0])
		yz_addr_doubt(w, 0);
	w->out->confidence = confidence < w->trust ? confidence : w->trust;
}

/* The brackets come back as they were typed. */
static void widen_brackets(struct yz_buf *detail, const char *line)
{
	struct yz_buf wide = YZ_BUF_INIT;

	if (strchr(line, '(') || !strstr(line, "（"))
		return;
	for (const char *p = yz_buf_str(detail); *p; p++) {
		if (*p == '(' || *p == ')')
			yz_buf_add(&wide, *p == '(' ? "（" : "）", 3);
		else
			yz_buf_putc(&wide, *p);
	}
	yz_buf_free(detail);
	*detail = wide;
}

void yz_address_parse(const struct yz_divisions *d, const char *line, struct yz_address *out)
{
	struct yz_addr_work w = {.d = d, .trust = 1, .out = out};
	struct yz_buf detail = YZ_BUF_INIT;

	memset(out, 0, sizeof(*out));
	yz_addr_normalise(line, w.text, YZ_ADDRESS_LINE_MAX);
	yz_addr_take_phones(&w);
	yz_addr_split(&w);
	take_postcode(&w);
	take_labelled_phone(&w);
	make_flat(&w);
	w.region = yz_addr_find_region(d, w.flat);
	for (size_t i = 0; w.region.div && i < w.count; i++)
		if (w.flat_at[i] != SIZE_MAX && w.flat_at[i] <= w.region.start &&
		        w.region.start < w.flat_at[i] + w.parts[i].len)
			w.head_len = w.region.start - w.flat_at[i];
	yz_addr_take_name(&w);
	drop_repeats(&w);
	collect_detail(&w, &detail);
	read_on(&w, &detail);
	widen_brackets(&detail, line);
	fill_divisions(&w);
	if (detail.len >= sizeof(out->detail))
		yz_addr_doubt(&w, 0.5); /* something is cut off */
	(void)yz_copy(out->detail, sizeof(out->detail),
	        yz_buf_str(&detail) + strspn(yz_buf_str(&detail), ",.:/-_ "));
	weigh(&w);
	yz_buf_free(&detail);
}
