#include "config.h"

#include "tui/screens/screens.h"

#include "tui/app.h"
#include "tui/ask.h"
#include "tui/pager.h"
#include "tui/words.h"

const struct yz_command yz_commands[] = {
        {'1', "SJ", N_("Book a parcel"), N_("take a parcel, price it, print the waybill"),
                &yz_view_booking},
        {'2', "DD", N_("Orders"), N_("find a parcel, print again, void"), &yz_view_orders},
        {'3', "DL", N_("Queue"), N_("what waits for the line or the printer"), &yz_view_queue},
        {'4', "NH", N_("Farmers"), N_("register farmers and cooperatives"), &yz_view_farmers},
        {'5', "SP", N_("Products"), N_("register goods with unit and price"), &yz_view_products},
        {'6', "LX", N_("Contacts"), N_("everybody who sends or receives"), &yz_view_contacts},
        {0, NULL, NULL, NULL, NULL},
};

void yz_command_run(struct yz_app *app, const struct yz_command *c)
{
	/* one of each screen: a second booking form would hide what was typed in the first */
	for (const struct yz_view *v = app->top; v; v = v->below) {
		if (v->ops != c->ops)
			continue;
		yz_say(app, YZ_SAY_INFO, _("%s is open already: go back to it with Esc."),
		        _(c->name));
		return;
	}
	app->message.level = YZ_SAY_NOTHING; /* it was about the screen before */
	(void)yz_view_push(app, c->ops, NULL, NULL);
}

void yz_command_answered(struct yz_view *below, const struct yz_answer *a)
{
	if (a->code > 0)
		yz_command_run(below->app, &yz_commands[a->code - 1]);
}

const struct yz_keymap *const yz_screens_keymaps[] = {
        &yz_keymap_kiosk,
        &yz_keymap_form,
        &yz_keymap_list,
        &yz_keymap_picker,
        &yz_keymap_pager,
        &yz_keymap_ask,
        &yz_keymap_signin,
        &yz_keymap_menu,
        &yz_keymap_palette,
        &yz_keymap_booking,
        &yz_keymap_orders,
        &yz_keymap_order,
        &yz_keymap_queue,
        &yz_keymap_queue_op,
        &yz_keymap_divisions,
        &yz_keymap_registers,
        &yz_keymap_record,
        NULL,
};
