#include "config.h"

#include "net/token.h"

#include "base/file.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

enum yz_status yz_token_read(char out[YZ_TOKEN_SIZE], const char *path, struct yz_error *err)
{
	struct yz_buf b = YZ_BUF_INIT;
	enum yz_status st = YZ_OK;
	struct stat info;
	size_t n;

	if (!*path)
		return yz_fail(err, YZ_E_CONFIG,
		        "[platform] token_file is not set: name the file with the station's key, "
		        "or "
		        "enrol the station (yizhan-sync --enrol)");
	if (stat(path, &info) != 0)
		return yz_fail(err, YZ_E_CONFIG, "%s: %s; put the station's key there", path,
		        strerror(errno));
	if (info.st_mode & 07)
		return yz_fail(err, YZ_E_CONFIG,
		        "%s can be read by everybody on this computer: chmod 640 %s", path, path);
	if (yz_file_read(&b, path, YZ_TOKEN_SIZE, err) != YZ_OK)
		return yz_fail(
		        err, YZ_E_CONFIG, "%s cannot be read, or is too long for a key", path);
	for (n = b.len; n && strchr(" \t\r\n", b.data[n - 1]); n--)
		b.data[n - 1] = '\0';
	for (size_t i = 0; i < n && st == YZ_OK; i++)
		if (b.data[i] <= ' ' || b.data[i] > '~')
			st = yz_fail(err, YZ_E_CONFIG,
			        "%s holds more than one word: only the key may stand there", path);
	if (st == YZ_OK && (!n || n >= YZ_TOKEN_SIZE))
		st = yz_fail(err, YZ_E_CONFIG, "%s is empty or too long for a key", path);
	if (st == YZ_OK)
		memcpy(out, b.data, n + 1);
	if (b.data)
		sodium_memzero(b.data, b.len);
	yz_buf_free(&b);
	return st;
}
