/* From the terminal's bytes to keys. Never touches a file descriptor or curses: the loop pushes
 * what it has read and takes keys until there are none. Why not ncurses' own reader: getch() waits
 * inside for the rest of an escape sequence, and get_wch() swallows every letter after one byte
 * that is not UTF-8.
 *
 * Function keys are known in all their spellings (xterm, rxvt, the Linux console, VT220, PuTTY's
 * four modes); Esc and a digit are F1 to F10, Esc - is F11, Esc = is F12. What is not known is
 * dropped, what is not UTF-8 is reported. */
#ifndef YZ_TUI_INPUT_H
#define YZ_TUI_INPUT_H

#include "tui/keymap.h"

enum { YZ_INPUT_PENDING_MAX = 64 };

struct yz_keypress {
	int32_t key; /* a character, Ctrl value or enum yz_key */
	bool pasted; /* part of a bracketed paste: no key has a meaning there, '\n' included */
};

struct yz_input {
	const unsigned char *bytes; /* borrowed from the caller of push until all keys are taken */
	size_t len, at;
	unsigned char pending[YZ_INPUT_PENDING_MAX]; /* the start of something unfinished */
	size_t pending_len;
	int32_t expired; /* what yz_input_expire made, YZ_KEY_NONE if taken */
	bool pasting;
	int string_left; /* above 0: inside a DCS or OSC string that is being dropped */
};

/* Gives the decoder bytes that were read; take all keys before the next push. */
void yz_input_push(struct yz_input *in, const void *bytes, size_t len);

/* Takes the next key; false when the bytes are used up (the rest of an unfinished key is kept). */
bool yz_input_next(struct yz_input *in, struct yz_keypress *out);

/* True while an unfinished key is kept: wait the escape time for its rest, then call
 * yz_input_expire. */
bool yz_input_is_waiting(const struct yz_input *in);

/* The rest did not come: makes the kept bytes into keys (a lone Esc, or YZ_KEY_BAD). Take keys
 * after it. */
void yz_input_expire(struct yz_input *in);

#endif
