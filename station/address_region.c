#include "config.h"

#include "station/address_parts.h"

#include "station/division_stem.h"

#include <string.h>

/* How well the text names a division: points for the choice, trust for the answer. */
enum quality { EXACT, SAME_KIND, OLD, OTHER_KIND, SHORT };

static const int points[] = {
        [EXACT] = 8, [SAME_KIND] = 6, [OLD] = 3, [OTHER_KIND] = -4, [SHORT] = -3};

enum { LONGEST_NAME_CHARS = 20, POINTS_PER_CHAR = 10, BARE_TOWN_POINTS = 25, LEAST_SCORE = 12 };

struct search {
	const struct yz_divisions *d;
	const char *text;
	struct yz_addr_region best;
};

/* Where the chain stands. */
struct chain {
	const struct yz_division *div;
	size_t start, pos, detail_from;
	int score, steps;
	double trust;
	bool is_bare; /* ended in a short name that counts only if more follows */
};

struct naming {
	const struct yz_division *div;
	size_t from, take;
	enum quality quality;
	bool keeps_name; /* the words go on (曲靖经开区): the name stays in the detail */
};

static size_t char_len(const char *s)
{
	unsigned char c = (unsigned char)*s;

	return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

static size_t char_count(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xC0) != 0x80;
	return n;
}

static bool starts_any(const char *s, const char *const *words)
{
	for (; *words; words++)
		if (!strncmp(s, *words, strlen(*words)))
			return true;
	return false;
}

/* 麒麟南路 and 上海路 are roads, not divisions. */
static bool is_road(const char *s)
{
	static const char *const ends[] = {
	        "路", "街", "道", "巷", "弄", "胡同", "大街", "桥", NULL};

	for (int i = 0; i < 3 && *s; i++) {
		if (starts_any(s, ends))
			return i > 0 || strncmp(s, "街道", 6) != 0;
		s += char_len(s);
	}
	return false;
}

static bool ends_with(const char *s, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len > n && !memcmp(s + len - n, word, n);
}

/* A zone that is no division stays in the detail; its own name cannot tell where it is. */
static bool is_zone(const char *s)
{
	static const char *const words[] = {"经济", "经开", "高新", "开发区", "工业", "产业园",
	        "物流园", "新区", "技术", "农业园", NULL};

	return starts_any(s, words);
}

static bool is_road_end(const char *end)
{
	return !strncmp(end - 3, "路", 3) || !strncmp(end - 3, "街", 3) ||
	       !strncmp(end - 3, "道", 3);
}

/* What a short name may be part of: the division is meant, and the name stays in the detail. */
static bool is_institution(const char *s)
{
	static const char *const words[] = {"火车站", "高铁", "汽车站", "客运", "机场", "站",
	        "大学", "学院", "理工", "师范", "医科", "农业", "民族", "财经", "一中", "二中",
	        "中学", "小学", "职业", "医院", "人民医院", "第一", "第二", "酒店", "宾馆", "国际",
	        "广场", "公园", "大厦", "商场", "银行", "经济", "经开", "高新", "开发区", "工业园",
	        "产业园", "物流园", "花园", "小区", "村", "新村", "城区", "县城", "市区", "港",
	        "湾", "城", "政府", "人民", "中医", "妇幼", "疾控", "公安", "教育", "法院", "委",
	        "卫生", "烟草", "供电", "邮政", "供销", "中心", "职教", "民中", "党", NULL};

	return starts_any(s, words);
}

static bool is_joint(char c)
{
	return c == ' ' || c == ',' || c == '-' || c == '/' || c == '>' || c == '_' || c == '.' ||
	       c == '\\';
}

/* Skips what stands between names, also the placeholders that pickers of other programs print. */
static size_t skip_joints(const char *text, size_t pos, const struct yz_division *below)
{
	static const char *const fillers[] = {"自治区直辖县级行政区划", "省直辖县级行政区划",
	        "省直辖县级行政单位", "省直辖县", "省直辖", "市辖区", "市辖县", "雄安新区",
	        "\xC2\xB7", NULL};

	for (;;) {
		size_t before = pos;

		while (is_joint(text[pos]))
			pos++;
		if (below->level == YZ_DIVISION_PROVINCE && !strncmp(text + pos, "县", 3))
			pos += 3; /* 重庆市县城口县 */
		for (size_t i = 0; fillers[i]; i++)
			if (!strncmp(text + pos, fillers[i], strlen(fillers[i])))
				pos += strlen(fillers[i]);
		if (pos == before)
			return pos;
	}
}

/* Real levels between a division and what was named before it. */
static int levels_between(const struct yz_division *div, const struct yz_division *above)
{
	int n = 0;

	for (const struct yz_division *p = div->parent; p && p != above; p = p->parent)
		n += !p->is_placeholder && strcmp(p->name, div->name) != 0 &&
		     !(p->parent && !strcmp(p->name, p->parent->name));
	return n;
}

