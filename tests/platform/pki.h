/* The stand-in's keys and certificates: an authority of its own, the server's certificate, a spare
 * key whose pin stations hold as their backup, and the certificates it gives to stations. GnuTLS
 * here, OpenSSL in the station: what they agree on is no private habit. Owned by main.c. */
#ifndef YZ_TESTS_PLATFORM_PKI_H
#define YZ_TESTS_PLATFORM_PKI_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	PLAT_CERT_DAYS = 90,
	PLAT_GRACE_DAYS = 30, /* so long after its end a certificate may still be renewed */
	PLAT_STATION_SIZE = 17
};

struct plat_pki;

/* Reads or makes in DIR: ca.pem, ca.key, server.key, spare.key, pins ("sha256//A;sha256//B": the
 * server's and the spare one); makes server.pem anew. fault, or "": name (a certificate for another
 * host), expired, other-ca (of an authority that nobody knows), spare (the spare key serves),
 * strange (a good certificate of a key that is in no pin), tls12 (nothing newer). Errors:
 * YZ_E_CONFIG (no such fault), YZ_E_IO. */
enum yz_status plat_pki_open(
        struct plat_pki **out, const char *dir, const char *fault, struct yz_error *err);
void plat_pki_close(struct plat_pki *k); /* NULL is fine */

/* For libmicrohttpd; good until the close. */
const char *plat_pki_cert(const struct plat_pki *k);
const char *plat_pki_key(const struct plat_pki *k);
const char *plat_pki_ca(const struct plat_pki *k);
const char *plat_pki_priorities(const struct plat_pki *k);

/* Signs the request (PEM) for the station, for 90 days that began age_days ago. False: it is not a
 * request that proves its key, it names another station, or the key is neither P-256 nor Ed25519.
 */
bool plat_pki_sign(const struct plat_pki *k, const char *csr, const char *station, int age_days,
        struct yz_buf *pem);

enum plat_peer {
	PLAT_PEER_NONE,    /* no certificate */
	PLAT_PEER_GOOD,    /* *station is who it is */
	PLAT_PEER_EXPIRED, /* and less than 30 days ago */
	PLAT_PEER_BAD      /* of another authority, or ended long ago */
};

/* Who stands at the other end; session is a gnutls_session_t. */
enum plat_peer plat_pki_peer(void *session, char station[PLAT_STATION_SIZE]);

#endif
