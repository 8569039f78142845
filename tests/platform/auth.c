/* Who may speak for a station. */
#include "config.h"

#include "tests/platform/platform.h"

#include <stdio.h>
#include <string.h>

static bool refuse(struct plat_answer *a, const char *code, const char *detail)
{
	plat_answer_problem(a, plat_problem(401, code, detail, NULL));
	return false;
}

static bool is_renewal(const char *path)
{
	static const char end[] = "/certificates";
	size_t n = strlen(path), m = sizeof(end) - 1;

	return n > m && !strcmp(path + n - m, end);
}

bool plat_auth(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	char bearer[160];
	bool known;

	if (r->peer == PLAT_PEER_BAD)
		return refuse(a, "unauthorised", "本站点的证书不是本平台签发的");
	if (r->peer == PLAT_PEER_EXPIRED && !is_renewal(r->path))
		return refuse(a, "cert-expired", "本站点的证书已过期,请续期");
	(void)snprintf(bearer, sizeof(bearer), "Bearer %s", p->token);
	if (r->peer != PLAT_PEER_NONE)
		known = !strcmp(r->peer_name, r->station) ||
		        refuse(a, "unauthorised", "证书是另一个站点的");
	else
		known = !strcmp(r->bearer, bearer) || refuse(a, "unauthorised", "本站点的密钥不对");
	return known && plat_signed(p, r, a);
}
