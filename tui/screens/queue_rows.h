/* Papers and operations in the clerk's words, for the queue's list and for the view of one. Reads
 * the store for what a record is called. */
#ifndef YZ_TUI_QUEUE_ROWS_H
#define YZ_TUI_QUEUE_ROWS_H

#include "store/outbox.h"
#include "store/print_job.h"
#include "tui/list.h"
#include "tui/screens/kiosk.h"

enum { YZ_ABOUT_SIZE = YZ_NAME_SIZE + 16, YZ_WHY_SIZE = 512 };

/* "parcel", "farmer": translated; the kind itself if unknown. */
const char *yz_queue_kind(const char *kind);

/* What a paper is called: translated. */
const char *yz_queue_paper(const char *paper);

/* What an operation is about: the parcel's number, the name of a person or of goods; "" if that
 * cannot be read. */
void yz_queue_about(struct yz_kiosk *k, const char *agg, char *out, size_t size);

/* The record that an operation is about: the uuid behind the aggregate's colon. */
bool yz_queue_record(const char *agg, struct yz_id *id);

/* Why an operation stands where it stands: the platform's words with the field, what it waits for,
 * or "". */
void yz_queue_why(struct yz_kiosk *k, const struct yz_op *op, char *out, size_t size);

/* One page of the queue: list source for yz_list, owner struct yz_kiosk. Order: refused, papers
 * that need somebody, waiting, held, papers on their way. Row keys: "op" and "print". */
extern const struct yz_list_source yz_queue_source;

#endif
