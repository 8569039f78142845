/* A line that fails on command: a small TCP proxy before the platform, in a process of its own. It
 * takes each request whole, hands it on, and takes the answer whole before it hands that back, so
 * that a cut falls exactly after the byte that was asked for. Or it makes up the answer itself.
 * Test programs only. */
#ifndef YZ_TESTS_LINE_H
#define YZ_TESTS_LINE_H

#include "base/buf.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

enum { LINE_OFF = -1, LINE_SENDERS = 32 };

/* Shared with the proxy; what a test writes holds from the next request on. */
struct line_plan {
	/* one shot each, on a POST: the bytes that still pass; LINE_OFF for no cut */
	atomic_int request_cut, reply_cut;
	atomic_bool reset;        /* a cut is a TCP reset, else a close */
	atomic_bool down;         /* every connection is cut at once */
	atomic_bool silent;       /* what comes in goes nowhere, and nothing comes back */
	atomic_int loss_permille; /* exchanges that are cut at a byte of chance */
	atomic_int delay_ms;      /* before each answer */
	atomic_int lie;   /* which made-up answer a POST gets, LINE_OFF for the platform's */
	atomic_int posts; /* seen so far */
	atomic_int cuts;  /* made so far */
	atomic_int request_len, reply_len; /* of the last whole POST */
	/* who sends: the pids that may, and which of them has a request here right now */
	atomic_int sender[LINE_SENDERS], busy[LINE_SENDERS];
	atomic_int overlaps;
};

struct line {
	pid_t pid;
	int port; /* what the station is told */
	struct line_plan *plan;
};

/* A made-up answer to a POST: what goes on the wire is written to out, or by the liar itself to
 * client; false ends the connection. request is headers and body as they came. */
typedef bool line_liar(int lie, const struct yz_buf *request, struct yz_buf *out, int client);

/* Starts it before 127.0.0.1:port; liar may be NULL. */
void line_open(struct line *l, int port, line_liar *liar);
void line_close(struct line *l);

/* The pieces it is made of: one message whole, by its Content-Length or up to the end of the
 * stream; all bytes written; a connection to 127.0.0.1:port, below 0 if there is none. */
bool line_read(int fd, struct yz_buf *b);
bool line_write(int fd, const char *p, size_t n);
int line_reach(int port);

/* The value of a header in a message, or "" ; out is cut at size. */
void line_header(const struct yz_buf *message, const char *name, char *out, size_t size);
/* Where the body of a message starts; len gets its length. */
const char *line_body(const struct yz_buf *message, size_t *len);

#endif
