/* The station's own profile (one row) and its clerks. */
#ifndef YZ_STORE_STATION_H
#define YZ_STORE_STATION_H

#include "store/store.h"

struct yz_station {
	char id[YZ_SHORT_SIZE];  /* "QJ530381001": letters and digits, given by the county centre */
	char name[YZ_NAME_SIZE]; /* 宝山镇电商公共服务站 */
	char level[YZ_SHORT_SIZE]; /* county, township, park, village, community */
	char code[YZ_CODE_SIZE];   /* division the station stands in */
	char parent[YZ_NAME_SIZE]; /* parent centre, may be "" */
	char phone[YZ_PHONE_SIZE];
	char region[YZ_REGION_SIZE];
	char detail[YZ_DETAIL_SIZE];
};

/* YZ_E_NOTFOUND before yizhanctl init. */
enum yz_status yz_station_get(struct yz_store *s, struct yz_station *out, struct yz_error *err);
enum yz_status yz_station_put(struct yz_tx *tx, const struct yz_station *st, struct yz_error *err);

struct yz_clerk {
	struct yz_id id;
	char login[YZ_SHORT_SIZE];
	char name[YZ_NAME_SIZE];
	char role[YZ_SHORT_SIZE]; /* clerk, owner */
	char pin_hash[129];       /* Argon2id, crypto_pwhash_str */
	char lang[8];             /* "", zh_CN, en */
	bool active;
	int failures; /* wrong PINs since the last right one */
	int64_t locked_until_ms;
};

enum yz_status yz_clerk_add(
        struct yz_tx *tx, const struct yz_clerk *c, struct yz_error *err); /* YZ_E_EXISTS */
enum yz_status yz_clerk_update(struct yz_tx *tx, const struct yz_clerk *c, struct yz_error *err);
enum yz_status yz_clerk_find(
        struct yz_store *s, const char *login, struct yz_clerk *out, struct yz_error *err);
enum yz_status yz_clerk_get(
        struct yz_store *s, const struct yz_id *id, struct yz_clerk *out, struct yz_error *err);
/* All clerks by login; at most max rows. */
enum yz_status yz_clerk_list(
        struct yz_store *s, struct yz_clerk *rows, size_t max, size_t *n, struct yz_error *err);

#endif
