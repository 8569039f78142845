#include "config.h"

#include "ctl/cmd.h"

#include "base/datadir.h"
#include "base/file.h"
#include "ctl/json_fields.h"
#include "print/render.h"

#include <cjson/cJSON.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DATA_BYTES_MAX = 1 << 20 };

/* A path as given, or a bare name such as waybill-100x180 of our own papers. */
static enum yz_status find_template(const char *given, char *out, size_t size, struct yz_error *err)
{
	char dir[PATH_MAX];
	enum yz_status st;

	(void)snprintf(out, size, "%s", given);
	if (strchr(given, '/') || strchr(given, '.') || yz_file_exists(given))
		return YZ_OK;
	st = yz_datadir_find(NULL, dir, sizeof(dir), err);
	if (st != YZ_OK)
		return st;
	if (snprintf(out, size, "%s/templates/%s.xml", dir, given) >= (int)size)
		return yz_fail(err, YZ_E_RANGE, "%.60s: the name is too long", given);
	return YZ_OK;
}

static enum yz_status read_data(struct yz_fields *out, const char *path, struct yz_error *err)
{
	struct yz_buf json = YZ_BUF_INIT;
	enum yz_status st = yz_file_read_text(&json, path, DATA_BYTES_MAX, err);

	if (st == YZ_OK)
		st = yz_json_fields(out, yz_buf_str(&json), json.len, path, err);
	yz_buf_free(&json);
	return st;
}

static void say_json(const struct yz_page *page, const struct yz_format *format, size_t len)
{
	cJSON *o = cJSON_CreateObject();
	char *text;

	(void)cJSON_AddBoolToObject(o, "ok", true);
	(void)cJSON_AddStringToObject(o, "type", format->mime);
	(void)cJSON_AddNumberToObject(o, "width_um", page->width_um);
	(void)cJSON_AddNumberToObject(o, "height_um", page->height_um);
	(void)cJSON_AddStringToObject(o, "media", page->media);
	(void)cJSON_AddNumberToObject(o, "bytes", (double)len);
	text = cJSON_PrintUnformatted(o);
	(void)puts(text);
	free(text);
	cJSON_Delete(o);
}

/* --data is the file of fields here: our papers lie beside the program or installed. */
int yz_cmd_render(const struct yz_ctl *ctl, int argc, char **argv)
{
	const char *as = yz_ctl_option(&argc, argv, "--as");
	const char *to = argc < 0 ? NULL : yz_ctl_option(&argc, argv, "-o");
	const struct yz_format *format = yz_format_by_name(as ? as : "pdf");
	struct yz_fields fields = YZ_FIELDS_INIT;
	struct yz_buf out = YZ_BUF_INIT;
	struct yz_error err = {0};
	char path[PATH_MAX];
	struct yz_page page;
	enum yz_status st;

	if (argc != 1 || !to || !ctl->data_dir || !format || (ctl->is_json && !strcmp(to, "-")))
		return yz_ctl_usage(ctl);
	st = find_template(argv[0], path, sizeof(path), &err);
	if (st == YZ_OK)
		st = read_data(&fields, ctl->data_dir, &err);
	if (st == YZ_OK)
		st = yz_render(path, &fields, format, &out, &page, &err);
	if (st == YZ_OK)
		st = yz_file_write(to, out.data, out.len, 0640, &err);
	if (st == YZ_OK && ctl->is_json)
		say_json(&page, format, out.len);
	yz_fields_free(&fields);
	yz_buf_free(&out);
	yz_render_forget();
	return st == YZ_OK ? YZ_EXIT_OK : yz_ctl_cannot(ctl, &err);
}
