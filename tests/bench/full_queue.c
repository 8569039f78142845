/* full_queue FOLDER: moves a station with a thousand bookings that wait to be sent to FOLDER, each
 * made by the product's own use case, with varied people, places and goods. Prints what a record
 * needs of gzip -6 in batches of 50, in bytes. For tests/bench/drain.sh. */
#include "config.h"

#include "base/buf.h"
#include "net/wire.h"
#include "store/outbox.h"
#include "store/pool.h"
#include "tests/bench/bar.h"
#include "tests/unit/station_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { RECORDS = 1000 };

static const char *const family[] = {"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴",
        "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗", "段", "缪", "钱", "浦", "念",
        "尹"};
static const char *const given[] = {"芳", "伟", "秀英", "娜", "敏", "静", "丽", "强", "磊", "军",
        "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀兰", "霞", "平", "刚", "桂英", "琼仙",
        "自强", "家旺", "德润", "吉祥", "文昌", "云飞", "石柱", "小燕", "会仙", "朝晖"};
static const char *const place[] = {"浙江省杭州市西湖区", "上海市浦东新区", "广东省深圳市南山区",
        "四川省成都市武侯区", "北京市朝阳区", "云南省昆明市官渡区", "江苏省苏州市吴中区",
        "湖南省长沙市岳麓区", "福建省厦门市思明区", "陕西省西安市雁塔区", "重庆市渝北区",
        "贵州省贵阳市云岩区"};
static const char *const street[] = {"人民路", "解放路", "文二路", "花木路", "护国路", "天府大道",
        "建设街", "龙泉路", "莲花池", "青年路", "望江路", "环城南路", "桂花巷", "石榴园",
        "老鸦营村", "大水井村", "虎场村", "新发村", "小干河村", "阿岗社区"};
static const char *const goods[] = {
        "小黄姜", "宣威火腿", "会泽洋芋", "陆良蚕豆", "师宗薏仁", "富源魔芋"};

/* 0 to below - 1; the same queue each time. */
static int any(unsigned *seed, int below)
{
	return rand_r(seed) % below;
}

#define PICK(list) (list)[any(seed, (int)(sizeof(list) / sizeof((list)[0])))]

static void vary_party(struct yz_party *p, unsigned *seed)
{
	(void)snprintf(p->name, sizeof(p->name), "%s%s", PICK(family), PICK(given));
	char number[32];

	/* 13000000000 to 19899999999: eleven digits */
	(void)snprintf(number, sizeof(number), "1%d%d", 30 + any(seed, 69),
	        10000000 + any(seed, 90000000));
	(void)yz_copy(p->phone, sizeof(p->phone), number);
	(void)snprintf(p->region, sizeof(p->region), "%s", PICK(place));
	(void)snprintf(p->detail, sizeof(p->detail), "%s%d号%d栋%d单元%d%02d室", PICK(street),
	        1 + any(seed, 400), 1 + any(seed, 20), 1 + any(seed, 4), 1 + any(seed, 18),
	        1 + any(seed, 4));
}

static void book_all(struct fixture *f)
{
	struct yz_shipment *s = yz_alloc(sizeof(*s));
	struct yz_booking *b = yz_alloc(sizeof(*b));
	struct yz_error err = {0};
	unsigned number = 20261125, *seed = &number;

	for (int i = 0; i < RECORDS; i++) {
		fixture_booking(b);
		vary_party(&b->sender, seed);
		vary_party(&b->receiver, seed);
		b->keep_sender = b->keep_receiver = false;
		(void)yz_copy(b->lines[0].name, sizeof(b->lines[0].name), PICK(goods));
		b->weight_g = 500 + any(seed, 9500);
		b->lines[0].mass_g = b->weight_g - 100;
		for (int k = 0; k < 4; k++)
			b->id_last4[k] = (char)('0' + any(seed, 10));
		f->now.wall_ms += 20000 + any(seed, 60000);
		if (yz_booking_save(&f->desk, f->books, &f->now, b, s, &err) != YZ_OK)
			bar_stop(err.text);
	}
	free(b);
	free(s);
}

static void numbers(struct fixture *f)
{
	struct yz_pool p = {.courier = "EMS",
	        .source = "range",
	        .prefix = "30",
	        .check_rule = "none",
	        .width = 8,
	        .lo = 1,
	        .hi = 99999999,
	        .next = 1};
	struct yz_tx *tx;

	if (yz_tx_begin(f->desk.store, &f->now, &tx, NULL) != YZ_OK ||
	        yz_pool_add(tx, &p, NULL) != YZ_OK || yz_tx_commit(tx, NULL) != YZ_OK)
		bar_stop("no numbers");
}

static double gzip_size(const char *bytes, size_t len)
{
	uLongf size = compressBound((uLong)len);
	unsigned char *out = yz_alloc(size);

	/* zlib's frame is 12 bytes shorter than gzip's */
	if (compress2(out, &size, (const unsigned char *)bytes, (uLong)len, 6) != Z_OK)
		bar_stop("gzip");
	free(out);
	return (double)size + 12;
}

static double gzip_of_fifties(struct yz_store *s)
{
	struct yz_now now = yz_clock_now(0);
	struct yz_op *ops;
	struct yz_buf body = YZ_BUF_INIT;
	struct yz_error err = {0};
	double sum = 0;
	size_t n;

	if (yz_outbox_claim(s, now.wall_ms, 50, 1 << 20, &ops, &n, &err) != YZ_OK || n != 50)
		bar_stop("claim");
	yz_wire_batch(&body, &ops[0].id, ops, n);
	sum = gzip_size(yz_buf_str(&body), body.len) / 50;
	yz_ops_free(ops, n);
	yz_buf_free(&body);
	return sum;
}

int main(int argc, char **argv)
{
	struct fixture f;

	if (argc != 2)
		bar_stop("usage: full_queue FOLDER");
	fixture_open(&f);
	numbers(&f);
	book_all(&f);
	(void)printf("%.1f\n", gzip_of_fifties(f.desk.store));
	yz_books_free(f.books);
	yz_store_close(f.desk.store);
	if (rename(f.dir, argv[1]) < 0)
		bar_stop(argv[1]);
	return 0;
}
