/* The stand-in of the city platform: what doc/platform-api.yaml says, on real HTTP and a durable
 * database, with faults on demand. For tests and the demo; it listens on the loopback only. One
 * thread (libmicrohttpd's) runs all of it; with TLS a second one keeps the side door, behind a
 * lock. */
#ifndef YZ_TESTS_PLATFORM_H
#define YZ_TESTS_PLATFORM_H

#include "base/buf.h"
#include "base/id.h"
#include "tests/platform/pki.h"

#include <cjson/cJSON.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	PLAT_BODY_MAX = 1 << 20, /* bytes, as sent and inflated */
	PLAT_OPS_MAX = 200,
	PLAT_DIGEST_SIZE = 65, /* SHA-256 as hexadecimal text and the NUL */
};

/* What goes wrong on purpose; count requests are left to hit (below 0: until cleared). */
struct plat_fault {
	char fault[16]; /* drop, status, html, truncate, delay, reject, retry, spoil, lease,
	                   cert-age; backup and restore act at once */
	char path[64];  /* hits paths that begin so; not for reject, retry */
	char kind[32];  /* reject, retry, spoil: the kind of operation; restore: "silent" keeps the
	                   epoch */
	char pointer[64], code[32], message[128]; /* reject: the problem given */
	int count, status, retry_after_s, delay_ms;
	int percent; /* of the requests that it would hit */
	int days;    /* cert-age: the next certificate began so many days ago */
};

struct plat {
	sqlite3 *db;
	char token[128];
	char epoch[YZ_ID_TEXT_SIZE];
	char enrol_code[48]; /* "" for none */
	bool dedupe;         /* false: the broken twin */
	bool one_commit;     /* of a batch; false: one of each operation */
	struct plat_fault faults[8];
	sqlite3 *backup;         /* as fault "backup" found it, or NULL */
	int64_t requests;        /* to /v1, since the start */
	int64_t sends;           /* of them, to /v1/batches and /v1/time */
	int64_t sends_applied;   /* sends when an operation was last applied */
	int64_t gzipped;         /* of them, with a compressed body */
	struct plat_pki *pki;    /* NULL: plain HTTP */
	pthread_mutex_t at_work; /* one request at a time */
	unsigned char sign_key[128];
	size_t sign_key_len; /* 0: signatures are not looked at */
	bool far;            /* listens at the far end of linkem's line */
	FILE *record;        /* every exchange as a line of JSON; NULL: none */
};

struct plat_request {
	const char *method, *path; /* borrowed from the server */
	const char *station;       /* "" where the header is missing */
	char key[YZ_ID_TEXT_SIZE]; /* Idempotency-Key without its quotes, "" for none */
	enum plat_peer peer;       /* of the TLS connection */
	char peer_name[PLAT_STATION_SIZE];
	const char *bearer; /* Authorization, "" where it is missing, as the next seven */
	const char *signature_input, *signature, *digest, *quoted_key;
	const char *range, *if_range, *if_none_match;
	const char *uri;    /* path and query as sent */
	const char *cursor; /* ?cursor=, or NULL */
	int limit;
	char *body; /* inflated, NUL-terminated */
	size_t body_len;
	cJSON *json; /* the body; NULL without one */
};

struct plat_answer {
	unsigned status;
	const char *type;
	int retry_after_s;     /* 0: none */
	struct yz_buf headers; /* further lines "Name: value\n" */
	struct yz_buf body;
};

/* ---- db.c: SQLite, where any failure ends the program: as good as a crash ---- */
void plat_db_open(struct plat *p, const char *path);
/* Keeps a copy of everything as it stands; goes back to it, under a new epoch unless
 * silent. False: no copy. */
bool plat_db_backup(struct plat *p);
bool plat_db_restore(struct plat *p, bool silent);
void plat_db_exec(sqlite3 *db, const char *sql);
/* A statement with text parameters bound in order; NULL-terminated. The caller steps and finalizes.
 */
sqlite3_stmt *plat_db_query(sqlite3 *db, const char *sql, ...) __attribute__((sentinel));
bool plat_db_step(sqlite3_stmt *st);
/* Runs a query to its end; returns the first column of the first row, or none. */
int64_t plat_db_int(sqlite3_stmt *st, int64_t none);
const char *plat_db_text(sqlite3_stmt *st, int column); /* never NULL */

