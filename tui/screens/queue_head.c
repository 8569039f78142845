#include "config.h"

#include "tui/screens/queue_head.h"

#include "base/buf.h"
#include "base/clock.h"
#include "tui/screens/kiosk.h"
#include "tui/screens/link_words.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

enum { SENTENCE_SIZE = 256 };

struct sentence {
	bool is_bad;
	char text[SENTENCE_SIZE];
};

static void say_counts(const struct yz_pulse *p, int64_t now_ms, struct sentence *s)
{
	char since[16] = "";

	yz_clock_since(p->ops.oldest_pending_ms, now_ms, since, sizeof(since));
	if (p->ops.pending)
		(void)snprintf(s->text, sizeof(s->text),
		        _("To send %ld (since %s), refused %ld, held %ld; papers %ld, failed %ld."),
		        (long)p->ops.pending, since, (long)p->ops.dead, (long)p->ops.held,
		        (long)p->prints_waiting, (long)p->prints_failed);
	else
		(void)snprintf(s->text, sizeof(s->text),
		        _("To send 0, refused %ld, held %ld; papers %ld, failed %ld."),
		        (long)p->ops.dead, (long)p->ops.held, (long)p->prints_waiting,
		        (long)p->prints_failed);
}

void yz_queue_head_link(const struct yz_pulse *p, int64_t now_ms, char *out, size_t size)
{
	char since[16], why[YZ_LINK_SENTENCE_SIZE / 2];

	yz_link_say(p->why, why, sizeof(why));
	yz_clock_since(p->offline_since_ms, now_ms, since, sizeof(since));
	if (p->standalone)
		(void)yz_copy(out, size, _("No platform is set up: the station works on its own."));
	else if (p->online)
		(void)yz_copy(out, size, _("The line is up."));
	else if (!p->sync_runs)
		(void)yz_copy(out, size, _("The sending program does not run."));
	else if (p->offline_since_ms)
		(void)snprintf(out, size, _("Offline since %s: %s."), since, why);
	else
		(void)snprintf(out, size, _("Offline: %s."), why);
}

const char *yz_queue_head_todo(const struct yz_pulse *p)
{
	if (p->standalone)
		return _("All is kept, and sent when there is a platform.");
	if (!p->online)
		return yz_link_todo(p->why);
	if (!p->ops.pending)
		return _("Nothing waits to be sent.");
	if (p->ops.dead || p->ops.held)
		return _("What waits is sent by itself, but not what needs one refused or held.");
	return _("What waits is sent by itself.");
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

/* What a clerk must do here, or must know of the numbers. */
static void say_task(const struct yz_pulse *p, const char *alarm, struct sentence *s)
{
	bool is_pressing = p->is_damaged || p->is_disk_full || !p->ops.dead;

	s->is_bad = true;
	if (*alarm && is_pressing)
		(void)yz_copy(s->text, sizeof(s->text), alarm);
	else if (p->ops.dead)
		(void)yz_copy(s->text, sizeof(s->text),
		        _("Refused ones stand first below: Enter says why and what to do."));
}

static void put(struct yz_canvas *c, int row, const struct sentence *s)
{
	(void)yz_canvas_text(c, row, 1, -1, s->is_bad ? YZ_LOOK_WARN : YZ_LOOK_NORMAL, s->text);
}

void yz_queue_head_draw(
        const struct yz_pulse *p, int64_t now_ms, const char *alarm, struct yz_canvas *c)
{
	struct sentence counts = {.is_bad = false}, link = counts, todo = counts, printer = counts,
	                task = counts;

	say_counts(p, now_ms, &counts);
	link.is_bad = !p->standalone && !p->online;
	yz_queue_head_link(p, now_ms, link.text, sizeof(link.text));
	(void)yz_copy(todo.text, sizeof(todo.text), yz_queue_head_todo(p));
	say_printer(p, &printer);
	say_task(p, alarm, &task);
	put(c, 0, &counts);
	put(c, 1, &link);
	put(c, 2, &todo);
	put(c, 3, &printer);
	put(c, 4, &task);
}
