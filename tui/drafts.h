/* Writes drafts to the disk beside the kiosk's loop, so that a slow disk never delays a key: the
 * one thread of the house besides the loops. It has a database connection of its own and takes the
 * newest draft given to it. */
#ifndef YZ_TUI_DRAFTS_H
#define YZ_TUI_DRAFTS_H

#include "base/fields.h"
#include "store/store.h"

struct yz_drafts;

/* Opens the station in dir once more and starts the thread, which takes no signals. Errors: as
 * yz_store_open, YZ_E_IO. */
enum yz_status yz_drafts_start(struct yz_drafts **out, const char *dir, struct yz_error *err);

/* Writes what is waiting, then ends the thread. NULL is fine. */
void yz_drafts_stop(struct yz_drafts *d);

/* Takes fields over (they are empty afterwards) to be written as the clerk's draft of a screen.
 * Does not block, unless a draft of another screen still waits. */
void yz_drafts_put(struct yz_drafts *d, const struct yz_now *now, const struct yz_id *clerk,
        const char *screen, struct yz_fields *fields);

/* How the writes that have ended went: the first fault that was not told yet, in err. Does not
 * block. */
enum yz_status yz_drafts_fault(struct yz_drafts *d, struct yz_error *err);

/* Waits until everything given is on the disk: before a draft is read, dropped or superseded by its
 * record. Then as yz_drafts_fault. */
enum yz_status yz_drafts_settle(struct yz_drafts *d, struct yz_error *err);

#endif
