#include "config.h"

#include "ctl/doctor.h"

#include "base/datadir.h"
#include "base/file.h"
#include "print/cups.h"
#include "print/template.h"
#include "station/queue.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

void yz_look_outbox(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f)
{
	struct yz_outbox_counts c = {0};
	struct yz_error err = {0};

	(void)ctl;
	if (yz_outbox_count(s->desk.store, &c, &err) != YZ_OK) {
		yz_buf_puts(&f->text, err.text);
		yz_finding_set(f, YZ_ILL, N_("The database cannot be read: call for help."));
		return;
	}
	yz_buf_printf(&f->text, _("%lld waiting, %lld refused, %lld held."), (long long)c.pending,
	        (long long)c.dead, (long long)c.held);
	if (c.dead)
		yz_finding_set(f, YZ_NOTE,
		        N_("The platform refused records: a clerk mends them on the queue "
		           "screen."));
}

void yz_look_line(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f)
{
	struct yz_pulse p;
	struct yz_error err = {0};
	char since[8] = "";

	(void)ctl;
	if (!*s->conf.platform_url) {
		yz_buf_puts(
		        &f->text, _("No platform is configured: the station works on its own."));
		return;
	}
	if (yz_pulse_read(s->desk.store, true, &p, &err) != YZ_OK) {
		yz_buf_puts(&f->text, err.text);
		yz_finding_set(f, YZ_ILL, N_("The database cannot be read: call for help."));
	} else if (p.online) {
		yz_buf_puts(&f->text, _("The platform answers."));
	} else {
		yz_clock_hhmm(p.offline_since_ms, since, sizeof(since));
		yz_buf_printf(&f->text, _("Offline since %s (%s)."),
		        p.offline_since_ms ? since : "?", *p.why ? p.why : "?");
		yz_finding_set(
		        f, YZ_NOTE, N_("Work goes on; check the line, then [platform] url."));
	}
}

void yz_look_token(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f)
{
	struct stat st;

	(void)ctl;
	if (!*s->conf.platform_token_file && *s->conf.platform_cert_file) {
		yz_buf_puts(&f->text, _("The certificate stands in for a key."));
	} else if (!*s->conf.platform_token_file) {
		yz_buf_puts(&f->text, _("No platform key is configured."));
		if (*s->conf.platform_url)
			yz_finding_set(f, YZ_ILL,
			        N_("Put the key from the county centre into a file and name it as "
			           "[platform] token_file."));
	} else if (stat(s->conf.platform_token_file, &st) != 0) {
		yz_buf_printf(&f->text, "%s: %s", s->conf.platform_token_file, strerror(errno));
		yz_finding_set(f, YZ_ILL, N_("Put the key from the county centre into this file."));
	} else if (st.st_mode & 077) {
		yz_buf_puts(&f->text, s->conf.platform_token_file);
		yz_finding_set(f, YZ_ILL,
		        N_("Others can read the platform key: chmod 600 the file; only "
		           "yizhan-sync's user "
		           "needs it."));
	} else {
		yz_buf_puts(&f->text, _("The platform key is there and private."));
	}
}

void yz_look_templates(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f)
{
	static const char *const names[] = {"waybill-100x180", "receipt-80", "refund-80"};
	struct yz_error err = {0};
	char dir[PATH_MAX];
	size_t good = 0;

	if (yz_datadir_find(ctl->data_dir       ? ctl->data_dir
	                    : *s->conf.data_dir ? s->conf.data_dir
	                                        : NULL,
	            dir, sizeof(dir), &err) != YZ_OK) {
		yz_buf_puts(&f->text, err.text);
		yz_finding_set(f, YZ_ILL,
		        N_("Give the data folder as [data] dir, or install the program again."));
		return;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct yz_template *t = NULL;
		char path[PATH_MAX + 64];

		(void)snprintf(path, sizeof(path), "%s/templates/%s.xml", dir, names[i]);
		if (yz_template_load(&t, path, &err) == YZ_OK)
			good++;
		else
			yz_buf_printf(&f->text, "%s ", err.text);
		yz_template_free(t);
	}
	if (good < sizeof(names) / sizeof(names[0]))
		yz_finding_set(f, YZ_ILL, N_("Mend or restore the template named here."));
	else
		yz_buf_printf(&f->text, _("%zu paper templates are right."), good);
}

void yz_look_programs(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f)
{
	static const char *const names[] = {"sync", "print"};

	(void)ctl;
	for (size_t i = 0; i < 2; i++) {
		bool running = yz_desk_is_running(s->conf.station_dir, names[i]);

		yz_buf_printf(&f->text,
		        running ? _("yizhan-%s runs. ") : _("yizhan-%s does not run. "), names[i]);
		if (!running)
			yz_finding_set(f, YZ_NOTE,
			        N_("Start it, or nothing is sent or printed (see README, on a "
			           "station PC)."));
	}
}

static bool queue_is_well(struct yz_cups *cups, const char *queue, struct yz_finding *f)
{
	struct yz_cups_queue q;
	struct yz_error err = {0};
	enum yz_status st;

	if (!*queue)
		return false;
	st = yz_cups_queue_get(cups, queue, &q, &err);
	if (st == YZ_E_NET) {
		yz_buf_printf(&f->text, _("%s: the print service CUPS does not answer. "), queue);
		yz_finding_set(f, YZ_ILL,
		        N_("Start CUPS (systemctl start cups), or mend [print] server."));
	} else if (st != YZ_OK) {
		yz_buf_printf(&f->text, _("%s: there is no such queue. "), queue);
		yz_finding_set(
		        f, YZ_ILL, N_("Make the queue with lpadmin, or name another in [print]."));
	} else if (q.is_stopped || (strcmp(q.reasons, "none") != 0 && *q.reasons)) {
		yz_buf_printf(&f->text, _("%s: the printer says %s. "), queue,
		        q.is_stopped ? q.message : q.reasons);
		yz_finding_set(f, YZ_NOTE,
		        N_("Look at the printer: paper, cover, cable; then lpadmin -p QUEUE -E."));
	} else {
		yz_buf_printf(&f->text, _("%s: ready. "), queue);
	}
	return true;
}

void yz_look_printers(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f)
{
	struct yz_cups *cups = yz_cups_new(s->conf.print_server);
	bool any = queue_is_well(cups, s->conf.print_waybill_queue, f);

	(void)ctl;
	any = queue_is_well(cups, s->conf.print_receipt_queue, f) || any;
	if (!any) {
		yz_buf_puts(&f->text, _("No printer is configured."));
		yz_finding_set(f, YZ_NOTE,
		        N_("Name the queues in [print] waybill_queue and receipt_queue; papers "
		           "wait until then."));
	}
	yz_cups_free(cups);
}
