/* station: telephone, identity and credit numbers, waybills, and hiding them. */
#include "config.h"

#include "base/clock.h"
#include "station/check.h"
#include "station/mask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static int64_t today(void)
{
	int64_t ms = 0;

	assert_true(yz_clock_parse("2026-11-24", &ms));
	return ms;
}

static void a_phone_is_a_mobile_or_a_landline(void **state)
{
	static const char *const right[] = {"13800000000", "19912345678", "13800000000-1",
	        "13800000000-1234", "08743123456", "0874-3123456", "0874-3123456-801",
	        "010-62345678", "01062345678", "02887654321", "0755-26123456-12"};
	static const char *const wrong[] = {"", "12800000000", "1380000000", "138000000000",
	        "138****1234", "13800000000-", "13800000000-12345", "13800000000-12a", "0874-31234",
	        "3123456", "+8613800000000", "138 0000 0000", "１３８００００００００",
	        "0000-3123456", "0874--3123456", "13800000000\n"};
	struct yz_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		if (yz_check_phone(right[i], &err) != YZ_OK)
			fail_msg("refused: %s", right[i]);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (yz_check_phone(wrong[i], &err) != YZ_E_RANGE)
			fail_msg("taken: %s", wrong[i]);
}

static void an_identity_number_must_add_up_and_have_a_day_of_birth(void **state)
{
	/* invented numbers; 360426 is a county code that is no longer in use */
	static const char *const right[] = {
	        "360426199101010071", "11010519491231002X", "11010519491231002x"};
	static const char *const wrong[] = {"360426199101010072", "36042619910101007",
	        "3604261991010100711", "110105194912310020", "160426199101010071",
	        "360426199113010071", "３60426199101010071", "360426189101010071",
	        "36042619910101007a", ""};
	struct yz_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		if (yz_check_id(right[i], today(), &err) != YZ_OK)
			fail_msg("refused: %s: %s", right[i], err.text);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (yz_check_id(wrong[i], today(), &err) != YZ_E_RANGE)
			fail_msg("taken: %s", wrong[i]);
}

/* Puts the right check character behind 17 digits, so that only the birth decides. */
static void with_check(char id[19])
{
	static const int w[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	int sum = 0;

	for (int i = 0; i < 17; i++)
		sum += w[i] * (id[i] - '0');
	id[17] = "10X98765432"[sum % 11];
	id[18] = '\0';
}

static void births_run_from_1900_to_today_in_china(void **state)
{
	static const struct {
		const char *digits;
		enum yz_status want;
	} rows[] = {{"53030218991231001", YZ_E_RANGE}, {"53030219000101001", YZ_OK},
	        {"53030220261124001", YZ_OK}, {"53030220261125001", YZ_E_RANGE},
	        {"53030220250229001", YZ_E_RANGE}, {"53030220240229001", YZ_OK}};
	char id[19];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memcpy(id, rows[i].digits, 17);
		with_check(id);
		assert_int_equal(yz_check_id(id, today(), NULL), rows[i].want);
	}
	/* the last minute of the 24th in UTC is already the 25th in China */
	memcpy(id, "53030220261125001", 17);
	with_check(id);
	assert_int_equal(yz_check_id(id, today() + 86400000, NULL), YZ_OK);
}

static void a_credit_code_must_add_up(void **state)
{
	static const char *const wrong[] = {"91110000600037341M", "91110000600037341l",
	        "9111000060003734", "91110000600037341LL", "9111000O600037341L", "",
	        "91A10000600037341L"};

	(void)state;
	assert_int_equal(yz_check_uscc("91110000600037341L", NULL), YZ_OK);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (yz_check_uscc(wrong[i], NULL) != YZ_E_RANGE)
			fail_msg("taken: %s", wrong[i]);
}

static bool may_be(const char *number, const char *courier)
{
	struct yz_waybill_match m;

	if (yz_check_waybill(number, &m, NULL) != YZ_OK)
		return false;
	for (size_t i = 0; i < m.count; i++)
		if (!strcmp(m.couriers[i], courier))
			return true;
	return false;
}

