/* pairs NAME GOAL low|high: reads rounds ("OURS FLOOR" a line) and prints them as one bar. For the
 * scripts of tests/bench. */
#include "config.h"

#include "tests/bench/bar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	struct bar b = {.name = argc == 4 ? argv[1] : ""};
	double ours, floor;

	if (argc != 4)
		bar_stop("usage: pairs NAME GOAL low|high");
	b.goal = strtod(argv[2], NULL);
	b.is_higher = !strcmp(argv[3], "high");
	while (scanf("%lf %lf", &ours, &floor) == 2)
		bar_note(&b, ours, floor);
	return bar_print(&b) ? 0 : 1;
}
