/* Bundles and their pieces on paper: what comes back is what went in, and whatever is changed, cut,
 * mixed up or sealed for another is refused. */
#include "config.h"

#include "base/file.h"
#include "station/bundle_key.h"
#include "station/bundle_pieces.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static const char item[] = "{\"op_id\":\"018bcfe5-6800-7a11-8c01-0242ac120002\",\"data\":{}}\n";

struct made {
	struct yz_bundle_keys seal, open; /* of the two sides */
	struct yz_buf bytes;
};

/* A bundle of so many items that do not compress to nothing. */
static void make(struct made *m, size_t count)
{
	struct yz_bundle b = {.station = "QJ530381001",
	        .agent_epoch = 3,
	        .created_ms = 1795485600000,
	        .count = count,
	        .items = YZ_BUF_INIT};
	struct yz_error err = {0};

	memset(m, 0, sizeof(*m));
	assert_true(sodium_init() >= 0);
	randombytes_buf(m->seal.station, YZ_BUNDLE_KEY);
	randombytes_buf(m->open.centre, YZ_BUNDLE_KEY);
	yz_bundle_key_public(m->open.station, m->seal.station, YZ_KEY_STATION);
	yz_bundle_key_public(m->seal.centre, m->open.centre, YZ_KEY_CENTRE);
	for (size_t i = 0; i < count; i++) {
		yz_buf_printf(&b.items, "%08x%08x%08x", randombytes_random(), randombytes_random(),
		        randombytes_random());
		yz_buf_puts(&b.items, item);
	}
	assert_int_equal(yz_bundle_seal(&m->bytes, &b, &m->seal, &err), YZ_OK);
	yz_bundle_free(&b);
}

static enum yz_status open_it(const struct made *m, struct yz_error *err)
{
	struct yz_bundle b;
	enum yz_status st = yz_bundle_open(&b, m->bytes.data, m->bytes.len, &m->open, err);

	if (st == YZ_OK)
		yz_bundle_free(&b);
	return st;
}

static void a_bundle_comes_back_byte_for_byte(void **state)
{
	struct made m;
	struct yz_bundle in = {.station = "Q", .agent_epoch = 1, .created_ms = 5, .count = 2}, out;
	struct yz_error err = {0};

	(void)state;
	make(&m, 1);
	yz_buf_puts(&in.items, item);
	yz_buf_puts(&in.items, "{\"姓名\":\"李桂花\"}\n");
	assert_int_equal(yz_bundle_seal(&m.bytes, &in, &m.seal, &err), YZ_OK);
	assert_null(memmem(m.bytes.data, m.bytes.len, "op_id", 5));
	assert_int_equal(yz_bundle_peek(&out, m.bytes.data, m.bytes.len, &err), YZ_OK);
	assert_string_equal(out.station, "Q");
	assert_int_equal(yz_bundle_open(&out, m.bytes.data, m.bytes.len, &m.open, &err), YZ_OK);
	assert_int_equal(out.count, 2);
	assert_int_equal(out.agent_epoch, 1);
	assert_int_equal(out.created_ms, 5);
	assert_string_equal(yz_buf_str(&out.items), in.items.data);
	yz_bundle_free(&out);
	yz_bundle_free(&in);
	yz_buf_free(&m.bytes);
}

static void a_station_that_would_write_on_the_terminal_is_refused(void **state)
{
	static const char *const bad[] = {"Q\033[2J", "Q\"", "Q\\", "Q Q", "Q\n", "Q\x7f"};
	struct made m;
	struct yz_error err = {0};

	(void)state;
	make(&m, 1);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct yz_bundle in = {.agent_epoch = 1, .created_ms = 5, .count = 1}, out;

		(void)yz_copy(in.station, sizeof(in.station), bad[i]);
		yz_buf_puts(&in.items, item);
		assert_int_equal(yz_bundle_seal(&m.bytes, &in, &m.seal, &err), YZ_OK);
		assert_int_equal(yz_bundle_peek(&out, m.bytes.data, m.bytes.len, &err), YZ_E_PARSE);
		yz_bundle_free(&in);
	}
	yz_buf_free(&m.bytes);
}

