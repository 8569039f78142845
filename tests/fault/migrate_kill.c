/* Test 14: a station that is two steps behind, with operations waiting, is brought up to date and
 * the program is killed at a moment of its own; the next one has to bring it to the end. No
 * operation may be missing and every body must be byte for byte what it was. The program knows one
 * step more than today's, which writes as much as it can.
 *
 * In the twin the steps run without their transaction (yz_db_exec is wrapped by the linker). */
#include "config.h"

#include "store/db.h"
#include "store/migrate.h"
#include "store/tally.h"
#include "store/verify.h"
#include "tests/fault/fault.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PENDING_FULL = 100000, PENDING_FEW = 3000, STEPS_MAX = 64 };

static bool is_old;   /* knows two steps less */
static bool no_begin; /* the twin */

const char *const *__real_yz_migrations(size_t *count);
const char *const *__wrap_yz_migrations(size_t *count);
enum yz_status __real_yz_db_exec(struct yz_store *s, const char *sql, struct yz_error *err);
enum yz_status __wrap_yz_db_exec(struct yz_store *s, const char *sql, struct yz_error *err);

const char *const *__wrap_yz_migrations(size_t *count)
{
	static const char step[] = "CREATE TABLE fault_copy AS SELECT * FROM outbox;"
	                           "CREATE INDEX fault_index ON outbox(kind, agg);"
	                           "CREATE TABLE fault_body AS SELECT seq, body FROM outbox_body;"
	                           "DROP TABLE fault_copy;";
	static const char *steps[STEPS_MAX];
	const char *const *real = __real_yz_migrations(count);

	if (*count + 1 > STEPS_MAX)
		fault_stop("too many migrations");
	memcpy(steps, real, *count * sizeof(*steps));
	steps[*count] = step;
	*count = !is_old ? *count + 1 : *count > 2 ? *count - 2 : 1;
	return steps;
}

enum yz_status __wrap_yz_db_exec(struct yz_store *s, const char *sql, struct yz_error *err)
{
	char pragma[64];
	const char *end = strstr(sql, "; COMMIT");

	if (no_begin && !strcmp(sql, "BEGIN IMMEDIATE"))
		return YZ_OK;
	if (no_begin && end) {
		(void)snprintf(pragma, sizeof(pragma), "%.*s", (int)(end - sql), sql);
		sql = pragma;
	}
	return __real_yz_db_exec(s, sql, err);
}

struct migration {
	char from[FAULT_DIR_SIZE], to[FAULT_DIR_SIZE];
	int64_t pending, takes_ms;
	uint8_t bodies[crypto_hash_sha256_BYTES];
	int64_t kills, finished, changed, unsound; /* finished: the kill came too late */
};

static void digest(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	uint8_t out[crypto_hash_sha256_BYTES];

	(void)argc;
	yz_digest(out, sqlite3_value_blob(argv[0]), (size_t)sqlite3_value_bytes(argv[0]));
	sqlite3_result_blob(ctx, out, sizeof(out), SQLITE_TRANSIENT);
}

static void must(enum yz_status st, const struct yz_error *err)
{
	if (st != YZ_OK)
		fault_stop("%s", err->text);
}

static void hash_bodies(struct yz_store *s, uint8_t *out, int64_t *count)
{
	sqlite3_stmt *stmt = NULL;
	crypto_hash_sha256_state h;
	int64_t n = 0;

	(void)crypto_hash_sha256_init(&h);
	if (sqlite3_prepare_v2(s->db,
	            "SELECT o.id, b.body FROM outbox o JOIN outbox_body b"
	            " ON b.seq = o.seq WHERE o.state = 0 ORDER BY o.seq",
	            -1, &stmt, NULL) != SQLITE_OK)
		fault_stop("%s", sqlite3_errmsg(s->db));
	for (; sqlite3_step(stmt) == SQLITE_ROW; n++)
		for (int i = 0; i < 2; i++)
			(void)crypto_hash_sha256_update(&h, sqlite3_column_blob(stmt, i),
			        (unsigned long long)sqlite3_column_bytes(stmt, i));
	(void)sqlite3_finalize(stmt);
	(void)crypto_hash_sha256_final(&h, out);
	*count = n;
}

