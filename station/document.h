/* Reference documents: CSV texts that are checked as a whole and then kept as they came. Imports
 * and the platform's streams pass the same checks. */
#ifndef YZ_STATION_DOCUMENT_H
#define YZ_STATION_DOCUMENT_H

#include "station/refdata.h"
#include "store/reference.h"

/* The division codes that the station knows, to check others by; *codes stays NULL where it has
 * none yet. The caller frees them with yz_codes_free. */
enum yz_status yz_document_codes(struct yz_store *s, struct yz_codes **codes, struct yz_error *err);

/* Checks a text of ref->kind (divisions, divisions-old, reporting-units, couriers, tariff, units,
 * prohibited) with the reader that will read it; src->text is changed. Fills ref->rows, and
 * ref->name where the kind has several documents (a tariff: its version). Errors: YZ_E_PARSE. */
enum yz_status yz_document_check(
        const struct yz_ref_source *src, struct yz_reference *ref, struct yz_error *err);

#endif
