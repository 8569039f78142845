#include "config.h"

#include "tui/screens/alarm.h"

#include "base/buf.h"
#include "store/guard.h"
#include "tui/pager.h"
#include "tui/screens/kiosk.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <stdio.h>

static void say_low(struct yz_app *app, const struct yz_pulse *p, char *out, size_t size)
{
	char name[64];

	yz_courier_name(app, p->low_courier, name, sizeof(name));
	if (p->low_left == 0)
		(void)snprintf(out, size,
		        _("%s: the waybill numbers are used up. Take another courier; tell the "
		          "owner."),
		        name);
	else if (p->low_days > 0)
		(void)snprintf(out, size,
		        _("%s: %ld waybill numbers are left, about %ld days. Tell the owner."),
		        name, (long)p->low_left, (long)p->low_days);
	else
		(void)snprintf(out, size,
		        _("%s: only %ld waybill numbers are left. Tell the owner."), name,
		        (long)p->low_left);
}

void yz_alarm_line(struct yz_app *app, const struct yz_pulse *p, char *out, size_t size)
{
	out[0] = '\0';
	if (p->is_damaged)
		(void)yz_copy(out, size,
		        _("The database is damaged: look only, save nothing. Call the owner."));
	else if (p->is_disk_full)
		(void)yz_copy(out, size,
		        _("The disk is nearly full: take no parcel and no money; call the owner."));
	else if (p->low_courier[0])
		say_low(app, p, out, size);
}

void yz_alarm_show(struct yz_app *app)
{
	struct yz_kiosk *k = app->kiosk;
	struct yz_buf text = YZ_BUF_INIT;
	struct yz_pager_text t = {_("The database is damaged"), NULL};
	struct yz_error why = {0};

	if (!yz_store_is_damaged(k->store, &why))
		return;
	yz_buf_puts(&text,
	        _("The station's database is damaged. So that nothing gets worse, this program "
	          "only reads it.\n\n"));
	yz_buf_printf(&text, _("What was found (for the owner): %s\n\n"), why.text);
	yz_buf_puts(
	        &text, _("What still works: looking at orders, farmers, products, contacts and the "
	                 "queue.\n"
	                 "What does not: booking, registering, voiding, printing and sending.\n\n"
	                 "What to do:\n"
	                 "1. Take no parcel and no money here; write on paper what cannot wait.\n"
	                 "2. Call the owner now, and leave the computer on.\n"
	                 "3. The owner runs yizhanctl rescue; what was saved and can be read comes "
	                 "back.\n"
	                 "4. Then start this program again.\n\n"
	                 "Esc goes on: you can look at what is there."));
	t.text = yz_buf_str(&text);
	(void)yz_view_push(app, &yz_view_pager, &t, NULL);
	yz_buf_free(&text);
}

bool yz_alarm_is_readonly(struct yz_app *app)
{
	struct yz_kiosk *k = app->kiosk;

	if (!yz_store_is_damaged(k->store, NULL))
		return false;
	yz_say(app, YZ_SAY_ERROR, "%s",
	        _("The database is damaged: look only, save nothing. Call the owner."));
	return true;
}