/* ---- canon.c ---- */
/* Writes RFC 8785 JSON; false for numbers that are not whole (there are none on this wire). */
bool plat_canon(struct yz_buf *out, const cJSON *node);
void plat_digest(const void *bytes, size_t len, char out[PLAT_DIGEST_SIZE]);

/* ---- schema.c ---- */
/* Adds {pointer, code, message} to errors for all that breaks the rules of kind ("batch", "lease",
 * "return", "status", "enrol" or an operation's); at is the pointer of node itself. False if the
 * kind is unknown. */
bool plat_schema_check(const char *kind, const cJSON *node, const char *at, cJSON *errors);

/* ---- problem.c ---- */
/* A problem of RFC 9457; errors (may be NULL) is taken over. */
cJSON *plat_problem(unsigned status, const char *code, const char *detail, cJSON *errors);
void plat_error_add(cJSON *errors, const char *pointer, const char *code, const char *message);
void plat_answer_problem(struct plat_answer *a, cJSON *problem);            /* takes problem over */
void plat_answer_json(struct plat_answer *a, unsigned status, cJSON *json); /* takes json over */

/* Answers 400 and returns false if the body breaks the rules of kind. In misc.c. */
bool plat_body_ok(const char *kind, const struct plat_request *r, struct plat_answer *a);

/* ---- auth.c ---- */
/* Whether the request comes from the station that it names: by its certificate if it shows one,
 * else by the bearer token. False: refused in a. */
bool plat_auth(struct plat *p, const struct plat_request *r, struct plat_answer *a);

/* ---- sign.c ---- */
/* Takes the secret (base64) from the file, which is made if missing; from now on every request must
 * be signed. */
enum yz_status plat_sign_open(struct plat *p, const char *path, struct yz_error *err);
bool plat_signed(struct plat *p, const struct plat_request *r, struct plat_answer *a);

/* ---- ops.c, misc.c, feed.c, enrol.c: the endpoints ---- */
void plat_batch(struct plat *p, const struct plat_request *r, struct plat_answer *a);
void plat_operation(struct plat *p, const struct plat_request *r, struct plat_answer *a);
void plat_dump(struct plat *p, struct plat_answer *a);
void plat_lease(struct plat *p, const struct plat_request *r, struct plat_answer *a);
void plat_lease_return(struct plat *p, const struct plat_request *r, struct plat_answer *a);
void plat_changes(struct plat *p, const struct plat_request *r, struct plat_answer *a);
void plat_snapshot(struct plat *p, const struct plat_request *r, struct plat_answer *a);
void plat_enrol(struct plat *p, const struct plat_request *r, struct plat_answer *a);
void plat_renew(struct plat *p, const struct plat_request *r, struct plat_answer *a);
void plat_status(struct plat *p, const struct plat_request *r, struct plat_answer *a);
void plat_test_change(struct plat *p, const struct plat_request *r, struct plat_answer *a);
void plat_test_epoch(struct plat *p, struct plat_answer *a);
void plat_test_expire(struct plat *p, const struct plat_request *r, struct plat_answer *a);
void plat_test_leases(struct plat *p, struct plat_answer *a);
void plat_test_stream(struct plat *p, const struct plat_request *r, struct plat_answer *a);
void plat_test_stats(struct plat *p, struct plat_answer *a);

/* ---- faults.c ---- */
void plat_fault_set(struct plat *p, const struct plat_request *r, struct plat_answer *a);
/* The fault of this name that hits now (counted down), or NULL; about is a path, for reject and
 * retry a kind.
 */
const struct plat_fault *plat_fault_hit(struct plat *p, const char *name, const char *about);

/* ---- record.c ---- */
struct MHD_Connection;
/* Writes one exchange to p->record, if there is one: ./check --contract holds it against the API's
 * description. */
void plat_record(struct plat *p, struct MHD_Connection *c, const struct plat_request *r,
        const struct plat_answer *a);

/* ---- http.c ---- */
struct MHD_Daemon;
/* Listens on 127.0.0.1:port (0: any), with TLS if p has keys and tls is true. NULL if it cannot. */
struct MHD_Daemon *plat_http_start(struct plat *p, uint16_t port, bool tls);

#endif
