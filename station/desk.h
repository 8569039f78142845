/* A desk: one clerk at one station's database. Every use case of station/ takes one. Owned by the
 * program. */
#ifndef YZ_STATION_DESK_H
#define YZ_STATION_DESK_H

#include "store/station.h"
#include "store/store.h"

struct yz_desk {
	struct yz_store *store; /* borrowed */
	struct yz_station station;
	struct yz_clerk clerk;
};

enum yz_ring { YZ_RING_SYNC = 1, YZ_RING_PRINT = 2, YZ_RING_UI = 4 };

/* Rings the doorbells of the other programs after a commit; never blocks, never fails. */
void yz_desk_ring(const struct yz_desk *desk, unsigned rings);

/* DIR/run/sync, DIR/run/print, DIR/run/ui/<pid>: where a program of this station opens its
 * doorbell. */
void yz_desk_bell_path(const char *station_dir, const char *name, char *out, size_t size);

/* Ends a use case: commits when st is YZ_OK and rings every bell, else rolls back. Returns what
 * became of it. */
enum yz_status yz_desk_finish(
        const struct yz_desk *desk, struct yz_tx *tx, enum yz_status st, struct yz_error *err);

/* One yizhan-sync and one yizhan-print a station: takes DIR/run/NAME.lock for the life of the
 * process; the kernel drops it, whatever ends the process. Errors: YZ_E_BUSY (one runs), YZ_E_IO.
 */
enum yz_status yz_desk_lock(
        const char *station_dir, const char *name, int *fd, struct yz_error *err);

/* True if the station's program (sync, print) lives: it holds DIR/run/NAME.lock as long as it does.
 */
bool yz_desk_is_running(const char *station_dir, const char *name);

/* What a clerk must say for a thing that cannot be undone: 2 to 80 characters, field "reason". */
enum yz_status yz_desk_check_reason(const char *reason, struct yz_error *err);

/* "shipment/<uuid>" for an audit row. */
void yz_desk_ref(char out[64], const char *kind, const struct yz_id *id);

#endif
