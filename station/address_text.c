#include "config.h"

#include "station/address_parts.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

/* One character of the line as the parser wants it; 0 leaves it out, ' ' and '\n' separate. */
static int32_t plain(int32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFEE0;
	if (c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029)
		return '\n';
	if (c == '\t' || c == 0x3000 || c == 0xA0 || c == '"' || c == '\'' ||
	        (c >= 0x2000 && c <= 0x200A))
		return ' ';
	if ((c >= 0x200B && c <= 0x200F) || c == 0xFEFF || (c >= 0xFE00 && c <= 0xFE0F) || c < 0x20)
		return 0;
	if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212)
		return '-';
	if (c == 0x2022 || c == 0x30FB || c == 0x2027)
		return 0xB7;
	if (c == 0x3001 || c == 0x3002 || c == '!' || c == '?' || c == ';' || c == '|' ||
	        c == 0x2026)
		return ',';
	if ((c >= 0x3008 && c <= 0x3011) || (c >= 0x3014 && c <= 0x301B) || c == '<' || c == '{' ||
	        c == '}' || (c >= 0x2018 && c <= 0x201F))
		return '\n';
	if (c >= 0x2460 && c <= 0x24FF)
		return c; /* ①栋 */
	if ((c >= 0x2190 && c <= 0x2BFF) || c >= 0x1F000)
		return c >= 0x20000 && c < 0x32000 ? c : ' ';
	return c;
}

void yz_addr_normalise(const char *line, char *text, size_t size)
{
	size_t used = 0, digits = 0;

	for (int32_t c; (c = yz_utf8_next(&line)) != 0 && used + 5 < size;) {
		/* 1、2号楼 is one word, 138…、139… are two numbers */
		bool is_list = c == 0x3001 && digits && digits < 4 && isdigit((unsigned char)*line);

		c = c < 0 ? 0 : is_list ? c : plain(c);
		digits = c >= '0' && c <= '9' ? digits + 1 : 0;
		if (c)
			used += yz_utf8_put(c, text + used);
	}
	text[used] = '\0';
}

/* A label is taken before a colon anywhere; at the start of a part also before a blank, a digit or
 * a phone, and a strong one (that no address starts with) before anything. */
