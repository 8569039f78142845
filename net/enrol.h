/* Turns the one-time code of a station into its keys: certificate and token. Only the program that
 * will use them may do it: nobody else may read them. */
#ifndef YZ_NET_ENROL_H
#define YZ_NET_ENROL_H

#include "net/http.h"
#include "station/skew.h"
#include "net/tls.h"
#include "store/store.h"

enum { YZ_ENROL_CODE_SIZE = 41 };

struct yz_enrol_setup {
	struct yz_store *store; /* all borrowed */
	struct yz_http *http;
	struct yz_tls *tls; /* without a certificate of the station: an old one may be refused */
	struct yz_skew *skew;
	struct yz_cert_files files; /* "" twice: no certificate is asked for */
	const char *token_file;     /* "": the token is not kept */
	const char *station;
};

/* Asks the platform and stores what it gives, the certificate last: until then the same question
 * may be asked again. Blocks for up to three requests. Errors: YZ_E_CONFIG (nothing to put the keys
 * in), YZ_E_RANGE (no code), YZ_E_DENIED (the platform does not take it), YZ_E_NET, YZ_E_PARSE,
 * YZ_E_IO, YZ_E_FULL. */
enum yz_status yz_enrol(const struct yz_enrol_setup *s, const char *code, struct yz_error *err);

#endif
