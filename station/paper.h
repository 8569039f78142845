/* What goes on a paper: the fields of a print job, read from its shipment. Names as in
 * data/templates/README.md. */
#ifndef YZ_STATION_PAPER_H
#define YZ_STATION_PAPER_H

#include "base/fields.h"
#include "station/books.h"
#include "store/print_job.h"

/* Adds the fields of job to out (initialised by the caller, freed by the caller also on an error).
 * Reads the store. */
enum yz_status yz_paper_fields(struct yz_store *s, struct yz_books *books,
        const struct yz_print_job *job, struct yz_fields *out, struct yz_error *err);

#endif
