/* From a print job to the bytes for its queue: the fields of its paper, its template, the printer's
 * language. */
#ifndef YZ_PRINT_DOCUMENT_H
#define YZ_PRINT_DOCUMENT_H

#include "base/buf.h"
#include "print/cups.h"
#include "print/format.h"
#include "station/books.h"
#include "store/print_job.h"

struct yz_document_maker {
	struct yz_store *store; /* borrowed, like the rest */
	struct yz_books *books;
	const char *data_dir; /* holds templates/ */
	const struct yz_format
	        *format; /* NULL: PWG raster where the queue takes it at our resolution, else PDF */
};

struct yz_document {
	struct yz_buf bytes; /* owned */
	struct yz_cups_page
	        page; /* page.bytes is borrowed from bytes; page.name is the caller's to set */
};
#define YZ_DOCUMENT_INIT                          \
	{                                         \
		YZ_BUF_INIT,                      \
		{                                 \
			NULL, NULL, 0, 0, NULL, 0 \
		}                                 \
	}

/* What print format= means. Errors: YZ_E_CONFIG. */
enum yz_status yz_document_format(
        const char *name, const struct yz_format **out, struct yz_error *err);

/* Makes job for target. Errors: those of the store, of yz_paper_fields and yz_render. Does not talk
 * to CUPS but for what the target was opened with. */
enum yz_status yz_document_make(const struct yz_document_maker *m, const struct yz_print_job *job,
        struct yz_cups_target *target, struct yz_document *out, struct yz_error *err);
void yz_document_free(struct yz_document *d);

/* True if trying again cannot help: the fault lies in the paper, not in the machine. */
bool yz_document_is_at_fault(enum yz_status st);

#endif
