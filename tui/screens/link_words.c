#include "config.h"

#include "tui/screens/link_words.h"

#include "base/buf.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

#define WORK_ON N_("Work on: what waits is sent by itself when the line is back.")
#define PLATFORM N_("Work on: what waits is sent by itself when the platform is back.")
#define CABLE N_("Look at the cable and the router. Work on: all is kept and sent later.")
#define OWNER N_("Tell the owner. Work on: all is kept here and sent when it is put right.")
#define STRANGER N_("Nothing is sent to a stranger. Tell the owner; work on, all is kept.")

/* The words of net/link.h. */
static const struct {
	const char *why, *say, *todo;
} words[] = {
        {"dns", N_("the platform's name is not found"), CABLE},
        {"network", N_("no network"), CABLE},
        {"refused", N_("the platform does not answer"), PLATFORM},
        {"timeout", N_("the platform answers too slowly"), WORK_ON},
        {"cut", N_("the line was cut"), WORK_ON},
        {"bad-answer", N_("the platform's answer is damaged"), PLATFORM},
        {"portal", N_("a network sign-in page answers"),
                N_("Sign in to the network in a browser, or tell the owner. Work on.")},
        {"in-progress", N_("the platform is still busy with the last batch"), PLATFORM},
        {"rate-limited", N_("the platform asks to wait"), PLATFORM},
        {"http-429", N_("the platform asks to wait"), PLATFORM},
        {"unavailable", N_("the platform is out of order"), PLATFORM},
        {"tls", N_("the connection to the platform is not safe"), STRANGER},
        {"tls-name", N_("somebody else answers under the platform's name"), STRANGER},
        {"tls-ca", N_("the platform's certificate is not its own"), STRANGER},
        {"tls-version", N_("the platform speaks an old TLS"), OWNER},
        {"tls-pin", N_("the platform shows another key than the one agreed"), STRANGER},
        {"tls-expired", N_("the platform's certificate has run out"), STRANGER},
        {"tls-client", N_("the platform refuses this station's certificate"), OWNER},
        {"clock", N_("this computer's clock is wrong"),
                N_("It is put right from the platform by itself; if this stays, tell the "
                   "owner.")},
        {"clock-skew", N_("this computer's clock is wrong"),
                N_("It is put right from the platform by itself; if this stays, tell the "
                   "owner.")},
        {"no-space", N_("the disk of this computer is full"),
                N_("Nothing can be sent or booked. Tell the owner to make room at once.")},
        {"disk", N_("this computer cannot read or write its own records"), OWNER},
        {"damaged", N_("the station's database is damaged"),
                N_("Stop booking and call the owner: nothing more may be written.")},
        {"unauthorised", N_("the platform does not know this station"), OWNER},
        {"bad-signature", N_("the platform does not know this station"), OWNER},
        {"cert-expired", N_("this station's certificate has run out"), OWNER},
        {"station-suspended", N_("the platform has suspended this station"), OWNER},
        {"stale-agent-epoch", N_("another copy of this station sends already"), OWNER},
        {"upgrade-required", N_("the platform wants a newer program"), OWNER},
        {"token", N_("the station's key cannot be read"), OWNER},
        {"not-running", N_("the sending program does not run"),
                N_("Tell the owner to start yizhan-sync. Work on: all is kept.")},
};
enum { WORD_COUNT = sizeof(words) / sizeof(words[0]) };

static size_t find(const char *why)
{
	size_t i = 0;

	while (i < WORD_COUNT && strcmp(words[i].why, why) != 0)
		i++;
	return i;
}

bool yz_link_is_known(const char *why)
{
	return find(why) < WORD_COUNT;
}

void yz_link_say(const char *why, char *out, size_t size)
{
	size_t i = find(why);

	if (i < WORD_COUNT)
		(void)yz_copy(out, size, _(words[i].say));
	else if (!*why)
		(void)yz_copy(out, size, _("the reason is not known yet"));
	else if (!strncmp(why, "http-5", 6))
		(void)snprintf(out, size, _("the platform is out of order (%s)"), why + 5);
	else if (!strncmp(why, "http-", 5))
		(void)snprintf(out, size, _("the platform gives an odd answer (%s)"), why + 5);
	else
		(void)snprintf(out, size, _("unknown reason (%s)"), why);
}

const char *yz_link_todo(const char *why)
{
	size_t i = find(why);

	if (i < WORD_COUNT)
		return _(words[i].todo);
	if (!*why)
		return _(WORK_ON);
	if (!strncmp(why, "http-5", 6))
		return _(PLATFORM);
	return _("Work on, all is kept. If it lasts an hour, tell the owner this word.");
}
