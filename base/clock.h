/* Time, read once at the edge of a program and passed in from there. Order never comes from the
 * wall clock. */
#ifndef YZ_BASE_CLOCK_H
#define YZ_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* CHECKED: within 120 s of the platform's clock, by an exchange since boot (station/skew.h). */
enum yz_clock_trust { YZ_CLOCK_UNKNOWN, YZ_CLOCK_CHECKED, YZ_CLOCK_WRONG };

struct yz_now {
	int64_t wall_ms;  /* since 1970-01-01 UTC */
	int64_t mono_ms;  /* CLOCK_BOOTTIME: goes on during sleep, starts anew at boot */
	char boot_id[37]; /* of the running kernel, "" if unknown */
	bool played;      /* wall_ms is a test's, not the computer's */
};

/* Reads the clocks; does not block. test_now_ms, if above 0, stands in for the wall clock ([test]
 * now=). */
struct yz_now yz_clock_now(int64_t test_now_ms);

/* "2026-11-24T15:04:05+08:00": China time whatever the machine's zone. out holds at least 26 bytes.
 */
void yz_clock_rfc3339(int64_t wall_ms, char *out, size_t size);

/* "2026-11-24" and "15:04" in China time, for screens and paper. out holds at least 11 and 6 bytes.
 */
void yz_clock_date(int64_t wall_ms, char *out, size_t size);
void yz_clock_hhmm(int64_t wall_ms, char *out, size_t size);

/* Since when: "15:04" if that was today (by now_ms), else "11-24 15:04", so that a line that has
 * been dead for days does not look as if it had just gone. out holds at least 12 bytes. */
void yz_clock_since(int64_t wall_ms, int64_t now_ms, char *out, size_t size);

/* Reads "YYYY-MM-DD" (must be a day that exists) or RFC 3339 with an offset; false if it is
 * neither. A date alone is midnight in China. */
bool yz_clock_parse(const char *s, int64_t *wall_ms);

/* True for a day of the Gregorian calendar, years 1 to 9999. */
bool yz_date_exists(int year, int month, int day);

#endif
