/* Splitting a pasted line ("张三 13800000000 云南省曲靖市麒麟区…") into name, phone, division and
 * address. Pure: reads the divisions, keeps nothing. The screen always shows the split for
 * confirmation. */
#ifndef YZ_STATION_ADDRESS_H
#define YZ_STATION_ADDRESS_H

#include "station/divisions.h"

enum { YZ_ADDRESS_LINE_MAX = 2048 }; /* bytes of a line that are read; the rest is ignored */

/* UTF-8; "" where the line says nothing. province to village are official names: a city that is
 * only a placeholder (市辖区, 省直辖) shows the province's name in a municipality, the county's
 * name elsewhere. */
struct yz_address {
	char name[128];
	char phone[32]; /* mobile: 11 digits; landline as typed; an extension after a dash */
	char code[13];  /* the deepest division found, "" if none or not certain which */
	char province[64], city[64], county[64], town[96], village[96];
	char detail[512]; /* what follows the deepest division */
	char postcode[8];
	double confidence; /* 0 to 1; from 0.9 on the split may be taken without looking twice */
};

/* Always answers; an empty line gives an empty address with confidence 0. Takes some 50
 * microseconds. */
void yz_address_parse(const struct yz_divisions *d, const char *line, struct yz_address *out);

#endif
