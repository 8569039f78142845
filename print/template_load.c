#include "config.h"

#include "print/template.h"

#include "base/buf.h"
#include "base/file.h"
#include "print/template_attr.h"
#include "print/value.h"

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* the RELAX NG schema, compiled in so that it is never missing nor of another version */
static const char schema_rng[] = {
#include "print/template_rng.inc"
};

enum { DEPTH_MAX = 8, ITEMS_MAX = 2000, SIZE_UM_LEAST = 1000, PAGE_UM_LEAST = 1000 };

struct load {
	const char *name;
	struct yz_error *err;
	size_t items;
};

__attribute__((format(printf, 3, 4))) static enum yz_status fail_at(
        struct load *l, const xmlNode *node, const char *fmt, ...)
{
	char why[200];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	return yz_fail(l->err, YZ_E_PARSE, "%s:%ld: %s: %s", l->name, xmlGetLineNo(node),
	        node->name ? (const char *)node->name : "text", why);
}

static enum yz_status set_attr(
        struct load *l, const xmlNode *node, const struct yz_attr *a, const char *value, void *base)
{
	char expected[100];

	if (yz_attr_set(a, value, base, expected, sizeof(expected)))
		return YZ_OK;
	return fail_at(l, node, "%s: expected %s", a->name, expected);
}

static enum yz_status read_attrs(
        struct load *l, xmlNode *node, const struct yz_attr *attrs, char *base, bool has_words)
{
	enum yz_status st = YZ_OK;

	for (const xmlAttr *x = node->properties; x; x = x->next) {
		const char *name = (const char *)x->name;
		const struct yz_attr *a = attrs;

		while (a->name && strcmp(a->name, name) != 0)
			a++;
		if (!a->name && !(has_words && (!strcmp(name, "field") || !strcmp(name, "format"))))
			return fail_at(l, node, "it has no attribute %.40s", name);
	}
	for (const struct yz_attr *a = attrs; a->name && st == YZ_OK; a++) {
		xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)a->name);

		if (value)
			st = set_attr(l, node, a, (const char *)value, base);
		else if (a->required)
			st = fail_at(l, node, "expected an attribute %s", a->name);
		else if (a->kind == YZ_ATTR_MM)
			*(int *)(void *)(base + a->offset) = a->fallback_um;
		xmlFree(value);
	}
	return st;
}

static enum yz_status add_field(
        struct load *l, struct yz_item *item, xmlNode *node, const char *attr, enum yz_status *st)
{
	xmlChar *name = xmlGetNoNsProp(node, (const xmlChar *)attr);
	xmlChar *format = xmlGetNoNsProp(node, (const xmlChar *)"format");
	struct yz_part part = {NULL, NULL, 0, (int)xmlGetLineNo(node)};

	part.format = format ? yz_value_format_by_name((const char *)format) : YZ_VALUE_PLAIN;
	if (!name || !yz_attr_is_field((const char *)name))
		*st = fail_at(l, node, "%s: expected a field name such as receiver.name", attr);
	else if (part.format < 0 || (format && !*format))
		*st = fail_at(l, node,
		        "format: expected one of mask-phone, mask-name, mask-detail, money, mass, "
		        "date, "
		        "payer, paid-by");
	else {
		part.field = yz_strdup((const char *)name);
		item->parts[item->part_count++] = part;
		*st = YZ_OK;
	}
	xmlFree(name);
	xmlFree(format);
	return *st;
}

/* Line breaks and tabs of the file are white space, not words. */
static void add_words(struct yz_item *item, const xmlNode *node)
{
	const char *s = (const char *)node->content;
	struct yz_buf out = YZ_BUF_INIT;
	bool blank = false;

	for (; s && *s; s++) {
		bool is_space = *s == ' ' || *s == '\n' || *s == '\t' || *s == '\r';

		if (!is_space || !blank)
			yz_buf_putc(&out, is_space ? ' ' : *s);
		blank = is_space;
	}
	if (out.len && (strcmp(out.data, " ") != 0 || item->part_count))
		item->parts[item->part_count++] =
		        (struct yz_part){yz_strdup(out.data), NULL, 0, (int)xmlGetLineNo(node)};
	yz_buf_free(&out);
}

/* Blanks at the ends come from the file's layout. */
static void trim_parts(struct yz_item *item)
{
	char *first = item->part_count ? item->parts[0].words : NULL;
	char *last = item->part_count ? item->parts[item->part_count - 1].words : NULL;

	if (last && *last && last[strlen(last) - 1] == ' ')
		last[strlen(last) - 1] = '\0';
	if (first && *first == ' ')
		memmove(first, first + 1, strlen(first));
}

static enum yz_status read_words(struct load *l, struct yz_item *item, xmlNode *node)
{
	bool has_field = xmlHasProp(node, (const xmlChar *)"field");
	enum yz_status st = YZ_OK;
	size_t n = 1;

