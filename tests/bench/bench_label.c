/* What a label costs, against a floor: a page of cairo with the same words (see floor_draw.h), and
 * against Chromium printing the same marks where it is installed.
 *
 *	bench_label YIZHANCTL FLOOR TEMPLATE FIELDS FOLDER	FIELDS as for `yizhanctl render`;
 *								FOLDER for its files
 *
 * Prints one JSON object a bar (see bar.h). */
#include "config.h"

#include "tests/bench/bar.h"

#include "base/file.h"
#include "ctl/json_fields.h"
#include "print/layout.h"
#include "print/render.h"
#include "tests/bench/floor_draw.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EACH = 20, MANY = 200, FILE_MAX = 1 << 20 };

struct label {
	const char *template_path;
	struct yz_fields fields;
	struct yz_template *template;
	struct yz_display page;
	struct yz_buf words; /* for the floor */
};

static void must(enum yz_status st, const struct yz_error *err)
{
	if (st != YZ_OK)
		bar_stop(err->text);
}

static void note_words(struct label *l)
{
	yz_buf_printf(&l->words, "%d %d\n", l->page.w, l->page.h);
	for (size_t i = 0; i < l->page.count; i++) {
		const struct yz_mark *m = &l->page.marks[i];

		if (m->kind == YZ_MARK_TEXT)
			yz_buf_printf(&l->words, "%d %d %d %s\n", m->x, m->y, m->size, m->text);
	}
}

static void load(struct label *l, const char *template_path, const char *fields)
{
	struct yz_buf json = YZ_BUF_INIT;
	struct yz_error err = {0};

	l->template_path = template_path;
	must(yz_file_read(&json, fields, FILE_MAX, &err), &err);
	must(yz_json_fields(&l->fields, yz_buf_str(&json), json.len, fields, &err), &err);
	must(yz_template_load(&l->template, template_path, &err), &err);
	must(yz_layout(&l->page, l->template, &l->fields, yz_format_pdf.res, &err), &err);
	yz_buf_free(&json);
	note_words(l);
}

static void drop(struct label *l)
{
	yz_buf_free(&l->words);
	yz_display_free(&l->page);
	yz_template_free(l->template);
	yz_fields_free(&l->fields);
	yz_render_forget();
}

static cairo_status_t take(void *data, const unsigned char *bytes, unsigned len)
{
	yz_buf_add(data, bytes, len);
	return CAIRO_STATUS_SUCCESS;
}

static double ms_since(int64_t start)
{
	return (double)(bar_now_ns() - start) / 1e6;
}

static void warm(const struct label *l)
{
	struct bar time = {.name = "label.warm-ms", .goal = 5},
	           size = {.name = "label.pdf-bytes", .goal = 3};

	for (int round = 0; round < BAR_ROUNDS; round++) {
		struct yz_buf ours = YZ_BUF_INIT, floor = YZ_BUF_INIT;
		struct yz_error err = {0};
		int64_t start = bar_now_ns();
		double floor_ms;

		for (int i = 0; i < EACH; i++) {
			yz_buf_clear(&floor);
			floor_draw(yz_buf_str(&l->words), 1, take, &floor);
		}
		floor_ms = ms_since(start) / EACH;
		start = bar_now_ns();
		for (int i = 0; i < EACH; i++) {
			yz_buf_clear(&ours);
			must(yz_render(l->template_path, &l->fields, &yz_format_pdf, &ours, NULL,
			             &err),
			        &err);
		}
		bar_note(&time, ms_since(start) / EACH, floor_ms);
		bar_note(&size, (double)ours.len, (double)floor.len);
		yz_buf_free(&ours);
		yz_buf_free(&floor);
	}
	(void)bar_print(&time);
	(void)bar_print(&size);
}

/* Lays MANY labels out and writes them as one file. */
static void render_many(const struct label *l, struct yz_buf *out)
{
	struct yz_display *pages = yz_alloc(MANY * sizeof(*pages));
	struct yz_error err = {0};

	for (int i = 0; i < MANY; i++)
		must(yz_layout(&pages[i], l->template, &l->fields, yz_format_pdf.res, &err), &err);
	must(yz_format_pdf.encode(pages, MANY, out, &err), &err);
	for (int i = 0; i < MANY; i++)
		yz_display_free(&pages[i]);
	free(pages);
}

