#include "config.h"

#include "print/format.h"

#include <string.h>

static const struct yz_format *const formats[] = {&yz_format_pdf, &yz_format_png, &yz_format_pwg};

const struct yz_format *yz_format_at(size_t i)
{
	return i < sizeof(formats) / sizeof(formats[0]) ? formats[i] : NULL;
}

const struct yz_format *yz_format_by_name(const char *name)
{
	for (size_t i = 0; yz_format_at(i); i++)
		if (!strcmp(yz_format_at(i)->name, name))
			return yz_format_at(i);
	return NULL;
}
