/* The template loader: what is refused, where, and in which words. */
#include "config.h"

#include "base/buf.h"
#include "base/file.h"
#include "print/template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define LABEL "<label name=\"t\" width=\"100\" height=\"180\" media=\"om_t_100x180mm\">\n"
#define BOX "x=\"1\" y=\"1\" w=\"20\" h=\"5\""
#define TEXT "<text " BOX " size=\"3\""

static enum yz_status parse(struct yz_template **t, const char *xml, struct yz_error *err)
{
	return yz_template_parse(t, xml, strlen(xml), "t.xml", err);
}

/* One broken template each: the first words of the message, and words that must be in it. */
static const struct {
	const char *xml, *where, *expected;
} broken[] = {
        {"", "t.xml:1: xml:", ""},
        {"<label", "t.xml:1: xml:", ""},
        {LABEL TEXT ">a</text>\n<oops></label>", "t.xml:3: xml:", ""},
        {"<page/>", "t.xml:1:", "a label element"},
        {"<!DOCTYPE label [<!ENTITY a \"b\">]>\n" LABEL TEXT ">&a;</text></label>",
                "t.xml:1:", "DOCTYPE"},
        {"<label name=\"t\" width=\"100\" height=\"180\">\n" TEXT ">a</text></label>",
                "t.xml:1: label:", "an attribute media"},
        {"<label name=\"t\" width=\"-1\" height=\"180\" media=\"m\">" TEXT ">a</text></label>",
                "t.xml:1: label: width:", "millimetres"},
        {"<label name=\"t\" width=\"1300\" height=\"1\" media=\"m\">" TEXT ">a</text></label>",
                "t.xml:1: label: width:", "at most 1200"},
        {"<label name=\"t\" width=\"0\" height=\"1\" media=\"m\">" TEXT ">a</text></label>",
                "t.xml:1: label:", "at least 1 mm"},
        {"<label name=\"t t\" width=\"10\" height=\"9\" media=\"m\">" TEXT ">a</text></label>",
                "t.xml:1: label: name:", "letters"},
        {LABEL "</label>", "t.xml:1: label:", "elements inside"},
        {LABEL "words</label>", "t.xml:1: label:", "elements inside"},
        {LABEL TEXT ">a</text>words</label>", "t.xml:2:", "not words"},
        {LABEL "<image " BOX "/></label>", "t.xml:2: image:", "text, barcode, qr"},
        {LABEL "\n\n<text x=\"1\" y=\"1\" w=\"20\" size=\"3\">a</text></label>",
                "t.xml:4: text:", "an attribute h"},
        {LABEL TEXT " colour=\"red\">a</text></label>", "t.xml:2: text:", "no attribute colour"},
        {LABEL TEXT " align=\"middle\">a</text></label>",
                "t.xml:2: text: align:", "left or center or right"},
        {LABEL TEXT " weight=\"heavy\">a</text></label>",
                "t.xml:2: text: weight:", "normal or bold"},
        {LABEL TEXT " overflow=\"hide\">a</text></label>",
                "t.xml:2: text: overflow:", "error or shrink or clip"},
        {LABEL TEXT " color=\"red\">a</text></label>", "t.xml:2: text: color:", "black or white"},
        {LABEL TEXT " required=\"no\">a</text></label>", "t.xml:2: text: required:", "yes"},
        {LABEL TEXT "></text></label>", "t.xml:2: text:", "a field or words"},
        {LABEL TEXT " field=\"goods\">a</text></label>", "t.xml:2: text:", "no words beside"},
        {LABEL TEXT " format=\"money\">a</text></label>",
                "t.xml:2: text: format:", "an attribute field"},
        {LABEL TEXT " field=\"Goods\"/></label>", "t.xml:2: text: field:", "a field name"},
        {LABEL TEXT " field=\"sender.identity\"/></label>",
                "t.xml:2: text:", "field sender.identity"},
        {LABEL TEXT ">a\n<field name=\"nosuch\"/></text></label>",
                "t.xml:3: text:", "field nosuch"},
        {LABEL TEXT ">\n<field/></text></label>", "t.xml:3: field: name:", "a field name"},
        {LABEL TEXT "><b>a</b></text></label>", "t.xml:2: b:", "words and field"},
        {LABEL TEXT " field=\"total_fen\" format=\"euro\"/></label>",
                "t.xml:2: text: format:", "mask-phone"},
        {LABEL TEXT " field=\"sender.phone\" overflow=\"clip\"/></label>",
                "t.xml:2: text:", "may not be clipped"},
        {LABEL "<text x=\"1\" y=\"1\" w=\"20\" h=\"5\" size=\"0.5\">a</text></label>",
                "t.xml:2: text: size:", "at least 1 mm"},
        {LABEL "<text x=\"90\" y=\"1\" w=\"20\" h=\"5\" size=\"3\">a</text></label>",
                "t.xml:2: text:", "off the page"},
        {LABEL "<rect x=\"9\" y=\"177\" w=\"20\" h=\"5\"/></label>",
                "t.xml:2: rect:", "off the page"},
        {LABEL "<qr x=\"9\" y=\"170\" w=\"20\" field=\"waybill.no\"/></label>",
                "t.xml:2: qr:", "off the page"},
        {LABEL "<rect x=\"1,5\" y=\"1\" w=\"2\" h=\"5\"/></label>",
                "t.xml:2: rect: x:", "millimetres"},
        {LABEL "<rect x=\"1.\" y=\"1\" w=\"2\" h=\"5\"/></label>",
                "t.xml:2: rect: x:", "millimetres"},
        {LABEL "<rect x=\"1\" y=\"-1\" w=\"2\" h=\"5\"/></label>", "t.xml:2: rect: y:", "+1 or ="},
        {LABEL "<rect x=\"1\" y=\"1\" w=\"2\" h=\"auto\"/></label>",
                "t.xml:2: rect: h:", "millimetres"},
        {LABEL "<rect " BOX " fill=\"grey\"/></label>", "t.xml:2: rect: fill:", "black"},
        {LABEL "<rect " BOX "><line/></rect></label>", "t.xml:2: line:", "nothing inside rect"},
        {LABEL "<rect " BOX ">words</rect></label>", "t.xml:2: rect:", ""},
        {LABEL "<line x=\"1\" y=\"1\"/></label>", "t.xml:2: line:", "either w or h"},
        {LABEL "<line x=\"1\" y=\"1\" w=\"3\" h=\"3\"/></label>",
                "t.xml:2: line:", "either w or h"},
        {LABEL "<barcode " BOX "/></label>", "t.xml:2: barcode:", "a field or words"},
        {LABEL "<barcode x=\"1\" y=\"1\" w=\"20\" field=\"waybill.no\"/></label>",
                "t.xml:2: barcode:", "an attribute h"},
        {LABEL "<if field=\"goods\"/></label>", "t.xml:2: if:", "elements inside"},
        {LABEL "<if>" TEXT ">a</text></if></label>", "t.xml:2: if:", "an attribute field"},
        {LABEL "<if field=\"good\">" TEXT ">a</text></if></label>", "t.xml:2: if:", "field good"},
        {LABEL "<if field=\"goods\" is=\"a\" empty=\"yes\">" TEXT ">a</text></if></label>",
                "t.xml:2: if:", "either is or empty"},
        {LABEL "<repeat each=\"lines\" y=\"1\" pitch=\"4\">" TEXT ">a</text></repeat></label>",
                "t.xml:2: repeat:", "rows of lines"},
        {LABEL "<repeat each=\"line\" y=\"1\">" TEXT ">a</text></repeat></label>",
                "t.xml:2: repeat:", "an attribute pitch"},
        {LABEL "<repeat each=\"line\" y=\"1\" pitch=\"4\">\n" TEXT
               " field=\"line.price\"/></repeat></label>",
                "t.xml:3: text:", "field line.price"},
        {LABEL TEXT " field=\"line.name\"/></label>", "t.xml:2: text:", "field line.name"},
        {LABEL "<repeat each=\"line\" y=\"1\" pitch=\"4\"><repeat each=\"line\" y=\"1\" "
               "pitch=\"4\">" TEXT ">a</text></repeat></repeat></label>",
                "t.xml:2: repeat:", "inside a repeat"},
        {LABEL "<if field=\"goods\"><if field=\"goods\"><if field=\"goods\"><if "
               "field=\"goods\"><if "
               "field=\"goods\"><if field=\"goods\"><if field=\"goods\"><if field=\"goods\"><if "
               "field=\"goods\">" TEXT
               ">a</text></if></if></if></if></if></if></if></if></if></label>",
                "t.xml:2: if:", "inside each other"},
        {"<label xmlns=\"urn:x\" name=\"t\" width=\"9\" height=\"9\" media=\"m\">\n<rect x=\"1\" "
         "y=\"1\" w=\"2\" h=\"5\"/></label>",
                "t.xml:1: label:", ""},
        {LABEL "<?php x ?>" TEXT ">a</text></label>", "t.xml:2: php:", "not words"},
};