static const struct {
	const char *word;
	enum yz_addr_label label;
	bool is_strong;
} labels[] = {
        {"收货人姓名", YZ_LABEL_NAME, true},
        {"收件人姓名", YZ_LABEL_NAME, true},
        {"收货人手机号码", YZ_LABEL_PHONE, true},
        {"收件人手机号码", YZ_LABEL_PHONE, true},
        {"收货人手机号", YZ_LABEL_PHONE, true},
        {"收件人手机号", YZ_LABEL_PHONE, true},
        {"收货人电话", YZ_LABEL_PHONE, true},
        {"收件人电话", YZ_LABEL_PHONE, true},
        {"收货人手机", YZ_LABEL_PHONE, true},
        {"收件人手机", YZ_LABEL_PHONE, true},
        {"收货人地址", YZ_LABEL_ADDRESS, true},
        {"收件人地址", YZ_LABEL_ADDRESS, true},
        {"收货人", YZ_LABEL_NAME, true},
        {"收件人", YZ_LABEL_NAME, true},
        {"联系人姓名", YZ_LABEL_NAME, true},
        {"联系人电话", YZ_LABEL_PHONE, true},
        {"联系人", YZ_LABEL_NAME, true},
        {"真实姓名", YZ_LABEL_NAME, true},
        {"姓名", YZ_LABEL_NAME, true},
        {"名字", YZ_LABEL_NAME, false},
        {"收货姓名", YZ_LABEL_NAME, true},
        {"收件姓名", YZ_LABEL_NAME, true},
        {"手机号码", YZ_LABEL_PHONE, true},
        {"联系电话", YZ_LABEL_PHONE, true},
        {"联系方式", YZ_LABEL_PHONE, true},
        {"联系手机", YZ_LABEL_PHONE, true},
        {"电话号码", YZ_LABEL_PHONE, true},
        {"收货电话", YZ_LABEL_PHONE, true},
        {"收件电话", YZ_LABEL_PHONE, true},
        {"固定电话", YZ_LABEL_PHONE, true},
        {"手机号", YZ_LABEL_PHONE, true},
        {"手机", YZ_LABEL_PHONE, false},
        {"电话", YZ_LABEL_PHONE, false},
        {"固话", YZ_LABEL_PHONE, false},
        {"座机", YZ_LABEL_PHONE, false},
        {"号码", YZ_LABEL_PHONE, false},
        {"tel", YZ_LABEL_PHONE, false},
        {"Tel", YZ_LABEL_PHONE, false},
        {"TEL", YZ_LABEL_PHONE, false},
        {"所在地区", YZ_LABEL_ADDRESS, true},
        {"所在省市", YZ_LABEL_ADDRESS, true},
        {"所在地址", YZ_LABEL_ADDRESS, true},
        {"所在地", YZ_LABEL_ADDRESS, true},
        {"所属地区", YZ_LABEL_ADDRESS, true},
        {"收货地区", YZ_LABEL_ADDRESS, true},
        {"详细地址", YZ_LABEL_ADDRESS, true},
        {"收货地址", YZ_LABEL_ADDRESS, true},
        {"收件地址", YZ_LABEL_ADDRESS, true},
        {"邮寄地址", YZ_LABEL_ADDRESS, true},
        {"快递地址", YZ_LABEL_ADDRESS, true},
        {"街道地址", YZ_LABEL_ADDRESS, true},
        {"家庭地址", YZ_LABEL_ADDRESS, true},
        {"联系地址", YZ_LABEL_ADDRESS, true},
        {"地址", YZ_LABEL_ADDRESS, true},
        {"地区", YZ_LABEL_ADDRESS, false},
        {"省市区", YZ_LABEL_ADDRESS, false},
        {"省份", YZ_LABEL_ADDRESS, false},
        {"城市", YZ_LABEL_ADDRESS, false},
        {"区县", YZ_LABEL_ADDRESS, false},
        {"街道", YZ_LABEL_ADDRESS, false},
        {"收货", YZ_LABEL_NONE, false},
        {"收件", YZ_LABEL_NONE, false},
        {"邮政编码", YZ_LABEL_POSTCODE, true},
        {"邮编", YZ_LABEL_POSTCODE, true},
        {"订单编号", YZ_LABEL_NOISE_WORD, true},
        {"订单号", YZ_LABEL_NOISE_WORD, true},
        {"快递单号", YZ_LABEL_NOISE_WORD, true},
        {"运单号", YZ_LABEL_NOISE_WORD, true},
        {"身份证号码", YZ_LABEL_NOISE_WORD, true},
        {"身份证号", YZ_LABEL_NOISE_WORD, true},
        {"身份证", YZ_LABEL_NOISE_WORD, true},
        {"订单", YZ_LABEL_NOISE_WORD, false},
        {"数量", YZ_LABEL_NOISE_WORD, false},
        {"买家留言", YZ_LABEL_NOISE, true},
        {"买家备注", YZ_LABEL_NOISE, true},
        {"备注", YZ_LABEL_NOISE, true},
        {"留言", YZ_LABEL_NOISE, false},
        {"商品", YZ_LABEL_NOISE, false},
        {"货品", YZ_LABEL_NOISE, false},
        {"规格", YZ_LABEL_NOISE, false},
};

/* Bytes of a label and what joins it to its value, or 0. */
static size_t label_at(const char *s, bool at_start, enum yz_addr_label *label)
{
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		const char *word = labels[i].word;
		size_t n, skip;

		if (s[0] != word[0] || s[1] != word[1] || s[2] != word[2])
			continue; /* most of the time: this runs at every character */
		n = strlen(word);
		if (strncmp(s, word, n) != 0)
			continue;
		skip = n + strspn(s + n, " ");
		*label = labels[i].label;
		if (s[skip] == ':' || s[skip] == '=')
			return skip + 1;
		if (*label == YZ_LABEL_POSTCODE && strspn(s + skip, "0123456789") == 6)
			return skip;
		if (!at_start)
			continue;
		if (!strncmp(s + n, "是", 3) || !strncmp(s + n, "为", 3))
			return n + 3 + (s[n + 3] == ':');
		if (skip > n || strchr("\n,\1", s[n]) || isdigit((unsigned char)s[n]) ||
		        labels[i].is_strong)
			return skip;
	}
	return 0;
}

