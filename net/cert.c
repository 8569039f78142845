#include "config.h"

#include "net/cert.h"

#include "base/file.h"

#include <errno.h>
#include <limits.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FILE_BYTES_MAX = 65536, DAY_MS = 24 * 3600 * 1000 };

/* What stands in one file, or NULL. */
struct found {
	EVP_PKEY *key;
	X509_REQ *csr;
	X509 *crt;
};

static void *checked(void *p)
{
	if (!p)
		abort(); /* no memory */
	return p;
}

static void forget(struct found *f)
{
	EVP_PKEY_free(f->key);
	X509_REQ_free(f->csr);
	X509_free(f->crt);
	*f = (struct found){NULL, NULL, NULL};
}

static void wipe(struct yz_buf *b)
{
	if (b->data)
		sodium_memzero(b->data, b->len);
	yz_buf_free(b);
}

/* Never asks for a passphrase: a program without a terminal would hang. */
static int no_passphrase(char *out, int size, int writing, void *user)
{
	(void)out, (void)size, (void)writing, (void)user;
	return -1;
}

static struct found look(const struct yz_buf *text)
{
	BIO *bio = checked(BIO_new_mem_buf(yz_buf_str(text), (int)text->len));
	struct found f;

	f.key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	(void)BIO_reset(bio);
	f.csr = PEM_read_bio_X509_REQ(bio, NULL, no_passphrase, NULL);
	(void)BIO_reset(bio);
	f.crt = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	return f;
}

static enum yz_status look_in(struct found *f, const char *path, struct yz_error *err)
{
	struct yz_buf text = YZ_BUF_INIT;
	enum yz_status st = yz_file_read(&text, path, FILE_BYTES_MAX, err);

	if (st == YZ_OK)
		*f = look(&text);
	wipe(&text);
	return st;
}

/* Adds the PEM of what is there. */
static void add(struct yz_buf *out, const struct found *f)
{
	BIO *bio = checked(BIO_new(BIO_s_secmem()));
	char *text;
	long n;

	if ((f->key && !PEM_write_bio_PrivateKey(bio, f->key, NULL, NULL, 0, NULL, NULL)) ||
	        (f->csr && !PEM_write_bio_X509_REQ(bio, f->csr)) ||
	        (f->crt && !PEM_write_bio_X509(bio, f->crt)))
		abort(); /* no memory */
	n = BIO_get_mem_data(bio, &text);
	yz_buf_add(out, text, (size_t)n);
	BIO_free(bio);
}

static enum yz_status save(
        const char *path, const struct found *f, unsigned mode, struct yz_error *err)
{
	struct yz_buf text = YZ_BUF_INIT;
	enum yz_status st;

	add(&text, f);
	st = yz_file_write(path, yz_buf_str(&text), text.len, mode, err);
	wipe(&text);
	return st;
}

static enum yz_status named(const struct yz_cert_files *f, struct yz_error *err)
{
	if (!*f->cert_file || !*f->key_file)
		return yz_fail(err, YZ_E_CONFIG,
		        "[platform] cert_file and key_file are named together or not at all");
	return YZ_OK;
}

static enum yz_status waiting_path(
        char path[PATH_MAX], const struct yz_cert_files *f, struct yz_error *err)
{
	enum yz_status st = named(f, err);

	if (st == YZ_OK && snprintf(path, PATH_MAX, "%s.new", f->key_file) >= PATH_MAX)
		st = yz_fail(err, YZ_E_CONFIG, "[platform] key_file is too long");
	return st;
}

static void name_of(X509 *crt, char *out, size_t size)
{
	if (X509_NAME_get_text_by_NID(X509_get_subject_name(crt), NID_commonName, out, (int)size) <
	        0)
		out[0] = '\0';
}

static bool ms_of(const ASN1_TIME *t, int64_t *ms)
{
	struct tm tm;

	if (!ASN1_TIME_to_tm(t, &tm))
		return false;
	*ms = (int64_t)timegm(&tm) * 1000;
	return true;
}

static enum yz_status read_key(
        struct found *f, const struct yz_cert_files *files, struct yz_error *err)
{
	struct stat info;

	if (stat(files->key_file, &info) != 0)
		return yz_fail(err, YZ_E_CONFIG, "%s: %s; enrol the station anew", files->key_file,
		        strerror(errno));
	if (info.st_mode & 07)
		return yz_fail(err, YZ_E_CONFIG,
		        "%s can be read by everybody on this computer: chmod 600 %s",
		        files->key_file, files->key_file);
	if (look_in(f, files->key_file, err) != YZ_OK || !f->key)
		return yz_fail(err, YZ_E_CONFIG, "%s cannot be read, or holds no key in PEM",
		        files->key_file);
	return YZ_OK;
}

enum yz_status yz_cert_read(
        struct yz_cert_info *out, const struct yz_cert_files *files, struct yz_error *err)
{
	struct found crt = {NULL, NULL, NULL}, key = crt;
	struct yz_cert_info info = {.station = ""};
	enum yz_status st = named(files, err);

