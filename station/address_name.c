#include "config.h"

#include "station/address_parts.h"

#include "base/buf.h"
#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Family names, from the register's common ones; two characters first. */
static const char doubles[] = "欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 令狐 慕容 司徒 夏侯 端木 "
                              "宇文 长孙 独孤 南宫 东郭 西门 "
                              "呼延 百里 申屠 钟离 闻人 淳于 澹台 轩辕 太史 公冶 濮阳 赫连 ";
static const char singles[] = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓冯韩曹曾彭萧肖"
                              "蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅"
                              "钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎闫薛尹段雷黎史龙陶贺"
                              "顾毛郝龚邵万钱严覃武戚莫孔向汤常温康施文牛"
                              "樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符"
                              "舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆"
                              "蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项"
                              "连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿"
                              "桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查"
                              "麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕"
                              "楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖"
                              "漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁"
                              "芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危"
                              "玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯"
                              "元束檀衣信展阴昝智幸奉植衡富尧闭由刀者矣咩资自起普念窝";

/* What ends a place's name; a part that ends so is rather not a person. */
static const char place_ends[] = "园苑城厦场馆校站路街巷弄口旁边面店村区县镇乡楼栋幢座号室层户府庭"
                                 "湾院寨坝屯坊门桥塘河湖厂司部"
                                 "点处所铺社居道组队内外侧";

/* The ends that no person's name has. */
static const char sure_ends[] = "村组区县镇乡路街巷弄口站楼栋幢号室店厂队社屯寨校";

/* Behind one of these a glued name may begin. */
static const char unit_ends[] = "号室栋幢楼层户座元组院村区园苑城()";

struct candidate {
	size_t part;       /* index of the part; the head or tail of it if so said */
	size_t start, len; /* in text, the name alone */
	double points;
	bool is_head, is_tail;
};

struct bench {
	struct candidate best;
	double second; /* points of the next best with another text */
};

static size_t char_len(const char *s)
{
	const char *p = s;

	(void)yz_utf8_next(&p);
	return (size_t)(p - s);
}

static bool is_one_of(const char *set, const char *c, size_t len)
{
	char one[5] = {0};

	memcpy(one, c, len < 4 ? len : 4);
	return strstr(set, one) != NULL;
}

static bool ends_with(const char *s, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len >= n && !memcmp(s + len - n, word, n);
}

static bool ends_in(const char *set, const char *s, size_t len)
{
	size_t at = len;

	if (!len)
		return false;
	do
		at--;
	while (at && ((unsigned char)s[at] & 0xC0) == 0x80);
	return is_one_of(set, s + at, len - at);
}

/* Bytes of the family name a text starts with. */
static size_t surname(const char *s, size_t len)
{
	if (len >= 6) {
		char two[8] = {0};

		memcpy(two, s, 6);
		two[6] = ' ';
		if (strstr(doubles, two))
			return 6;
	}
	return len >= 3 && is_one_of(singles, s, 3) ? 3 : 0;
}

/* Takes 收, (收), 亲启, brackets with a platform's code, and titles off the end; true if 收 was
 * there. */
static bool strip(const char *s, size_t *len)
{
	static const char *const receives[] = {
	        "(收)", "收)", "收件", "收货", "亲收", "亲启", "(收件人)", "(收货人)", "收", "启"};
	static const char *const titles[] = {"先生", "女士", "小姐", "老师", "同志", "师傅", "经理",
	        "老板", "医生", "(先生)", "(女士)"};
	bool was_there = false;

	*len -= yz_addr_tail_noise(s, *len);
	for (size_t i = 0; i < sizeof(receives) / sizeof(receives[0]); i++)
		if (ends_with(s, *len, receives[i]) && *len > strlen(receives[i])) {
			*len -= strlen(receives[i]);
			was_there = true;
			break;
		}
	if (*len && (s[*len - 1] == ']' || s[*len - 1] == ')')) {
		char open = s[*len - 1] == ']' ? '[' : '(';
		size_t at = *len - 1;

		while (at && s[at] != open)
			at--;
		if (at && strspn(s + at + 1, "0123456789") == *len - at - 2)
			*len = at;
	}
	/* 王先生 keeps its title: nothing else is known of him */
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		if (ends_with(s, *len, titles[i])) {
			size_t rest = *len - strlen(titles[i]), family = surname(s, rest);

			if (rest >= 6 && (!family || rest > family))
				*len = rest;
			break;
		}
	return was_there;
}

