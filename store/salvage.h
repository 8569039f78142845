/* Private to store/: rows out of a table of which some pages cannot be read. */
#ifndef YZ_STORE_SALVAGE_H
#define YZ_STORE_SALVAGE_H

#include "store/db.h"

/* Copies what can be read of the table in from (a connection of its own: SQLite writes nothing more
 * in a transaction that met a damaged page) into the same of s, row by row. A page that cannot be
 * read costs its rows: around it is read on by rowid, in a table without rowid from both ends. Rows
 * that the schema does not allow, or whose key is there already, are left out. *rows grows by those
 * taken. Errors: YZ_E_FULL, YZ_E_IO of s only. */
enum yz_status yz_salvage(struct yz_store *s, struct yz_store *from, const char *table,
        int64_t *rows, struct yz_error *err);

/* The columns that a table has in both databases of one or two connections, as an SQL list; "" if
 * there are none. */
void yz_salvage_columns(
        sqlite3 *a, sqlite3 *b, const char *schema_of_b, const char *table, struct yz_buf *out);

#endif
