#include "config.h"

#include "tests/platform/pki.h"

#include "base/file.h"

#include <assert.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { DAY_S = 24 * 3600, PIN_SIZE = 64, PEM_MAX = 65536 };

struct plat_pki {
	gnutls_x509_crt_t ca;
	gnutls_x509_privkey_t ca_key;
	struct yz_buf cert_pem, key_pem, ca_pem;
	bool only_tls12;
};

/* What a certificate says; the tests' own, so a failure of the library ends the program. */
struct wish {
	const char *name; /* CN */
	bool is_ca, is_server;
	const char *host; /* of a server */
	int from_days, to_days;
};

static void must(int rc)
{
	if (rc >= 0)
		return;
	(void)fprintf(stderr, "platform: GnuTLS: %s\n", gnutls_strerror(rc));
	exit(3);
}

static gnutls_x509_privkey_t key_new(void)
{
	gnutls_x509_privkey_t key;

	must(gnutls_x509_privkey_init(&key));
	must(gnutls_x509_privkey_generate(
	        key, GNUTLS_PK_EC, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
	return key;
}

static void put_pem(struct yz_buf *out, gnutls_datum_t pem)
{
	yz_buf_clear(out);
	yz_buf_add(out, pem.data, pem.size);
	gnutls_free(pem.data);
}

static void key_pem(gnutls_x509_privkey_t key, struct yz_buf *out)
{
	gnutls_datum_t pem;

	must(gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem));
	put_pem(out, pem);
}

static void crt_pem(gnutls_x509_crt_t crt, struct yz_buf *out)
{
	gnutls_datum_t pem;

	must(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &pem));
	put_pem(out, pem);
}

static gnutls_datum_t datum(const struct yz_buf *b)
{
	return (gnutls_datum_t){(unsigned char *)(uintptr_t)yz_buf_str(b), (unsigned)b->len};
}

static void set_times(gnutls_x509_crt_t crt, int from_days, int to_days)
{
	time_t now = time(NULL);
	unsigned char serial[16];

	randombytes_buf(serial, sizeof(serial));
	serial[0] = (unsigned char)((serial[0] & 0x7f) | 1);
	must(gnutls_x509_crt_set_version(crt, 3));
	must(gnutls_x509_crt_set_serial(crt, serial, sizeof(serial)));
	must(gnutls_x509_crt_set_activation_time(crt, now + (time_t)from_days * DAY_S));
	must(gnutls_x509_crt_set_expiration_time(crt, now + (time_t)to_days * DAY_S));
}

static void set_key_id(gnutls_x509_crt_t crt)
{
	unsigned char id[20];
	size_t n = sizeof(id);

	must(gnutls_x509_crt_get_key_id(crt, 0, id, &n));
	must(gnutls_x509_crt_set_subject_key_id(crt, id, n));
}

static void sign(gnutls_x509_crt_t crt, gnutls_x509_crt_t ca, gnutls_x509_privkey_t ca_key)
{
	unsigned char id[20];
	size_t n = sizeof(id);

	must(gnutls_x509_crt_get_key_id(ca, 0, id, &n));
	must(gnutls_x509_crt_set_authority_key_id(crt, id, n));
	must(gnutls_x509_crt_sign2(crt, ca, ca_key, GNUTLS_DIG_SHA256, 0));
}

/* Signed by ca, or by itself if that is NULL. */
static gnutls_x509_crt_t crt_new(const struct wish *w, gnutls_x509_privkey_t key,
        gnutls_x509_crt_t ca, gnutls_x509_privkey_t ca_key)
{
	static const unsigned char loopback[4] = {127, 0, 0, 1};
	static const unsigned char line_end[4] = {10, 77, 0, 2}; /* of tests/link/linkem */
	gnutls_x509_crt_t crt;

	must(gnutls_x509_crt_init(&crt));
	set_times(crt, w->from_days, w->to_days);
	must(gnutls_x509_crt_set_dn_by_oid(
	        crt, GNUTLS_OID_X520_COMMON_NAME, 0, w->name, (unsigned)strlen(w->name)));
	must(gnutls_x509_crt_set_key(crt, key));
	must(gnutls_x509_crt_set_basic_constraints(crt, w->is_ca, w->is_ca ? 0 : -1));
	must(gnutls_x509_crt_set_key_usage(
	        crt, w->is_ca ? GNUTLS_KEY_KEY_CERT_SIGN : GNUTLS_KEY_DIGITAL_SIGNATURE));
	set_key_id(crt);
	if (w->is_server) {
		must(gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_SERVER, 0));
		must(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, w->host,
		        (unsigned)strlen(w->host), GNUTLS_FSAN_SET));
	}
	if (w->is_server && !strcmp(w->host, "localhost")) {
		must(gnutls_x509_crt_set_subject_alt_name(
		        crt, GNUTLS_SAN_IPADDRESS, loopback, sizeof(loopback), GNUTLS_FSAN_APPEND));
		must(gnutls_x509_crt_set_subject_alt_name(
		        crt, GNUTLS_SAN_IPADDRESS, line_end, sizeof(line_end), GNUTLS_FSAN_APPEND));
	}
	sign(crt, ca ? ca : crt, ca ? ca_key : key);
	return crt;
}

