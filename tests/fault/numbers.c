/* Test 12: no waybill number is given twice and none from outside a lease, whatever is killed, lost
 * or restored.
 *
 * Clerks take numbers, each in a transaction of its own, and write a receipt into a pipe once it is
 * committed. Meanwhile clerks, yizhan-sync and the platform are killed and answers are lost. Then
 * all stops and the station's database is put back to an older copy, as the owner would do from a
 * backup. The twin forgets what a restore has to do (yz_pool_after_restore): the same receipts must
 * show numbers that were given twice. */
#include "config.h"

#include "tests/fault/sync_fault.h"

#include "station/lease.h"
#include "store/reference.h"
#include "store/shipment.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CLERKS_MAX = 50, A_ROUND = 1000, FEW = 300, NUMBERS_MAX = 1 << 26, COPY_EVERY = 4 };

struct run {
	struct fault *f;
	struct world *w;
	int clerks;
	int64_t busy_day;
	pid_t clerk[CLERKS_MAX];
	int in, out;   /* the pipe of receipts */
	uint8_t *seen; /* a bit a number */
	bool forgets;  /* the twin */
	int64_t numbers, kills, restores, lost_replies, duplicate, outside, offline_days;
};

static const char couriers[] =
        "code,name,name_en,number_mode,void_rule,service_default,volumetric_divisor,"
        "max_weight_g,phone,claim_rule,number_format,sort\n"
        "ZTO,中通,ZTO,range,return,标快,6000,30000,95311,civil,^[0-9]{14}$,1\n";
static const char sheet[] = "tariff,courier,service,zone,to,product_line,no_ship,first_g,"
                            "first_fen,step_g,step_fen,max_g,valid_from,valid_until,note\n"
                            "T1,ZTO,标快,省内,53,,,1000,800,1000,200,30000,2026-01-01,,\n";

static struct yz_tx *begin(struct yz_store *s)
{
	struct yz_now now = yz_clock_now(0);
	struct yz_tx *tx = NULL;
	struct yz_error err;

	if (yz_tx_begin(s, &now, &tx, &err) != YZ_OK)
		fault_stop("begin: %s", err.text);
	return tx;
}

static void must(enum yz_status st, const struct yz_error *err)
{
	if (st != YZ_OK)
		fault_stop("%s", err->text);
}

static void reference(struct yz_tx *tx, const char *kind, const char *name, const char *text)
{
	struct yz_reference ref = {.rows = 1};
	struct yz_error err;

	(void)yz_copy(ref.kind, sizeof(ref.kind), kind);
	(void)yz_copy(ref.name, sizeof(ref.name), name);
	must(yz_reference_put(tx, &ref, text, strlen(text), &err), &err);
}

/* A busy day in the past. */
static void busy_day(struct run *r, int ago)
{
	struct yz_now now = yz_clock_now(0);
	struct yz_tx *tx = NULL;
	struct yz_error err;

	now.wall_ms -= (int64_t)ago * 86400000;
	must(yz_tx_begin(r->w->s, &now, &tx, &err), &err);
	for (int64_t i = 0; i < r->busy_day; i++) {
		struct yz_shipment s = {.courier = "ZTO", .payer = "sender"};

		s.id = yz_id_new(now.wall_ms);
		(void)snprintf(s.station_no, sizeof(s.station_no), "H%d-%lld", ago, (long long)i);
		must(yz_shipment_add(tx, &s, &err), &err);
	}
	must(yz_tx_commit(tx, &err), &err);
}

/* Couriers, prices, and some days from which the size of a lease follows. */
static void history(struct run *r)
{
	struct yz_tx *tx = begin(r->w->s);
	struct yz_error err;

	reference(tx, "couriers", "", couriers);
	reference(tx, "tariff", "T1", sheet);
	must(yz_tx_commit(tx, &err), &err);
	for (int ago = 1; ago <= 3; ago++)
		busy_day(r, ago);
}

/* One number in a transaction of its own; 0 when none is left. */
static int64_t take(struct yz_store *s)
{
	struct yz_id parcel = yz_id_new(yz_clock_now(0).wall_ms);
	struct yz_tx *tx = begin(s);
	struct yz_error err;
	struct yz_pool from;
	int64_t n = 0;
	enum yz_status st = yz_pool_take(tx, "ZTO", &from, &n, &err);

	if (st == YZ_OK)
		st = yz_pool_note(tx, &from, n, &parcel, &err);
	if (st == YZ_E_EMPTY) {
		yz_tx_rollback(tx);
		return 0;
	}
	must(st, &err);
	must(yz_tx_commit(tx, &err), &err);
	return n;
}

