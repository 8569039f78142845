#include "config.h"

#include "station/division_stem.h"

#include "base/text.h"

#include <string.h>

/* The last character class that tells kinds apart follows each word; longest words first. */
struct kind {
	const char *word;
	char family;
};

static const struct kind province_kinds[] = {
        {"特别行政区", 'a'}, {"自治区", 'a'}, {"省", 'a'}, {"市", 'a'}, {NULL, 0}};
static const struct kind city_kinds[] = {
        {"自治州", 'z'}, {"地区", 'd'}, {"市", 's'}, {"州", 'z'}, {"盟", 'm'}, {NULL, 0}};
static const struct kind county_kinds[] = {{"自治县", 'x'}, {"自治旗", 'q'}, {"新区", 'u'},
        {"林区", 'u'}, {"特区", 'u'}, {"矿区", 'u'}, {"县", 'x'}, {"市", 's'}, {"区", 'u'},
        {"旗", 'q'}, {NULL, 0}};
static const struct kind town_kinds[] = {{"街道办事处", 'j'}, {"街道办", 'j'}, {"街办", 'j'},
        {"办事处", 'j'}, {"街道", 'j'}, {"民族乡", 'x'}, {"镇", 'z'}, {"乡", 'x'}, {"苏木", 's'},
        {NULL, 0}};
static const struct kind village_kinds[] = {{"社区居民委员会", 'v'}, {"社区居委会", 'v'},
        {"居民委员会", 'v'}, {"村民委员会", 'v'}, {"村民委", 'v'}, {"居委会", 'v'}, {"村委会", 'v'},
        {"村委", 'v'}, {"社区", 'v'}, {"村", 'v'}, {NULL, 0}};

static const struct kind *const kinds[YZ_DIVISION_LEVELS] = {
        NULL, province_kinds, city_kinds, county_kinds, town_kinds, village_kinds};

/* Groups as they stand in names of autonomous places; some drop 族 there. */
static const char *const peoples[] = {"蒙古族", "蒙古", "回族", "藏族", "维吾尔族", "维吾尔",
        "苗族", "彝族", "壮族", "布依族", "朝鲜族", "满族", "侗族", "瑶族", "白族", "土家族",
        "哈尼族", "哈萨克族", "哈萨克", "傣族", "黎族", "傈僳族", "佤族", "畲族", "拉祜族", "水族",
        "东乡族", "纳西族", "景颇族", "柯尔克孜族", "柯尔克孜", "土族", "达斡尔族", "仫佬族",
        "羌族", "布朗族", "撒拉族", "毛南族", "仡佬族", "锡伯族", "锡伯", "阿昌族", "普米族",
        "塔吉克族", "塔吉克", "怒族", "俄罗斯族", "鄂温克族", "德昂族", "保安族", "裕固族",
        "独龙族", "赫哲族", "门巴族", "珞巴族", "基诺族", "京族", "各族"};

static bool ends_with(const char *s, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len >= n && !memcmp(s + len - n, word, n);
}

static size_t chars(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xC0) != 0x80;
	return n;
}

/* Takes names of peoples off the end, but never the last thing left (东乡族自治县 is 东乡). */
static size_t without_peoples(const char *name, size_t len)
{
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < sizeof(peoples) / sizeof(peoples[0]); i++) {
			size_t n = strlen(peoples[i]);

			if (ends_with(name, len, peoples[i]) && chars(name, len - n) >= 2) {
				len -= n;
				again = true;
				break;
			}
		}
	}
	if (ends_with(name, len, "族") && chars(name, len) > 2)
		len -= strlen("族");
	return len;
}

static const struct kind *kind_at_end(const char *name, size_t len, enum yz_division_level level)
{
	for (const struct kind *k = kinds[level]; k && k->word; k++)
		if (ends_with(name, len, k->word))
			return k;
	return NULL;
}

size_t yz_division_stem(const char *name, enum yz_division_level level)
{
	size_t len = strlen(name);
	const struct kind *k = kind_at_end(name, len, level);
	size_t least = level == YZ_DIVISION_VILLAGE ? 1 : 2;

	if (!k)
		return 0;
	len -= strlen(k->word);
	if (!strncmp(k->word, "自治", strlen("自治")) || !strcmp(k->word, "乡"))
		len = without_peoples(name, len);
	return chars(name, len) >= least ? len : 0;
}

size_t yz_division_kind(const char *text, enum yz_division_level level)
{
	size_t skip = 0;
	bool again = level <= YZ_DIVISION_TOWN;

	while (again) {
		again = false;
		for (size_t i = 0; i < sizeof(peoples) / sizeof(peoples[0]); i++) {
			size_t n = strlen(peoples[i]);

			if (!strncmp(text + skip, peoples[i], n)) {
				skip += n;
				again = true;
				break;
			}
		}
	}
	for (const struct kind *k = kinds[level]; k && k->word; k++) {
		size_t n = strlen(k->word);

		if (skip && strncmp(k->word, "自治", strlen("自治")) != 0 &&
		        strcmp(k->word, "乡") != 0)
			continue;
		if (!strncmp(text + skip, k->word, n))
			return skip + n;
	}
	return 0;
}

bool yz_division_same_kind(
        const char *name, const char *kind, size_t kind_len, enum yz_division_level level)
{
	const struct kind *a = kind_at_end(name, strlen(name), level);
	const struct kind *b = kind_at_end(kind, kind_len, level);

	return a && b && a->family == b->family;
}