static void each_broken_template_is_refused_at_its_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct yz_template *t = NULL;
		struct yz_error err = {0};
		enum yz_status st = parse(&t, broken[i].xml, &err);

		if (st != YZ_E_PARSE || t ||
		        strncmp(err.text, broken[i].where, strlen(broken[i].where)) ||
		        !strstr(err.text, broken[i].expected))
			fail_msg("row %zu (%s): status %d, got \"%s\"", i, broken[i].xml, st,
			        err.text);
	}
}

static char *paper(const char *name, struct yz_buf *path)
{
	yz_buf_clear(path);
	yz_buf_printf(path, "%s/data/templates/%s", getenv("YZ_SRCDIR"), name);
	return path->data;
}

static void every_paper_of_ours_loads(void **state)
{
	static const char *const names[] = {
	        "waybill-100x180.xml", "receipt-80.xml", "refund-80.xml"};
	struct yz_buf path = YZ_BUF_INIT;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct yz_template *t = NULL;
		struct yz_error err = {0};

		if (yz_template_load(&t, paper(names[i], &path), &err) != YZ_OK)
			fail_msg("%s", err.text);
		yz_template_free(t);
	}
	yz_buf_free(&path);
}

static void a_template_that_is_not_there_is_a_matter_of_configuration(void **state)
{
	struct yz_template *t = NULL;
	struct yz_error err = {0};

	(void)state;
	assert_int_equal(yz_template_load(&t, "/nonexistent/x.xml", &err), YZ_E_CONFIG);
	assert_non_null(strstr(err.text, "/nonexistent/x.xml"));
	assert_non_null(err.say);
}

