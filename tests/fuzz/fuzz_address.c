/* Any bytes as a pasted line: split, every answer within its bounds and of this line. */
#include "config.h"

#include "base/text.h"
#include "station/address.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct yz_divisions *divisions;

static void unload(void)
{
	yz_divisions_free(divisions);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *top = getenv("YZ_SRCDIR");
	struct yz_error err = {0};
	char dir[4096];

	(void)argc;
	(void)argv;
	(void)snprintf(dir, sizeof(dir), "%s/data", top ? top : ".");
	if (yz_divisions_load(&divisions, dir, &err) != YZ_OK) {
		(void)fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	return atexit(unload);
}

static void must_be_text(const char *s)
{
	for (const char *p = s; *p;)
		if (yz_utf8_next(&p) < 0)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = yz_alloc(size + 1);
	struct yz_address a, again;

	memcpy(line, data, size);
	line[size] = '\0';
	yz_address_parse(divisions, line, &a);
	yz_address_parse(divisions, line, &again);
	if (memcmp(&a, &again, sizeof(a)) != 0)
		abort(); /* something is left over from the line before */
	if (!(a.confidence >= 0 && a.confidence <= 1))
		abort();
	if (a.code[0] && (!yz_divisions_find(divisions, a.code) || !a.province[0]))
		abort();
	must_be_text(a.name);
	must_be_text(a.detail);
	free(line);
	return 0;
}
