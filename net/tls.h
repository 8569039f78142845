/* Who the platform is and who we are: TLS 1.3, the platform's own authority or its pinned keys, the
 * station's certificate, and dates judged by the platform's time rather than by a clock that may
 * stand at 2000. Joins net/http.h through its hooks. Owned by yizhan-sync. */
#ifndef YZ_NET_TLS_H
#define YZ_NET_TLS_H

#include "net/cert.h"
#include "net/http.h"
#include "net/sign.h"
#include "station/skew.h"

struct yz_tls;

struct yz_tls_setup {
	const char *url;
	const char *ca_file; /* PEM: no other authority is trusted; "" the system's, with pins */
	const char *pins;    /* "sha256//BASE64;sha256//BASE64": the platform's key and its spare */
	struct yz_cert_files files; /* "" for a station that has only a token */
	const char *sign_key_file;  /* "" for no signatures */
	const char *station;
	struct yz_skew *skew; /* borrowed; learns from every answer */
};

/* Errors: YZ_E_CONFIG: an https address with neither ca_file nor pins, pins that are none, a key
 * or secret that cannot be used. A certificate that is not there yet is fine. */
enum yz_status yz_tls_open(
        struct yz_tls **out, const struct yz_tls_setup *setup, struct yz_error *err);
void yz_tls_close(struct yz_tls *t); /* NULL is fine */

/* Reads the certificate and its key anew; connections made with the old pair are not used again. */
enum yz_status yz_tls_reload(struct yz_tls *t, struct yz_error *err);

/* The certificate in use; NULL without one. */
const struct yz_cert_info *yz_tls_cert(const struct yz_tls *t);

/* For yz_http_setup. An exchange that fails in TLS then says why: tls-name, tls-pin, tls-expired,
 * tls-ca, tls-version, tls-client, or tls. */
struct yz_http_hooks yz_tls_hooks(struct yz_tls *t);

/* The next exchange that is started checks all but the dates of the platform's certificate: for
 * GET /v1/time, whose answer then judges them. It gets a connection of its own that nobody uses
 * after it. */
void yz_tls_ask_time_next(struct yz_tls *t);

/* True once after a date of the platform's certificate was not right by the time we know. */
bool yz_tls_dates_failed(struct yz_tls *t);

#endif
