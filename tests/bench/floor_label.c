/* floor_label WORDS PDF: the floor's page (see floor_draw.h) in a process of its own. */
#include "config.h"

#include "tests/bench/floor_draw.h"

#include <stdio.h>

static cairo_status_t to_file(void *data, const unsigned char *bytes, unsigned len)
{
	return fwrite(bytes, 1, len, data) == len ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

int main(int argc, char **argv)
{
	static char words[1 << 16];
	FILE *in = argc == 3 ? fopen(argv[1], "r") : NULL;
	FILE *out = in ? fopen(argv[2], "w") : NULL;

	if (!out)
		return 3;
	words[fread(words, 1, sizeof(words) - 1, in)] = '\0';
	floor_draw(words, 1, to_file, out);
	(void)fclose(in);
	return fclose(out) == 0 ? 0 : 3;
}
