/* store: records read back as they were written, are found by what a clerk types, and are not
 * edited. */
#include "config.h"

#include "store/audit.h"
#include "store/contact.h"
#include "store/draft.h"
#include "store/print_job.h"
#include "store/product.h"
#include "store/reference.h"
#include "store/station.h"
#include "tests/unit/store_case.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

static void a_changed_contact_is_a_new_revision(void **state)
{
	struct store_case *c = *state;
	struct yz_contact a = put_contact(c, "李明", "13800000001", "liming lm"), got;
	struct yz_tx *tx = begin(c);

	assert_int_equal(a.rev, 1);
	(void)yz_copy(a.phone, sizeof(a.phone), "13900000002");
	assert_ok(yz_contact_put(tx, &a, NULL));
	commit(tx);
	assert_int_equal(a.rev, 2);
	assert_ok(yz_contact_get(c->s, &a.id, &got, NULL));
	assert_string_equal(got.phone, "13900000002");
	assert_int_equal(got.at_ms, c->now.wall_ms);
	assert_int_equal(ask(c, "SELECT count(*) FROM contact"), 2);
	assert_status(yz_contact_same(c->s, "李明", "13800000001", &got, NULL), YZ_E_NOTFOUND);
	assert_ok(yz_contact_same(c->s, "李明", "13900000002", &got, NULL));
	a.id = yz_id_new(1);
	assert_status(yz_contact_get(c->s, &a.id, &got, NULL), YZ_E_NOTFOUND);
}

static void contacts_are_found_by_name_pinyin_and_phone(void **state)
{
	struct store_case *c = *state;

	(void)put_contact(c, "李明", "13800000001", "liming lm 13800000001");
	(void)put_contact(c, "王芳", "13900000002", "wangfang wf 100%_");
	find_contacts(c, "", false, "王芳|李明", 2);
	find_contacts(c, "LM", false, "李明", 1);
	find_contacts(c, "明", false, "李明", 1);
	find_contacts(c, "0002", false, "王芳", 1);
	find_contacts(c, "%", false, "王芳", 1);
	find_contacts(c, "0%_", false, "王芳", 1);
	find_contacts(c, "\\", false, "", 0);
	find_contacts(c, "zz", false, "", 0);
}

static void a_farmer_is_a_contact_with_a_profile(void **state)
{
	struct store_case *c = *state;
	struct yz_contact a = put_contact(c, "李明", "13800000001", ""), got;
	struct yz_farmer f = {.contact = a.id,
	                         .kind = "household",
	                         .id_last4 = "123X",
	                         .id_sealed_len = 3},
	                 back;
	struct yz_tx *tx;

	(void)put_contact(c, "王芳", "13900000002", "");
	memcpy(f.id_sealed, "\0\1\2", 3);
	tx = begin(c);
	assert_ok(yz_farmer_put(tx, &f, NULL));
	f.id_sealed_len = 90;
	assert_ok(yz_farmer_put(tx, &f, NULL));
	f.contact = yz_id_new(1);
	assert_status(yz_farmer_put(tx, &f, NULL), YZ_E_NOTFOUND);
	commit(tx);
	find_contacts(c, "", true, "李明", 1);
	assert_ok(yz_farmer_get(c->s, &a.id, &back, NULL));
	assert_int_equal(back.rev, 2);
	assert_int_equal(back.id_sealed_len, 90);
	assert_memory_equal(back.id_sealed, "\0\1\2", 3);
	assert_string_equal(back.id_last4, "123X");
	assert_ok(yz_contact_get(c->s, &a.id, &got, NULL));
	assert_true(got.is_farmer);
	assert_status(yz_farmer_get(c->s, &f.contact, &back, NULL), YZ_E_NOTFOUND);
}

static void a_withdrawn_consent_does_not_come_back(void **state)
{
	struct store_case *c = *state;
	struct yz_contact a = put_contact(c, "李明", "13800000001", "");
	struct yz_consent first = {.contact = a.id,
	                          .purpose = "upload",
	                          .wording = "1",
	                          .how = "spoken"},
	                  second = first, got;
	struct yz_tx *tx = begin(c);

	assert_ok(yz_consent_add(tx, &first, NULL));
	assert_ok(yz_consent_add(tx, &second, NULL));
	commit(tx);
	assert_ok(yz_consent_get(c->s, &a.id, "upload", &got, NULL));
	assert_true(yz_id_equal(&got.id, &second.id));
	assert_int_equal(got.given_ms, c->now.wall_ms);
	assert_status(yz_consent_get(c->s, &a.id, "photo", &got, NULL), YZ_E_NOTFOUND);
	tx = begin(c);
	assert_ok(yz_consent_withdraw(tx, &second.id, NULL));
	assert_status(yz_consent_withdraw(tx, &first.id, NULL), YZ_E_NOTFOUND);
	commit(tx);
	assert_status(yz_consent_get(c->s, &a.id, "upload", &got, NULL), YZ_E_NOTFOUND);
}

