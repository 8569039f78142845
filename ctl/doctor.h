/* What yizhanctl doctor looks at: one row a check, in files by subject. */
#ifndef YZ_CTL_DOCTOR_H
#define YZ_CTL_DOCTOR_H

#include "base/buf.h"
#include "ctl/open.h"

enum yz_verdict { YZ_WELL, YZ_NOTE, YZ_ILL }; /* NOTE: works, but somebody should look */

struct yz_finding {
	enum yz_verdict verdict;
	struct yz_buf text; /* what was seen, in the reader's language */
	const char *remedy; /* msgid: what to do; NULL when all is well */
};

void yz_finding_set(struct yz_finding *f, enum yz_verdict verdict, const char *remedy);
/* It could not be looked at: says why, after what the text holds already. */
void yz_finding_fail(struct yz_finding *f, const struct yz_error *err, const char *remedy);

struct yz_checkup {
	const char *name; /* short, for --json */
	void (*look)(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);
};

void yz_look_folder(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);
void yz_look_database(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);
void yz_look_audit(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);
void yz_look_backup(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);
void yz_look_copies(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);
void yz_look_disk(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);
void yz_look_clerks(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);
void yz_look_reference(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);
void yz_look_tariff(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);
void yz_look_numbers(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);
void yz_look_pulled(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);
void yz_look_outbox(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);
void yz_look_line(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);
void yz_look_token(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);
void yz_look_certificate(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);
void yz_look_clock(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);
void yz_look_printers(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);
void yz_look_templates(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);
void yz_look_programs(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f);

#endif