static double many_ms(const struct label *l)
{
	struct yz_buf out = YZ_BUF_INIT;
	int64_t start = bar_now_ns();

	render_many(l, &out);
	yz_buf_free(&out);
	return ms_since(start);
}

static void many(const struct label *l)
{
	struct bar b = {.name = "label.200-in-one-file-ms", .goal = 10};

	for (int round = 0; round < BAR_ROUNDS; round++) {
		struct yz_buf floor = YZ_BUF_INIT;
		int64_t start = bar_now_ns();
		double floor_ms;

		floor_draw(yz_buf_str(&l->words), MANY, take, &floor);
		floor_ms = ms_since(start);
		yz_buf_free(&floor);
		bar_note(&b, many_ms(l), floor_ms);
	}
	(void)bar_print(&b);
}

struct run {
	double ms, peak_kb;
};

/* Runs a program to its end, silent; ms is below 0 if it failed. */
static struct run run(const char *const *argv)
{
	int64_t start = bar_now_ns();
	struct rusage use;
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
			_exit(127);
		(void)execvp(argv[0], bar_argv(argv));
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &use) != pid || status != 0)
		return (struct run){-1, 0};
	return (struct run){ms_since(start), (double)use.ru_maxrss};
}

struct cold {
	char *ctl, *floor, *template_path, *fields;
	char pdf[PATH_MAX], words[PATH_MAX], html[PATH_MAX], print_to[PATH_MAX];
};

static struct run run_ours(struct cold *c)
{
	const char *argv[] = {c->ctl, "render", c->template_path, "--data", c->fields, "--as",
	        "pdf", "-o", c->pdf, NULL};

	return run(argv);
}

static struct run run_floor(struct cold *c)
{
	const char *argv[] = {c->floor, c->words, c->pdf, NULL};

	return run(argv);
}

static void cold(struct cold *c)
{
	struct bar time = {.name = "label.cold-ms", .goal = 5},
	           peak = {.name = "label.cold-peak-kb", .goal = 3};

	for (int round = 0; round < 2 * BAR_ROUNDS; round++) {
		struct run floor = run_floor(c), ours = run_ours(c);

		if (floor.ms < 0 || ours.ms < 0)
			bar_stop("a label was not drawn");
		bar_note(&time, ours.ms, floor.ms);
		bar_note(&peak, ours.peak_kb, floor.peak_kb);
	}
	(void)bar_print(&time);
	(void)bar_print(&peak);
}

static void add_mark(struct yz_buf *html, const struct yz_mark *m, double mm)
{
	static const char *const aligns[] = {"left", "center", "right"};

	yz_buf_printf(html, "<div style='left:%.3fmm;top:%.3fmm;width:%.3fmm;", m->x * mm,
	        m->y * mm, m->w * mm);
	if (m->kind == YZ_MARK_RECT) {
		yz_buf_printf(html, "height:%.3fmm;background:%s'></div>", m->h * mm,
		        m->white ? "#fff" : "#000");
		return;
	}
	yz_buf_printf(html, "font-size:%.3fmm;font-weight:%s;color:%s;text-align:%s'>",
	        m->size * mm, m->bold ? "bold" : "normal", m->white ? "#fff" : "#000",
	        aligns[m->align]);
	for (const char *c = m->text; *c; c++) {
		if (*c == '<' || *c == '&')
			yz_buf_printf(html, "&#%d;", *c);
		else
			yz_buf_putc(html, *c);
	}
	yz_buf_puts(html, "</div>\n");
}

/* The same marks at the same places, as a browser prints them. */
static void write_html(const struct yz_display *d, const char *path, int pages)
{
	struct yz_buf html = YZ_BUF_INIT;
	double mm = d->res.um / (1000.0 * d->res.dots);
	struct yz_error err = {0};

	yz_buf_printf(&html,
	        "<!doctype html><meta charset=utf-8><style>@page{size:%.3fmm %.3fmm;margin:0}"
	        "body{margin:0;font-family:'WenQuanYi Micro Hei'}section{position:relative;"
	        "break-after:page;height:%.3fmm}div{position:absolute}</style>",
	        d->page.width_um / 1000.0, d->page.height_um / 1000.0,
	        d->page.height_um / 1000.0 - 1);
	for (int n = 0; n < pages; n++) {
		yz_buf_puts(&html, "<section>");
		for (size_t i = 0; i < d->count; i++)
			add_mark(&html, &d->marks[i], mm);
		yz_buf_puts(&html, "</section>\n");
	}
	must(yz_file_write(path, html.data, html.len, 0644, &err), &err);
	yz_buf_free(&html);
}