	for (const xmlNode *c = node->children; c; c = c->next)
		n++;
	item->parts = yz_alloc(n * sizeof(*item->parts));
	if (has_field && add_field(l, item, node, "field", &st) != YZ_OK)
		return st;
	if (!has_field && xmlHasProp(node, (const xmlChar *)"format"))
		return fail_at(l, node, "format: goes with an attribute field");
	for (xmlNode *c = node->children; c && st == YZ_OK; c = c->next) {
		if (c->type == XML_TEXT_NODE && !has_field)
			add_words(item, c);
		else if (c->type == XML_TEXT_NODE && !xmlIsBlankNode(c))
			st = fail_at(l, node, "expected no words beside an attribute field");
		else if (c->type == XML_ELEMENT_NODE &&
		         (has_field || strcmp((const char *)c->name, "field") != 0))
			st = fail_at(l, c, "expected words and field elements inside %s",
			        (const char *)node->name);
		else if (c->type == XML_ELEMENT_NODE)
			st = add_field(l, item, c, "name", &st);
		else if (c->type != XML_TEXT_NODE && c->type != XML_COMMENT_NODE)
			st = fail_at(l, c, "expected words and field elements");
	}
	trim_parts(item);
	if (st == YZ_OK && !item->part_count)
		st = fail_at(l, node, "expected a field or words");
	return st;
}

static enum yz_status read_items(
        struct load *l, xmlNode *parent, int depth, struct yz_item **items, size_t *count);

static enum yz_status read_item(struct load *l, xmlNode *node, int depth, struct yz_item *item)
{
	const struct yz_element *e;
	enum yz_status st;
	int kind = 0;

	while (kind < YZ_ITEM_KIND_COUNT &&
	        strcmp(yz_elements[kind].name, (const char *)node->name) != 0)
		kind++;
	if (kind == YZ_ITEM_KIND_COUNT)
		return fail_at(l, node, "expected text, barcode, qr, line, rect, if or repeat");
	if (++l->items > ITEMS_MAX)
		return fail_at(l, node, "expected at most %d elements", ITEMS_MAX);
	e = &yz_elements[kind];
	item->kind = (enum yz_item_kind)kind;
	item->line = (int)xmlGetLineNo(node);
	st = read_attrs(l, node, e->attrs, (char *)item, e->has_words);
	if (st != YZ_OK)
		return st;
	if (kind == YZ_ITEM_LINE && !item->w_um == !item->h_um)
		return fail_at(l, node, "expected either w or h");
	if (kind == YZ_ITEM_IF && item->is && item->empty)
		return fail_at(l, node, "expected either is or empty");
	if (kind == YZ_ITEM_TEXT && (item->min_um < SIZE_UM_LEAST || item->size_um < SIZE_UM_LEAST))
		return fail_at(l, node, "size: expected letters of at least 1 mm");
	if (e->has_words)
		return read_words(l, item, node);
	if (e->has_children)
		return read_items(l, node, depth + 1, &item->children, &item->child_count);
	if (xmlFirstElementChild(node))
		return fail_at(
		        l, xmlFirstElementChild(node), "expected nothing inside %s", e->name);
	return YZ_OK;
}

static enum yz_status read_items(
        struct load *l, xmlNode *parent, int depth, struct yz_item **items, size_t *count)
{
	unsigned long n = xmlChildElementCount(parent);
	enum yz_status st = YZ_OK;

	if (!n)
		return fail_at(l, parent, "expected elements inside");
	if (depth > DEPTH_MAX)
		return fail_at(
		        l, parent, "expected at most %d elements inside each other", DEPTH_MAX);
	*items = yz_alloc(n * sizeof(**items));
	for (xmlNode *c = parent->children; c && st == YZ_OK; c = c->next) {
		if (c->type == XML_ELEMENT_NODE)
			st = read_item(l, c, depth, &(*items)[(*count)++]);
		else if (c->type != XML_COMMENT_NODE && !xmlIsBlankNode(c))
			st = fail_at(l, c, "expected elements, not words");
	}
	return st;
}

static enum yz_status read_label(struct load *l, xmlDoc *doc, struct yz_template *t)
{
	xmlNode *root = xmlDocGetRootElement(doc);
	enum yz_status st;

	if (!root || strcmp((const char *)root->name, "label") != 0)
		return yz_fail(l->err, YZ_E_PARSE, "%s:%ld: expected a label element", l->name,
		        root ? xmlGetLineNo(root) : 1);
	if (doc->intSubset)
		return yz_fail(l->err, YZ_E_PARSE, "%s:1: label: expected no DOCTYPE", l->name);
	st = read_attrs(l, root, yz_element_label.attrs, (char *)t, false);
	if (st != YZ_OK)
		return st;
	if (t->width_um < PAGE_UM_LEAST || (t->height_um >= 0 && t->height_um < PAGE_UM_LEAST))
		return fail_at(l, root, "expected a page of at least 1 mm each way");
	return read_items(l, root, 0, &t->items, &t->item_count);
}

