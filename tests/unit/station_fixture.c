#include "config.h"

#include "tests/unit/station_fixture.h"

#include "base/buf.h"
#include "station/signin.h"
#include "store/pool.h"
#include "store/reference.h"
#include "store/station.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static const char couriers[] =
        "code,name,name_en,number_mode,void_rule,service_default,volumetric_divisor,max_weight_g,"
        "phone,claim_rule,"
        "number_format,sort\n"
        "EMS,邮政特快,EMS,range,burn,标快,6000,30000,11183,postal-47,^[0-9]{10}$,1\n"
        "YTO,圆通速递,YTO,range,return,标快,6000,30000,95554,civil,^YT[0-9]{8}$,2\n"
        "SF,顺丰速运,SF,online,burn,标快,6000,30000,95338,civil,^SF[0-9]{13}$,3\n";

static const char tariff[] = "tariff,courier,service,zone,to,product_line,no_ship,first_g,first_"
                             "fen,step_g,step_fen,max_g,valid_from,"
                             "valid_until,note\n"
                             "T1,EMS,标快,省内,53,,,1000,800,1000,200,30000,2026-01-01,,\n"
                             "T1,YTO,标快,省内,53,,,1000,600,1000,150,30000,2026-01-01,,\n"
                             "T1,SF,标快,省内,53,,,1000,1200,1000,400,30000,2026-01-01,,\n";

static void reference(struct yz_tx *tx, const char *kind, const char *name, const char *text)
{
	struct yz_reference ref = {.rows = 3};
	struct yz_error err = {0};

	(void)yz_copy(ref.kind, sizeof(ref.kind), kind);
	(void)yz_copy(ref.name, sizeof(ref.name), name);
	assert_int_equal(yz_reference_put(tx, &ref, text, strlen(text), &err), YZ_OK);
}

static void pool(struct yz_tx *tx, const char *courier, const char *prefix, int64_t lo, int64_t hi)
{
	struct yz_pool p = {.width = 8, .lo = lo, .hi = hi, .next = lo};
	struct yz_error err = {0};

	(void)yz_copy(p.courier, sizeof(p.courier), courier);
	(void)yz_copy(p.source, sizeof(p.source), "range");
	(void)yz_copy(p.prefix, sizeof(p.prefix), prefix);
	(void)yz_copy(p.check_rule, sizeof(p.check_rule), "none");
	assert_int_equal(yz_pool_add(tx, &p, &err), YZ_OK);
}

void fixture_open(struct fixture *f)
{
	struct yz_error err = {0};
	struct yz_tx *tx = NULL;

	memset(f, 0, sizeof(*f));
	(void)snprintf(f->dir, sizeof(f->dir), "/tmp/yizhan-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	f->now = yz_clock_now(1795485600000); /* 2026-11-24T10:00:00+08:00 */
	assert_int_equal(yz_store_open(&f->desk.store, f->dir, YZ_STORE_CREATE, &err), YZ_OK);
	(void)yz_copy(f->desk.station.id, sizeof(f->desk.station.id), "QJ530381");
	(void)yz_copy(f->desk.station.name, sizeof(f->desk.station.name), "宝山镇电商公共服务站");
	(void)yz_copy(f->desk.station.level, sizeof(f->desk.station.level), "township");
	(void)yz_copy(f->desk.clerk.login, sizeof(f->desk.clerk.login), "demo");
	(void)yz_copy(f->desk.clerk.name, sizeof(f->desk.clerk.name), "演示员");
	(void)yz_copy(f->desk.clerk.role, sizeof(f->desk.clerk.role), "clerk");
	assert_int_equal(
	        yz_clerk_new(f->desk.store, &f->now, &f->desk.clerk, "275918", &err), YZ_OK);
	assert_int_equal(yz_tx_begin(f->desk.store, &f->now, &tx, &err), YZ_OK);
	assert_int_equal(yz_station_put(tx, &f->desk.station, &err), YZ_OK);
	reference(tx, "couriers", "", couriers);
	reference(tx, "tariff", "T1", tariff);
	pool(tx, "EMS", "10", 1, 3);
	pool(tx, "YTO", "YT", 100, 101);
	assert_int_equal(yz_tx_commit(tx, &err), YZ_OK);
	f->books = yz_books_new(f->desk.store);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void fixture_close(struct fixture *f)
{
	yz_books_free(f->books);
	yz_store_close(f->desk.store);
	(void)nftw(f->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void party(struct yz_party *p, const char *name, const char *phone, const char *code,
        const char *detail)
{
	memset(p, 0, sizeof(*p));
	(void)yz_copy(p->name, sizeof(p->name), name);
	(void)yz_copy(p->phone, sizeof(p->phone), phone);
	(void)yz_copy(p->code, sizeof(p->code), code);
	(void)yz_copy(p->region, sizeof(p->region), "云南省");
	(void)yz_copy(p->detail, sizeof(p->detail), detail);
}

void fixture_booking(struct yz_booking *b)
{
	memset(b, 0, sizeof(*b));
	party(&b->sender, "李桂花", "13800004412", "530381100", "三组12号");
	party(&b->receiver, "王芳", "13900001234", "530102", "护国路1号3单元502室");
	b->keep_sender = b->keep_receiver = true;
	(void)yz_copy(b->lines[0].name, sizeof(b->lines[0].name), "小黄姜");
	b->lines[0].qty_milli = 5000;
	(void)yz_copy(b->lines[0].unit, sizeof(b->lines[0].unit), "075");
	b->lines[0].mass_g = 2500;
	b->line_count = 1;
	b->pieces = 1;
	b->weight_g = 2600;
	(void)yz_copy(b->courier, sizeof(b->courier), "EMS");
	(void)yz_copy(b->payer, sizeof(b->payer), "sender");
	(void)yz_copy(b->method, sizeof(b->method), "cash");
	(void)yz_copy(b->id_last4, sizeof(b->id_last4), "123X");
	b->identity_seen = b->inspected = b->terms_read = true;
}
