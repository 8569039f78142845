#include "config.h"

#include "tui/input.h"

#include "base/text.h"

#include <string.h>

enum { ESC = 0x1B, STRING_MAX = 4096 };
/* what the decoder makes of the bytes before it */
enum verdict { NEED_MORE, TAKEN };

enum { PASTE_START = YZ_KEY_BASE + 1000 };

static const struct {
	const char *seq; /* after the Esc */
	int32_t key;
} sequences[] = {
        {"[A", YZ_KEY_UP},
        {"OA", YZ_KEY_UP},
        {"[B", YZ_KEY_DOWN},
        {"OB", YZ_KEY_DOWN},
        {"[C", YZ_KEY_RIGHT},
        {"OC", YZ_KEY_RIGHT},
        {"[D", YZ_KEY_LEFT},
        {"OD", YZ_KEY_LEFT},
        {"[H", YZ_KEY_HOME},
        {"OH", YZ_KEY_HOME},
        {"[1~", YZ_KEY_HOME},
        {"[7~", YZ_KEY_HOME},
        {"[F", YZ_KEY_END},
        {"OF", YZ_KEY_END},
        {"[4~", YZ_KEY_END},
        {"[8~", YZ_KEY_END},
        {"[5~", YZ_KEY_PGUP},
        {"[I", YZ_KEY_PGUP},
        {"[6~", YZ_KEY_PGDN},
        {"[G", YZ_KEY_PGDN},
        {"[2~", YZ_KEY_INSERT},
        {"[3~", YZ_KEY_DELETE},
        {"[Z", YZ_KEY_BACKTAB},
        {"OM", YZ_KEY_ENTER},
        /* xterm and VT100+ */
        {"OP", YZ_KEY_F1},
        {"OQ", YZ_KEY_F2},
        {"OR", YZ_KEY_F3},
        {"OS", YZ_KEY_F4},
        {"OT", YZ_KEY_F5},
        {"OU", YZ_KEY_F6},
        {"OV", YZ_KEY_F7},
        {"OW", YZ_KEY_F8},
        {"OX", YZ_KEY_F9},
        {"OY", YZ_KEY_F10},
        {"OZ", YZ_KEY_F11},
        {"O[", YZ_KEY_F12},
        /* VT220, rxvt, PuTTY */
        {"[11~", YZ_KEY_F1},
        {"[12~", YZ_KEY_F2},
        {"[13~", YZ_KEY_F3},
        {"[14~", YZ_KEY_F4},
        {"[15~", YZ_KEY_F5},
        {"[17~", YZ_KEY_F6},
        {"[18~", YZ_KEY_F7},
        {"[19~", YZ_KEY_F8},
        {"[20~", YZ_KEY_F9},
        {"[21~", YZ_KEY_F10},
        {"[23~", YZ_KEY_F11},
        {"[24~", YZ_KEY_F12},
        /* the Linux console */
        {"[[A", YZ_KEY_F1},
        {"[[B", YZ_KEY_F2},
        {"[[C", YZ_KEY_F3},
        {"[[D", YZ_KEY_F4},
        {"[[E", YZ_KEY_F5},
        /* SCO */
        {"[M", YZ_KEY_F1},
        {"[N", YZ_KEY_F2},
        {"[O", YZ_KEY_F3},
        {"[P", YZ_KEY_F4},
        {"[Q", YZ_KEY_F5},
        {"[R", YZ_KEY_F6},
        {"[S", YZ_KEY_F7},
        {"[T", YZ_KEY_F8},
        {"[U", YZ_KEY_F9},
        {"[V", YZ_KEY_F10},
        {"[W", YZ_KEY_F11},
        {"[X", YZ_KEY_F12},
        {"[200~", PASTE_START},
        {"[201~", YZ_KEY_PASTE_END},
};

static int32_t sequence_key(const unsigned char *seq, size_t len)
{
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
		if (strlen(sequences[i].seq) == len && !memcmp(sequences[i].seq, seq, len))
			return sequences[i].key;
	if (len == 2 && seq[0] == 'O' && seq[1] >= 'p' &&
	        seq[1] <= 'y') /* the digits of an application keypad */
		return '0' + (seq[1] - 'p');
	return YZ_KEY_NONE;
}

/* p[0] is Esc and n bytes are there: how long is the sequence? 0 if its end is not there yet. */
static size_t sequence_len(const unsigned char *p, size_t n)
{
	if (n < 2)
		return 0;
	if (p[1] == 'O')
		return n >= 3 ? 3 : 0;
	if (p[1] != '[')
		return 2;
	if (n >= 3 && p[2] == '[')
		return n >= 4 ? 4 : 0;
	for (size_t i = 2; i < n; i++) {
		if (p[i] >= 0x40 && p[i] <= 0x7E)
			return i + 1;
		if (p[i] < 0x20 || p[i] > 0x7E || i + 1 >= YZ_INPUT_PENDING_MAX)
			return i; /* broken off: what came so far is dropped, this byte counts anew
			           */
	}
	return 0;
}

static int32_t escape_key(struct yz_input *in, const unsigned char *p, size_t len, size_t *used)
{
	int32_t key;

	*used = len;
	if (len == 2 && p[1] >= '1' && p[1] <= '9')
		return YZ_KEY_F1 + (p[1] - '1');
	if (len == 2 && p[1] != 'O' && p[1] != '[') {
		switch (p[1]) {
		case '0':
			return YZ_KEY_F10;
		case '-':
			return YZ_KEY_F11;
		case '=':
			return YZ_KEY_F12;
		case ']':
		case 'P':
		case '_':
		case '^':
			in->string_left = STRING_MAX;
			return YZ_KEY_NONE;
		default:
			*used = 1; /* Esc, and then the next key for itself */
			return YZ_KEY_ESC;
		}
	}
	key = sequence_key(p + 1, len - 1);
	if (key == PASTE_START) {
		in->pasting = true;
		return YZ_KEY_NONE;
	}
	if (key == YZ_KEY_PASTE_END)
		in->pasting = false;
	return key;
}