static void an_item_number_belongs_to_one_product(void **state)
{
	struct store_case *c = *state;
	struct yz_product a = {.item_no = "GINGER-1",
	        .name = "小黄姜",
	        .unit = "035",
	        .price_fen = 500,
	        .search = "xhj"};
	struct yz_product b = a, *rows = yz_alloc(2 * sizeof(*rows)), got;
	struct yz_tx *tx = begin(c);
	size_t n, total;

	assert_ok(yz_product_put(tx, &a, NULL));
	assert_status(yz_product_put(tx, &b, NULL), YZ_E_EXISTS);
	(void)yz_copy(b.item_no, sizeof(b.item_no), "HAM-1");
	assert_ok(yz_product_put(tx, &b, NULL));
	(void)yz_copy(b.item_no, sizeof(b.item_no), "GINGER-1");
	assert_status(yz_product_put(tx, &b, NULL), YZ_E_EXISTS);
	a.price_fen = 600;
	assert_ok(yz_product_put(tx, &a, NULL));
	commit(tx);
	assert_ok(yz_product_by_item(c->s, "GINGER-1", &got, NULL));
	assert_int_equal(got.rev, 2);
	assert_int_equal(got.price_fen, 600);
	assert_ok(yz_product_get(c->s, &b.id, &got, NULL));
	assert_string_equal(got.item_no, "HAM-1");
	assert_ok(yz_product_find(c->s, "XHJ", 1, rows, 2, &n, &total, NULL));
	assert_int_equal(n, 1);
	assert_int_equal(total, 2);
	assert_ok(yz_product_find(c->s, "ginger", 0, rows, 2, &n, NULL, NULL));
	assert_int_equal(n, 1);
	free(rows);
}

static void the_station_and_its_clerks_read_back(void **state)
{
	struct store_case *c = *state;
	struct yz_station st = {.id = "QJ1", .name = "宝山站"}, got;
	struct yz_clerk a = {.id = yz_id_new(1), .login = "zhang", .name = "张", .active = true},
	                b = a, back, rows[3];
	struct yz_tx *tx;
	size_t n;

	assert_status(yz_station_get(c->s, &got, NULL), YZ_E_NOTFOUND);
	tx = begin(c);
	assert_ok(yz_station_put(tx, &st, NULL));
	(void)yz_copy(st.name, sizeof(st.name), "新站");
	assert_ok(yz_station_put(tx, &st, NULL));
	assert_ok(yz_clerk_add(tx, &a, NULL));
	b.id = yz_id_new(2);
	assert_status(yz_clerk_add(tx, &b, NULL), YZ_E_EXISTS);
	assert_status(yz_clerk_update(tx, &b, NULL), YZ_E_NOTFOUND);
	a.failures = 3;
	a.active = false;
	assert_ok(yz_clerk_update(tx, &a, NULL));
	commit(tx);
	assert_ok(yz_station_get(c->s, &got, NULL));
	assert_string_equal(got.name, "新站");
	assert_ok(yz_clerk_find(c->s, "zhang", &back, NULL));
	assert_int_equal(back.failures, 3);
	assert_false(back.active);
	assert_ok(yz_clerk_get(c->s, &a.id, &back, NULL));
	assert_status(yz_clerk_find(c->s, "li", &back, NULL), YZ_E_NOTFOUND);
	assert_ok(yz_clerk_list(c->s, rows, 3, &n, NULL));
	assert_int_equal(n, 1);
}

