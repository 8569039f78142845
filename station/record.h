/* Parts of registering that booking and importing share; for the files of station/ only. */
#ifndef YZ_STATION_RECORD_H
#define YZ_STATION_RECORD_H

#include "station/desk.h"
#include "store/contact.h"
#include "store/product.h"

/* Fills the search column: name, number or phone, pinyin and initials. */
void yz_contact_make_search(struct yz_contact *c);
void yz_product_make_search(struct yz_product *p);

#endif