_Noreturn static void clerk(const struct run *r)
{
	struct yz_store *s;
	struct yz_error err;

	must(yz_store_open(&s, r->w->dir, 0, &err), &err);
	for (;;) {
		int64_t n = take(s);

		if (!n)
			fault_nap_us(20000);
		else if (write(r->out, &n, sizeof(n)) != (ssize_t)sizeof(n))
			_exit(3);
	}
}

static void start_clerk(struct run *r, int i)
{
	r->clerk[i] = fork();
	if (r->clerk[i] == 0) {
		(void)close(r->in);
		clerk(r);
	}
}

static void kill_clerk(struct run *r, int i)
{
	int status;

	(void)kill(r->clerk[i], SIGKILL);
	if (waitpid(r->clerk[i], &status, 0) != r->clerk[i] || !WIFSIGNALED(status))
		fault_stop("a clerk ended by itself");
}

static void note(struct run *r, int64_t n)
{
	uint8_t bit = (uint8_t)(1 << n % 8);

	if (n < 1 || n >= NUMBERS_MAX)
		fault_stop("%lld is no number of this test", (long long)n);
	if (r->seen[n / 8] & bit)
		r->duplicate++;
	r->seen[n / 8] |= bit;
	r->numbers++;
}

static void read_receipts(struct run *r)
{
	int64_t got[512];
	ssize_t n;

	while ((n = read(r->in, got, sizeof(got))) > 0)
		for (ssize_t i = 0; i < n / (ssize_t)sizeof(got[0]); i++)
			note(r, got[i]);
}

/* Something is killed, or an answer gets lost. */
static void trouble(struct run *r)
{
	int i = (int)fault_chance(r->f, (uint32_t)r->clerks);

	switch (fault_chance(r->f, 12)) {
	case 0:
		(void)stop(&r->w->sync, SIGKILL);
		sync_start(r->w);
		r->kills++;
		break;
	case 1:
		(void)stop(&r->w->platform, SIGKILL);
		platform_start(r->w);
		r->kills++;
		break;
	case 2:
		fault(r->w, "{\"fault\":\"drop\",\"path\":\"/v1/number-leases\",\"count\":1}");
		r->lost_replies++;
		break;
	default:
		kill_clerk(r, i);
		start_clerk(r, i);
		r->kills++;
		break;
	}
}

/* Clerks at work until so many receipts are there. */
static void work(struct run *r, int64_t until)
{
	int64_t end = fault_ms() + 300000;

	sync_start(r->w);
	for (int i = 0; i < r->clerks; i++)
		start_clerk(r, i);
	while (r->numbers < until && fault_ms() < end) {
		struct pollfd p = {.fd = r->in, .events = POLLIN};

		(void)poll(&p, 1, 20);
		read_receipts(r);
		if (fault_chance(r->f, 4) == 0)
			trouble(r);
	}
	for (int i = 0; i < r->clerks; i++)
		kill_clerk(r, i);
	(void)stop(&r->w->sync, SIGKILL);
	read_receipts(r);
	if (r->numbers < until)
		fault_stop("the clerks got no more numbers: %s/log", r->w->dir);
}

static const char *const parts[] = {"station.db", "station.db-wal"};

static void copy_station(const struct run *r, const char *from, const char *to)
{
	char a[160], b[160];

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		(void)snprintf(a, sizeof(a), "%s/%s%s", r->w->dir, parts[i], from);
		(void)snprintf(b, sizeof(b), "%s/%s%s", r->w->dir, parts[i], to);
		if (access(a, F_OK) == 0)
			fault_copy(a, b);
		else
			(void)remove(b);
	}
	(void)snprintf(a, sizeof(a), "%s/station.db-shm", r->w->dir);
	(void)remove(a);
}

static void close_station(struct run *r)
{
	yz_store_close(r->w->s);
	r->w->s = NULL;
}

static void open_station(struct run *r)
{
	struct yz_error err;

	must(yz_store_open(&r->w->s, r->w->dir, 0, &err), &err);
}

static void make_copy(struct run *r)
{
	close_station(r);
	copy_station(r, "", ".old");
	open_station(r);
}

