#include "config.h"

#include "tui/screens/queue_head.h"

#include "base/buf.h"
#include "base/clock.h"
#include "tui/screens/kiosk.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

enum { SENTENCE_SIZE = 256 };

struct sentence {
	bool is_bad;
	char text[SENTENCE_SIZE];
};

/* The words of net/link.h that pass by themselves, and those that a clerk cannot mend. */
static const struct {
	const char *why, *say;
} link_whys[] = {
        {"dns", N_("the platform's name is not found")},
        {"refused", N_("the platform does not answer")},
        {"timeout", N_("the platform answers too slowly")},
        {"tls", N_("no secure line to the platform can be made")},
        {"tls-expired", N_("the platform's certificate is out of date")},
        {"cut", N_("the line was cut")},
        {"network", N_("no network")},
        {"portal", N_("a network sign-in page answers")},
        {"bad-answer", N_("the platform's answer is damaged")},
};
static const char *const owner_whys[] = {"unauthorised", "station-suspended", "stale-agent-epoch",
        "upgrade-required", "token", "cert-expired", "bad-signature", NULL};
/* Somebody else answers in the platform's place, or the owner's settings are wrong. */
static const struct {
	const char *why, *say;
} stranger_whys[] = {
        {"tls-name", N_("Another computer answers as the platform: tell the owner (name).")},
        {"tls-ca", N_("Another computer answers as the platform: tell the owner (authority).")},
        {"tls-pin", N_("Another computer answers as the platform: tell the owner (key).")},
        {"tls-version", N_("The platform speaks an old TLS: tell the owner.")},
        {"tls-client",
                N_("The platform does not take this station's certificate: tell the owner.")},
};

static const char *why_say(const char *why)
{
	for (size_t i = 0; i < sizeof(link_whys) / sizeof(link_whys[0]); i++)
		if (!strcmp(link_whys[i].why, why))
			return _(link_whys[i].say);
	return why;
}

static bool needs_owner(const char *why)
{
	size_t i = 0;

	while (owner_whys[i] && strcmp(owner_whys[i], why) != 0)
		i++;
	return owner_whys[i] != NULL;
}

static const char *stranger_say(const char *why)
{
	for (size_t i = 0; i < sizeof(stranger_whys) / sizeof(stranger_whys[0]); i++)
		if (!strcmp(stranger_whys[i].why, why))
			return _(stranger_whys[i].say);
	return NULL;
}

static void say_counts(const struct yz_pulse *p, struct sentence *s)
{
	char hhmm[8] = "";

	yz_clock_hhmm(p->ops.oldest_pending_ms, hhmm, sizeof(hhmm));
	if (p->ops.pending)
		(void)snprintf(s->text, sizeof(s->text),
		        _("To send %ld (since %s), refused %ld, held %ld; papers %ld, failed %ld."),
		        (long)p->ops.pending, hhmm, (long)p->ops.dead, (long)p->ops.held,
		        (long)p->prints_waiting, (long)p->prints_failed);
	else
		(void)snprintf(s->text, sizeof(s->text),
		        _("To send 0, refused %ld, held %ld; papers %ld, failed %ld."),
		        (long)p->ops.dead, (long)p->ops.held, (long)p->prints_waiting,
		        (long)p->prints_failed);
}

static void say_link(const struct yz_pulse *p, struct sentence *s)
{
	char hhmm[8] = "?";
	const char *text = NULL;

	s->is_bad = !p->standalone && !p->online;
	if (p->offline_since_ms)
		yz_clock_hhmm(p->offline_since_ms, hhmm, sizeof(hhmm));
	if (p->standalone)
		text = _("No platform is set up: all is kept, and sent when there is one.");
	else if (!p->sync_runs)
		text = _("The sending program does not run: tell the owner to start yizhan-sync.");
	else if (p->online && !p->ops.pending)
		text = _("The line is up. Nothing waits to be sent.");
	else if (p->online)
		text = _("The line is up. What waits is sent by itself.");
	else
		text = stranger_say(p->why);
	if (text)
		(void)yz_copy(s->text, sizeof(s->text), text);
	else if (needs_owner(p->why))
		(void)snprintf(s->text, sizeof(s->text),
		        _("The platform turns this station away (%s): tell the owner."), p->why);
	else
		(void)snprintf(s->text, sizeof(s->text),
		        _("Offline since %s: %s. Work on: it is sent later."), hhmm,
		        why_say(p->why[0] ? p->why : "network"));
}

static bool is_trouble(const char *printer)
{
	return *printer && strcmp(printer, "ready") != 0 && strcmp(printer, "none") != 0;
}

static void say_printer(const struct yz_pulse *p, struct sentence *s)
{
	const char *word = is_trouble(p->waybill_printer) ? p->waybill_printer : p->receipt_printer;

	s->is_bad = true;
	if (!p->print_runs)
		(void)yz_copy(s->text, sizeof(s->text),
		        _("The printing program does not run: tell the owner to start "
		          "yizhan-print."));
	else if (is_trouble(word))
		(void)snprintf(s->text, sizeof(s->text),
		        _("Printer: %s. Put it right and the papers come by themselves."),
		        yz_kiosk_printer_say(word));
	else if (p->prints_failed)
		(void)yz_copy(s->text, sizeof(s->text),
		        _("A paper failed: choose it below, F6 prints it again."));
	else {
		s->is_bad = false;
		(void)yz_copy(s->text, sizeof(s->text), _("The printer is ready."));
	}
}

static void put(struct yz_canvas *c, int row, const struct sentence *s)
{
	(void)yz_canvas_text(c, row, 1, -1, s->is_bad ? YZ_LOOK_WARN : YZ_LOOK_NORMAL, s->text);
}

void yz_queue_head_draw(const struct yz_pulse *p, struct yz_canvas *c)
{
	struct sentence counts = {.is_bad = false}, link = counts, printer = counts,
	                refused = {true, ""};

	say_counts(p, &counts);
	say_link(p, &link);
	say_printer(p, &printer);
	if (p->ops.dead)
		(void)yz_copy(refused.text, sizeof(refused.text),
		        _("Refused ones are listed below: Enter says why and what to do."));
	put(c, 0, &counts);
	put(c, 1, &link);
	put(c, 2, &printer);
	put(c, 3, &refused);
}
