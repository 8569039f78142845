/* Sign-in; and the lock after some time without a key, which is the same form for the clerk who is
 * signed in. */
#include "config.h"

#include "base/buf.h"
#include "base/text.h"
#include "station/signin.h"
#include "tui/form.h"
#include "tui/screens/alarm.h"
#include "tui/screens/kiosk.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <string.h>

struct signin {
	struct yz_form form;
	bool is_lock;
};

enum { LOGIN, PIN };

static const struct yz_entry_spec specs[] = {
        {.name = "login",
                .label = N_("Login"),
                .hint = N_("Your login name, then Enter."),
                .kind = YZ_ENTRY_TEXT,
                .flags = YZ_ENTRY_REQUIRED,
                .row = 7,
                .col = 22,
                .cols = 24,
                .max_chars = 32},
        {.name = "pin",
                .label = N_("PIN"),
                .hint = N_("Your PIN, then Enter. It is not shown."),
                .kind = YZ_ENTRY_SECRET,
                .flags = YZ_ENTRY_REQUIRED,
                .row = 9,
                .col = 22,
                .cols = 24,
                .max_chars = YZ_PIN_MAX},
};

static bool signin_open(struct yz_view *v, const void *arg)
{
	struct signin *s = v->state;

	s->is_lock = arg != NULL;
	yz_form_init(&s->form, specs, sizeof(specs) / sizeof(specs[0]), &v->app->message, v);
	if (s->is_lock) {
		(void)yz_copy(v->title, sizeof(v->title), _("Locked"));
		yz_form_set(&s->form, "login", yz_kiosk(v)->desk.clerk.login);
		(void)yz_form_go(&s->form, PIN);
		s->form.entries[LOGIN].is_off = true;
	}
	return true;
}

static void signin_draw(const struct yz_view *v, struct yz_canvas *c)
{
	const struct signin *s = v->state;
	const struct yz_station *st = &yz_kiosk(v)->desk.station;

	(void)yz_canvas_text(c, 2, 22, -1, YZ_LOOK_TITLE, st->name);
	(void)yz_canvas_text(c, 3, 22, -1, YZ_LOOK_NORMAL, st->region);
	if (s->is_lock)
		(void)yz_canvas_text(c, 5, 22, -1, YZ_LOOK_NORMAL,
		        _("Locked after a while without a key. Nothing is lost."));
	yz_form_draw(&s->form, c);
}

static unsigned enter(struct yz_view *v)
{
	struct signin *s = v->state;
	struct yz_error err = {0};
	char pin[YZ_ENTRY_BYTES];
	enum yz_status st;

	if (!yz_form_check(&s->form))
		return YZ_NEED_DRAW;
	(void)yz_copy(pin, sizeof(pin), yz_form_get(&s->form, "pin"));
	st = yz_kiosk_sign_in(v->app, yz_form_get(&s->form, "login"), pin, &err);
	memset(pin, 0, sizeof(pin));
	yz_form_set(&s->form, "pin", "");
	if (st != YZ_OK) {
		yz_form_fault(&s->form, &err);
		return YZ_NEED_DRAW;
	}
	if (s->is_lock)
		return YZ_NEED_CLOSE;
	yz_form_set(&s->form, "login", "");
	(void)yz_view_push(v->app, &yz_view_menu, NULL, NULL);
	yz_alarm_show(v->app);
	return YZ_NEED_DRAW;
}

static unsigned signin_act(struct yz_view *v, enum yz_action a)
{
	struct signin *s = v->state;

	if (a == YZ_ACT_SAVE ||
	        (a == YZ_ACT_NEXT && s->form.active == PIN && s->form.entries[PIN].text[0]))
		return enter(v);
	if (a == YZ_ACT_QUIT)
		return s->is_lock ? YZ_NEED_DRAW : YZ_NEED_QUIT;
	if (a == YZ_ACT_BACK || a == YZ_ACT_COMMAND)
		return YZ_NEED_DRAW; /* there is no way around the PIN */
	return yz_form_act(&s->form, a);
}

static unsigned signin_key(struct yz_view *v, const struct yz_keypress *k)
{
	return yz_form_key(&((struct signin *)v->state)->form, k);
}

/* Back from the menu: the clerk has signed out. */
static unsigned signin_event(struct yz_view *v, enum yz_event e)
{
	struct signin *s = v->state;

	if (e == YZ_EVENT_RESUME && !s->is_lock) {
		yz_kiosk_sign_out(v->app);
		(void)yz_form_go(&s->form, LOGIN);
	}
	return YZ_NEED_DRAW;
}

static void signin_hint(const struct yz_view *v, char *out, size_t size)
{
	yz_form_hint(&((struct signin *)v->state)->form, out, size);
}

static void signin_close(struct yz_view *v)
{
	yz_form_fini(&((struct signin *)v->state)->form);
}

static const struct yz_binding signin_keys[] = {
        {YZ_KEY_F2, YZ_ACT_SAVE, N_("Sign in")},
        {YZ_KEY_F9, YZ_ACT_COMMAND, NULL},
        {YZ_KEY_F10, YZ_ACT_QUIT, N_("Quit")},
        {YZ_KEY_F12, YZ_ACT_BACK, NULL},
        {0, YZ_ACT_NONE, NULL},
};
const struct yz_keymap yz_keymap_signin = {&yz_keymap_form, signin_keys};

const struct yz_view_ops yz_view_signin = {
        .name = "signin",
        .title = N_("Sign in"),
        .state_size = sizeof(struct signin),
        .keymap = &yz_keymap_signin,
        .open = signin_open,
        .draw = signin_draw,
        .act = signin_act,
        .key = signin_key,
        .event = signin_event,
        .hint = signin_hint,
        .close = signin_close,
};
