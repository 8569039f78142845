#include "config.h"

#include "ctl/doctor.h"

#include "station/skew.h"

#include <stdlib.h>
#include <string.h>

enum { DAY_MS = 24 * 3600 * 1000, MINUTE_MS = 60 * 1000, SOON_DAYS = 25, GRACE_DAYS = 30 };

/* The platform's time, as far as the station knows it. */
static int64_t true_ms(struct yz_ctl_station *s, enum yz_clock_trust *trust)
{
	struct yz_now now = yz_clock_now(0);
	struct yz_skew skew = {.known = false};

	if (yz_skew_load(&skew, s->desk.store, NULL) != YZ_OK)
		skew.known = false;
	*trust = yz_skew_trust(&skew, &now);
	return yz_skew_now_ms(&skew, &now);
}

static void say_days(struct yz_finding *f, int64_t left_ms)
{
	long long days = llabs(left_ms) / DAY_MS;

	if (left_ms >= 0) {
		yz_buf_printf(
		        &f->text, _("The station's certificate runs out in %lld days."), days);
		if (days < SOON_DAYS)
			yz_finding_set(f, YZ_NOTE,
			        N_("It is renewed by itself when the line is up; see that "
			           "yizhan-sync runs and the line comes back."));
		return;
	}
	yz_buf_printf(&f->text, _("The station's certificate ran out %lld days ago."), days);
	if (days < GRACE_DAYS)
		yz_finding_set(f, YZ_ILL,
		        N_("It is renewed by itself when the line is up; see that yizhan-sync runs "
		           "and the line comes back."));
	else
		yz_finding_set(f, YZ_ILL,
		        N_("Ask the county centre for a new code, then yizhan-sync --enrol."));
}

void yz_look_certificate(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f)
{
	const struct yz_conf *c = &s->conf;
	enum yz_clock_trust trust;
	char text[24] = "";

	(void)ctl;
	if (!strncmp(c->platform_url, "https:", 6) && !*c->platform_ca_file && !*c->platform_pins) {
		yz_buf_puts(
		        &f->text, _("Any authority in the world could vouch for the platform. "));
		yz_finding_set(f, YZ_ILL,
		        N_("Name what the county centre gave as [platform] ca_file or pins; "
		           "yizhan-sync does not start without."));
		return;
	}
	if (!*c->platform_cert_file) {
		yz_buf_puts(&f->text, _("No certificate is configured."));
		return;
	}
	if (yz_meta_get(s->desk.store, "cert.to_ms", text, sizeof(text), NULL) != YZ_OK || !*text) {
		yz_buf_puts(&f->text, _("The station has no certificate yet."));
		yz_finding_set(f, YZ_ILL,
		        N_("Fetch it with the code from the county centre: yizhan-sync --enrol, as "
		           "the user yizhan-sync."));
		return;
	}
	say_days(f, strtoll(text, NULL, 10) - true_ms(s, &trust));
}

void yz_look_clock(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f)
{
	enum yz_clock_trust trust;
	int64_t off_ms = true_ms(s, &trust) - yz_clock_now(0).wall_ms;

	(void)ctl;
	if (trust == YZ_CLOCK_UNKNOWN) {
		yz_buf_puts(&f->text, _("The clock was not compared with the platform's since this "
		                        "computer started."));
	} else if (trust == YZ_CLOCK_CHECKED) {
		yz_buf_puts(&f->text, _("The clock is right."));
	} else {
		yz_buf_printf(&f->text, _("The clock is off by %lld minutes."),
		        (long long)(llabs(off_ms) / MINUTE_MS));
		yz_finding_set(f, YZ_NOTE,
		        N_("Set the clock (timedatectl) and have the computer's battery looked at; "
		           "sending goes on meanwhile."));
	}
}