static enum yz_status path_in(
        const char *dir, const char *name, char path[PATH_MAX], struct yz_error *err)
{
	return snprintf(path, PATH_MAX, "%s/%s", dir, name) < PATH_MAX
	               ? YZ_OK
	               : yz_fail(err, YZ_E_RANGE, "%s: the path is too long", dir);
}

static enum yz_status write_in(const char *dir, const char *name, const struct yz_buf *text,
        unsigned mode, struct yz_error *err)
{
	char path[PATH_MAX];
	enum yz_status st = path_in(dir, name, path, err);

	return st != YZ_OK ? st : yz_file_write(path, yz_buf_str(text), text->len, mode, err);
}

static enum yz_status read_in(
        const char *dir, const char *name, struct yz_buf *text, struct yz_error *err)
{
	char path[PATH_MAX];
	enum yz_status st = path_in(dir, name, path, err);

	return st != YZ_OK ? st : yz_file_read(text, path, PEM_MAX, err);
}

/* The key in DIR/name, made if it is not there. */
static enum yz_status key_in(
        const char *dir, const char *name, gnutls_x509_privkey_t *out, struct yz_error *err)
{
	struct yz_buf pem = YZ_BUF_INIT;
	enum yz_status st = read_in(dir, name, &pem, err);

	if (st == YZ_OK) {
		gnutls_datum_t text = datum(&pem);

		must(gnutls_x509_privkey_init(out));
		must(gnutls_x509_privkey_import(*out, &text, GNUTLS_X509_FMT_PEM));
	} else if (st == YZ_E_NOTFOUND) {
		*out = key_new();
		key_pem(*out, &pem);
		st = write_in(dir, name, &pem, 0600, err);
	}
	yz_buf_free(&pem);
	return st;
}

static enum yz_status ca_in(const char *dir, struct plat_pki *k, struct yz_error *err)
{
	static const struct wish wish = {
	        .name = "yizhan test authority", .is_ca = true, .from_days = -400, .to_days = 3650};
	enum yz_status st = key_in(dir, "ca.key", &k->ca_key, err);

	if (st == YZ_OK)
		st = read_in(dir, "ca.pem", &k->ca_pem, err);
	if (st == YZ_OK) {
		gnutls_datum_t text = datum(&k->ca_pem);

		must(gnutls_x509_crt_init(&k->ca));
		must(gnutls_x509_crt_import(k->ca, &text, GNUTLS_X509_FMT_PEM));
	} else if (st == YZ_E_NOTFOUND) {
		k->ca = crt_new(&wish, k->ca_key, NULL, NULL);
		crt_pem(k->ca, &k->ca_pem);
		st = write_in(dir, "ca.pem", &k->ca_pem, 0644, err);
	}
	return st;
}

static void pin_of(gnutls_x509_privkey_t key, char out[PIN_SIZE])
{
	unsigned char d[crypto_hash_sha256_BYTES];
	gnutls_privkey_t secret;
	gnutls_pubkey_t pub;
	gnutls_datum_t der;

	must(gnutls_privkey_init(&secret));
	must(gnutls_privkey_import_x509(secret, key, 0));
	must(gnutls_pubkey_init(&pub));
	must(gnutls_pubkey_import_privkey(pub, secret, 0, 0));
	must(gnutls_pubkey_export2(pub, GNUTLS_X509_FMT_DER, &der));
	(void)crypto_hash_sha256(d, der.data, der.size);
	(void)snprintf(out, PIN_SIZE, "sha256//");
	(void)sodium_bin2base64(
	        out + 8, PIN_SIZE - 8, d, sizeof(d), sodium_base64_VARIANT_ORIGINAL);
	gnutls_free(der.data);
	gnutls_pubkey_deinit(pub);
	gnutls_privkey_deinit(secret);
}