static bool is_company(const char *s, size_t len)
{
	static const char *const ends[] = {"公司", "合作社", "经营部", "超市", "商行", "商店", "店",
	        "厂", "农场", "中心", "服务部", "商贸", "事务所", "工作室", "协会", "基地", "门市",
	        "专卖", "驿站", "餐馆", "饭馆", "面馆", "药房"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends_with(s, len, ends[i]) && len > strlen(ends[i]) + 3)
			return true;
	return false;
}

static bool has_title(const char *s, size_t len)
{
	static const char *const ends[] = {"先生", "女士", "小姐", "老师", "师傅", "经理", "老板",
	        "医生", "阿姨", "叔", "哥", "姐", "姨", "爷爷", "奶奶", "妈", "爸", "总", "工"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends_with(s, len, ends[i]) && len > strlen(ends[i]))
			return true;
	return false;
}

/* Names of peoples whose names do not start with a family name. */
static bool is_other_style(const char *s, size_t len)
{
	static const char *const words[] = {"扎西", "次仁", "多吉", "顿珠", "卓玛", "平措", "旦增",
	        "洛桑", "尼玛", "达瓦", "索朗", "格桑", "央金", "拉姆", "白玛", "仁青", "古丽",
	        "买买提", "艾力", "阿依", "努尔", "帕提", "热合曼", "吐尔", "阿不都", "麦麦提",
	        "木沙", "巴特尔", "其其格", "斯琴", "乌日", "娜仁", "玉罕", "阿木", "木果", "丁真"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (memmem(s, len, words[i], strlen(words[i])))
			return true;
	return false;
}

/* How much a text looks like a person or a firm: 0 not at all, 3 surely. */
static double likeness(const char *s, size_t len)
{
	size_t chars = 0, han = 0, dots = 0, letters = 0;

	for (const char *p = s; p < s + len;) {
		int32_t c = yz_utf8_next(&p);

		chars++;
		han += yz_is_han(c);
		dots += c == 0xB7 || c == '.';
		letters += c < 0x80 && (isalpha((int)c) || c == ' ' || c == '.');
		if (c >= '0' && c <= '9')
			return 0;
	}
	if (dots && !letters && chars <= 20 && han + dots == chars && han >= 3)
		return 3;
	if (letters && letters == chars && chars >= 2 && chars <= 20)
		return 1.8;
	if (is_company(s, len) && chars <= 30)
		return 1.6;
	if (han == 1 && chars == 1)
		return surname(s, len) ? 1 : 0;
	if (han != chars || chars < 2 || chars > 6)
		return letters && han && chars <= 6 ? 0.8 : 0;
	if (han == chars && chars >= 2 && chars <= 6 && is_other_style(s, len))
		return 2.6;
	if (has_title(s, len) && chars <= 5)
		return 2.6;
	if (!strncmp(s, "小", 3) || !strncmp(s, "阿", 3) || !strncmp(s, "老", 3))
		return chars <= 3 ? 2 : 0.4;
	if (chars > 4)
		return 0;
	if (!surname(s, len))
		return chars <= 3 ? 1 : 0.4;
	if (chars == 4 && surname(s, len) == 3)
		return 1.2;
	return 3;
}

bool yz_addr_is_person(const char *s, size_t len)
{
	return likeness(s, len) >= 2.5 && !ends_in(place_ends, s, len) && !is_company(s, len);
}

static void offer(struct yz_addr_work *w, struct bench *b, struct candidate c)
{
	const char *s = w->text + c.start;
	bool is_same = b->best.points > 0 && b->best.len == c.len &&
	               !memcmp(w->text + b->best.start, s, c.len);

	if (c.points <= 0)
		return;
	if (c.points > b->best.points) {
		if (!is_same && b->best.points > b->second)
			b->second = b->best.points;
		b->best = c;
	} else if (!is_same && c.points > b->second) {
		b->second = c.points;
	}
}

/* Index of the part that a place of flat lies in. */
static size_t part_of(const struct yz_addr_work *w, size_t flat)
{
	size_t found = SIZE_MAX;

	for (size_t i = 0; i < w->count; i++)
		if (w->flat_at[i] != SIZE_MAX && w->flat_at[i] <= flat)
			found = i;
	return found;
}

/* 陈晨 收: the word stands alone behind the name. */
static bool is_receive(const struct yz_addr_work *w, size_t i)
{
	const struct yz_addr_part *p = w->parts + i;
	const char *s = w->text + p->start;

	return i < w->count &&
	       ((p->len == 3 && !memcmp(s, "收", 3)) || (p->len == 5 && !memcmp(s, "(收)", 5)) ||
	               (p->len == 6 && (!memcmp(s, "亲收", 6) || !memcmp(s, "亲启", 6) ||
	                                       !memcmp(s, "先生", 6) || !memcmp(s, "女士", 6))));
}

static void offer_whole(struct yz_addr_work *w, struct bench *b, size_t i, size_t last)
{
	const struct yz_addr_part *p = w->parts + i;
	struct candidate c = {.part = i, .start = p->start, .len = p->len};
	bool has_receive = strip(w->text + c.start, &c.len);
	const char *s = w->text + c.start;
	size_t lead = yz_addr_lead_noise(s, c.len);

	if (lead && lead < c.len && surname(s + lead, c.len - lead)) {
		c.start += lead;
		c.len -= lead;
		s += lead;
	}
	c.points = likeness(s, c.len);
	if (c.points <= 0 || (yz_addr_is_chat(s, c.len) && !has_receive &&
	                             !(c.len == 9 && surname(s, 9) && has_title(s, 9))))
		return;
	if (ends_in(place_ends, s, c.len) && !is_company(s, c.len))
		c.points -= ends_in(sure_ends, s, c.len) && c.len > 3 ? 4 : 1.5;
	if (has_receive || is_receive(w, i + 1))
		c.points += 2;
	if (p->before_phone || p->after_phone)
		c.points += 1;
	if (i == 0 || i == last)
		c.points += 0.6;
	/* amid an address the words are places */
	if (w->region.div && i > part_of(w, w->region.start) && i != last && !p->before_phone &&
	        !p->after_phone)
		c.points -= 1.2;
	if (w->region.div && i > part_of(w, w->region.start) && !p->is_hard && !p->after_phone)
		c.points -= 0.3;
	offer(w, b, c);
}

/* 张三云南省…: what stands before the region in its own part. */
static void offer_head(struct yz_addr_work *w, struct bench *b)
{
	size_t i = part_of(w, w->region.start), lead;
	struct candidate c = {.part = i, .is_head = true};
	bool has_receive;

	if (!w->head_len)
		return;
	c.start = w->parts[i].start;
	c.len = w->head_len;
	lead = yz_addr_lead_noise(w->text + c.start, c.len);
	c.start += lead;
	c.len -= lead;
	has_receive = strip(w->text + c.start, &c.len);
	c.points = c.len ? likeness(w->text + c.start, c.len) : 0;
	if (c.points > 0)
		c.points += has_receive ? 2 : 0.8;
	offer(w, b, c);
}

/* …301室张三收: what stands behind the last unit of an address part. */
static void offer_tail(struct yz_addr_work *w, struct bench *b, size_t i)
{
	const struct yz_addr_part *p = w->parts + i;
	const char *s = w->text + p->start;
	struct candidate c = {.part = i, .is_tail = true};
	size_t len = p->len, from = 0;
	bool has_receive = strip(s, &len) || is_receive(w, i + 1), after_digit = false;

	if (w->region.div && part_of(w, w->region.end ? w->region.end - 1 : 0) == i)
		from = w->region.end - w->flat_at[i];
	for (size_t at = from; at < len; at += char_len(s + at)) {
		size_t n = char_len(s + at);

		if (isdigit((unsigned char)s[at]) ||
		        (isascii(s[at]) && isalpha((unsigned char)s[at])) ||
		        is_one_of(unit_ends, s + at, n)) {
			after_digit = true;
			from = at + n;
		}
	}
	if (from >= len || from == 0 || (!after_digit && !has_receive))
		return;
	c.start = p->start + from;
	c.len = len - from;
	c.points = likeness(s + from, c.len);
	if (c.points < 2.5 || ends_in(place_ends, s + from, c.len))
		return;
	c.points += has_receive ? 2 : p->before_phone ? -0.4 : -0.9;
	if (!has_receive && !p->before_phone && !p->after_phone && i + 1 < w->count)
		c.points -= 1;
	offer(w, b, c);
}

static void put_name(struct yz_addr_work *w, size_t start, size_t len)
{
	char name[sizeof(w->text)];

	memcpy(name, w->text + start, len);
	name[len] = '\0';
	if (yz_copy(w->out->name, sizeof(w->out->name), name) < len)
		yz_addr_doubt(w, 0.5);
}

static void take(struct yz_addr_work *w, const struct candidate *c)
{
	struct yz_addr_part *p = w->parts + c->part;

	put_name(w, c->start, c->len);
	if (c->is_tail) {
		w->tail_part = c->part;
		w->tail_len = p->start + p->len - c->start;
	} else if (!c->is_head) {
		p->is_used = true;
	}
}

/* A label leaves no doubt. */
static bool take_labelled(struct yz_addr_work *w)
{
	for (size_t i = 0; i < w->count; i++) {
		struct yz_addr_part *p = w->parts + i;
		size_t len = p->len;

		if (p->label != YZ_LABEL_NAME)
			continue;
		p->is_used = true;
		(void)strip(w->text + p->start, &len);
		put_name(w, p->start, len);
		if (likeness(w->text + p->start, len) < 1)
			yz_addr_doubt(w, 0.88);
		return true;
	}
	return false;
}

void yz_addr_take_name(struct yz_addr_work *w)
{
	struct bench b = {.second = 0};
	size_t from = part_of(w, w->region.start),
	       to = part_of(w, w->region.end ? w->region.end - 1 : 0);

	if (take_labelled(w))
		return;
	for (size_t i = 1; i < w->count; i++)
		w->parts[i].is_used = w->parts[i].is_used || is_receive(w, i);
	for (size_t i = 0; i < w->count; i++) {
		const struct yz_addr_part *p = w->parts + i;
		bool holds_region = w->region.div && i >= from && i <= to;

		if (p->is_used || p->label == YZ_LABEL_NOISE || p->label == YZ_LABEL_NOISE_WORD ||
		        p->label == YZ_LABEL_POSTCODE)
			continue;
		if (!holds_region)
			offer_whole(w, &b, i, w->count - 1);
		if (!holds_region || i == to)
			offer_tail(w, &b, i);
	}
	if (w->region.div)
		offer_head(w, &b);
	if (b.best.points < 1)
		return;
	take(w, &b.best);
	if (b.best.points < 2)
		yz_addr_doubt(w, 0.75);
	else if (b.best.points < 2.5)
		yz_addr_doubt(w, 0.87);
	if (b.second > 0 && b.best.points - b.second < 0.9)
		yz_addr_doubt(w, 0.8);
}
