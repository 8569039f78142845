/* All screens: what the menu and the palette offer, and the views that are opened from others. To
 * add one: its file, its declaration here, its row in screens.c, its key table in
 * yz_screens_keymaps. */
#ifndef YZ_TUI_SCREENS_H
#define YZ_TUI_SCREENS_H

#include "tui/list.h"
#include "tui/view.h"

extern const struct yz_view_ops
        yz_view_signin; /* arg: NULL, or "" to lock: asks the clerk signed in for the PIN */
extern const struct yz_view_ops yz_view_menu;
extern const struct yz_view_ops yz_view_palette;
extern const struct yz_view_ops yz_view_booking; /* arg: struct yz_booking_arg or NULL */
extern const struct yz_view_ops yz_view_orders;
extern const struct yz_view_ops yz_view_order; /* arg: struct yz_order_arg */
extern const struct yz_view_ops yz_view_queue;
extern const struct yz_view_ops yz_view_queue_op; /* one operation; arg: its struct yz_id */
extern const struct yz_view_ops
        yz_view_divisions; /* arg: code to start at; answer.text: the code chosen */

extern const struct yz_view_ops yz_view_contacts, yz_view_farmers, yz_view_products;
extern const struct yz_view_ops yz_view_contact, yz_view_farmer,
        yz_view_product; /* arg: struct yz_record_arg */

/* The one province, city or county of the country whose name begins with text or whose initials it
 * is; NULL if there is none or more than one. */
struct yz_division;
struct yz_divisions;
const struct yz_division *yz_place_find(const struct yz_divisions *d, const char *text);

/* Sources for yz_view_picker: contacts and farmers by part of name, initials or phone, products by
 * part of name, initials or item number. owner: struct yz_kiosk. answer.id. */
extern const struct yz_list_source yz_contacts_source, yz_farmers_source, yz_products_source;

/* The contact that was picked from yz_contacts_source or yz_farmers_source; false if none was, or
 * if it cannot be read (the clerk is told). Reads the store. */
struct yz_contact;
bool yz_contact_picked(struct yz_view *v, const struct yz_answer *a, struct yz_contact *out);

/* Where to begin choosing a place. */
struct yz_place_arg {
	const char *code;   /* whose children are shown; "" is the country */
	const char *filter; /* "" or what was typed */
};

/* A parcel that the platform refused, to be booked anew: the form comes filled, and saving voids
 * the old one in the same transaction. */
struct yz_booking_arg {
	struct yz_id replaces;
	const char *field; /* the field at fault, "" if none */
};

/* One shipment, and what to do with it at once (YZ_ACT_PRINT, YZ_ACT_UNDO) or YZ_ACT_NONE. */
struct yz_order_arg {
	struct yz_id id;
	enum yz_action then;
	bool finds; /* a character typed (the next number scanned) closes it and is the answer */
};

/* What a shipment's courier is called; its code if the books do not know it. */
void yz_courier_name(struct yz_app *app, const char *code, char *out, size_t size);

/* A screen that can be opened from everywhere. */
struct yz_command {
	char digit;           /* in the menu; 0: palette only */
	const char *mnemonic; /* two capitals, from the pinyin of the Chinese name */
	const char *name;     /* msgid */
	const char *about;    /* msgid, one line */
	const struct yz_view_ops *ops;
};
extern const struct yz_command yz_commands[]; /* mnemonic NULL at the end */

/* Opens a command's screen above the menu. */
void yz_command_run(struct yz_app *app, const struct yz_command *c);

/* Runs what was chosen in the palette: app->command_done. */
void yz_command_answered(struct yz_view *below, const struct yz_answer *a);

extern const struct yz_keymap yz_keymap_signin, yz_keymap_menu, yz_keymap_palette,
        yz_keymap_booking, yz_keymap_orders, yz_keymap_order, yz_keymap_queue, yz_keymap_queue_op,
        yz_keymap_divisions, yz_keymap_registers, yz_keymap_record;

/* Every key table of every screen, NULL at the end: for the test that a function key has one
 * meaning. */
extern const struct yz_keymap *const yz_screens_keymaps[];

#endif