static void a_bundle_cut_anywhere_is_refused(void **state)
{
	struct made m;
	struct yz_error err = {0};
	size_t whole;

	(void)state;
	make(&m, 3);
	whole = m.bytes.len;
	for (size_t n = 0; n < whole; n++) {
		char *exact = malloc(n ? n : 1); /* so that a read behind the end shows */

		assert_non_null(exact);
		memcpy(exact, m.bytes.data, n);
		m.bytes.len = n;
		{
			struct made cut = m;

			cut.bytes.data = exact;
			assert_int_equal(open_it(&cut, &err), YZ_E_PARSE);
		}
		free(exact);
	}
	m.bytes.len = whole;
	yz_buf_putc(&m.bytes, '\0');
	assert_int_equal(open_it(&m, &err), YZ_E_PARSE);
	yz_buf_free(&m.bytes);
}

static void a_bundle_with_any_byte_changed_is_refused(void **state)
{
	struct made m;
	struct yz_error err = {0};

	(void)state;
	make(&m, 3);
	assert_int_equal(open_it(&m, &err), YZ_OK);
	for (size_t i = 0; i < m.bytes.len; i++) {
		m.bytes.data[i] ^= 1;
		assert_int_not_equal(open_it(&m, &err), YZ_OK);
		m.bytes.data[i] ^= 1;
	}
	yz_buf_free(&m.bytes);
}

static void another_key_opens_nothing_and_the_sentence_says_which(void **state)
{
	struct made m, other;
	struct yz_error err = {0};

	(void)state;
	make(&m, 1);
	make(&other, 1);
	m.open.centre[5] ^= 8;
	assert_int_equal(open_it(&m, &err), YZ_E_DENIED);
	assert_non_null(strstr(err.say, "another key"));
	m.open.centre[5] ^= 8;
	memcpy(m.open.station, other.open.station, YZ_BUNDLE_KEY);
	assert_int_equal(open_it(&m, &err), YZ_E_DENIED);
	assert_non_null(strstr(err.say, "signature"));
	yz_buf_free(&m.bytes);
	yz_buf_free(&other.bytes);
}

/* Whoever has a key of his own may not pass another's box off as his. */
static void a_bundle_signed_anew_by_another_station_is_refused(void **state)
{
	struct made m;
	struct yz_error err = {0};
	unsigned char public[32], secret[64], seed[32] = {7};
	size_t body;

	(void)state;
	make(&m, 1);
	body = m.bytes.len - crypto_sign_BYTES;
	(void)crypto_sign_seed_keypair(public, secret, seed);
	(void)crypto_sign_detached((unsigned char *)m.bytes.data + body, NULL,
	        (unsigned char *)m.bytes.data, body, secret);
	memcpy(m.open.station, public, sizeof(public));
	assert_int_equal(open_it(&m, &err), YZ_E_DENIED);
	assert_non_null(strstr(err.say, "filled by another"));
	yz_buf_free(&m.bytes);
}

/* Scans all texts but one, in the order that step gives; each twice. */
static void scan_all(
        struct yz_pieces *to, const struct yz_pieces *from, size_t step, size_t without)
{
	for (size_t i = 0; i < from->count; i++) {
		size_t k = i * step % from->count;

		if (k == without)
			continue;
		assert_int_equal(yz_pieces_scan(to, from->texts[k]), YZ_SCAN_NEW);
		assert_int_equal(yz_pieces_scan(to, from->texts[k]), YZ_SCAN_AGAIN);
	}
}

static void scans_in_any_order_and_twice_give_the_bundle(void **state)
{
	struct made m;
	struct yz_pieces cut, scans = {.count = 0};
	struct yz_buf out = YZ_BUF_INIT;
	struct yz_error err = {0};
	char a[YZ_PIECE_CHECK_SIZE], b[YZ_PIECE_CHECK_SIZE];

	(void)state;
	make(&m, 1500);
	assert_int_equal(yz_pieces_cut(&cut, m.bytes.data, m.bytes.len, &err), YZ_OK);
	assert_true(cut.count > YZ_PIECES_A_PAGE);
	for (size_t i = 0; i < cut.count; i++) {
		assert_true(strlen(cut.texts[i]) <= YZ_PIECE_TEXT_MAX);
		assert_int_equal(
		        strspn(cut.texts[i], "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"),
		        strlen(cut.texts[i]));
	}
	scan_all(&scans, &cut, cut.count - 1, SIZE_MAX);
	assert_int_equal(yz_pieces_join(&out, &scans, &err), YZ_OK);
	assert_int_equal(out.len, m.bytes.len);
	assert_memory_equal(out.data, m.bytes.data, out.len);
	yz_pieces_check(&cut, 1, a);
	yz_pieces_check(&scans, 1, b);
	assert_string_equal(a, b);
	yz_pieces_free(&cut);
	yz_pieces_free(&scans);
	yz_buf_free(&out);
	yz_buf_free(&m.bytes);
}

