/* What keeps a station from working on a bad disk: the mark of damage, the room left, the ballast.
 * All calls block on the disk for one small file at most. */
#ifndef YZ_STORE_GUARD_H
#define YZ_STORE_GUARD_H

#include "store/store.h"

enum { YZ_SPACE_MIN_MIB = 64, YZ_BALLAST_MIB = 32 };

/* The mark of damage is DIR/damaged, a text file that says what was found: whoever finds damage
 * sets it, every program of the station obeys it (yz_tx_begin fails with YZ_E_CORRUPT), and a sweep
 * that finds all well, a rescue or a restore takes it away. */
enum yz_status yz_damage_mark(const char *dir, const char *what, struct yz_error *err);
void yz_damage_clear(const char *dir);
/* The mark of a database that is being replaced is DIR/replacing: it says that the folder holds
 * neither the old nor the new one whole, so only the end of a rescue or restore takes it away,
 * never a sweep that finds the file of the moment sound. */
enum yz_status yz_replacing_mark(const char *dir, struct yz_error *err);
void yz_replacing_clear(const char *dir);
bool yz_replacing_is_marked(const char *dir);
/* True if the folder has either mark; what (may be NULL) is the mark's first line. */
bool yz_damage_read(const char *dir, char *what, size_t size);

/* True if s is open for reading only because the database is damaged; *why (may be NULL) then has
 * status YZ_E_CORRUPT, what was found as text, and what to do as say. */
bool yz_store_is_damaged(const struct yz_store *s, struct yz_error *why);

/* Bytes that a program of the station may still write to the folder's disk. Errors: YZ_E_IO. */
enum yz_status yz_space_left(const char *dir, int64_t *bytes, struct yz_error *err);
/* YZ_E_FULL while less than YZ_SPACE_MIN_MIB are free: asked before a customer pays, so that what
 * was taken in can still be sent and printed. */
enum yz_status yz_space_check(const struct yz_store *s, struct yz_error *err);

/* YZ_E_FULL with say (a msgid) if copies of the database would not leave YZ_SPACE_MIN_MIB. */
enum yz_status yz_space_for_copies(
        const struct yz_store *s, int copies, const char *say, struct yz_error *err);

/* DIR/ballast holds YZ_BALLAST_MIB: on a full disk it is dropped, so that acknowledgements can be
 * written down, and made again when there is room for it and as much again as new parcels want. */
void yz_ballast_keep(const char *dir);
void yz_ballast_drop(const char *dir);

#endif