static int32_t control_key(unsigned char c)
{
	switch (c) {
	case '\r':
	case '\n':
		return YZ_KEY_ENTER;
	case '\t':
		return YZ_KEY_TAB;
	case 8:
	case 127:
		return YZ_KEY_BACKSPACE;
	default:
		return c; /* NUL is Ctrl-@ and has no meaning */
	}
}

/* how many bytes the UTF-8 character that starts with c wants; 0 for a byte that starts none */
static size_t utf8_wants(unsigned char c)
{
	return c < 0x80                ? 1
	       : c >= 0xC2 && c < 0xE0 ? 2
	       : c >= 0xE0 && c < 0xF0 ? 3
	       : c >= 0xF0 && c < 0xF5 ? 4
	                               : 0;
}

static int32_t text_key(const unsigned char *p, size_t n, size_t *used)
{
	char one[5] = "";
	const char *at = one;
	size_t want = utf8_wants(p[0]);
	int32_t c = -1;

	*used = 1;
	if (want && want <= n) {
		memcpy(one, p, want);
		c = yz_utf8_next(&at);
	}
	if (c > 0) {
		*used = want;
		return c;
	}
	/* both bytes above 0x80: GBK. With a second byte below it the letter may be a letter: keep
	 * it. */
	if (p[0] >= 0x81 && p[0] <= 0xFE && n >= 2 && p[1] >= 0x80 && p[1] <= 0xFE) {
		*used = 2;
		return YZ_KEY_GBK;
	}
	return YZ_KEY_BAD;
}

static bool text_is_unfinished(const unsigned char *p, size_t n)
{
	size_t want = utf8_wants(p[0]);

	if (want == 0)
		return n < 2; /* the first half of a GBK pair? */
	for (size_t i = 1; i < n && i < want; i++)
		if ((p[i] & 0xC0) != 0x80)
			return false;
	return n < want;
}

static enum verdict decode(
        struct yz_input *in, const unsigned char *p, size_t n, size_t *used, int32_t *key)
{
	size_t len;

	*key = YZ_KEY_NONE;
	if (in->string_left > 0) {
		*used = 1;
		in->string_left = p[0] == 7 ? 0 : p[0] == ESC ? 1 : in->string_left - 1;
		return TAKEN;
	}
	if (p[0] == ESC) {
		len = sequence_len(p, n);
		if (!len)
			return NEED_MORE;
		*key = escape_key(in, p, len, used);
		if (in->pasting && *key == YZ_KEY_ESC)
			*key = YZ_KEY_NONE;
		return TAKEN;
	}
	if (p[0] < 0x20 || p[0] == 127) {
		*used = 1;
		*key = !in->pasting                   ? control_key(p[0])
		       : p[0] == '\r' || p[0] == '\n' ? '\n'
		       : p[0] == '\t'                 ? ' '
		                                      : 0;
		return TAKEN;
	}
	if (text_is_unfinished(p, n))
		return NEED_MORE;
	*key = text_key(p, n, used);
	return TAKEN;
}

void yz_input_push(struct yz_input *in, const void *bytes, size_t len)
{
	in->bytes = bytes;
	in->len = len;
	in->at = 0;
}

/* Works on the kept bytes first, topped up from the new ones, so that no split can be seen. */
bool yz_input_next(struct yz_input *in, struct yz_keypress *out)
{
	if (in->expired != YZ_KEY_NONE) {
		*out = (struct yz_keypress){in->expired, in->pasting};
		in->expired = YZ_KEY_NONE;
		return true;
	}
	for (;;) {
		size_t used = 0, rest = in->len - in->at;
		bool was_pasting = in->pasting;
		int32_t key;

		if (in->pending_len > 0) {
			size_t top_up = sizeof(in->pending) - in->pending_len;

			top_up = top_up < rest ? top_up : rest;
			if (top_up)
				memcpy(in->pending + in->pending_len, in->bytes + in->at, top_up);
			in->at += top_up;
			in->pending_len += top_up;
			if (decode(in, in->pending, in->pending_len, &used, &key) == NEED_MORE)
				return false;
			in->pending_len -= used;
			memmove(in->pending, in->pending + used, in->pending_len);
		} else if (rest == 0) {
			return false;
		} else if (decode(in, in->bytes + in->at, rest, &used, &key) == NEED_MORE) {
			memcpy(in->pending, in->bytes + in->at, rest);
			in->pending_len = rest;
			in->at = in->len;
			return false;
		} else {
			in->at += used;
		}
		if (key != YZ_KEY_NONE) {
			out->key = key;
			out->pasted = was_pasting && key != YZ_KEY_PASTE_END;
			return true;
		}
	}
}

bool yz_input_is_waiting(const struct yz_input *in)
{
	return in->pending_len > 0 || in->string_left > 0;
}

void yz_input_expire(struct yz_input *in)
{
	in->string_left = 0;
	if (!in->pending_len)
		return;
	in->expired = in->pending[0] == ESC ? YZ_KEY_ESC : YZ_KEY_BAD;
	/* Esc and then a letter that could have begun a sequence: both were keys */
	in->pending_len = in->pending_len == 2 && in->expired == YZ_KEY_ESC ? 1 : 0;
	in->pending[0] = in->pending[1];
}
