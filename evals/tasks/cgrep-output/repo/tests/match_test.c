#include "../src/match.h"

#include <stdio.h>

static int failures;

static void expect(const char *pattern, const char *line, int fold, int wanted)
{
	size_t at;

	if (match_line(pattern, line, fold, &at) == wanted)
		return;
	printf("\"%s\" in \"%s\": expected %d\n", pattern, line, wanted);
	failures++;
}

int main(void)
{
	expect("oa", "a boat", 0, 1);
	expect("^oa", "a boat", 0, 0);
	expect("b*t$", "a boat", 0, 1);
	expect("b*a$", "a boat", 0, 0);
	expect("B?AT", "a boat", 1, 1);
	expect("B?AT", "a boat", 0, 0);
	expect("a\\*b", "a*b", 0, 1);
	expect("a\\*b", "axb", 0, 0);
	expect("", "", 0, 1);
	return failures != 0;
}