static void print_jobs_are_numbered_and_move_on(void **state)
{
	struct store_case *c = *state;
	struct yz_id parcel = yz_id_new(1);
	struct yz_print_job a = {.paper = "waybill", .template = "t", .shipment = parcel}, b = a,
	                    rec = a, rows[4];
	struct yz_tx *tx = begin(c);
	size_t n;

	(void)yz_copy(rec.paper, sizeof(rec.paper), "receipt");
	assert_ok(yz_print_job_add(tx, &a, NULL));
	assert_ok(yz_print_job_add(tx, &b, NULL));
	assert_ok(yz_print_job_add(tx, &rec, NULL));
	commit(tx);
	assert_int_equal(b.print_no, 2);
	assert_int_equal(rec.print_no, 1);
	assert_int_equal(rec.seq, 3);
	tx = begin(c);
	a.state = YZ_PRINT_DONE;
	b.state = YZ_PRINT_FAILED;
	b.cups_job = 17;
	(void)yz_copy(b.trouble, sizeof(b.trouble), "media-empty");
	assert_ok(yz_print_job_update(tx, &a, NULL));
	assert_ok(yz_print_job_update(tx, &b, NULL));
	rec.id = yz_id_new(3);
	assert_status(yz_print_job_update(tx, &rec, NULL), YZ_E_NOTFOUND);
	commit(tx);
	assert_ok(yz_print_job_open(c->s, rows, 4, &n, NULL));
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].cups_job, 17);
	assert_int_equal(rows[0].changed_ms, c->now.wall_ms);
	assert_ok(yz_print_job_due(c->s, rows, 4, &n, NULL));
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].paper, "receipt");
	assert_ok(yz_print_job_list(c->s, &parcel, rows, 4, &n, NULL));
	assert_int_equal(n, 3);
	assert_ok(yz_print_job_get(c->s, &b.id, rows, NULL));
	assert_string_equal(rows[0].trouble, "media-empty");
	assert_status(yz_print_job_get(c->s, &rec.id, rows, NULL), YZ_E_NOTFOUND);
}

static void a_draft_comes_back_byte_for_byte(void **state)
{
	struct store_case *c = *state;
	struct yz_id clerk = yz_id_new(1), other = yz_id_new(2);
	struct yz_fields in = YZ_FIELDS_INIT, out = YZ_FIELDS_INIT;
	struct yz_draft rows[3];
	struct yz_tx *tx;
	size_t n;

	yz_fields_set(&in, "a=b", "1=2\n\nx\\");
	yz_fields_set(&in, "empty", "");
	assert_ok(yz_draft_save(c->s, &c->now, &clerk, "booking", &in, NULL));
	yz_fields_set(&in, "empty", "full");
	assert_ok(yz_draft_save(c->s, &c->now, &clerk, "booking", &in, NULL));
	yz_fields_set(&out, "old", "old");
	assert_ok(yz_draft_load(c->s, &clerk, "booking", &out, NULL));
	assert_int_equal(out.count, 2);
	assert_string_equal(yz_fields_get(&out, "a=b"), "1=2\n\nx\\");
	assert_string_equal(yz_fields_get(&out, "empty"), "full");
	assert_status(yz_draft_load(c->s, &other, "booking", &out, NULL), YZ_E_NOTFOUND);
	assert_ok(yz_draft_list(c->s, &clerk, rows, 3, &n, NULL));
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].screen, "booking");
	tx = begin(c);
	assert_ok(yz_draft_drop(tx, &clerk, "booking", NULL));
	assert_ok(yz_draft_drop(tx, &clerk, "booking", NULL));
	commit(tx);
	assert_status(yz_draft_load(c->s, &clerk, "booking", &out, NULL), YZ_E_NOTFOUND);
	yz_fields_free(&in);
	assert_ok(yz_draft_save(c->s, &c->now, &clerk, "booking", &in, NULL));
	assert_ok(yz_draft_load(c->s, &clerk, "booking", &out, NULL));
	assert_int_equal(out.count, 0);
	meddle(c, "UPDATE draft SET body = x'61'");
	assert_status(yz_draft_load(c->s, &clerk, "booking", &out, NULL), YZ_E_CORRUPT);
	yz_fields_free(&out);
}

