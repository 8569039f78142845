/* A contact: anyone who sends or receives. Kept in the station's own book. */
#include "config.h"

#include "station/register.h"
#include "tui/screens/person.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

static const struct yz_entry_spec specs[YZ_PF_COUNT] = {YZ_PERSON_SPECS};

static enum yz_status contact_load(struct yz_record *r, struct yz_error *err)
{
	struct yz_contact c;
	enum yz_status st;

	if (yz_id_is_none(&r->id))
		return YZ_OK;
	st = yz_contact_get(yz_kiosk(r->view)->store, &r->id, &c, err);
	if (st == YZ_OK)
		yz_person_fill(r, &c);
	return st;
}

static enum yz_status contact_save(struct yz_record *r, struct yz_error *err)
{
	struct yz_contact c = {.rev = 0};
	enum yz_status st;

	yz_person_build(r, &c);
	st = yz_contact_save(&yz_kiosk(r->view)->desk, &r->view->app->now, &c, err);
	if (st == YZ_OK)
		r->id = c.id;
	return st;
}

static const struct yz_record_kind kind = {
        .name = "contact",
        .specs = specs,
        .count = YZ_PF_COUNT,
        .fresh = N_("New contact"),
        .known = N_("Contact"),
        .load = contact_load,
        .left = yz_person_left,
        .pick = yz_person_pick,
        .save = contact_save,
};

static bool contact_open(struct yz_view *v, const void *arg)
{
	return yz_record_open(v, &kind, arg);
}

const struct yz_view_ops yz_view_contact = {
        .name = "contact",
        .title = N_("Contact"),
        .state_size = sizeof(struct yz_record),
        .keymap = &yz_keymap_record,
        .open = contact_open,
        .draw = yz_record_draw,
        .act = yz_record_act,
        .key = yz_record_key,
        .event = yz_record_event,
        .hint = yz_record_hint,
        .close = yz_record_close,
};
