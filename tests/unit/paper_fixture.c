#include "config.h"

#include "tests/unit/paper_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char *const waybill[][2] = {{"station.name", "罗平县九龙街道乡镇电商公共服务站"},
        {"station.id", "QJ530324001"}, {"station.phone", "0874-8212345"},
        {"waybill.no", "73100118865046"}, {"courier.name", "中通快递"},
        {"routing.code", "356-01-02 AOF3"}, {"sender.name", "李桂芬"},
        {"sender.phone", "13887412345"}, {"sender.region", "云南省曲靖市罗平县九龙街道"},
        {"sender.detail", "新村村委会大明槽村12号"}, {"receiver.name", "王小明"},
        {"receiver.phone", "13905711234"}, {"receiver.region", "浙江省杭州市西湖区古荡街道"},
        {"receiver.detail", "文二路391号3栋2单元501室"}, {"goods", "小黄姜、火腿"}, {"pieces", "1"},
        {"weight_g", "5350"}, {"billed_g", "6000"}, {"freight_fen", "2300"}, {"total_fen", "2300"},
        {"payer", "sender"}, {"paid_by", "cash"}, {"print_no", "1"},
        {"booked_at", "2026-11-24T15:04:05+08:00"}, {"line.0.name", "罗平小黄姜"},
        {"line.0.qty", "1 箱"}, {"line.0.mass_g", "5000"}, {"void.reason", "改寄"},
        {"void.at", "2026-11-24T16:00:00+08:00"}, {"refund_fen", "2300"}};

struct yz_fields test_paper_fields(void)
{
	struct yz_fields f = YZ_FIELDS_INIT;

	for (size_t i = 0; i < sizeof(waybill) / sizeof(waybill[0]); i++)
		yz_fields_set(&f, waybill[i][0], waybill[i][1]);
	return f;
}

const char *test_paper_path(char *out, size_t size, const char *name)
{
	(void)snprintf(out, size, "%s/data/templates/%s.xml", getenv("YZ_SRCDIR"), name);
	return out;
}

void test_paper_render(const char *name, const struct yz_fields *f, const char *as,
        struct yz_buf *out, struct yz_page *page)
{
	struct yz_error err = {0};
	char path[500];

	if (yz_render(test_paper_path(path, sizeof(path), name), f, yz_format_by_name(as), out,
	            page, &err))
		fail_msg("%s", err.text);
}

size_t test_ink(const struct yz_bitmap *b)
{
	size_t n = 0;

	for (int i = 0; i < b->stride * b->h; i++)
		n += (size_t)__builtin_popcount(b->bits[i]);
	return n;
}
