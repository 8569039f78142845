/* The station's printers and how they stand: one for labels, one for slips. Written into the store
 * for the kiosk (keys in print/printer.h). Owned by the print jobs. */
#ifndef YZ_PRINT_PRINTERS_H
#define YZ_PRINT_PRINTERS_H

#include "base/conf.h"
#include "print/printer.h"
#include "store/store.h"

#include <limits.h>

enum { YZ_PRINTERS = 2 };

struct yz_printers {
	struct yz_store *store; /* borrowed */
	char ui_dir[PATH_MAX];  /* doorbells of the kiosks */
	struct yz_printer {
		const char *name;  /* "waybill", "receipt": in the meta keys */
		const char *queue; /* of CUPS, "": none; borrowed from the configuration */
		enum yz_printer_state state;
		bool is_written; /* the store says the same */
	} rows[YZ_PRINTERS];
};

/* Reads the states that were written last. conf and store are borrowed. Errors: those of the store.
 */
enum yz_status yz_printers_init(struct yz_printers *p, struct yz_store *store,
        const struct yz_conf *conf, struct yz_error *err);

/* The printer that prints a paper, an index of rows: labels, or slips of every kind. */
int yz_printers_of(const char *paper);

/* What the jobs of a paper suffer from: the word of its printer's state, "" when it is ready.
 * Static. */
const char *yz_printers_trouble(const struct yz_printers *p, const char *paper);

/* Asks CUPS about each and writes down what changed. Errors: YZ_E_NET only; what cannot be written
 * now is written with the next look. */
enum yz_status yz_printers_look(struct yz_printers *p, struct yz_cups *cups,
        const struct yz_now *now, struct yz_error *err);

/* cupsd does not answer: says so for each printer that has a queue. */
void yz_printers_lost(struct yz_printers *p, const struct yz_now *now);

/* True if any has a queue. */
bool yz_printers_any(const struct yz_printers *p);

#endif
