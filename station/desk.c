#include "config.h"

#include "station/desk.h"

#include "base/bell.h"

#include <limits.h>
#include <stdio.h>

void yz_desk_bell_path(const char *station_dir, const char *name, char *out, size_t size)
{
	(void)snprintf(out, size, "%s/run/%s", station_dir, name);
}

void yz_desk_ring(const struct yz_desk *desk, unsigned rings)
{
	char path[PATH_MAX];

	if (rings & YZ_RING_SYNC) {
		yz_desk_bell_path(yz_store_dir(desk->store), "sync", path, sizeof(path));
		yz_bell_ring(path);
	}
	if (rings & YZ_RING_PRINT) {
		yz_desk_bell_path(yz_store_dir(desk->store), "print", path, sizeof(path));
		yz_bell_ring(path);
	}
	if (rings & YZ_RING_UI) {
		yz_desk_bell_path(yz_store_dir(desk->store), "ui", path, sizeof(path));
		yz_bell_ring_all(path);
	}
}

enum yz_status yz_desk_finish(
        const struct yz_desk *desk, struct yz_tx *tx, enum yz_status st, struct yz_error *err)
{
	if (st != YZ_OK) {
		yz_tx_rollback(tx);
		return st;
	}
	if ((st = yz_tx_commit(tx, err)) == YZ_OK)
		yz_desk_ring(desk, YZ_RING_SYNC | YZ_RING_PRINT | YZ_RING_UI);
	return st;
}

void yz_desk_ref(char out[64], const char *kind, const struct yz_id *id)
{
	char t[YZ_ID_TEXT_SIZE];

	(void)snprintf(out, 64, "%s/%s", kind, yz_id_text(id, t));
}
