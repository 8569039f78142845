/* The floor of the kiosk's bars: the least program that can fill a screen and echo keys. Raw
 * terminal, one write for the first frame, one write a key, nothing else. Ends at Ctrl-D or when
 * the terminal goes away. The bench compares first frame, bytes per key and memory of build/yizhan
 * with it. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { ROWS = 24, COLS = 80, CTRL_D = 4 };

int main(void)
{
	struct termios before, raw;
	char frame[ROWS * (COLS + 4)];
	char bytes[256];
	size_t len = 0;

	if (tcgetattr(STDIN_FILENO, &before) < 0)
		return 3;
	raw = before;
	cfmakeraw(&raw);
	if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) < 0)
		return 3;
	len += (size_t)snprintf(frame, sizeof(frame), "\033[H\033[2J");
	for (int row = 0; row < ROWS; row++) {
		memset(frame + len, row == 1 || row == 20 ? '-' : ' ', COLS - 1);
		len += COLS - 1;
		if (row + 1 < ROWS)
			len += (size_t)snprintf(frame + len, sizeof(frame) - len, "\r\n");
	}
	memcpy(frame + len - 6, "READY.", 6);
	if (write(STDOUT_FILENO, frame, len) < 0)
		return 3;
	for (ssize_t n; (n = read(STDIN_FILENO, bytes, sizeof(bytes))) > 0;)
		if (memchr(bytes, CTRL_D, (size_t)n) || write(STDOUT_FILENO, bytes, (size_t)n) < 0)
			break;
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &before);
	return 0;
}
