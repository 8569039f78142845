/* peer_clerk FOLDER: the clerk of tests/fault/peers.sh. Makes a station, with FOLDER as a link to
 * it, then books a parcel for each line on standard input and prints the operation's id once it is
 * saved. */
#include "config.h"

#include "base/buf.h"
#include "tests/fault/fault.h"
#include "tests/fault/world.h"

#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct world w;
	struct world_receipt r;
	struct yz_error err = {0};
	char line[64], id[YZ_ID_TEXT_SIZE];

	if (argc != 2)
		fault_stop("usage: peer_clerk FOLDER");
	world_make(&w);
	if (symlink(w.f.dir, argv[1]) < 0)
		fault_stop("cannot link the station to %s", argv[1]);
	if (world_open(&w, &err) != YZ_OK)
		fault_stop("%s", err.text);
	(void)puts("ready");
	(void)fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		if (world_book(&w, &r, &err) != YZ_OK)
			fault_stop("%s", err.text);
		yz_id_text(&r.op, id);
		(void)puts(id);
		(void)fflush(stdout);
	}
	world_shut(&w);
	world_drop(&w);
	return 0;
}
