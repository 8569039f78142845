#include "config.h"

#include "store/station.h"

#include "store/db.h"

#define STATION(X)                  \
	X(yz_station, TEXT, id)     \
	X(yz_station, TEXT, name)   \
	X(yz_station, TEXT, level)  \
	X(yz_station, TEXT, code)   \
	X(yz_station, TEXT, parent) \
	X(yz_station, TEXT, phone)  \
	X(yz_station, TEXT, region) \
	X(yz_station, TEXT, detail)
YZ_COLS(station, yz_station, STATION);
#define STATION_NAMES STATION(YZ_COL_NAME)
#define STATION_MARKS STATION(YZ_COL_MARK)

#define CLERK(X)                    \
	X(yz_clerk, ID, id)         \
	X(yz_clerk, TEXT, login)    \
	X(yz_clerk, TEXT, name)     \
	X(yz_clerk, TEXT, role)     \
	X(yz_clerk, TEXT, pin_hash) \
	X(yz_clerk, TEXT, lang)     \
	X(yz_clerk, NUM, active)    \
	X(yz_clerk, NUM, failures)  \
	X(yz_clerk, NUM, locked_until_ms)
YZ_COLS(clerk, yz_clerk, CLERK);
#define CLERK_SETS CLERK(YZ_COL_SET)
#define SELECT_CLERK YZ_SELECT("clerk", CLERK)

enum yz_status yz_station_get(struct yz_store *s, struct yz_station *out, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, "SELECT one" STATION_NAMES " FROM station", err);

	return yz_q_one(&q, &station, out, "station profile: yizhanctl init makes it");
}

enum yz_status yz_station_put(struct yz_tx *tx, const struct yz_station *st, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "INSERT OR REPLACE INTO station(one" STATION_NAMES ") VALUES(1" STATION_MARKS ")",
	        err);

	yz_q_record(&q, &station, st);
	return yz_q_run(&q);
}

enum yz_status yz_clerk_add(struct yz_tx *tx, const struct yz_clerk *c, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s, YZ_INSERT("clerk", CLERK), err);

	yz_q_record(&q, &clerk, c);
	return yz_q_run(&q);
}

enum yz_status yz_clerk_update(struct yz_tx *tx, const struct yz_clerk *c, struct yz_error *err)
{
	struct yz_q q =
	        yz_q_start(tx->s, "UPDATE clerk SET seq = seq" CLERK_SETS " WHERE id = ?", err);

	yz_q_record(&q, &clerk, c);
	yz_q_id(&q, &c->id);
	return yz_q_change(&q, "clerk");
}

enum yz_status yz_clerk_find(
        struct yz_store *s, const char *login, struct yz_clerk *out, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, SELECT_CLERK " WHERE login = ?", err);

	yz_q_text(&q, login);
	return yz_q_one(&q, &clerk, out, "clerk");
}

enum yz_status yz_clerk_get(
        struct yz_store *s, const struct yz_id *id, struct yz_clerk *out, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, SELECT_CLERK " WHERE id = ?", err);

	yz_q_id(&q, id);
	return yz_q_one(&q, &clerk, out, "clerk");
}

enum yz_status yz_clerk_list(
        struct yz_store *s, struct yz_clerk *rows, size_t max, size_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, SELECT_CLERK " ORDER BY login", err);

	return yz_q_all(&q, &clerk, rows, max, n);
}