static struct run run_browser(struct cold *c)
{
	char url[PATH_MAX + 8], profile[PATH_MAX + 32];
	const char *argv[] = {"timeout", "-k", "5", "60", "chromium", "--headless", "--no-sandbox",
	        "--disable-gpu", profile, "--no-pdf-header-footer", c->print_to, url, NULL};

	(void)snprintf(url, sizeof(url), "file://%s", c->html);
	(void)snprintf(profile, sizeof(profile), "--user-data-dir=%s.profile", c->html);
	return run(argv);
}

static double file_bytes(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		bar_stop(path);
	return (double)st.st_size;
}

/* The browser's memory is that of its largest process alone: all of them together are more. */
static void peer(struct cold *c, const struct label *l)
{
	struct bar time = {.name = "label.cold-against-chromium", .goal = 1.0 / 20},
	           peak = {.name = "label.peak-kb-against-chromium", .goal = 1.0 / 4},
	           size = {.name = "label.pdf-bytes-against-chromium", .goal = 0.5},
	           lot = {.name = "label.200-against-chromium", .goal = 1.0 / 5};

	for (int round = 0; round < BAR_ROUNDS; round++) {
		struct run theirs, ours;

		write_html(&l->page, c->html, 1);
		theirs = run_browser(c);
		if (theirs.ms < 0)
			break;
		ours = run_ours(c);
		bar_note(&time, ours.ms, theirs.ms);
		bar_note(&peak, ours.peak_kb, theirs.peak_kb);
		bar_note(&size, file_bytes(c->pdf), file_bytes(strchr(c->print_to, '=') + 1));
		write_html(&l->page, c->html, MANY);
		theirs = run_browser(c);
		if (theirs.ms < 0)
			break;
		bar_note(&lot, many_ms(l), theirs.ms);
	}
	if (lot.rounds < BAR_ROUNDS) {
		bar_skip("label.*-against-chromium", "chromium did not print within a minute");
		return;
	}
	(void)bar_print(&time);
	(void)bar_print(&peak);
	(void)bar_print(&size);
	(void)bar_print(&lot);
}

static bool is_on_path(const char *program)
{
	const char *path = getenv("PATH");
	char file[PATH_MAX];

	while (path && *path) {
		size_t len = strcspn(path, ":");

		(void)snprintf(file, sizeof(file), "%.*s/%s", (int)len, path, program);
		if (access(file, X_OK) == 0)
			return true;
		path += len + (path[len] == ':');
	}
	return false;
}

static void measure(char **argv)
{
	struct cold c = {argv[1], argv[2], argv[3], argv[4], "", "", "", ""};
	struct label l = {.fields = YZ_FIELDS_INIT};
	struct yz_error err = {0};

	(void)snprintf(c.pdf, sizeof(c.pdf), "%s/ours.pdf", argv[5]);
	(void)snprintf(c.words, sizeof(c.words), "%s/words", argv[5]);
	(void)snprintf(c.html, sizeof(c.html), "%s/label.html", argv[5]);
	(void)snprintf(c.print_to, sizeof(c.print_to), "--print-to-pdf=%s/theirs.pdf", argv[5]);
	load(&l, argv[3], argv[4]);
	must(yz_file_write(c.words, l.words.data, l.words.len, 0600, &err), &err);
	warm(&l);
	many(&l);
	cold(&c);
	if (is_on_path("chromium"))
		peer(&c, &l);
	else
		bar_skip("label.*-against-chromium", "chromium is not installed");
	drop(&l);
}

int main(int argc, char **argv)
{
	if (argc != 6)
		bar_stop("usage: bench_label YIZHANCTL FLOOR TEMPLATE FIELDS FOLDER");
	measure(argv);
	return 0;
}
