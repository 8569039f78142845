/* The wire format of enrolment and renewal. Pure. */
#ifndef YZ_NET_WIRE_ENROL_H
#define YZ_NET_WIRE_ENROL_H

#include "net/wire.h"

/* Bodies of POST /v1/stations/enrol (csr "" asks for no certificate) and of
 * /v1/stations/{station}/certificates; out is cleared first. */
void yz_wire_enrol(struct yz_buf *out, const char *code, const char *station, const char *csr);
void yz_wire_renew(struct yz_buf *out, const char *csr);

/* The Idempotency-Key of a body: the same for the same bytes (UUIDv8 of their SHA-256), so that a
 * question asked again after a crash is known to be the same. */
struct yz_id yz_wire_key_of(const struct yz_buf *body);

/* What the platform gave. */
struct yz_given {
	char station[40]; /* "" in a renewal */
	char token[256];  /* "" in a renewal */
	int64_t agent_epoch;
	struct yz_buf certificate; /* PEM; empty without one; owned by the caller */
};

/* Reads a 201 answer to either. YZ_E_PARSE if it is anything else; *out is untouched then. */
enum yz_status yz_wire_given(
        struct yz_given *out, bool enrolment, const struct yz_answer *a, struct yz_error *err);

#endif