static void walk(struct search *s, struct chain c);

static double trust_of(const struct naming *n, const struct chain *c, int skipped)
{
	double trust = 1;

	if (n->quality == OTHER_KIND)
		trust *= n->div->level == YZ_DIVISION_COUNTY ? 0.95 : 0.92;
	if (n->quality == SHORT && n->div->level >= YZ_DIVISION_COUNTY)
		trust *= n->div->level == YZ_DIVISION_TOWN ? 0.88 : c->div ? 0.95 : 0.9;
	if (!c->div && n->div->level == YZ_DIVISION_TOWN)
		trust *= 0.75;
	else if (skipped && c->div)
		trust *= n->div->level == YZ_DIVISION_COUNTY ? 0.97 : 0.94;
	return trust;
}

/* May this step be taken at all? */
static bool is_allowed(
        const struct search *s, const struct naming *n, const struct chain *c, bool is_again)
{
	const char *after = s->text + n->from + n->take;
	uint8_t level = n->div->level;
	bool at_start = !n->from || is_joint(s->text[n->from - 1]) || s->text[n->from - 1] == 1;

	if (!c->div && (level == YZ_DIVISION_VILLAGE ||
	                       (level == YZ_DIVISION_TOWN && n->quality != EXACT)))
		return false;
	if (!c->div && level == YZ_DIVISION_TOWN && is_zone(s->text + n->from))
		return false;
	if (!c->div && level == YZ_DIVISION_COUNTY && !at_start &&
	        (n->quality == SHORT || n->quality == OLD))
		return false;
	/* 市场 after 沈阳市 and the like */
	if (n->quality != SHORT && !strncmp(after, "场", 3) && !strncmp(after - 3, "市", 3))
		return false;
	if (n->quality == SHORT) {
		if (level == YZ_DIVISION_VILLAGE ||
		        (level == YZ_DIVISION_TOWN &&
		                (is_again || !c->div || c->div->level != YZ_DIVISION_COUNTY)))
			return false;
	}
	if (n->quality == SHORT && level == YZ_DIVISION_TOWN && is_road_end(after) &&
	        char_count(s->text + n->from, n->take) > 2)
		return false;
	if (n->quality == OTHER_KIND && level <= YZ_DIVISION_CITY)
		return false;
	return !is_again || n->quality == EXACT || n->quality == OLD || n->quality == SAME_KIND ||
	       n->quality == SHORT;
}

/* Names that count only if another division follows: 麒麟 before 南路, 朝阳 at the start, 南宁
 * (街道) before more words, and 陆良县 before 城, which may be 县城 as well as 城关镇. */
static bool needs_more(const struct naming *n, bool is_first, const char *after)
{
	if (n->quality != SHORT)
		return (!strncmp(after, "城", 3) && !strncmp(after - 3, "县", 3)) ||
		       (!strncmp(after, "区", 3) && !strncmp(after - 3, "市", 3));
	if (n->div->level == YZ_DIVISION_TOWN)
		return *after && !is_joint(*after);
	return is_road(after) || (is_first && n->div->level > YZ_DIVISION_CITY);
}

static void step(struct search *s, const struct naming *n, struct chain c)
{
	bool is_again = c.div && yz_division_is_within(c.div, n->div);
	int skipped = levels_between(n->div, c.div);
	size_t end = n->from + n->take;
	const char *after = s->text + end;
	bool is_upper_again = c.steps && c.is_bare;

	if (c.div && !is_again && !yz_division_is_within(n->div, c.div))
		return;
	if (!is_allowed(s, n, &c, is_again))
		return;
	c.is_bare = false;
	if (is_again) {
		c.score += n->quality == SHORT ? 1 : 4;
		/* 曲靖市 again behind 麒麟区 is said twice only if 麒麟区 follows again: else it is
		 * 曲靖市第一人民医院 */
		c.is_bare = n->quality == SHORT || n->div != c.div ||
		            (is_institution(after) && !is_road(after) && !is_upper_again);
	} else {
		c.trust *= trust_of(n, &c, skipped);
		c.score += POINTS_PER_CHAR * (int)char_count(s->text + n->from, n->take) +
		           points[n->quality] - n->div->level;
		if (!c.div && n->div->level == YZ_DIVISION_TOWN)
			c.score -= BARE_TOWN_POINTS;
		if (!c.div)
			c.start = n->from;
		c.is_bare = needs_more(n, !c.div, after);
		c.div = n->div;
	}
	c.steps++;
	c.pos = c.detail_from = end;
	if (n->quality == SHORT && !c.is_bare && is_institution(after)) {
		/* 陆良县城 names the county and keeps 县城; 昆明火车站 keeps its whole name;
		 * 曲靖经济技术开发区 can be told either way */
		c.detail_from = is_zone(after) || !strncmp(after, "县城", 6) ||
		                                !strncmp(after, "市区", 6) ||
		                                !strncmp(after, "城区", 6)
		                        ? end
		                        : n->from;
		if (c.detail_from == n->from)
			c.trust *= 0.97;
		else if (is_zone(after))
			c.trust *= 0.88;
	}
	walk(s, c);
}

