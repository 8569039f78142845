#include "config.h"

#include "ctl/outbox.h"

#include "station/bundle_key.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static void say_rows(
        const struct yz_ctl *ctl, const char *const names[3], const char *const values[3])
{
	size_t n = names[2] ? 3 : 2;

	if (ctl->is_json)
		(void)printf("{\"ok\":true");
	for (size_t i = 0; i < n; i++)
		if (ctl->is_json)
			(void)printf(",\"%s\":\"%s\"", names[i], values[i]);
		else
			(void)printf("%s%c", names[i], i + 1 < n ? ',' : '\n');
	for (size_t i = 0; !ctl->is_json && i < n; i++)
		(void)printf("%s%c", values[i], i + 1 < n ? ',' : '\n');
	if (ctl->is_json)
		(void)puts("}");
}

static int new_centre(const struct yz_ctl *ctl, const char *path)
{
	static const char *const names[3] = {"code", "name", "public_key"};
	uint8_t secret[YZ_BUNDLE_KEY], public[YZ_BUNDLE_KEY];
	char text[YZ_KEY_TEXT_SIZE];
	struct yz_error err = {0};

	if (yz_bundle_key_make(secret, path, YZ_KEY_CENTRE, &err) != YZ_OK)
		return yz_ctl_cannot(ctl, &err);
	yz_bundle_key_public(public, secret, YZ_KEY_CENTRE);
	sodium_memzero(secret, sizeof(secret));
	yz_bundle_key_text(text, public);
	say_rows(ctl, names, (const char *const[3]){"centre", "centre", text});
	(void)fprintf(stderr, "%s\n",
	        _("Keep the file secret and a copy of it safe. Each station imports the two lines "
	          "above: yizhanctl import recipients."));
	return YZ_EXIT_OK;
}

static int show_station(const struct yz_ctl *ctl)
{
	static const char *const names[3] = {"station", "public_key", NULL};
	uint8_t secret[YZ_BUNDLE_KEY], public[YZ_BUNDLE_KEY];
	char text[YZ_KEY_TEXT_SIZE];
	struct yz_ctl_station s;
	struct yz_error err = {0};
	bool is_new;
	enum yz_status st = yz_ctl_open(ctl, &s, &err);

	if (st == YZ_OK)
		st = yz_bundle_key_station(secret, s.conf.station_dir, &is_new, &err);
	if (st == YZ_OK) {
		yz_bundle_key_public(public, secret, YZ_KEY_STATION);
		sodium_memzero(secret, sizeof(secret));
		yz_bundle_key_text(text, public);
		say_rows(ctl, names, (const char *const[3]){s.desk.station.id, text, NULL});
	}
	yz_ctl_close(&s);
	return st == YZ_OK ? YZ_EXIT_OK : yz_ctl_cannot(ctl, &err);
}

int yz_outbox_key(const struct yz_ctl *ctl, int argc, char **argv)
{
	if (argc == 1)
		return show_station(ctl);
	if (argc == 3 && !strcmp(argv[1], "new") && *argv[2] && argv[2][0] != '-')
		return new_centre(ctl, argv[2]);
	return yz_ctl_usage(ctl);
}
