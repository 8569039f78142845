#include "config.h"

#include "print/symbol.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>
#include <zint.h>

enum { CODE128_QUIET = 10, QR_QUIET = 4, TEXT_MAX = 1500, QR_LEVEL_M = 2 };

static enum yz_status check_text(enum yz_symbology kind, const char *text, struct yz_error *err)
{
	size_t len = strlen(text);

	if (!len || len > TEXT_MAX)
		return yz_fail(err, YZ_E_RANGE, "expected 1 to %d bytes to encode", (int)TEXT_MAX);
	for (const char *p = text; kind == YZ_SYMBOL_CODE128 && *p; p++)
		if (*p < 0x20 || *p > 0x7E)
			return yz_fail(err, YZ_E_RANGE, "expected printable ASCII for Code 128");
	return YZ_OK;
}

static void copy_modules(struct yz_symbol *out, const struct zint_symbol *z)
{
	out->cols = z->width;
	out->rows = z->rows;
	out->dark = yz_alloc((size_t)z->width * (size_t)z->rows);
	for (int r = 0; r < z->rows; r++)
		for (int c = 0; c < z->width; c++)
			out->dark[r * z->width + c] = z->encoded_data[r][c >> 3] >> (c & 7) & 1;
}

enum yz_status yz_symbol_make(
        struct yz_symbol *out, enum yz_symbology kind, const char *text, struct yz_error *err)
{
	struct zint_symbol *z = NULL;
	enum yz_status st = check_text(kind, text, err);
	unsigned char *bytes = NULL;

	if (st != YZ_OK)
		return st;
	z = ZBarcode_Create();
	if (!z)
		abort();
	bytes = (unsigned char *)yz_strdup(text);
	z->symbology = kind == YZ_SYMBOL_QR ? BARCODE_QRCODE : BARCODE_CODE128;
	z->input_mode = DATA_MODE; /* as bytes: UNICODE_MODE would put an ECI in front of Chinese */
	if (kind == YZ_SYMBOL_QR)
		z->option_1 = QR_LEVEL_M;
	if (ZBarcode_Encode(z, bytes, (int)strlen(text)) >= ZINT_ERROR) {
		st = yz_fail(err, YZ_E_RANGE, "too much for this bar code");
		goto done;
	}
	copy_modules(out, z);
	out->quiet_x = kind == YZ_SYMBOL_QR ? QR_QUIET : CODE128_QUIET;
	out->quiet_y = kind == YZ_SYMBOL_QR ? QR_QUIET : 0;
done:
	free(bytes);
	ZBarcode_Delete(z);
	return st;
}

void yz_symbol_free(struct yz_symbol *s)
{
	free(s->dark);
	memset(s, 0, sizeof(*s));
}

int yz_symbol_module(const struct yz_symbol *s, int w, int h)
{
	int module = w / (s->cols + 2 * s->quiet_x);

	if (s->rows > 1 && h / (s->rows + 2 * s->quiet_y) < module)
		module = h / (s->rows + 2 * s->quiet_y);
	return module;
}
