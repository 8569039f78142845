#include "config.h"

#include "ctl/open.h"

#include "base/buf.h"
#include "station/lease.h"
#include "station/number.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POOLS_MAX = 2000, STOCK_MAX = 64 };

static void say_pool(const struct yz_pool *p, cJSON *list)
{
	char first[YZ_NUMBER_SIZE], last[YZ_NUMBER_SIZE];
	bool leased = !strcmp(p->source, "lease");
	cJSON *o;

	if (yz_number_format(p, p->lo, first, NULL) != YZ_OK ||
	        yz_number_format(p, p->hi, last, NULL) != YZ_OK)
		return;
	if (!list) {
		(void)printf("%-6s %-8s %s .. %s  %" PRId64 "\n", p->courier,
		        leased ? _("leased") : _("bought"), first, last, p->hi - p->next + 1);
		return;
	}
	o = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(o, "courier", p->courier);
	(void)cJSON_AddStringToObject(o, "source", p->source);
	(void)cJSON_AddStringToObject(o, "lease_id", p->lease_id);
	(void)cJSON_AddStringToObject(o, "first", first);
	(void)cJSON_AddStringToObject(o, "last", last);
	(void)cJSON_AddNumberToObject(o, "left", (double)(p->hi - p->next + 1));
	(void)cJSON_AddItemToArray(list, o);
}

/* A courier's sum, and what became of the last request for more. */
static void say_courier(struct yz_store *s, const struct yz_stock *k)
{
	struct yz_lease last;

	(void)printf(_("%s: %lld numbers left, a busy day takes %lld.\n"), k->courier,
	        (long long)k->left, (long long)k->busy_day);
	if (yz_lease_last(s, k->courier, &last, NULL) != YZ_OK || last.state == YZ_LEASE_DONE)
		return;
	if (last.state == YZ_LEASE_OPEN)
		(void)printf("  %s\n", _("More are asked for; the platform has not answered yet."));
	else if (strcmp(last.code, "restored") != 0)
		(void)printf(
		        _("  The last request was refused: %s (%s)\n"), last.reason, last.code);
}

static enum yz_status list_numbers(
        const struct yz_ctl *ctl, struct yz_store *s, struct yz_error *err)
{
	struct yz_pool *pools = yz_alloc(POOLS_MAX * sizeof(*pools));
	struct yz_stock *stock = yz_alloc(STOCK_MAX * sizeof(*stock));
	cJSON *list = ctl->is_json ? cJSON_CreateArray() : NULL;
	size_t n = 0, couriers = 0;
	enum yz_status st = yz_pool_list(s, pools, POOLS_MAX, &n, err);

	if (st == YZ_OK)
		st = yz_pool_stock(s, stock, STOCK_MAX, &couriers, err);
	for (size_t i = 0; st == YZ_OK && i < n; i++)
		if (pools[i].next <= pools[i].hi)
			say_pool(&pools[i], list);
	for (size_t i = 0; st == YZ_OK && !list && i < couriers; i++)
		say_courier(s, &stock[i]);
	if (st == YZ_OK && list) {
		char *text = cJSON_PrintUnformatted(list);

		(void)puts(text);
		free(text);
	}
	cJSON_Delete(list);
	free(stock);
	free(pools);
	return st;
}

/* A closing station, or one that leaves a courier. */
static enum yz_status give_back(const struct yz_ctl *ctl, struct yz_ctl_station *s,
        const char *courier, struct yz_error *err)
{
	int64_t leases = 0, burned = 0;
	enum yz_status st = yz_lease_give_back(&s->desk, &s->now, courier, &leases, &burned, err);

	if (st != YZ_OK)
		return st;
	if (ctl->is_json)
		(void)printf("{\"ok\":true,\"leases\":%lld,\"burned\":%lld}\n", (long long)leases,
		        (long long)burned);
	else
		(void)printf(_("%lld leases go back, %lld numbers are burned here. Sending tells "
		               "the platform.\n"),
		        (long long)leases, (long long)burned);
	return YZ_OK;
}

static enum yz_status ask(const struct yz_ctl *ctl, struct yz_ctl_station *s, const char *courier,
        struct yz_error *err)
{
	struct yz_lease l;
	enum yz_status st = yz_lease_request(&s->desk, &s->now, courier, &l, err);

	if (st != YZ_OK)
		return st;
	if (ctl->is_json)
		(void)printf("{\"ok\":true,\"count\":%lld}\n", (long long)l.count);
	else
		(void)printf(_("%lld numbers of %s are asked for when the line is up.\n"),
		        (long long)l.count, courier);
	return YZ_OK;
}

int yz_cmd_numbers(const struct yz_ctl *ctl, int argc, char **argv)
{
	bool is_list = argc == 1 && !strcmp(argv[0], "list");
	bool is_return = argc == 2 && !strcmp(argv[0], "return");
	bool is_lease = argc == 2 && !strcmp(argv[0], "lease");
	struct yz_ctl_station s;
	struct yz_error err = {0};
	enum yz_status st;

	if (!is_list && !is_return && !is_lease)
		return yz_ctl_usage(ctl);
	st = yz_ctl_open(ctl, &s, &err);
	if (st == YZ_OK && is_list)
		st = list_numbers(ctl, s.desk.store, &err);
	else if (st == YZ_OK && is_return)
		st = give_back(ctl, &s, argv[1], &err);
	else if (st == YZ_OK)
		st = ask(ctl, &s, argv[1], &err);
	yz_ctl_close(&s);
	return st == YZ_OK ? YZ_EXIT_OK : yz_ctl_cannot(ctl, &err);
}
