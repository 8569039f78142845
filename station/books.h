/* The station's reference books, read from the database once and kept while they are in force:
 * divisions, couriers, tariff sheets, units. Owned by the program; about 4 MB with the divisions,
 * which are read when first asked for. */
#ifndef YZ_STATION_BOOKS_H
#define YZ_STATION_BOOKS_H

#include "store/store.h"

struct yz_books;
struct yz_divisions;
struct yz_couriers;
struct yz_tariff;
struct yz_units;

struct yz_books *yz_books_new(struct yz_store *s); /* reads nothing yet */
void yz_books_free(struct yz_books *b);

/* Each reads its book when first asked for and gives a borrowed pointer, good until yz_books_free;
 * the tariff's only until it is asked for again, because sheets that came in meanwhile are read.
 * YZ_E_NOTFOUND: the book was never imported (err->say says which import is missing). */
enum yz_status yz_books_divisions(
        struct yz_books *b, const struct yz_divisions **out, struct yz_error *err);
enum yz_status yz_books_couriers(
        struct yz_books *b, const struct yz_couriers **out, struct yz_error *err);
enum yz_status yz_books_tariff(
        struct yz_books *b, const struct yz_tariff **out, struct yz_error *err);
enum yz_status yz_books_units(
        struct yz_books *b, const struct yz_units **out, struct yz_error *err);

#endif