/* As many operations as an old program could have left. */
static void fill(struct migration *m)
{
	static const char sql[] =
	        "BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
	        "%lld)"
	        " INSERT INTO outbox(seq, id, ord, agg, agg_ver, kind, schema, digest, created_ms,"
	        " mono_ms, boot_id, trust, state, attempts, next_ms, code, reason, field, "
	        "server_id)"
	        " SELECT i, randomblob(16), i, 'shipment/' || i, 1, 'shipment.book', 1, "
	        "zeroblob(32),"
	        " 1795485600000 + i, i, 'boot', 0, 0, 0, 0, '', '', '', '' FROM n;"
	        "INSERT INTO outbox_body SELECT seq, CAST('{\"n\":' || seq || ',\"x\":\"' ||"
	        " hex(randomblob(150)) || '\"}' AS BLOB) FROM outbox;"
	        "DROP TRIGGER outbox_fixed;" /* put back below: the digests come last */
	        "UPDATE outbox SET digest = digest((SELECT body FROM outbox_body b"
	        " WHERE b.seq = outbox.seq)); %s; COMMIT";
	struct yz_error err = {0};
	struct yz_store *s;
	sqlite3_stmt *stmt;
	char *trigger, *all;
	size_t version;

	is_old = true;
	must(yz_store_open(&s, m->from, YZ_STORE_CREATE, &err), &err);
	if (sqlite3_create_function(s->db, "digest", 1, SQLITE_UTF8, NULL, digest, NULL, NULL) !=
	                SQLITE_OK ||
	        sqlite3_prepare_v2(s->db,
	                "SELECT sql FROM sqlite_schema WHERE name = 'outbox_fixed'", -1, &stmt,
	                NULL) != SQLITE_OK ||
	        sqlite3_step(stmt) != SQLITE_ROW)
		fault_stop("%s", sqlite3_errmsg(s->db));
	trigger = sqlite3_mprintf("%s", sqlite3_column_text(stmt, 0));
	(void)sqlite3_finalize(stmt);
	all = sqlite3_mprintf(sql, (long long)m->pending, trigger);
	must(__real_yz_db_exec(s, all, &err), &err);
	(void)yz_migrations(&version); /* the rows came past the tally, if there is one so early */
	must(yz_tally_make(s, (int64_t)version, &err), &err);
	must(__real_yz_db_exec(s, "PRAGMA wal_checkpoint(TRUNCATE)", &err), &err);
	sqlite3_free(trigger);
	sqlite3_free(all);
	hash_bodies(s, m->bodies, &m->pending);
	yz_store_close(s);
	is_old = false;
}

static void copy_station(const struct migration *m)
{
	static const char *const left[] = {"station.db-wal", "station.db-shm"};
	char a[PATH_MAX], b[PATH_MAX];

	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
		(void)snprintf(b, sizeof(b), "%s/%s", m->to, left[i]);
		(void)unlink(b);
	}
	(void)snprintf(a, sizeof(a), "%s/station.db", m->from);
	(void)snprintf(b, sizeof(b), "%s/station.db", m->to);
	fault_copy(a, b);
}

static pid_t start(const struct migration *m)
{
	pid_t pid = fork();

	if (pid < 0)
		fault_stop("fork: %s", strerror(errno));
	if (pid == 0) {
		struct yz_store *s;
		struct yz_error err = {0};

		if (yz_store_open(&s, m->to, 0, &err) != YZ_OK)
			fault_stop("the migration fails by itself: %s", err.text);
		_exit(0);
	}
	return pid;
}

/* Brings it to the end and looks. */
static void look(struct migration *m)
{
	uint8_t bodies[crypto_hash_sha256_BYTES];
	struct yz_error err = {0};
	struct yz_store *s;
	int64_t n = 0;

	if (yz_store_open(&s, m->to, 0, &err) != YZ_OK || yz_store_verify(s, &err) != YZ_OK) {
		(void)fprintf(
		        stderr, "after a kill%s: %s\n", no_begin ? " of the twin" : "", err.text);
		m->unsound++;
		return;
	}
	hash_bodies(s, bodies, &n);
	m->changed += n != m->pending || memcmp(bodies, m->bodies, sizeof(bodies)) != 0;
	yz_store_close(s);
}

static void play_round(struct fault *f, struct migration *m)
{
	pid_t pid;
	int status;

	copy_station(m);
	pid = start(m);
	fault_nap_us(fault_chance(f, (uint32_t)(m->takes_ms * 1000 + 1000)));
	(void)kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid || (WIFEXITED(status) && WEXITSTATUS(status) != 0))
		fault_stop("the migration cannot be run");
	m->kills++;
	m->finished += WIFEXITED(status);
	look(m);
}

/* How long it takes when nobody interrupts, with and without a transaction. */
static void measure(struct migration *m)
{
	int64_t start_ms = fault_ms();
	int status;
	pid_t pid;

	copy_station(m);
	pid = start(m);
	if (waitpid(pid, &status, 0) != pid || status != 0)
		fault_stop("the migration does not work at all");
	m->takes_ms = fault_ms() - start_ms;
	look(m);
	if (m->changed || m->unsound)
		fault_stop("the migration itself does harm");
}

int main(void)
{
	struct fault f = fault_begin("14", 6);
	struct migration m = {.pending = f.rounds >= 100 ? PENDING_FULL : PENDING_FEW}, twin;

	if (sodium_init() < 0)
		fault_stop("no sodium");
	fault_folder(m.from);
	fault_folder(m.to);
	fill(&m);
	measure(&m);
	while (fault_more(&f, m.kills))
		play_round(&f, &m);
	twin = m;
	twin.kills = twin.changed = twin.unsound = 0;
	no_begin = true;
	measure(&twin);
	while (!twin.changed && !twin.unsound && twin.kills < 50)
		play_round(&f, &twin);
	fault_remove(m.from);
	fault_remove(m.to);
	return fault_end(&f, m.kills > m.finished && !m.changed && !m.unsound,
	        twin.changed + twin.unsound > 0,
	        "%lld operations waiting, %lld kills (%lld came too late), %lld with changed "
	        "bodies,"
	        " %lld unsound",
	        (long long)m.pending, (long long)m.kills, (long long)m.finished,
	        (long long)m.changed, (long long)m.unsound);
}
