#include "config.h"

#include "print/printer.h"

#include <string.h>

static const char *const words[] = {
#define X(id, word) word,
        YZ_PRINTER_STATES(X)
#undef X
};

/* the worst first: a printer that is out of paper with its cover open wants the cover shut */
static const struct {
	const char *reason; /* printer-state-reasons without -error or -warning, RFC 8011 5.4.12 and
	                       PWG 5100.9 */
	enum yz_printer_state state;
} reasons[] = {
        {"cover-open", YZ_PRINTER_COVER_OPEN},
        {"door-open", YZ_PRINTER_COVER_OPEN},
        {"interlock-open", YZ_PRINTER_COVER_OPEN},
        {"media-jam", YZ_PRINTER_MEDIA_JAM},
        {"media-empty", YZ_PRINTER_MEDIA_EMPTY},
        {"media-needed", YZ_PRINTER_MEDIA_EMPTY},
        {"marker-supply-empty", YZ_PRINTER_SUPPLY_EMPTY},
        {"toner-empty", YZ_PRINTER_SUPPLY_EMPTY},
        {"offline", YZ_PRINTER_OFFLINE},
        {"shutdown", YZ_PRINTER_OFFLINE},
};

/* how the messages of CUPS's backends begin when they do not reach the printer */
static const char *const gone[] = {
        "The printer may not exist or is unavailable",
        "The printer is unreachable",
        "The printer is not responding",
        "The printer is not connected",
        "The printer configuration is incorrect or the printer no longer exists",
        "Unable to locate printer",
        "Waiting for printer to become available",
        "打印机暂时不存在或不可用",
        "打印机暂时无法访问",
        "打印机无响应",
        "打印机未连接",
        "无法定位打印机",
};

const char *yz_printer_word(enum yz_printer_state state)
{
	return words[state];
}

static bool has_reason(const char *list, const char *reason)
{
	size_t len = strlen(reason);

	for (const char *p = list; p && *p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL) {
		if (strncmp(p, reason, len) != 0)
			continue;
		p += len;
		if (!*p || *p == ',' || !strncmp(p, "-error", 6) || !strncmp(p, "-warning", 8))
			return true;
	}
	return false;
}

enum yz_printer_state yz_printer_judge(const struct yz_cups_queue *q)
{
	if (q->is_raw)
		return YZ_PRINTER_RAW;
	if (q->is_stopped || !q->is_accepting)
		return YZ_PRINTER_STOPPED;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (has_reason(q->reasons, reasons[i].reason))
			return reasons[i].state;
	/* a message outlives its cause: it counts only while the backend is at work */
	for (size_t i = 0; q->is_printing && i < sizeof(gone) / sizeof(gone[0]); i++)
		if (!strncmp(q->message, gone[i], strlen(gone[i])))
			return YZ_PRINTER_PRINTER_GONE;
	return YZ_PRINTER_READY;
}
