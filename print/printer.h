/* How a printer stands, in one word: from what CUPS says of its queue to what the kiosk's status
 * line shows.
 *
 * The words are kept in the store for the kiosk under the keys "printer.waybill.state" and
 * "printer.receipt.state", and since when under "printer.waybill.since" and "printer.receipt.since"
 * (ms since 1970). They change only when the state does, each change rings run/ui, and they clear
 * by themselves. They are as fresh as the program that writes them: it holds a lock on
 * run/print.lock while it lives. */
#ifndef YZ_PRINT_PRINTER_H
#define YZ_PRINT_PRINTER_H

#include "print/cups.h"

#define YZ_PRINTER_STATES(X)                                                                       \
	X(READY, "ready")                                                                          \
	X(COVER_OPEN, "cover-open")                                                                \
	X(MEDIA_JAM, "media-jam")                                                                  \
	X(MEDIA_EMPTY, "media-empty")                                                              \
	X(SUPPLY_EMPTY, "supply-empty") /* ribbon, ink, toner */                                   \
	X(OFFLINE, "offline")           /* the printer itself says so */                           \
	X(PRINTER_GONE, "printer-gone") /* CUPS does not reach it: cable, power, network */        \
	X(STOPPED, "stopped") /* the queue was stopped or takes no jobs: cupsenable, cupsaccept */ \
	X(RAW, "raw-queue")   /* the queue has no driver: a page would be rubbish */               \
	X(QUEUE_GONE, "queue-gone") /* CUPS has no queue of the configured name */                 \
	X(CUPS_GONE, "cups-gone")   /* cupsd does not answer */                                    \
	X(NONE, "none")             /* no queue is configured for this paper */
#define X(id, word) YZ_PRINTER_##id,
enum yz_printer_state { YZ_PRINTER_STATES(X) YZ_PRINTER_STATE_COUNT };
#undef X

/* The word of a state; static. */
const char *yz_printer_word(enum yz_printer_state state);

/* What a queue's attributes mean. CUPS reports a printer that it cannot reach only in a sentence of
 * printer-state-message, in English or in the language that cupsd runs in (measured with
 * CUPS 2.4.2; Chinese from its own catalogue). */
enum yz_printer_state yz_printer_judge(const struct yz_cups_queue *q);

#endif
