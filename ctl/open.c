#include "config.h"

#include "ctl/open.h"

#include "store/station.h"

#include <string.h>

enum yz_status yz_ctl_open(
        const struct yz_ctl *ctl, struct yz_ctl_station *out, struct yz_error *err)
{
	enum yz_status st;

	memset(out, 0, sizeof(*out));
	if ((st = yz_conf_read(&out->conf, ctl->conf_file, err)) != YZ_OK)
		return st;
	out->now = yz_clock_now(out->conf.test_now_ms);
	if ((st = yz_store_open(&out->desk.store, out->conf.station_dir, YZ_STORE_LOOK, err)) !=
	        YZ_OK)
		return st;
	return yz_station_get(out->desk.store, &out->desk.station, err);
}

void yz_ctl_close(struct yz_ctl_station *s)
{
	yz_store_close(s->desk.store);
	s->desk.store = NULL;
}
