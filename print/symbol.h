/* Bar codes as modules (libzint); painting them in whole dots is the layout's work. Pure but for
 * memory. */
#ifndef YZ_PRINT_SYMBOL_H
#define YZ_PRINT_SYMBOL_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum yz_symbology { YZ_SYMBOL_CODE128, YZ_SYMBOL_QR };

struct yz_symbol {
	int cols, rows;       /* modules, without quiet zones; rows is 1 for bars */
	int quiet_x, quiet_y; /* modules that must stay white on each side */
	uint8_t *dark;        /* cols * rows, 1 is dark; owned */
};

/* Encodes text; Code 128 takes printable ASCII, QR any UTF-8 (error correction M).
 * Errors: YZ_E_RANGE (empty, too long, a character that the code lacks). Free with yz_symbol_free.
 */
enum yz_status yz_symbol_make(
        struct yz_symbol *out, enum yz_symbology kind, const char *text, struct yz_error *err);
void yz_symbol_free(struct yz_symbol *s);

/* The largest whole module in dots at which s with its quiet zones fits into w x h dots; 0 if none
 * does. */
int yz_symbol_module(const struct yz_symbol *s, int w, int h);

#endif