static void white_space_of_the_file_is_not_on_the_paper(void **state)
{
	struct yz_template *t = NULL;

	(void)state;
	assert_int_equal(
	        parse(&t, LABEL TEXT ">\n\t件数\n\t<field name=\"pieces\"/>\n</text>\n</label>",
	                NULL),
	        YZ_OK);
	assert_int_equal(t->items[0].part_count, 3);
	assert_string_equal(t->items[0].parts[0].words, "件数 ");
	assert_string_equal(t->items[0].parts[1].field, "pieces");
	assert_string_equal(t->items[0].parts[2].words, "");
	yz_template_free(t);
}

static void lengths_are_whole_micrometres(void **state)
{
	struct yz_template *t = NULL;
	const struct yz_item *r;

	(void)state;
	assert_int_equal(
	        parse(&t, LABEL "<rect x=\"0.125\" y=\"+12.5\" w=\"1\" h=\"0.05\"/></label>", NULL),
	        YZ_OK);
	r = &t->items[0];
	assert_int_equal(r->x_um, 125);
	assert_int_equal(r->y_um, 12500);
	assert_int_equal(r->place, YZ_PLACE_BELOW);
	assert_int_equal(r->w_um, 1000);
	assert_int_equal(r->h_um, 50);
	yz_template_free(t);
}

static bool is_known(const char *name)
{
	for (size_t i = 0; yz_template_field(i); i++)
		if (!strcmp(yz_template_field(i), name))
			return true;
	return false;
}

/* Both ways: a field in the table of README.md is known, and a known one is in the table. */
static void the_readme_names_exactly_the_known_fields(void **state)
{
	struct yz_buf path = YZ_BUF_INIT, text = YZ_BUF_INIT;
	size_t in_readme = 0, known = 0;
	char *table, *end;

	(void)state;
	assert_int_equal(yz_file_read(&text, paper("README.md", &path), 100000, NULL), YZ_OK);
	table = strstr(text.data, "| field | what |");
	assert_non_null(table);
	end = strstr(table, "\n\n");
	for (char *line = strchr(table, '\n'); line < end; line = strchr(line + 1, '\n')) {
		char *cell_end = strstr(line + 3, " |");

		if (strncmp(line, "\n| `", 4) != 0)
			continue;

		for (char *p = strchr(line, '`'); p && p < cell_end; p = strchr(p + 1, '`')) {
			char name[60];
			char *close = strchr(p + 1, '`');

			(void)snprintf(name, sizeof(name), "%.*s", (int)(close - p - 1), p + 1);
			if (!is_known(name))
				fail_msg("README.md names %s, the loader does not", name);
			in_readme++;
			p = close;
		}
	}
	while (yz_template_field(known))
		known++;
	assert_int_equal(in_readme, known);
	yz_buf_free(&text);
	yz_buf_free(&path);
}

static void no_paper_has_a_field_for_an_identity_number(void **state)
{
	(void)state;
	for (size_t i = 0; yz_template_field(i); i++) {
		const char *name = yz_template_field(i);

		if (strstr(name, "identity") && strcmp(name, "identity_seen") != 0)
			fail_msg("%s", name);
		assert_null(strstr(name, "id_number"));
		assert_null(strstr(name, "id_no"));
		assert_null(strstr(name, "last4"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_broken_template_is_refused_at_its_line),
	        cmocka_unit_test(every_paper_of_ours_loads),
	        cmocka_unit_test(a_template_that_is_not_there_is_a_matter_of_configuration),
	        cmocka_unit_test(white_space_of_the_file_is_not_on_the_paper),
	        cmocka_unit_test(lengths_are_whole_micrometres),
	        cmocka_unit_test(the_readme_names_exactly_the_known_fields),
	        cmocka_unit_test(no_paper_has_a_field_for_an_identity_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