static void record(struct search *s, const struct chain *c)
{
	struct yz_addr_region *b = &s->best;

	if (c->score < b->score || (b->div && c->score == b->score && c->div == b->div))
		return;
	if (b->div && c->score == b->score) {
		b->also = c->div;
		return;
	}
	*b = (struct yz_addr_region){.div = c->div,
	        .start = c->start,
	        .end = c->pos,
	        .detail_from = c->detail_from,
	        .score = c->score,
	        .trust = c->trust,
	        .steps = c->steps};
}

/* All ways in which one alias may be meant at a place. */
static void try_alias(
        struct search *s, const struct yz_division_alias *a, size_t from, struct chain c)
{
	struct naming n = {.div = a->division, .from = from, .take = a->len, .quality = EXACT};
	size_t kind;

	if (a->naming != YZ_NAMED_STEM) {
		n.quality = a->naming == YZ_NAMED_OLD ? OLD : EXACT;
		step(s, &n, c);
		return;
	}
	kind = yz_division_kind(s->text + from + a->len, a->division->level);
	if (kind) {
		const char *word = s->text + from + a->len;

		n.take = a->len + kind;
		n.quality = yz_division_same_kind(a->division->name, word, kind, a->division->level)
		                    ? SAME_KIND
		                    : OTHER_KIND;
		/* the official name has its own alias */
		if (strncmp(a->division->name, s->text + from, n.take) != 0 ||
		        a->division->name[n.take])
			step(s, &n, c);
		if (n.quality == SAME_KIND && strncmp(word, "县城", 6) != 0 &&
		        strncmp(word, "市区", 6) != 0)
			return;
	}
	n.take = a->len;
	/* 漆树村 is the whole name of 漆树村村民委员会 but for its committee */
	n.quality =
	        a->division->level == YZ_DIVISION_VILLAGE && ends_with(s->text + from, n.take, "村")
	                ? SAME_KIND
	                : SHORT;
	step(s, &n, c);
}

static void walk(struct search *s, struct chain c)
{
	size_t from = c.div ? skip_joints(s->text, c.pos, c.div) : c.pos;
	size_t len = 0;
	uint32_t h = YZ_DIVISIONS_HASH_START;

	if (c.div && c.steps && !c.is_bare)
		record(s, &c);
	for (int n = 0; n < LONGEST_NAME_CHARS && s->text[from + len]; n++) {
		size_t more = char_len(s->text + from + len);

		h = yz_divisions_hash_more(h, s->text + from + len, more);
		len += more;
		for (const struct yz_division_alias *a =
		                yz_divisions_named(s->d, s->text + from, len, h);
		        a; a = yz_divisions_also(a))
			try_alias(s, a, from, c);
	}
}

struct yz_addr_region yz_addr_find_region(const struct yz_divisions *d, const char *text)
{
	struct search s = {.d = d, .text = text};

	s.best.score = LEAST_SCORE;
	for (size_t i = 0; text[i]; i += char_len(text + i)) {
		struct chain c = {.pos = i, .trust = 1};

		if ((unsigned char)text[i] < 0x80)
			continue;
		if (!i || is_joint(text[i - 1]) || text[i - 1] == 1)
			c.score = 5; /* a chain that begins where a part begins */
		walk(&s, c);
	}
	return s.best;
}

struct yz_addr_region yz_addr_go_on(
        const struct yz_divisions *d, const struct yz_division *div, const char *text)
{
	struct search s = {.d = d, .text = text};
	struct chain c = {.div = div, .trust = 1};

	walk(&s, c);
	if (!s.best.div)
		s.best = (struct yz_addr_region){.div = div, .trust = 1};
	return s.best;
}

bool yz_addr_contradicts(
        const struct yz_divisions *d, const struct yz_division *div, const char *text)
{
	size_t len = 0;
	uint32_t h = YZ_DIVISIONS_HASH_START;

	for (int n = 0; n < LONGEST_NAME_CHARS && text[len]; n++) {
		size_t more = char_len(text + len);

		h = yz_divisions_hash_more(h, text + len, more);
		len += more;
		if (n < 2)
			continue;
		for (const struct yz_division_alias *a = yz_divisions_named(d, text, len, h); a;
		        a = yz_divisions_also(a))
			if (a->naming == YZ_NAMED_EXACT &&
			        a->division->level <= YZ_DIVISION_COUNTY &&
			        !yz_division_is_within(div, a->division) &&
			        strncmp(text + len, "路", 3) != 0 &&
			        strncmp(text + len, "街", 3) != 0 &&
			        strncmp(text + len, "场", 3) != 0)
				return true;
	}
	return false;
}
