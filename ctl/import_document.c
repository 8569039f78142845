#include "config.h"

#include "ctl/import.h"

#include "station/codes.h"
#include "station/document.h"
#include "store/audit.h"
#include "store/reference.h"

#include <stdlib.h>
#include <string.h>

char *yz_import_copy(const struct yz_import *in)
{
	return yz_strdup(yz_buf_str(&in->text));
}

enum yz_status yz_import_document(
        struct yz_import *in, const struct yz_import_kind *kind, struct yz_error *err)
{
	struct yz_reference ref = {.kind = ""};
	struct yz_codes *codes = NULL;
	struct yz_ref_source src = {yz_import_copy(in), in->file, NULL};
	struct yz_tx *tx = NULL;
	enum yz_status st = YZ_OK;

	if (strcmp(kind->name, "divisions") != 0)
		st = yz_document_codes(in->station->desk.store, &codes, err);
	src.codes = codes;
	(void)yz_copy(ref.kind, sizeof(ref.kind), kind->name);
	if (st == YZ_OK)
		st = yz_document_check(&src, &ref, err);
	free(src.text);
	yz_codes_free(codes);
	if (st != YZ_OK)
		return st;
	in->rows = (size_t)ref.rows;
	if ((st = yz_tx_begin(in->station->desk.store, &in->station->now, &tx, err)) != YZ_OK)
		return st;
	st = yz_reference_put(tx, &ref, in->text.data, in->text.len, err);
	if (st == YZ_OK)
		st = yz_audit_add(tx, NULL, "import", kind->name, ref.name, err);
	return yz_desk_finish(&in->station->desk, tx, st, err);
}