static void a_missing_code_is_named_with_its_page(void **state)
{
	struct made m;
	struct yz_pieces cut, scans = {.count = 0};
	struct yz_buf out = YZ_BUF_INIT;
	struct yz_error err = {0};

	(void)state;
	make(&m, 1500);
	assert_int_equal(yz_pieces_cut(&cut, m.bytes.data, m.bytes.len, &err), YZ_OK);
	assert_int_equal(yz_pieces_join(&out, &scans, &err), YZ_E_EMPTY);
	scan_all(&scans, &cut, 1, 13);
	assert_int_equal(yz_pieces_join(&out, &scans, &err), YZ_E_EMPTY);
	assert_string_equal(err.text, "page 2: 14");
	yz_pieces_free(&cut);
	yz_pieces_free(&scans);
	yz_buf_free(&m.bytes);
}

static void a_code_read_wrongly_or_of_another_bundle_is_told(void **state)
{
	struct made m, other;
	struct yz_pieces cut, foreign, scans = {.count = 0};
	struct yz_buf line = YZ_BUF_INIT;
	struct yz_error err = {0};

	(void)state;
	make(&m, 20);
	make(&other, 20);
	assert_int_equal(yz_pieces_cut(&cut, m.bytes.data, m.bytes.len, &err), YZ_OK);
	assert_int_equal(yz_pieces_cut(&foreign, other.bytes.data, other.bytes.len, &err), YZ_OK);
	assert_int_equal(yz_pieces_scan(&scans, "https://example.org/"), YZ_SCAN_FOREIGN);
	assert_int_equal(yz_pieces_scan(&scans, "YZ1:nonsense"), YZ_SCAN_DAMAGED);
	for (char *c = cut.texts[0]; *c; c++) {
		char was = *c;

		*c = was == '7' ? '8' : '7';
		assert_int_not_equal(yz_pieces_scan(&scans, cut.texts[0]), YZ_SCAN_NEW);
		*c = was;
	}
	yz_buf_printf(&line, "QR-Code:%s  \r", cut.texts[0]); /* as some scanners say it */
	assert_int_equal(yz_pieces_scan(&scans, line.data), YZ_SCAN_NEW);
	assert_int_equal(yz_pieces_scan(&scans, foreign.texts[0]), YZ_SCAN_OTHER);
	yz_buf_free(&line);
	yz_pieces_free(&cut);
	yz_pieces_free(&foreign);
	yz_pieces_free(&scans);
	yz_buf_free(&m.bytes);
	yz_buf_free(&other.bytes);
}

static void a_key_file_is_kept_secret_and_never_written_over(void **state)
{
	char dir[] = "/tmp/yizhan-XXXXXX", path[64];
	uint8_t made[YZ_BUNDLE_KEY], read[YZ_BUNDLE_KEY];
	struct yz_error err = {0};
	struct stat info;
	bool is_new;

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/bundle.key", dir);
	assert_int_equal(yz_bundle_key_read(read, path, YZ_KEY_STATION, &err), YZ_E_NOTFOUND);
	assert_int_equal(yz_bundle_key_station(made, dir, &is_new, &err), YZ_OK);
	assert_true(is_new);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_int_equal(yz_bundle_key_station(read, dir, &is_new, &err), YZ_OK);
	assert_false(is_new);
	assert_memory_equal(made, read, sizeof(made));
	assert_int_equal(yz_bundle_key_make(read, path, YZ_KEY_STATION, &err), YZ_E_EXISTS);
	assert_int_equal(yz_bundle_key_read(read, path, YZ_KEY_CENTRE, &err), YZ_E_PARSE);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(yz_bundle_key_read(read, path, YZ_KEY_STATION, &err), YZ_E_DENIED);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0); /* nothing else was left there */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_bundle_comes_back_byte_for_byte),
	        cmocka_unit_test(a_station_that_would_write_on_the_terminal_is_refused),
	        cmocka_unit_test(a_bundle_cut_anywhere_is_refused),
	        cmocka_unit_test(a_bundle_with_any_byte_changed_is_refused),
	        cmocka_unit_test(another_key_opens_nothing_and_the_sentence_says_which),
	        cmocka_unit_test(a_bundle_signed_anew_by_another_station_is_refused),
	        cmocka_unit_test(scans_in_any_order_and_twice_give_the_bundle),
	        cmocka_unit_test(a_missing_code_is_named_with_its_page),
	        cmocka_unit_test(a_code_read_wrongly_or_of_another_bundle_is_told),
	        cmocka_unit_test(a_key_file_is_kept_secret_and_never_written_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
