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
#include "tests/bench/browser.h"
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

enum { PEER_ROUNDS = 7, PEER_MS = 300000 };

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

/* Ours, a label and a file at a time; bytes of a file in *size, which may be NULL. */
static double each_ms(const struct label *l, double *size)
{
	struct yz_buf out = YZ_BUF_INIT;
	struct yz_error err = {0};
	int64_t start = bar_now_ns();

	for (int i = 0; i < EACH; i++) {
		yz_buf_clear(&out);
		must(yz_render(l->template_path, &l->fields, &yz_format_pdf, &out, NULL, &err),
		        &err);
	}
	if (size)
		*size = (double)out.len;
	yz_buf_free(&out);
	return ms_since(start) / EACH;
}

static void warm(const struct label *l)
{
	struct bar time = {.name = "label.warm-ms", .goal = 5},
	           size = {.name = "label.pdf-bytes", .goal = 3};

	for (int round = 0; round < BAR_ROUNDS; round++) {
		struct yz_buf floor = YZ_BUF_INIT;
		int64_t start = bar_now_ns();
		double floor_ms, bytes;

		for (int i = 0; i < EACH; i++) {
			yz_buf_clear(&floor);
			floor_draw(yz_buf_str(&l->words), 1, take, &floor);
		}
		floor_ms = ms_since(start) / EACH;
		bar_note(&time, each_ms(l, &bytes), floor_ms);
		bar_note(&size, bytes, (double)floor.len);
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
	char pdf[PATH_MAX], words[PATH_MAX];
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

static double file_bytes(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		bar_stop(path);
	return (double)st.st_size;
}

static bool peer_cold(struct cold *c, const struct label *l, const struct browser *b)
{
	struct bar time = {.name = "label.cold-ms-against-chromium", .goal = 1.0 / 20},
	           size = {.name = "label.pdf-bytes-against-chromium", .goal = 0.5};

	browser_write(b, &l->page, 1);
	for (int round = 0; round < PEER_ROUNDS; round++) {
		double theirs_ms = browser_print_ms(b);

		if (theirs_ms < 0)
			return false;
		bar_note(&time, run_ours(c).ms, theirs_ms);
		bar_note(&size, file_bytes(c->pdf), file_bytes(b->pdf));
	}
	(void)bar_print(&time);
	(void)bar_print(&size);
	return true;
}

static bool peer_many(const struct label *l, const struct browser *b)
{
	struct bar lot = {.name = "label.200-in-one-file-ms-against-chromium", .goal = 1.0 / 5},
	           each = {.name = "label.warm-ms-against-200th-of-chromium-200-in-one-file",
	                   .goal = 1};

	browser_write(b, &l->page, MANY);
	for (int round = 0; round < PEER_ROUNDS; round++) {
		double theirs_ms = browser_print_ms(b);

		if (theirs_ms < 0)
			return false;
		bar_note(&lot, many_ms(l), theirs_ms);
		bar_note(&each, each_ms(l, NULL), theirs_ms / MANY);
	}
	(void)bar_print(&lot);
	(void)bar_print(&each);
	return true;
}

/* Ours is all that one process holds, theirs the share of each of its processes. */
static bool peer_memory(struct cold *c, const struct label *l, const struct browser *b)
{
	struct bar peak = {.name = "label.peak-kb-against-chromium-pss", .goal = 1.0 / 10};

	browser_write(b, &l->page, 1);
	for (int round = 0; round < PEER_ROUNDS; round++) {
		double theirs_kb = browser_peak_kb(b);

		if (theirs_kb < 0)
			return false;
		bar_note(&peak, run_ours(c).peak_kb, theirs_kb);
	}
	(void)bar_print(&peak);
	return true;
}

static const char *why_not(const struct browser *b)
{
	return bar_now_ns() > b->until_ns ? "chromium had not printed often enough after 5 minutes"
	                                  : "chromium failed to print";
}

static void peer(struct cold *c, const struct label *l, const char *folder)
{
	char html[PATH_MAX], pdf[PATH_MAX], profile[PATH_MAX];
	struct browser b = {.html = html, .pdf = pdf, .profile = profile};

	(void)snprintf(html, sizeof(html), "%s/label.html", folder);
	(void)snprintf(pdf, sizeof(pdf), "%s/theirs.pdf", folder);
	(void)snprintf(profile, sizeof(profile), "%s/profile", folder);
	b.until_ns = bar_now_ns() + (int64_t)PEER_MS * 1000000;
	if (!browser_is_installed()) {
		bar_skip("label.*-against-chromium", "chromium is not installed");
		return;
	}
	if (!peer_memory(c, l, &b))
		bar_skip("label.peak-kb-against-chromium-pss", why_not(&b));
	if (!peer_cold(c, l, &b))
		bar_skip("label.cold-and-bytes-against-chromium", why_not(&b));
	if (!peer_many(l, &b))
		bar_skip("label.200-and-warm-against-chromium", why_not(&b));
}

static void measure(char **argv)
{
	struct cold c = {argv[1], argv[2], argv[3], argv[4], "", ""};
	struct label l = {.fields = YZ_FIELDS_INIT};
	struct yz_error err = {0};

	(void)snprintf(c.pdf, sizeof(c.pdf), "%s/ours.pdf", argv[5]);
	(void)snprintf(c.words, sizeof(c.words), "%s/words", argv[5]);
	load(&l, argv[3], argv[4]);
	must(yz_file_write(c.words, l.words.data, l.words.len, 0600, &err), &err);
	warm(&l);
	many(&l);
	cold(&c);
	peer(&c, &l, argv[5]);
	drop(&l);
}

int main(int argc, char **argv)
{
	if (argc != 6)
		bar_stop("usage: bench_label YIZHANCTL FLOOR TEMPLATE FIELDS FOLDER");
	measure(argv);
	return 0;
}