static void note_schema_error(void *data, xmlErrorPtr e)
{
	struct load *l = data;

	if (!l->err || l->err->status)
		return; /* the first is the cause */
	(void)yz_fail(l->err, YZ_E_PARSE, "%s:%ld: %s: %.200s", l->name,
	        e->node ? xmlGetLineNo(e->node) : (long)e->line,
	        e->node ? (const char *)((const xmlNode *)e->node)->name : "schema",
	        e->message ? e->message : "");
}

static void ignore_xml_error(void *data, xmlErrorPtr e)
{
	(void)data;
	(void)e;
}

/* The formal check. Our own reader is at least as strict and says it better, so it goes first. */
static enum yz_status validate(struct load *l, xmlDoc *doc)
{
	xmlRelaxNGParserCtxt *parser =
	        xmlRelaxNGNewMemParserCtxt(schema_rng, (int)sizeof(schema_rng));
	xmlRelaxNG *schema = parser ? xmlRelaxNGParse(parser) : NULL;
	xmlRelaxNGValidCtxt *valid = schema ? xmlRelaxNGNewValidCtxt(schema) : NULL;
	struct yz_error local = {0}, *outer = l->err;
	int rc = -1;

	l->err = &local;
	if (valid) {
		xmlRelaxNGSetValidStructuredErrors(valid, note_schema_error, l);
		rc = xmlRelaxNGValidateDoc(valid, doc);
	}
	l->err = outer;
	xmlRelaxNGFreeValidCtxt(valid);
	xmlRelaxNGFree(schema);
	xmlRelaxNGFreeParserCtxt(parser);
	if (!rc)
		return YZ_OK;
	return yz_fail(l->err, YZ_E_PARSE, "%s",
	        *local.text ? local.text : "template.rng: the schema is broken");
}

static xmlDoc *parse_xml(struct load *l, const char *xml, size_t len)
{
	xmlParserCtxt *ctxt = xmlNewParserCtxt();
	xmlDoc *doc;

	if (!ctxt)
		abort();
	/* no network, no entities put in, no XInclude; errors come back by value, not on standard
	 * error */
	doc = xmlCtxtReadMemory(ctxt, xml, (int)len, l->name, "UTF-8",
	        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA |
	                XML_PARSE_BIG_LINES);
	if (!doc) {
		const xmlError *e = xmlCtxtGetLastError(ctxt);
		const char *why = e && e->message ? e->message : "it is empty";

		(void)yz_fail(l->err, YZ_E_PARSE, "%s:%d: xml: %.*s", l->name, e ? e->line : 1,
		        (int)strcspn(why, "\n"), why);
	}
	xmlFreeParserCtxt(ctxt);
	return doc;
}

enum yz_status yz_template_parse(struct yz_template **out, const char *xml, size_t len,
        const char *name, struct yz_error *err)
{
	struct yz_template *t = yz_alloc(sizeof(*t));
	struct load l = {name, err, 0};
	enum yz_status st = YZ_E_PARSE;
	xmlDoc *doc = NULL;

	if (len > YZ_TEMPLATE_BYTES_MAX) {
		st = yz_fail(err, YZ_E_PARSE, "%s:1: label: expected at most 256 KB", name);
		goto done;
	}
	xmlSetStructuredErrorFunc(
	        NULL, ignore_xml_error); /* the schema's parser would write to standard error */
	doc = parse_xml(&l, xml, len);
	if (!doc)
		goto done;
	t->path = yz_strdup(name);
	st = read_label(&l, doc, t);
	if (st == YZ_OK)
		st = validate(&l, doc);
	if (st == YZ_OK)
		st = yz_template_check(t, err);
	if (st == YZ_OK) {
		*out = t;
		t = NULL;
	}
done:
	xmlFreeDoc(doc);
	xmlSetStructuredErrorFunc(NULL, NULL);
	yz_template_free(t);
	return st;
}

enum yz_status yz_template_load(struct yz_template **out, const char *path, struct yz_error *err)
{
	struct yz_buf xml = YZ_BUF_INIT;
	enum yz_status st = yz_file_read(&xml, path, YZ_TEMPLATE_BYTES_MAX, err);

	if (st == YZ_E_NOTFOUND)
		st = yz_fail(err, YZ_E_CONFIG, "%s: no such template; papers lie in data/templates",
		        path);
	if (st == YZ_E_CONFIG && err)
		err->say = N_("The template of this paper is missing. Install yizhan again.");
	if (st == YZ_OK)
		st = yz_template_parse(out, yz_buf_str(&xml), xml.len, path, err);
	if (st == YZ_E_PARSE && err)
		err->say = N_("The template of this paper is wrong.");
	yz_buf_free(&xml);
	return st;
}
