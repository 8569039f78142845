#include "config.h"

#include "print/document.h"

#include "print/render.h"
#include "station/paper.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { PWG_DPI = 203, UM_PER_UNIT = 10 }; /* CUPS counts paper in 1/100 mm */

enum yz_status yz_document_format(
        const char *name, const struct yz_format **out, struct yz_error *err)
{
	const struct yz_format *f = NULL;

	if (strcmp(name, "auto") != 0) {
		f = !strcmp(name, "pwg") || !strcmp(name, "pdf") ? yz_format_by_name(name) : NULL;
		if (!f)
			return yz_fail(err, YZ_E_CONFIG,
			        "[print] format must be auto, pwg or pdf, not %s", name);
	}
	*out = f;
	return YZ_OK;
}

enum yz_status yz_document_make(const struct yz_document_maker *m, const struct yz_print_job *job,
        struct yz_cups_target *target, struct yz_document *out, struct yz_error *err)
{
	const struct yz_format *format = m->format;
	struct yz_fields fields = YZ_FIELDS_INIT;
	struct yz_page page;
	char path[PATH_MAX];
	enum yz_status st = yz_paper_fields(m->store, m->books, job, &fields, err);

	if (!format)
		format = yz_cups_target_has_pwg(target, PWG_DPI) ? &yz_format_pwg : &yz_format_pdf;
	if (st == YZ_OK) {
		(void)snprintf(
		        path, sizeof(path), "%s/templates/%s.xml", m->data_dir, job->template);
		st = yz_render(path, &fields, format, &out->bytes, &page, err);
	}
	yz_fields_free(&fields);
	if (st != YZ_OK)
		return st;
	out->page = (struct yz_cups_page){.mime = format->mime,
	        .width = (page.width_um + UM_PER_UNIT / 2) / UM_PER_UNIT,
	        .height = (page.height_um + UM_PER_UNIT / 2) / UM_PER_UNIT,
	        .bytes = out->bytes.data,
	        .len = out->bytes.len};
	return YZ_OK;
}

void yz_document_free(struct yz_document *d)
{
	yz_buf_free(&d->bytes);
}

bool yz_document_is_at_fault(enum yz_status st)
{
	return st != YZ_OK && st != YZ_E_BUSY && st != YZ_E_FULL && st != YZ_E_IO &&
	       st != YZ_E_CORRUPT;
}
