/* The kinds that yizhanctl import knows, one row each. A file is taken whole or not at all. */
#ifndef YZ_CTL_IMPORT_H
#define YZ_CTL_IMPORT_H

#include "base/buf.h"
#include "ctl/open.h"

struct yz_import {
	struct yz_ctl_station *station;
	struct yz_buf text; /* the file, not changed */
	const char *file;   /* its name, for errors */
	size_t rows;        /* out: rows taken */
};

struct yz_import_kind {
	const char *name, *summary; /* summary is a msgid */
	/* Checks and saves in one transaction. Errors: YZ_E_PARSE with file and line, YZ_E_EXISTS,
	 * and the store's. */
	enum yz_status (*take)(
	        struct yz_import *in, const struct yz_import_kind *kind, struct yz_error *err);
};

extern const struct yz_import_kind yz_import_kinds[]; /* ends with a NULL name */

/* A copy of the file's text that a reader may change; the caller frees it. */
char *yz_import_copy(const struct yz_import *in);

/* Kinds that are kept as whole documents. */
enum yz_status yz_import_document(
        struct yz_import *in, const struct yz_import_kind *kind, struct yz_error *err);
/* Products of the catalogue. */
enum yz_status yz_import_catalogue(
        struct yz_import *in, const struct yz_import_kind *kind, struct yz_error *err);
/* Bought ranges of waybill numbers: columns courier, first, last, check (none or s10). */
enum yz_status yz_import_numbers(
        struct yz_import *in, const struct yz_import_kind *kind, struct yz_error *err);
/* Public keys to seal personal numbers to: columns code, name, public_key (base64). */
enum yz_status yz_import_recipients(
        struct yz_import *in, const struct yz_import_kind *kind, struct yz_error *err);

#endif
