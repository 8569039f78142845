#include "config.h"

#include "station/signin.h"

#include "base/buf.h"
#include "base/text.h"
#include "store/audit.h"
#include "store/guard.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
	PIN_OPS = 2, /* passes of Argon2id */
	PIN_MEMORY_BYTES = 16 * 1024 * 1024,
	FREE_TRIES = 5,
	FIRST_WAIT_MS = 60 * 1000,
	LONGEST_WAIT_MS = 15 * 60 * 1000
};

#define WRONG N_("The name or the PIN is wrong.")
#define LOCKED N_("Too many wrong PINs. Wait a few minutes, or ask the station owner.")
#define PIN_RULE \
	N_("A PIN has 6 to 32 characters, not all the same and no simple run such as 123456.")
#define LOGIN_RULE N_("A sign-in name has 2 to 32 small letters, digits, dots or dashes.")

static enum yz_status hash_pin(const char *pin, char out[129], struct yz_error *err)
{
	if (sodium_init() < 0)
		abort();
	if (crypto_pwhash_str_alg(out, pin, strlen(pin), PIN_OPS, PIN_MEMORY_BYTES,
	            crypto_pwhash_ALG_ARGON2ID13) != 0)
		return yz_fail(err, YZ_E_IO, "no memory to hash a PIN");
	return YZ_OK;
}

/* All the same, or each one up or down from the one before. */
static bool is_simple(const char *pin)
{
	int step = pin[1] - pin[0];

	if (step < -1 || step > 1)
		return false;
	for (const char *p = pin; p[1]; p++)
		if (p[1] - p[0] != step)
			return false;
	return true;
}

static enum yz_status check_pin(const char *pin, struct yz_error *err)
{
	size_t n = yz_text_chars(pin);

	if (n < YZ_PIN_MIN || n > YZ_PIN_MAX || is_simple(pin))
		return yz_fail_field(err, YZ_E_RANGE, "pin", PIN_RULE);
	return YZ_OK;
}

static enum yz_status check_clerk(const struct yz_clerk *c, struct yz_error *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
	size_t n = strlen(c->login);

	if (n < 2 || n > 32 || strspn(c->login, allowed) != n)
		return yz_fail_field(err, YZ_E_RANGE, "login", LOGIN_RULE);
	if (yz_text_chars(c->name) < 1 || yz_text_chars(c->name) > 40 || !yz_text_is_clean(c->name))
		return yz_fail_field(err, YZ_E_RANGE, "name",
		        N_("Give the clerk's name, at most 40 characters."));
	if (strcmp(c->role, "clerk") != 0 && strcmp(c->role, "owner") != 0)
		return yz_fail_field(err, YZ_E_RANGE, "role", N_("The role is clerk or owner."));
	return YZ_OK;
}

static void lock_after_failure(struct yz_clerk *c, int64_t now_ms)
{
	int64_t wait_ms = FIRST_WAIT_MS;

	c->failures++;
	if (c->failures < FREE_TRIES)
		return;
	for (int i = FREE_TRIES; i < c->failures && wait_ms < LONGEST_WAIT_MS; i++)
		wait_ms *= 2;
	c->locked_until_ms = now_ms + (wait_ms > LONGEST_WAIT_MS ? LONGEST_WAIT_MS : wait_ms);
}

/* Writes the clerk's row and one audit row. */
static enum yz_status note(struct yz_store *s, const struct yz_now *now, const struct yz_clerk *c,
        const char *action, struct yz_error *err)
{
	struct yz_tx *tx = NULL;
	enum yz_status st;

	if (yz_store_is_damaged(s, NULL)) /* to look at what is there, nothing can be written */
		return YZ_OK;
	st = yz_tx_begin(s, now, &tx, err);
	if (st == YZ_OK)
		st = yz_clerk_update(tx, c, err);
	if (st == YZ_OK)
		st = yz_audit_add(tx, &c->id, action, "", "", err);
	if (st == YZ_OK)
		return yz_tx_commit(tx, err);
	yz_tx_rollback(tx);
	return st;
}

enum yz_status yz_sign_in(struct yz_store *s, const struct yz_now *now, const char *login,
        const char *pin, struct yz_clerk *out, struct yz_error *err)
{
	/* hashed once with the same cost, so that an unknown name takes as long as a wrong PIN */
	char spare[129];
	struct yz_clerk c;
	enum yz_status st = yz_clerk_find(s, login, &c, err);

	if (st == YZ_E_NOTFOUND || (st == YZ_OK && !c.active)) {
		(void)hash_pin(pin, spare, NULL);
		return yz_fail_field(err, YZ_E_DENIED, "pin", WRONG);
	}
	if (st != YZ_OK)
		return st;
	/* a clock that was set back must not lock a clerk out for longer than the longest wait */
	if (c.locked_until_ms > now->wall_ms && c.locked_until_ms - now->wall_ms <= LONGEST_WAIT_MS)
		return yz_fail_field(err, YZ_E_DENIED, "pin", LOCKED);
	if (sodium_init() < 0)
		abort();
	if (crypto_pwhash_str_verify(c.pin_hash, pin, strlen(pin)) != 0) {
		lock_after_failure(&c, now->wall_ms);
		st = note(s, now, &c, "signin.wrong", err);
		return st == YZ_OK ? yz_fail_field(err, YZ_E_DENIED, "pin", WRONG) : st;
	}
	c.failures = 0;
	c.locked_until_ms = 0;
	st = note(s, now, &c, "signin.ok", err);
	if (st == YZ_OK)
		*out = c;
	return st;
}

enum yz_status yz_sign_out(struct yz_store *s, const struct yz_now *now, const struct yz_clerk *c,
        struct yz_error *err)
{
	struct yz_tx *tx = NULL;
	enum yz_status st;

	if (yz_store_is_damaged(s, NULL))
		return YZ_OK;
	st = yz_tx_begin(s, now, &tx, err);
	if (st == YZ_OK)
		st = yz_audit_add(tx, &c->id, "signin.out", "", "", err);
	if (st == YZ_OK)
		return yz_tx_commit(tx, err);
	yz_tx_rollback(tx);
	return st;
}

enum yz_status yz_clerk_new(struct yz_store *s, const struct yz_now *now, struct yz_clerk *c,
        const char *pin, struct yz_error *err)
{
	struct yz_tx *tx = NULL;
	enum yz_status st;

	if ((st = check_clerk(c, err)) != YZ_OK || (st = check_pin(pin, err)) != YZ_OK)
		return st;
	c->id = yz_id_new(now->wall_ms);
	c->active = true;
	if ((st = hash_pin(pin, c->pin_hash, err)) != YZ_OK)
		return st;
	if ((st = yz_tx_begin(s, now, &tx, err)) != YZ_OK)
		return st;
	if ((st = yz_clerk_add(tx, c, err)) == YZ_OK)
		st = yz_audit_add(tx, &c->id, "clerk.new", "", c->role, err);
	if (st == YZ_OK)
		return yz_tx_commit(tx, err);
	yz_tx_rollback(tx);
	return st;
}

enum yz_status yz_clerk_set_pin(struct yz_store *s, const struct yz_now *now, const char *login,
        const char *pin, struct yz_error *err)
{
	struct yz_clerk c;
	enum yz_status st;

	if ((st = check_pin(pin, err)) != YZ_OK || (st = yz_clerk_find(s, login, &c, err)) != YZ_OK)
		return st;
	if ((st = hash_pin(pin, c.pin_hash, err)) != YZ_OK)
		return st;
	c.failures = 0;
	c.locked_until_ms = 0;
	return note(s, now, &c, "clerk.pin", err);
}
