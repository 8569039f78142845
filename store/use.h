/* Private to store/: a contact was used just now, so it stands first in the list. */
#ifndef YZ_STORE_USE_H
#define YZ_STORE_USE_H

#include "store/store.h"

enum yz_status yz_contact_used(struct yz_tx *tx, const struct yz_id *id, struct yz_error *err);

#endif
