/* Any bytes as a template: parsed, checked, laid out. */
#include "config.h"

#include "print/layout.h"
#include "print/render.h"

#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the font libraries keep is no leak. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return atexit(yz_render_forget);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct yz_res dpi203 = {203, 25400};
	struct yz_fields f = YZ_FIELDS_INIT;
	struct yz_template *t = NULL;
	struct yz_display d = {0};
	struct yz_error err = {0};

	if (yz_template_parse(&t, (const char *)data, size, "fuzz.xml", &err) != YZ_OK) {
		if (!*err.text)
			abort(); /* refused without a reason */
		return 0;
	}
	for (size_t i = 0; yz_template_field(i); i++)
		yz_fields_set(&f, yz_template_field(i), "12");
	yz_fields_set(&f, "line.0.name", "小黄姜");
	yz_fields_set(&f, "line.1.name", "火腿");
	if (yz_layout(&d, t, &f, dpi203, &err) == YZ_OK && (d.w < 1 || d.h < 1))
		abort();
	yz_display_free(&d);
	yz_template_free(t);
	yz_fields_free(&f);
	return 0;
}