static void old_reference_data_stays_beside_the_new(void **state)
{
	struct store_case *c = *state;
	struct yz_reference a = {.kind = "tariff", .name = "2026", .rows = 1},
	                    b = {.kind = "tariff", .name = "2027"}, got, rows[4];
	struct yz_buf text = YZ_BUF_INIT;
	struct yz_tx *tx = begin(c);
	size_t n;

	assert_ok(yz_reference_put(tx, &a, "old", 3, NULL));
	assert_ok(yz_reference_put(tx, &a, "new", 3, NULL));
	assert_ok(yz_reference_put(tx, &b, "", 0, NULL));
	commit(tx);
	assert_ok(yz_reference_get(c->s, "tariff", "2026", &text, &got, NULL));
	assert_string_equal(text.data, "new");
	assert_int_equal(got.rows, 1);
	assert_ok(yz_reference_get(c->s, "tariff", NULL, &text, &got, NULL));
	assert_string_equal(got.name, "2027");
	assert_string_equal(yz_buf_str(&text), "");
	assert_status(yz_reference_get(c->s, "couriers", NULL, &text, NULL, NULL), YZ_E_NOTFOUND);
	assert_ok(yz_reference_list(c->s, rows, 4, &n, NULL));
	assert_int_equal(n, 2);
	assert_int_equal(ask(c, "SELECT count(*) FROM reference_text"), 3);
	meddle(c, "UPDATE reference_text SET text = x'6e6575' WHERE seq = 2");
	assert_status(yz_reference_get(c->s, "tariff", "2026", &text, &got, NULL), YZ_E_CORRUPT);
	yz_buf_free(&text);
}

static void recipients_keys_read_back(void **state)
{
	struct store_case *c = *state;
	struct yz_recipient r = {.code = "realname:SF", .name = "顺丰", .public_key = {1, 2, 3}},
	                    got;
	struct yz_tx *tx = begin(c);

	assert_ok(yz_recipient_put(tx, &r, NULL));
	assert_ok(yz_recipient_put(tx, &r, NULL));
	commit(tx);
	assert_ok(yz_recipient_get(c->s, "realname:SF", &got, NULL));
	assert_memory_equal(got.public_key, r.public_key, 32);
	assert_status(yz_recipient_get(c->s, "x", &got, NULL), YZ_E_NOTFOUND);
}

static void a_broken_audit_is_found_at_its_row(void **state)
{
	static const struct {
		const char *sql, *where;
	} breaks[] = {
	        {"UPDATE audit SET detail = 'y' WHERE seq = 2", "row 2"},
	        {"DELETE FROM audit WHERE seq = 1", "row 1"},
	        {"UPDATE audit SET clerk = NULL WHERE seq = 1", "row 1"},
	        {"UPDATE audit SET action = 'a.1b', ref = '' WHERE seq = 3", "row 3"},
	};
	struct yz_id clerk = yz_id_new(1);
	struct store_case *c = *state;
	struct yz_tx *tx = begin(c);
	struct yz_error err;
	int64_t rows = 0;

	assert_ok(yz_audit_verify(c->s, &rows, NULL));
	assert_int_equal(rows, 0);
	assert_ok(yz_audit_add(tx, &clerk, "a.1", "b", "x", NULL));
	assert_ok(yz_audit_add(tx, NULL, "a.1", "b", "", NULL));
	assert_ok(yz_audit_add(tx, &clerk, "a.1", "b", "", NULL));
	commit(tx);
	assert_ok(yz_audit_verify(c->s, &rows, NULL));
	assert_int_equal(rows, 3);
	meddle(c, "DROP TRIGGER audit_fixed; DROP TRIGGER audit_kept; CREATE TABLE copy AS SELECT "
	          "* FROM audit");
	for (size_t i = 0; i < sizeof(breaks) / sizeof(breaks[0]); i++) {
		meddle(c, breaks[i].sql);
		assert_status(yz_audit_verify(c->s, &rows, &err), YZ_E_CORRUPT);
		assert_non_null(strstr(err.text, breaks[i].where));
		meddle(c, "DELETE FROM audit; INSERT INTO audit SELECT * FROM copy");
	}
	assert_ok(yz_audit_verify(c->s, NULL, NULL));
}

#define T(f) cmocka_unit_test_setup_teardown(f, store_case_setup, store_case_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        T(a_changed_contact_is_a_new_revision),
	        T(contacts_are_found_by_name_pinyin_and_phone),
	        T(a_farmer_is_a_contact_with_a_profile),
	        T(a_withdrawn_consent_does_not_come_back),
	        T(an_item_number_belongs_to_one_product),
	        T(the_station_and_its_clerks_read_back),
	        T(print_jobs_are_numbered_and_move_on),
	        T(a_draft_comes_back_byte_for_byte),
	        T(old_reference_data_stays_beside_the_new),
	        T(recipients_keys_read_back),
	        T(a_broken_audit_is_found_at_its_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