/* The owner restores the older copy; nobody works meanwhile. */
static void restore(struct run *r)
{
	struct yz_error err;

	close_station(r);
	copy_station(r, ".old", "");
	open_station(r);
	if (!r->forgets) {
		struct yz_tx *tx = begin(r->w->s);

		must(yz_pool_after_restore(tx, NULL, &err), &err);
		must(yz_tx_commit(tx, &err), &err);
	}
	r->restores++;
}

/* Takes up to a thousand numbers in one transaction; how many there were. */
static int64_t take_many(struct run *r)
{
	struct yz_tx *tx = begin(r->w->s);
	int64_t got[1000], n = 0;
	struct yz_error err;
	struct yz_pool from;

	while (n < 1000 && yz_pool_take(tx, "ZTO", &from, &got[n], &err) == YZ_OK)
		n++;
	must(yz_tx_commit(tx, &err), &err);
	for (int64_t i = 0; i < n; i++)
		note(r, got[i]);
	return n;
}

/* The line dies when the station is full of numbers: for how many busy days do they last? */
static void offline(struct run *r)
{
	int64_t n, taken = 0;
	int tries = 0;

	fault(r->w, "{\"fault\":\"clear\"}");
	while (sync_once(r->w) != 0)
		if (++tries > 20)
			fault_stop("yizhan-sync does not come to an end: %s/log", r->w->dir);
	(void)stop(&r->w->platform, SIGTERM);
	while ((n = take_many(r)) > 0)
		taken += n;
	r->offline_days = taken / r->busy_day;
	platform_start(r->w);
}

/* Every number that was given must be of a lease of the platform. */
static void look_outside(struct run *r)
{
	struct yz_buf out = YZ_BUF_INIT;
	int64_t inside = 0, all = 0;
	const char *at;

	side_door(r->w, "/test/leases", NULL, &out);
	for (at = yz_buf_str(&out); (at = strstr(at, "\"lo\":")); at++) {
		char *end;
		int64_t lo = strtoll(at + 5, &end, 10),
		        hi = strtoll(end + strlen(",\"hi\":"), NULL, 10);

		for (int64_t n = lo; n <= hi && n < NUMBERS_MAX; n++)
			inside += r->seen[n / 8] >> n % 8 & 1;
	}
	for (int64_t n = 0; n < NUMBERS_MAX; n++)
		all += r->seen[n / 8] >> n % 8 & 1;
	r->outside = all - inside;
	yz_buf_free(&out);
}

static struct run play(struct fault *f, long rounds, bool forgets)
{
	struct run r = {.f = f, .w = fault_world(), .forgets = forgets};
	long played = 0;
	int fds[2];

	r.clerks = rounds < 50 ? 8 : CLERKS_MAX;
	r.busy_day = rounds < 50 ? 40 : 3000;
	r.seen = yz_alloc(NUMBERS_MAX / 8);
	if (pipe(fds) != 0 || fcntl(fds[0], F_SETFL, O_NONBLOCK) != 0)
		fault_stop("no pipe");
	r.in = fds[0];
	r.out = fds[1];
	history(&r);
	platform_start(r.w);
	while (forgets ? played < rounds : fault_more(f, played)) {
		work(&r, r.numbers + (rounds < 50 ? FEW : A_ROUND));
		if (played % COPY_EVERY == 0)
			make_copy(&r);
		if (played % COPY_EVERY == COPY_EVERY - 2)
			restore(&r);
		played++;
	}
	if (!forgets)
		offline(&r);
	look_outside(&r);
	(void)close(r.in);
	(void)close(r.out);
	free(r.seen);
	fault_world_free(r.w);
	return r;
}

int main(void)
{
	struct fault f = fault_begin("12", 4);
	struct run r = play(&f, f.rounds, false), twin = play(&f, 4, true);

	return fault_end(&f,
	        r.numbers > 0 && r.restores > 0 && !r.duplicate && !r.outside &&
	                r.offline_days >= YZ_LEASE_DAYS,
	        twin.duplicate > 0,
	        "%d clerks, %lld numbers, %lld kills, %lld lost answers, %lld restores, "
	        "%lld duplicate, %lld outside, %lld days offline",
	        r.clerks, (long long)r.numbers, (long long)r.kills, (long long)r.lost_replies,
	        (long long)r.restores, (long long)r.duplicate, (long long)r.outside,
	        (long long)r.offline_days);
}
