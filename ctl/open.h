/* A command's way to its station: configuration, database, desk without a clerk. */
#ifndef YZ_CTL_OPEN_H
#define YZ_CTL_OPEN_H

#include "base/conf.h"
#include "ctl/cmd.h"
#include "station/desk.h"

struct yz_ctl_station {
	struct yz_conf conf;
	struct yz_desk desk; /* clerk is empty: the owner at the shell */
	struct yz_now now;
};

/* Reads -c FILE and opens the station's database. Close with yz_ctl_close also after an error. */
enum yz_status yz_ctl_open(
        const struct yz_ctl *ctl, struct yz_ctl_station *out, struct yz_error *err);
void yz_ctl_close(struct yz_ctl_station *s);

#endif
