/* Inside of the address parser: the stages share one struct of work. Nobody else includes this. */
#ifndef YZ_STATION_ADDRESS_PARTS_H
#define YZ_STATION_ADDRESS_PARTS_H

#include "station/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	YZ_ADDR_PARTS_MAX = 64,
	YZ_ADDR_PHONE_MARK = 1, /* the byte that stands where a phone number was */
};

enum yz_addr_label {
	YZ_LABEL_NONE,
	YZ_LABEL_NAME,
	YZ_LABEL_PHONE,
	YZ_LABEL_ADDRESS,
	YZ_LABEL_POSTCODE,
	YZ_LABEL_NOISE,     /* up to the end of the part: an order number, a remark */
	YZ_LABEL_NOISE_WORD /* just the next word */
};

/* A stretch between separators. */
struct yz_addr_part {
	size_t start, len; /* in text */
	enum yz_addr_label label;
	bool is_hard; /* a comma, a line or a label stands before it, not just a blank */
	bool before_phone, after_phone;
	bool is_used; /* taken as name, noise or postcode: not part of the address */
};

/* How the divisions were found. */
struct yz_addr_region {
	const struct yz_division *div;  /* the deepest one, or NULL */
	const struct yz_division *also; /* another one that fits as well: the line is ambiguous */
	size_t start, end, detail_from; /* in the text that was searched */
	int score;
	double trust; /* 0 to 1 */
	int steps;    /* names that were read */
};

struct yz_addr_work {
	const struct yz_divisions *d;
	char text[YZ_ADDRESS_LINE_MAX + 4];
	struct yz_addr_part parts[YZ_ADDR_PARTS_MAX];
	size_t count;
	char flat[YZ_ADDRESS_LINE_MAX + 4 +
	          YZ_ADDR_PARTS_MAX];      /* the parts that may hold the address */
	size_t flat_at[YZ_ADDR_PARTS_MAX]; /* where each part starts in flat; SIZE_MAX: not there */
	struct yz_addr_region region;
	size_t head_len; /* bytes before the region in its part: a name or a request */
	size_t tail_len; /* bytes cut off the end of tail_part: a name or thanks */
	size_t tail_part;
	double trust; /* what all stages leave of 1 */
	struct yz_address *out;
};

/* Lowers the trust to at most this. */
void yz_addr_doubt(struct yz_addr_work *w, double at_most);

/* address_text.c: full width to ASCII, emoji and odd brackets to separators; then, with the phones
 * gone, parts. */
void yz_addr_normalise(const char *line, char *text, size_t size);
void yz_addr_split(struct yz_addr_work *w);
/* Bytes of polite words a text starts or ends with (麻烦发到, 谢谢); 0 if none. */
size_t yz_addr_lead_noise(const char *s, size_t len);
size_t yz_addr_tail_noise(const char *s, size_t len);
/* True if these bytes say something to the station and nothing about the place. */
bool yz_addr_is_chat(const char *s, size_t len);

/* address_phone.c: finds the phones, writes out->phone and puts marks in their place. */
void yz_addr_take_phones(struct yz_addr_work *w);

/* address_region.c: the best chain of divisions anywhere in text. */
struct yz_addr_region yz_addr_find_region(const struct yz_divisions *d, const char *text);
/* Goes on below a division from the start of text; div stays as it is if nothing more is named
 * there. */
struct yz_addr_region yz_addr_go_on(
        const struct yz_divisions *d, const struct yz_division *div, const char *text);
/* A full name of a province, city or county at the start of text that contradicts div. */
bool yz_addr_contradicts(
        const struct yz_divisions *d, const struct yz_division *div, const char *text);

/* address_name.c: chooses the name, writes out->name and marks its part as used. */
void yz_addr_take_name(struct yz_addr_work *w);
/* True if these bytes could be a person's name and hardly anything else. */
bool yz_addr_is_person(const char *s, size_t len);

#endif
