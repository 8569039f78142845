#include "config.h"

#include "ctl/import.h"

#include "base/file.h"

#include <stdio.h>
#include <string.h>

enum { FILE_MAX_BYTES = 64 << 20 };

const struct yz_import_kind yz_import_kinds[] = {
        {"divisions", N_("Administrative divisions."), yz_import_document},
        {"divisions-old", N_("Old names of counties."), yz_import_document},
        {"reporting-units", N_("Units that figures are reported for."), yz_import_document},
        {"couriers", N_("Couriers of the counter."), yz_import_document},
        {"tariff", N_("A tariff sheet."), yz_import_document},
        {"units", N_("Units of measure."), yz_import_document},
        {"prohibited", N_("Goods that may not be sent."), yz_import_document},
        {"catalogue", N_("Products of the counties."), yz_import_catalogue},
        {"numbers", N_("A bought range of waybill numbers."), yz_import_numbers},
        {"recipients", N_("Keys that personal numbers are sealed to."), yz_import_recipients},
        {NULL, NULL, NULL},
};

static const struct yz_import_kind *find(const char *name)
{
	const struct yz_import_kind *k = yz_import_kinds;

	while (k->name && strcmp(k->name, name) != 0)
		k++;
	return k->name ? k : NULL;
}

static void list_kinds(void)
{
	for (const struct yz_import_kind *k = yz_import_kinds; k->name; k++)
		(void)fprintf(stderr, "  %-16s %s\n", k->name, _(k->summary));
}

int yz_cmd_import(const struct yz_ctl *ctl, int argc, char **argv)
{
	struct yz_ctl_station s;
	struct yz_import in = {.station = &s, .text = YZ_BUF_INIT};
	const struct yz_import_kind *kind = argc == 2 ? find(argv[0]) : NULL;
	struct yz_error err = {0};
	enum yz_status st;

	if (!kind) {
		int code = yz_ctl_usage(ctl);

		list_kinds();
		return code;
	}
	in.file = argv[1];
	st = yz_ctl_open(ctl, &s, &err);
	if (st == YZ_OK)
		st = yz_file_read_text(&in.text, argv[1], FILE_MAX_BYTES, &err);
	if (st == YZ_OK)
		st = kind->take(&in, kind, &err);
	yz_buf_free(&in.text);
	if (st == YZ_OK)
		yz_desk_ring(&s.desk, YZ_RING_UI);
	yz_ctl_close(&s);
	if (st != YZ_OK)
		return yz_ctl_cannot(ctl, &err);
	if (ctl->is_json)
		(void)printf("{\"ok\":true,\"kind\":\"%s\",\"rows\":%zu}\n", kind->name, in.rows);
	else
		(void)printf(ngettext("%s: %zu row taken.\n", "%s: %zu rows taken.\n", in.rows),
		        kind->name, in.rows);
	return YZ_EXIT_OK;
}
