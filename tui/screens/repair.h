/* Mending what the platform refused: from an operation and the platform's pointer to the form of
 * that record, with the cursor on the field at fault. */
#ifndef YZ_TUI_REPAIR_H
#define YZ_TUI_REPAIR_H

#include "store/outbox.h"
#include "tui/view.h"

/* What the field of a pointer ("/data/receiver/phone") is called on its form, translated; the last
 * part of the pointer if no form has it, "" without a pointer. Borrowed or static. */
const char *yz_repair_label(const char *kind, const char *pointer);

/* The name of that field in its form, "" if there is none. */
const char *yz_repair_field(const char *kind, const char *pointer);

/* The operation's record has a form that mends it. */
bool yz_repair_has_form(const char *kind);

/* Opens the form of op's record above v; done hears how it ended (answer.code 1: saved, the new
 * operation is in its place). Tells the clerk if it cannot. */
void yz_repair_open(struct yz_view *v, const struct yz_op *op,
        void (*done)(struct yz_view *below, const struct yz_answer *answer));

#endif