static bool is_separator(char c)
{
	return c == ' ' || c == ',' || c == '\n' || c == YZ_ADDR_PHONE_MARK || c == ':';
}

/* Tom Lee is one name. */
static bool is_inside_latin(const char *t, size_t i)
{
	return t[i] == ' ' && i && isascii((unsigned char)t[i - 1]) &&
	       isalpha((unsigned char)t[i - 1]) && isascii((unsigned char)t[i + 1]) &&
	       isalpha((unsigned char)t[i + 1]);
}

struct splitter {
	struct yz_addr_work *w;
	enum yz_addr_label label;
	bool is_hard, after_phone;
};

static void add_part(struct splitter *sp, size_t start, size_t end)
{
	struct yz_addr_work *w = sp->w;
	struct yz_addr_part *part = w->parts + w->count;

	/* what joins words to their neighbours is no part of either */
	while (start < end && strchr("-/_.+=)", w->text[start]))
		start++;
	while (start < end && strchr("-/_.+=(", w->text[end - 1]))
		end--;
	if (start == end || w->count == YZ_ADDR_PARTS_MAX)
		return;
	*part = (struct yz_addr_part){.start = start,
	        .len = end - start,
	        .label = sp->label,
	        .is_hard = sp->is_hard,
	        .after_phone = sp->after_phone};
	w->count++;
	sp->is_hard = sp->after_phone = false;
	/* a name and a number are one word, an address and a remark go on */
	if (sp->label != YZ_LABEL_ADDRESS && sp->label != YZ_LABEL_NOISE)
		sp->label = YZ_LABEL_NONE;
}

static bool is_wide(char c)
{
	return (unsigned char)c >= 0x80;
}

/* 师宗县-张三-138…: a dash or slash between Chinese words, or where a phone was, separates; in
 * 3-2-501 it does not; a slash does beside any Chinese word. */
static bool is_word_joint(const char *t, size_t i)
{
	if (t[i] == '/' && i && (is_wide(t[i - 1]) || is_wide(t[i + 1])))
		return true;
	return (t[i] == '-' || t[i] == '/' || t[i] == '+') && i &&
	       (is_wide(t[i - 1]) || t[i - 1] == YZ_ADDR_PHONE_MARK) &&
	       (is_wide(t[i + 1]) || t[i + 1] == YZ_ADDR_PHONE_MARK);
}

/* Square brackets only hold parts together, but for a platform's code (张三[1234]); round ones are
 * opened around a postcode. */
static void open_brackets(char *text, const char *extension)
{
	for (char *p = text; *p; p++) {
		size_t n;

		if (*p != '(' && *p != '[' && *p != ']')
			continue;
		n = *p == ']' ? 0 : strspn(p + 1, "0123456789");
		if (*p == '[' && n && n < 6 && p[n + 1] == ']') {
			if (extension && n == strlen(extension + 1) &&
			        !memcmp(p + 1, extension + 1, n))
				memset(p, ' ', n + 2); /* said with the phone */
			p += n + 1;
		} else if (*p != '(')
			*p = '\n';
		else if (n == 6 && p[n + 1] == ')')
			*p = p[n + 1] = ' ';
	}
}

void yz_addr_split(struct yz_addr_work *w)
{
	struct splitter sp = {.w = w, .is_hard = true};
	size_t start = 0, i = 0;
	const char *t = w->text;

	open_brackets(w->text, strrchr(w->out->phone, '-'));
	while (t[i]) {
		enum yz_addr_label label;
		const char *p = t + i;
		size_t skip = label_at(t + i, i == start, &label);

		if (skip) {
			add_part(&sp, start, i);
			sp.label = label;
			sp.is_hard = true;
			start = i += skip;
			continue;
		}
		if ((!is_separator(t[i]) && !is_word_joint(t, i)) || is_inside_latin(t, i)) {
			(void)yz_utf8_next(&p);
			i = (size_t)(p - t);
			continue;
		}
		add_part(&sp, start, i);
		if (t[i] == YZ_ADDR_PHONE_MARK) {
			sp.after_phone = sp.is_hard = true;
			if (w->count)
				w->parts[w->count - 1].before_phone = true;
			sp.label = YZ_LABEL_NONE;
		} else if (t[i] != ' ') {
			sp.is_hard = true;
			if (sp.label == YZ_LABEL_NOISE)
				sp.label = YZ_LABEL_NONE;
		}
		start = ++i;
	}
	add_part(&sp, start, i);
}