static void a_waybill_number_names_the_couriers_it_may_be_of(void **state)
{
	(void)state;
	assert_true(may_be("SF1234567890123", "sf"));
	assert_true(may_be("JT0000131754417", "jt"));
	assert_true(may_be("73100118865046", "zto"));
	assert_true(may_be("YT1234567890123", "yto"));
	assert_true(may_be("773123456789012", "sto"));
	assert_true(may_be("1012345678901", "ems"));
	assert_true(may_be("JDX123456789012", "jd"));
	assert_true(may_be("9812345678901", "post")); /* 13 digits fit several */
	assert_true(may_be("9812345678901", "ems"));
	assert_false(may_be("9812345678901", "sf"));
	assert_int_equal(yz_check_waybill("ABC", NULL, NULL), YZ_E_RANGE);
	assert_int_equal(yz_check_waybill("", NULL, NULL), YZ_E_RANGE);
	assert_int_equal(yz_check_waybill("1234567", NULL, NULL), YZ_E_RANGE);
	assert_int_equal(yz_check_waybill("SF12345678901 3", NULL, NULL), YZ_E_RANGE);
}

static void an_s10_number_must_add_up(void **state)
{
	(void)state;
	assert_true(may_be("EA000717595CN", "ems"));
	assert_true(may_be("RB000717581CN", "post"));
	assert_true(may_be("EA966331020CN", "ems"));
	assert_int_equal(yz_check_waybill("EA000717594CN", NULL, NULL), YZ_E_RANGE);
	assert_int_equal(yz_check_waybill("EA966331021CN", NULL, NULL), YZ_E_RANGE);
}

static void a_mask_hides_what_the_standard_wants_hidden(void **state)
{
	char out[256];

	(void)state;
	yz_mask_phone("13800001234", out, sizeof(out));
	assert_string_equal(out, "138******34");
	yz_mask_phone("13800001234-5678", out, sizeof(out));
	assert_string_equal(out, "138******34-****");
	yz_mask_phone("0874-3123456", out, sizeof(out));
	assert_string_equal(out, "087*-*****56");
	yz_mask_phone("3123456", out, sizeof(out));
	assert_string_equal(out, "*******");
	yz_mask_name("王芳", out, sizeof(out));
	assert_string_equal(out, "王*");
	yz_mask_name("王小芳", out, sizeof(out));
	assert_string_equal(out, "王*芳");
	yz_mask_name("王", out, sizeof(out));
	assert_string_equal(out, "*");
	yz_mask_name("买买提·艾力", out, sizeof(out));
	assert_string_equal(out, "买****力");
	yz_mask_detail("翠峰路12号丽景苑3栋2单元501室", out, sizeof(out));
	assert_string_equal(out, "翠峰路12号丽景苑*栋*单元***室");
	yz_mask_detail("丽景苑3-2-501", out, sizeof(out));
	assert_string_equal(out, "丽景苑*-*-***");
	yz_mask_detail("潇湘村3组12号", out, sizeof(out));
	assert_string_equal(out, "潇湘村3组12号");
}

static void a_mask_is_cut_before_the_end_of_its_room(void **state)
{
	char out[5];

	(void)state;
	yz_mask_name("王小芳", out, sizeof(out));
	assert_string_equal(out, "王*");
	yz_mask_phone("13800001234", out, sizeof(out));
	assert_string_equal(out, "138*");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_phone_is_a_mobile_or_a_landline),
	        cmocka_unit_test(an_identity_number_must_add_up_and_have_a_day_of_birth),
	        cmocka_unit_test(births_run_from_1900_to_today_in_china),
	        cmocka_unit_test(a_credit_code_must_add_up),
	        cmocka_unit_test(a_waybill_number_names_the_couriers_it_may_be_of),
	        cmocka_unit_test(an_s10_number_must_add_up),
	        cmocka_unit_test(a_mask_hides_what_the_standard_wants_hidden),
	        cmocka_unit_test(a_mask_is_cut_before_the_end_of_its_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