static enum yz_status pins_in(const char *dir, gnutls_x509_privkey_t now,
        gnutls_x509_privkey_t spare, struct yz_error *err)
{
	struct yz_buf text = YZ_BUF_INIT;
	char a[PIN_SIZE], b[PIN_SIZE];
	enum yz_status st;

	pin_of(now, a);
	pin_of(spare, b);
	yz_buf_printf(&text, "%s;%s", a, b);
	st = write_in(dir, "pins", &text, 0644, err);
	yz_buf_free(&text);
	return st;
}

/* The certificate that is served, with what is wrong with it. */
static void serve_with(struct plat_pki *k, gnutls_x509_privkey_t key, const char *fault)
{
	static const struct wish other = {
	        .name = "another authority", .is_ca = true, .from_days = -400, .to_days = 3650};
	struct wish wish = {.name = "yizhan test platform",
	        .is_server = true,
	        .host = !strcmp(fault, "name") ? "elsewhere.example" : "localhost",
	        .from_days = -100,
	        .to_days = !strcmp(fault, "expired") ? -1 : 365};
	bool foreign = !strcmp(fault, "other-ca");
	gnutls_x509_privkey_t other_key = foreign ? key_new() : NULL;
	gnutls_x509_crt_t other_ca = foreign ? crt_new(&other, other_key, NULL, NULL) : NULL, crt;

	crt = foreign ? crt_new(&wish, key, other_ca, other_key)
	              : crt_new(&wish, key, k->ca, k->ca_key);
	crt_pem(crt, &k->cert_pem);
	key_pem(key, &k->key_pem);
	k->only_tls12 = !strcmp(fault, "tls12");
	gnutls_x509_crt_deinit(crt);
	if (foreign) {
		gnutls_x509_crt_deinit(other_ca);
		gnutls_x509_privkey_deinit(other_key);
	}
}

static bool is_fault(const char *fault)
{
	static const char *const faults[] = {
	        "", "name", "expired", "other-ca", "spare", "strange", "tls12"};

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (!strcmp(faults[i], fault))
			return true;
	return false;
}

enum yz_status plat_pki_open(
        struct plat_pki **out, const char *dir, const char *fault, struct yz_error *err)
{
	gnutls_x509_privkey_t key = NULL, spare = NULL, strange = NULL;
	struct plat_pki *k;
	enum yz_status st;

	if (!is_fault(fault))
		return yz_fail(err, YZ_E_CONFIG, "--tls-fault %s: there is no such fault", fault);
	k = yz_alloc(sizeof(*k));
	(void)mkdir(dir, 0700); /* there already, or the next line says why not */
	st = ca_in(dir, k, err);
	if (st == YZ_OK)
		st = key_in(dir, "server.key", &key, err);
	if (st == YZ_OK)
		st = key_in(dir, "spare.key", &spare, err);
	if (st == YZ_OK)
		st = pins_in(dir, key, spare, err);
	if (st == YZ_OK) {
		strange = !strcmp(fault, "strange") ? key_new() : NULL;
		serve_with(k, strange ? strange : !strcmp(fault, "spare") ? spare : key, fault);
		st = write_in(dir, "server.pem", &k->cert_pem, 0644, err);
	}
	gnutls_x509_privkey_deinit(key);
	gnutls_x509_privkey_deinit(spare);
	gnutls_x509_privkey_deinit(strange);
	if (st != YZ_OK)
		plat_pki_close(k);
	else
		*out = k;
	return st;
}

void plat_pki_close(struct plat_pki *k)
{
	if (!k)
		return;
	gnutls_x509_crt_deinit(k->ca);
	gnutls_x509_privkey_deinit(k->ca_key);
	yz_buf_free(&k->cert_pem);
	yz_buf_free(&k->key_pem);
	yz_buf_free(&k->ca_pem);
	free(k);
}