	if (st == YZ_OK)
		st = look_in(&crt, files->cert_file, err);
	if (st == YZ_OK && (!crt.crt || !ms_of(X509_get0_notBefore(crt.crt), &info.from_ms) ||
	                           !ms_of(X509_get0_notAfter(crt.crt), &info.to_ms)))
		st = yz_fail(err, YZ_E_CONFIG, "%s holds no certificate in PEM", files->cert_file);
	if (st == YZ_OK)
		st = read_key(&key, files, err);
	if (st == YZ_OK && X509_check_private_key(crt.crt, key.key) != 1)
		st = yz_fail(err, YZ_E_CONFIG,
		        "%s and %s do not belong together; enrol the station anew",
		        files->cert_file, files->key_file);
	if (st == YZ_OK) {
		name_of(crt.crt, info.station, sizeof(info.station));
		*out = info;
	}
	forget(&crt);
	forget(&key);
	return st;
}

bool yz_cert_is_old(const struct yz_cert_info *info, int64_t now_ms)
{
	return now_ms >= info->from_ms + (int64_t)YZ_CERT_RENEW_DAYS * DAY_MS;
}

static void make_request(struct found *f, const char *station)
{
	X509_NAME *name = checked(X509_NAME_new());

	f->key = checked(EVP_EC_gen("P-256"));
	f->csr = checked(X509_REQ_new());
	if (!X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
	            (const unsigned char *)station, -1, -1, 0) ||
	        !X509_REQ_set_version(f->csr, 0) || !X509_REQ_set_subject_name(f->csr, name) ||
	        !X509_REQ_set_pubkey(f->csr, f->key) ||
	        !X509_REQ_sign(f->csr, f->key, EVP_sha256()))
		abort(); /* no memory */
	X509_NAME_free(name);
}

enum yz_status yz_cert_ask(struct yz_buf *csr, const struct yz_cert_files *files,
        const char *station, struct yz_error *err)
{
	struct found f = {NULL, NULL, NULL}, only;
	char path[PATH_MAX];
	enum yz_status st = waiting_path(path, files, err);

	if (st != YZ_OK)
		return st;
	st = look_in(&f, path, err);
	if (st == YZ_OK && (!f.key || !f.csr)) {
		forget(&f);
		st = YZ_E_NOTFOUND;
	}
	if (st == YZ_E_NOTFOUND) {
		make_request(&f, station);
		st = save(path, &f, 0600, err);
	}
	if (st == YZ_OK) {
		only = (struct found){NULL, f.csr, NULL};
		yz_buf_clear(csr);
		add(csr, &only);
	}
	forget(&f);
	return st;
}

/* The pair goes to its files, the key first; path is dropped only when both stand. */
static enum yz_status put_in_place(const struct yz_cert_files *files, const char *path,
        const struct found *f, struct yz_error *err)
{
	struct found key = {f->key, NULL, NULL}, crt = {NULL, NULL, f->crt};
	enum yz_status st = save(files->key_file, &key, 0600, err);

	if (st == YZ_OK)
		st = save(files->cert_file, &crt, 0644, err);
	if (st == YZ_OK)
		(void)unlink(path);
	return st;
}

enum yz_status yz_cert_take(const struct yz_cert_files *files, const char *station, const char *pem,
        struct yz_error *err)
{
	struct yz_buf text = YZ_BUF_INIT;
	struct found f = {NULL, NULL, NULL}, got;
	char path[PATH_MAX], name[64] = "";
	enum yz_status st = waiting_path(path, files, err);

	if (st == YZ_OK)
		st = look_in(&f, path, err);
	if (st != YZ_OK)
		return st;
	yz_buf_puts(&text, pem);
	got = look(&text);
	if (got.crt)
		name_of(got.crt, name, sizeof(name));
	if (!got.crt || !f.key || X509_check_private_key(got.crt, f.key) != 1 ||
	        strcmp(name, station) != 0) {
		st = yz_fail(err, YZ_E_PARSE,
		        "the platform's answer holds no certificate for this station's new key");
	} else {
		X509_free(f.crt);
		f.crt = got.crt;
		got.crt = NULL;
		st = save(path, &f, 0600, err);
	}
	if (st == YZ_OK)
		st = put_in_place(files, path, &f, err);
	forget(&got);
	forget(&f);
	yz_buf_free(&text);
	return st;
}

enum yz_status yz_cert_finish(const struct yz_cert_files *files, struct yz_error *err)
{
	struct found f = {NULL, NULL, NULL};
	char path[PATH_MAX];
	enum yz_status st;

	if (!*files->cert_file && !*files->key_file)
		return YZ_OK;
	st = waiting_path(path, files, err);
	if (st != YZ_OK)
		return st;
	st = look_in(&f, path, err);
	if (st == YZ_E_NOTFOUND)
		return YZ_OK;
	if (st == YZ_OK && f.crt && f.key)
		st = put_in_place(files, path, &f, err);
	forget(&f);
	return st;
}
