/* net/cert: a station's key and certificate on disk, whatever interrupts their renewal. */
#include "config.h"

#include "base/clock.h"
#include "base/file.h"
#include "net/cert.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define STATION "QJ530381001"

struct place {
	char dir[24], cert[48], key[48], waiting[48];
	struct yz_cert_files files;
};

static int place_setup(void **state)
{
	struct place *p = yz_alloc(sizeof(*p));

	(void)snprintf(p->dir, sizeof(p->dir), "/tmp/yizhan-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	(void)snprintf(p->cert, sizeof(p->cert), "%s/cert.pem", p->dir);
	(void)snprintf(p->key, sizeof(p->key), "%s/key.pem", p->dir);
	(void)snprintf(p->waiting, sizeof(p->waiting), "%s/key.pem.new", p->dir);
	p->files = (struct yz_cert_files){p->cert, p->key};
	*state = p;
	return 0;
}

static int place_teardown(void **state)
{
	struct place *p = *state;

	(void)unlink(p->cert);
	(void)unlink(p->key);
	(void)unlink(p->waiting);
	(void)rmdir(p->dir);
	free(p);
	return 0;
}

/* What a platform answers to the request: signed by a key of its own. */
static void answer_to(const char *csr, const char *station, struct yz_buf *pem)
{
	BIO *in = BIO_new_mem_buf(csr, -1), *out = BIO_new(BIO_s_mem());
	X509_REQ *req = PEM_read_bio_X509_REQ(in, NULL, NULL, NULL);
	EVP_PKEY *pub = X509_REQ_get_pubkey(req), *ca = EVP_EC_gen("P-256");
	X509_NAME *name = X509_NAME_new();
	X509 *crt = X509_new();
	char *text;
	long n;

	assert_int_equal(X509_REQ_verify(req, pub), 1);
	(void)X509_NAME_add_entry_by_NID(
	        name, NID_commonName, MBSTRING_UTF8, (const unsigned char *)station, -1, -1, 0);
	(void)X509_set_version(crt, 2);
	(void)X509_set_subject_name(crt, name);
	(void)X509_set_pubkey(crt, pub);
	(void)X509_gmtime_adj(X509_getm_notBefore(crt), 0);
	(void)X509_gmtime_adj(X509_getm_notAfter(crt), 90 * 24 * 3600);
	assert_true(X509_sign(crt, ca, EVP_sha256()) > 0);
	(void)PEM_write_bio_X509(out, crt);
	n = BIO_get_mem_data(out, &text);
	yz_buf_clear(pem);
	yz_buf_add(pem, text, (size_t)n);
	X509_free(crt);
	X509_NAME_free(name);
	X509_REQ_free(req);
	EVP_PKEY_free(pub);
	EVP_PKEY_free(ca);
	BIO_free(in);
	BIO_free(out);
}

static void enrol(struct place *p)
{
	struct yz_buf csr = YZ_BUF_INIT, pem = YZ_BUF_INIT;
	struct yz_error err;

	assert_int_equal(yz_cert_ask(&csr, &p->files, STATION, &err), YZ_OK);
	answer_to(yz_buf_str(&csr), STATION, &pem);
	assert_int_equal(yz_cert_take(&p->files, STATION, yz_buf_str(&pem), &err), YZ_OK);
	yz_buf_free(&csr);
	yz_buf_free(&pem);
}

static void read_file(struct yz_buf *out, const char *path)
{
	struct yz_error err;

	assert_int_equal(yz_file_read(out, path, 65536, &err), YZ_OK);
}

static void what_was_asked_for_and_given_is_a_pair_for_60_days(void **state)
{
	struct place *p = *state;
	struct yz_cert_info info = {.station = ""};
	struct yz_error err;
	struct stat st;

	assert_int_equal(yz_cert_read(&info, &p->files, &err), YZ_E_NOTFOUND);
	enrol(p);
	assert_int_equal(yz_cert_read(&info, &p->files, &err), YZ_OK);
	assert_string_equal(info.station, STATION);
	assert_int_equal(info.to_ms - info.from_ms, INT64_C(90) * 86400000);
	assert_false(yz_cert_is_old(&info, info.from_ms + INT64_C(60) * 86400000 - 1));
	assert_true(yz_cert_is_old(&info, info.from_ms + INT64_C(60) * 86400000));
	assert_int_equal(stat(p->key, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_false(yz_file_exists(p->waiting));
}

static void the_same_question_is_asked_until_it_is_answered(void **state)
{
	struct place *p = *state;
	struct yz_buf first = YZ_BUF_INIT, again = YZ_BUF_INIT;
	struct yz_error err;
	struct stat st;

	assert_int_equal(yz_cert_ask(&first, &p->files, STATION, &err), YZ_OK);
	assert_int_equal(stat(p->waiting, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(yz_cert_ask(&again, &p->files, STATION, &err), YZ_OK);
	assert_string_equal(yz_buf_str(&first), yz_buf_str(&again));
	assert_null(strstr(yz_buf_str(&first), "PRIVATE KEY"));
	yz_buf_free(&first);
	yz_buf_free(&again);
}

static void an_answer_for_another_key_or_station_changes_nothing(void **state)
{
	struct place *p = *state;
	struct yz_buf csr = YZ_BUF_INIT, pem = YZ_BUF_INIT, old = YZ_BUF_INIT, now = YZ_BUF_INIT;
	struct yz_error err;

	enrol(p);
	read_file(&old, p->cert);
	assert_int_equal(yz_cert_ask(&csr, &p->files, STATION, &err), YZ_OK);
	assert_int_equal(yz_cert_take(&p->files, STATION, yz_buf_str(&old), &err), YZ_E_PARSE);
	assert_int_equal(yz_cert_take(&p->files, STATION, "not PEM", &err), YZ_E_PARSE);
	answer_to(yz_buf_str(&csr), "QJ1", &pem);
	assert_int_equal(yz_cert_take(&p->files, STATION, yz_buf_str(&pem), &err), YZ_E_PARSE);
	read_file(&now, p->cert);
	assert_string_equal(yz_buf_str(&old), yz_buf_str(&now));
	answer_to(yz_buf_str(&csr), STATION, &pem);
	assert_int_equal(yz_cert_take(&p->files, STATION, yz_buf_str(&pem), &err), YZ_OK);
	yz_buf_free(&csr);
	yz_buf_free(&pem);
	yz_buf_free(&old);
	yz_buf_free(&now);
}

/* Every state that a cut of the power can leave between two of the writes of yz_cert_take, with the
 * recovery and, as the broken twin, without it. */
static void a_renewal_that_is_cut_anywhere_leaves_a_pair(void **state)
{
	struct place *p = *state;
	struct yz_buf old_key = YZ_BUF_INIT, old_cert = YZ_BUF_INIT, both = YZ_BUF_INIT;
	struct yz_buf csr = YZ_BUF_INIT, pem = YZ_BUF_INIT, new_key = YZ_BUF_INIT;
	struct yz_cert_info info;
	struct yz_error err;

	enrol(p);
	read_file(&old_key, p->key);
	read_file(&old_cert, p->cert);
	assert_int_equal(yz_cert_ask(&csr, &p->files, STATION, &err), YZ_OK);
	read_file(&both, p->waiting);
	answer_to(yz_buf_str(&csr), STATION, &pem);
	assert_int_equal(yz_cert_take(&p->files, STATION, yz_buf_str(&pem), &err), YZ_OK);
	read_file(&new_key, p->key);
	yz_buf_add(&both, pem.data, pem.len);
	for (int cut = 0; cut < 3; cut++) {
		const struct yz_buf *key = cut > 0 ? &new_key : &old_key;
		const struct yz_buf *cert = cut > 1 ? &pem : &old_cert;

		assert_int_equal(yz_file_write(p->key, key->data, key->len, 0600, &err), YZ_OK);
		assert_int_equal(yz_file_write(p->cert, cert->data, cert->len, 0644, &err), YZ_OK);
		assert_int_equal(yz_file_write(p->waiting, both.data, both.len, 0600, &err), YZ_OK);
		if (cut == 1) /* the twin: without the recovery this pair is none */
			assert_int_equal(yz_cert_read(&info, &p->files, &err), YZ_E_CONFIG);
		assert_int_equal(yz_cert_finish(&p->files, &err), YZ_OK);
		assert_int_equal(yz_cert_read(&info, &p->files, &err), YZ_OK);
		assert_false(yz_file_exists(p->waiting));
	}
	yz_buf_free(&old_key);
	yz_buf_free(&old_cert);
	yz_buf_free(&both);
	yz_buf_free(&csr);
	yz_buf_free(&pem);
	yz_buf_free(&new_key);
}

static void files_that_are_no_pair_are_named_with_a_remedy(void **state)
{
	struct place *p = *state;
	struct yz_cert_files half = {p->cert, ""};
	struct yz_buf old = YZ_BUF_INIT;
	struct yz_cert_info info;
	struct yz_error err;

	assert_int_equal(yz_cert_read(&info, &half, &err), YZ_E_CONFIG);
	enrol(p);
	read_file(&old, p->cert);
	assert_int_equal(chmod(p->key, 0644), 0);
	assert_int_equal(yz_cert_read(&info, &p->files, &err), YZ_E_CONFIG);
	assert_non_null(strstr(err.text, "chmod"));
	assert_int_equal(chmod(p->key, 0600), 0);
	enrol(p);
	assert_int_equal(yz_file_write(p->cert, old.data, old.len, 0644, &err), YZ_OK);
	assert_int_equal(yz_cert_read(&info, &p->files, &err), YZ_E_CONFIG);
	assert_non_null(strstr(err.text, "do not belong together"));
	assert_int_equal(yz_file_write(p->cert, "x", 1, 0644, &err), YZ_OK);
	assert_int_equal(yz_cert_read(&info, &p->files, &err), YZ_E_CONFIG);
	yz_buf_free(&old);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, place_setup, place_teardown)
	const struct CMUnitTest tests[] = {
	        CASE(what_was_asked_for_and_given_is_a_pair_for_60_days),
	        CASE(the_same_question_is_asked_until_it_is_answered),
	        CASE(an_answer_for_another_key_or_station_changes_nothing),
	        CASE(a_renewal_that_is_cut_anywhere_leaves_a_pair),
	        CASE(files_that_are_no_pair_are_named_with_a_remedy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