/* Longest first where one is the beginning of another. */
static const char *const leads[] = {"麻烦帮我", "麻烦您", "麻烦", "请帮我", "帮我", "帮忙", "请",
        "您好", "你好", "老板", "快递", "发货到", "发货", "发顺丰到", "发到", "发给", "寄送到",
        "寄到", "寄给", "寄往", "寄", "送到", "送货到", "邮寄到", "邮寄", "邮到", "我的", "我",
        "地址是", "地址", "收货", "是", "到", "给", "亲"};
/* Polite only when nothing but such words follows: 新村 and 发展路 are places. */
static const char *const weak_leads[] = {"新", "发", "的", "就", "在"};
static const char *const tails[] = {"谢谢您", "谢谢你", "谢谢老板", "谢谢", "谢了", "多谢", "感谢",
        "麻烦了", "麻烦您了", "辛苦了", "尽快发货", "请尽快", "尽快", "哦", "哈", "呢", "吧", "啦",
        "~", ".", "微信同号", "同微信"};
static const char *const chats[] = {"麻烦", "谢谢", "感谢", "尽快", "发货", "你好", "您好", "老板",
        "辛苦", "订单", "帮我", "帮忙", "记得", "打电话", "送货", "不要", "寄到", "发到", "寄给",
        "发给", "收货信息", "请", "快点", "周末", "工作日", "放门口", "多谢", "要寄", "包邮",
        "以下", "如下", "到付", "寄付", "发顺丰", "走顺丰", "放丰巢", "放驿站", "放快递", "放前台",
        "放保安", "放代收", "放家", "加急", "急用", "轻放", "易碎", "送上门", "送上楼", "联系我",
        "提前"};

size_t yz_addr_lead_noise(const char *s, size_t len)
{
	size_t used = 0;
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
			size_t n = strlen(leads[i]);

			if (n <= len - used && !memcmp(s + used, leads[i], n)) {
				used += n;
				again = true;
				break;
			}
		}
	}
	for (size_t i = 0; i < sizeof(weak_leads) / sizeof(weak_leads[0]); i++)
		if (len - used == 3 && !memcmp(s + used, weak_leads[i], 3))
			return len;
	return used;
}

size_t yz_addr_tail_noise(const char *s, size_t len)
{
	size_t left = len;
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
			size_t n = strlen(tails[i]);

			if (n <= left && !memcmp(s + left - n, tails[i], n)) {
				left -= n;
				again = true;
				break;
			}
		}
	}
	return len - left;
}

/* Words that begin an order (要大个的), and no place or person that is not followed by its kind. */
static bool is_wish(const char *s, size_t len)
{
	static const char *const words[] = {"我要", "想要", "需要", "要", "我想", "我买", "来一",
	        "来两", "再来", "多放", "别放", "不用", "挑"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (len > strlen(words[i]) && !memcmp(s, words[i], strlen(words[i])))
			return true;
	return false;
}

/* Bytes of a number in digits or Chinese. */
static size_t count_word(const char *s)
{
	static const char han[] = "一二两三四五六七八九十半几";
	size_t n = strspn(s, "0123456789.");

	while (!n || (unsigned char)s[n] >= 0xE0) {
		char one[4] = {0};

		memcpy(one, s + n, strnlen(s + n, 3));
		if (strlen(one) < 3 || !strstr(han, one))
			break;
		n += 3;
	}
	return n;
}

/* 5斤土豆, 2箱: goods, not a house. */
static bool is_goods(const char *s, size_t len)
{
	static const char *const units[] = {"斤", "公斤", "箱", "件", "盒", "袋", "包", "kg", "个"};
	size_t n = count_word(s);

	for (size_t i = 0; n && n < len && i < sizeof(units) / sizeof(units[0]); i++)
		if (!strncmp(s + n, units[i], strlen(units[i])))
			return true;
	return false;
}

bool yz_addr_is_chat(const char *s, size_t len)
{
	for (size_t i = 0; i < sizeof(chats) / sizeof(chats[0]); i++)
		if (memmem(s, len, chats[i], strlen(chats[i])))
			return true;
	return is_goods(s, len) || is_wish(s, len) || yz_addr_tail_noise(s, len) == len;
}