const char *plat_pki_cert(const struct plat_pki *k)
{
	return yz_buf_str(&k->cert_pem);
}

const char *plat_pki_key(const struct plat_pki *k)
{
	return yz_buf_str(&k->key_pem);
}

const char *plat_pki_ca(const struct plat_pki *k)
{
	return yz_buf_str(&k->ca_pem);
}

const char *plat_pki_priorities(const struct plat_pki *k)
{
	return k->only_tls12 ? "NORMAL:-VERS-ALL:+VERS-TLS1.2" : "NORMAL:-VERS-ALL:+VERS-TLS1.3";
}

/* P-256 or Ed25519, as the contract says. */
static bool key_allowed(gnutls_x509_crq_t crq)
{
	gnutls_pubkey_t pub;
	gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;
	bool ok;

	must(gnutls_pubkey_init(&pub));
	ok = gnutls_pubkey_import_x509_crq(pub, crq, 0) == 0 &&
	     gnutls_pubkey_export_ecc_raw2(pub, &curve, NULL, NULL, 0) == 0 &&
	     (curve == GNUTLS_ECC_CURVE_SECP256R1 || curve == GNUTLS_ECC_CURVE_ED25519);
	gnutls_pubkey_deinit(pub);
	return ok;
}

static bool is_named(gnutls_x509_crq_t crq, const char *station)
{
	char name[64];
	size_t n = sizeof(name);

	return gnutls_x509_crq_get_dn_by_oid(crq, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &n) ==
	               0 &&
	       !strcmp(name, station);
}

bool plat_pki_sign(const struct plat_pki *k, const char *csr, const char *station, int age_days,
        struct yz_buf *pem)
{
	gnutls_datum_t text = {(unsigned char *)(uintptr_t)csr, (unsigned)strlen(csr)};
	gnutls_x509_crq_t crq;
	gnutls_x509_crt_t crt;
	bool ok;

	must(gnutls_x509_crq_init(&crq));
	ok = gnutls_x509_crq_import(crq, &text, GNUTLS_X509_FMT_PEM) == 0 &&
	     gnutls_x509_crq_verify(crq, 0) == 0 && is_named(crq, station) && key_allowed(crq);
	if (ok) {
		must(gnutls_x509_crt_init(&crt));
		must(gnutls_x509_crt_set_crq(crt, crq)); /* the key and the name, nothing else */
		set_times(crt, -age_days, PLAT_CERT_DAYS - age_days);
		must(gnutls_x509_crt_set_basic_constraints(crt, 0, -1));
		must(gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_DIGITAL_SIGNATURE));
		must(gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_CLIENT, 0));
		set_key_id(crt);
		sign(crt, k->ca, k->ca_key);
		crt_pem(crt, pem);
		gnutls_x509_crt_deinit(crt);
	}
	gnutls_x509_crq_deinit(crq);
	return ok;
}

enum plat_peer plat_pki_peer(void *session, char station[PLAT_STATION_SIZE])
{
	unsigned status = 0, n = 0, late = GNUTLS_CERT_INVALID | GNUTLS_CERT_EXPIRED;
	size_t size = PLAT_STATION_SIZE;
	const gnutls_datum_t *chain = session ? gnutls_certificate_get_peers(session, &n) : NULL;
	enum plat_peer peer = PLAT_PEER_BAD;
	gnutls_x509_crt_t crt;

	station[0] = '\0';
	if (!chain || !n)
		return PLAT_PEER_NONE;
	if (gnutls_certificate_verify_peers2(session, &status) != 0)
		return PLAT_PEER_BAD;
	must(gnutls_x509_crt_init(&crt));
	if (gnutls_x509_crt_import(crt, &chain[0], GNUTLS_X509_FMT_DER) == 0 &&
	        gnutls_x509_crt_get_dn_by_oid(
	                crt, GNUTLS_OID_X520_COMMON_NAME, 0, 0, station, &size) == 0) {
		time_t end = gnutls_x509_crt_get_expiration_time(crt);

		if (status == 0)
			peer = PLAT_PEER_GOOD;
		else if ((status & ~late) == 0 &&
		         time(NULL) < end + (time_t)PLAT_GRACE_DAYS * DAY_S)
			peer = PLAT_PEER_EXPIRED;
	}
	gnutls_x509_crt_deinit(crt);
	return peer;
}
