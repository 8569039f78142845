#include "config.h"

#include "tests/bench/browser.h"

#include "base/buf.h"
#include "base/file.h"
#include "tests/bench/bar.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_US = 2000, MEMORY_LOOK_US = 20000 };

bool browser_is_installed(void)
{
	const char *path = getenv("PATH");
	char file[PATH_MAX];

	while (path && *path) {
		size_t len = strcspn(path, ":");

		(void)snprintf(file, sizeof(file), "%.*s/chromium", (int)len, path);
		if (access(file, X_OK) == 0)
			return true;
		path += len + (path[len] == ':');
	}
	return false;
}

static void add_text(struct yz_buf *html, const struct yz_mark *m, double mm)
{
	static const char *const aligns[] = {"left", "center", "right"};

	yz_buf_printf(html,
	        "<div style='left:%.3fmm;top:%.3fmm;width:%.3fmm;font-size:%.3fmm;font-weight:%s;"
	        "color:%s;text-align:%s'>",
	        m->x * mm, m->y * mm, m->w * mm, m->size * mm, m->bold ? "bold" : "normal",
	        m->white ? "#fff" : "#000", aligns[m->align]);
	for (const char *c = m->text; *c; c++) {
		if (*c == '<' || *c == '&')
			yz_buf_printf(html, "&#%d;", *c);
		else
			yz_buf_putc(html, *c);
	}
	yz_buf_puts(html, "</div>\n");
}

/* Bars and modules that follow each other are one path: an element each would keep the browser busy
 * for minutes. Returns the first mark after them. */
static size_t add_path(struct yz_buf *html, const struct yz_display *d, size_t i, double mm)
{
	bool white = d->marks[i].white;

	yz_buf_printf(html,
	        "<svg width='%.3fmm' height='%.3fmm' viewBox='0 0 %d %d'><path fill='%s' d='",
	        d->w * mm, d->h * mm, d->w, d->h, white ? "#fff" : "#000");
	for (; i < d->count && d->marks[i].kind == YZ_MARK_RECT && d->marks[i].white == white;
	        i++) {
		const struct yz_mark *m = &d->marks[i];

		yz_buf_printf(html, "M%d %dh%dv%dh-%dz", m->x, m->y, m->w, m->h, m->w);
	}
	yz_buf_puts(html, "'/></svg>\n");
	return i;
}

void browser_write(const struct browser *b, const struct yz_display *d, int pages)
{
	struct yz_buf html = YZ_BUF_INIT;
	double mm = d->res.um / (1000.0 * d->res.dots);
	struct yz_error err = {0};

	yz_buf_printf(&html,
	        "<!doctype html><meta charset=utf-8><style>@page{size:%.3fmm %.3fmm;margin:0}"
	        "body{margin:0;font-family:'WenQuanYi Micro Hei'}section{position:relative;"
	        "break-after:page;overflow:hidden;height:%.3fmm}div,svg{position:absolute}"
	        "svg{left:0;top:0}</style>",
	        d->page.width_um / 1000.0, d->page.height_um / 1000.0,
	        d->page.height_um / 1000.0 - 1);
	for (int n = 0; n < pages; n++) {
		yz_buf_puts(&html, "<section>");
		for (size_t i = 0; i < d->count;) {
			if (d->marks[i].kind == YZ_MARK_RECT)
				i = add_path(&html, d, i, mm);
			else
				add_text(&html, &d->marks[i++], mm);
		}
		yz_buf_puts(&html, "</section>\n");
	}
	if (yz_file_write(b->html, html.data, html.len, 0644, &err) != YZ_OK)
		bar_stop(err.text);
	yz_buf_free(&html);
}

/* In a session of its own, by which all its processes are known. */
static pid_t start(const struct browser *b)
{
	char url[PATH_MAX + 8], profile[PATH_MAX + 32], print_to[PATH_MAX + 32];
	const char *argv[] = {"chromium", "--headless", "--no-sandbox", "--disable-gpu",
	        "--disable-quic", "--no-first-run", "--disable-background-networking",
	        "--disable-component-update", "--disable-sync", profile, "--no-pdf-header-footer",
	        print_to, url, NULL};
	pid_t pid;

	(void)snprintf(url, sizeof(url), "file://%s", b->html);
	(void)snprintf(profile, sizeof(profile), "--user-data-dir=%s", b->profile);
	(void)snprintf(print_to, sizeof(print_to), "--print-to-pdf=%s", b->pdf);
	(void)unlink(b->pdf);
	pid = fork();
	if (pid == 0) {
		(void)setsid();
		if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
			_exit(127);
		(void)execvp(argv[0], bar_argv(argv));
		_exit(127);
	}
	return pid;
}

static double pss_kb(const char *pid)
{
	char path[64], line[128];
	double kb = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%.16s/smaps_rollup", pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		if (strncmp(line, "Pss:", 4) == 0)
			kb = strtod(line + 4, NULL);
	}
	if (f)
		(void)fclose(f);
	return kb;
}

static double session_kb(pid_t session)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	double kb = 0;

	while (proc && (entry = readdir(proc))) {
		if (isdigit((unsigned char)entry->d_name[0]) &&
		        getsid((pid_t)strtol(entry->d_name, NULL, 10)) == session)
			kb += pss_kb(entry->d_name);
	}
	if (proc)
		(void)closedir(proc);
	return kb;
}

/* Waits for the end of pid, or ends it when its time is up; peak_kb may be NULL. */
static bool follow(pid_t pid, int64_t until_ns, double *peak_kb)
{
	int status;
	pid_t ended;

	while ((ended = waitpid(pid, &status, WNOHANG)) == 0) {
		if (bar_now_ns() > until_ns) {
			(void)kill(-pid, SIGKILL);
			(void)waitpid(pid, &status, 0);
			return false;
		}
		if (peak_kb) {
			double kb = session_kb(pid);

			*peak_kb = kb > *peak_kb ? kb : *peak_kb;
		}
		(void)usleep(peak_kb ? MEMORY_LOOK_US : LOOK_US);
	}
	return ended == pid && status == 0;
}

static bool print(const struct browser *b, double *peak_kb)
{
	struct stat st;
	pid_t pid = start(b);

	return pid > 0 && follow(pid, b->until_ns, peak_kb) && stat(b->pdf, &st) == 0;
}

double browser_print_ms(const struct browser *b)
{
	int64_t start_ns = bar_now_ns();

	return print(b, NULL) ? (double)(bar_now_ns() - start_ns) / 1e6 : -1;
}

double browser_peak_kb(const struct browser *b)
{
	double kb = 0;

	return print(b, &kb) ? kb : -1;
}
