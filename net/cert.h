/* The station's client certificate and its key as files, and how a new pair comes to stand in
 * their place. KEY_FILE.new holds a key whose certificate is asked for (key, request) and, once it
 * came, that certificate too: from then on the pair is put in place whatever interrupts it, so
 * there is always a pair that belongs together or the means to finish one. Owned by yizhan-sync,
 * the only program that reads these files. All calls block on the disk. */
#ifndef YZ_NET_CERT_H
#define YZ_NET_CERT_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum { YZ_CERT_RENEW_DAYS = 60 }; /* of the 90 that the platform gives */

struct yz_cert_files {
	const char *cert_file, *key_file; /* [platform]; both or neither; borrowed */
};

struct yz_cert_info {
	char station[40]; /* CN */
	int64_t from_ms, to_ms;
};

/* Reads the pair. Errors: YZ_E_NOTFOUND (no certificate yet), YZ_E_CONFIG naming the file and what
 * to do: one of the two not named, a key that everybody may read, not PEM, two that do not belong
 * together. */
enum yz_status yz_cert_read(
        struct yz_cert_info *out, const struct yz_cert_files *f, struct yz_error *err);

/* Whether 60 days of the certificate's life are over at this time. */
bool yz_cert_is_old(const struct yz_cert_info *info, int64_t now_ms);

/* The request (PEM) to send: of the key that waits, else of a new P-256 key, which is on disk
 * (0600) when this returns. The same text until the certificate comes, so that it may be asked for
 * again. Errors: YZ_E_CONFIG (no files named), YZ_E_IO, YZ_E_FULL. */
enum yz_status yz_cert_ask(struct yz_buf *csr, const struct yz_cert_files *f, const char *station,
        struct yz_error *err);

/* Takes the certificate (PEM) for that request and puts the pair in place. Errors: YZ_E_PARSE (it
 * is none, or not for this key or station; the old pair stays), YZ_E_IO, YZ_E_FULL. */
enum yz_status yz_cert_take(
        const struct yz_cert_files *f, const char *station, const char *pem, struct yz_error *err);

/* At start: finishes what yz_cert_take began. */
enum yz_status yz_cert_finish(const struct yz_cert_files *f, struct yz_error *err);

#endif
