/* The fields of a person, which the forms of contacts and of farmers begin with. For tui/screens
 * only. */
#ifndef YZ_TUI_PERSON_H
#define YZ_TUI_PERSON_H

#include "store/contact.h"
#include "tui/screens/checks.h"
#include "tui/screens/record.h"

enum yz_person_field {
	YZ_PF_NAME,
	YZ_PF_PHONE,
	YZ_PF_COMPANY,
	YZ_PF_PLACE,
	YZ_PF_DETAIL,
	YZ_PF_POSTCODE,
	YZ_PF_COUNT
};

enum yz_status yz_person_check_name(
        const char *typed, char *normal, size_t size, struct yz_error *err);
enum yz_status yz_person_check_postcode(
        const char *typed, char *normal, size_t size, struct yz_error *err);

/* The rows of a form's table. */
#define YZ_PERSON_SPECS                                                                   \
	{.name = "name",                                                                  \
	        .label = N_("Name"),                                                      \
	        .hint = N_("The name, or a whole pasted line: name phone address."),      \
	        .flags = YZ_ENTRY_REQUIRED | YZ_ENTRY_LINES,                              \
	        .row = 0,                                                                 \
	        .col = 2,                                                                 \
	        .cols = 24,                                                               \
	        .check = yz_person_check_name},                                           \
	        {.name = "phone",                                                         \
	                .label = N_("Phone"),                                             \
	                .hint = N_("11 digits, or a landline with its area code."),       \
	                .kind = YZ_ENTRY_PHONE,                                           \
	                .flags = YZ_ENTRY_REQUIRED,                                       \
	                .row = 0,                                                         \
	                .col = 42,                                                        \
	                .cols = 22,                                                       \
	                .max_chars = 22,                                                  \
	                .check = yz_entry_check_phone},                                   \
	        {.name = "company",                                                       \
	                .label = N_("Company"),                                           \
	                .hint = N_("Shop, company or cooperative; may stay empty."),      \
	                .row = 1,                                                         \
	                .col = 2,                                                         \
	                .cols = 60,                                                       \
	                .max_chars = 40},                                                 \
	        {.name = "code",                                                          \
	                .label = N_("Place"),                                             \
	                .hint = N_("Type the place (such as Xuanwei) or F4, "             \
	                           "down to the county at least."),                       \
	                .flags = YZ_ENTRY_REQUIRED | YZ_ENTRY_LINES,                      \
	                .row = 2,                                                         \
	                .col = 2,                                                         \
	                .cols = 60,                                                       \
	                .max_chars = 60},                                                 \
	        {.name = "detail",                                                        \
	                .label = N_("Address"),                                           \
	                .hint = N_("Village, street, house number."),                     \
	                .flags = YZ_ENTRY_REQUIRED | YZ_ENTRY_LINES,                      \
	                .row = 3,                                                         \
	                .col = 2,                                                         \
	                .cols = 60,                                                       \
	                .max_chars = 80},                                                 \
	{                                                                                 \
		.name = "postcode", .label = N_("Postcode"),                              \
		.hint = N_("6 digits; may stay empty."), .kind = YZ_ENTRY_CODE, .row = 4, \
		.col = 2, .cols = 6, .max_chars = 6, .check = yz_person_check_postcode    \
	}

/* The kind's left and pick for the fields of a person. */
void yz_person_left(struct yz_record *r, size_t index);
bool yz_person_pick(struct yz_record *r, size_t index);

/* Contact to form and back (the rest of *c is left alone). */
void yz_person_fill(struct yz_record *r, const struct yz_contact *c);
void yz_person_build(const struct yz_record *r, struct yz_contact *c);

#endif
