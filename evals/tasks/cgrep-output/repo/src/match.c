#include "match.h"

#include <ctype.h>

static int same(char a, char b, int fold)
{
	if (!fold)
		return a == b;
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Whether the pattern matches at the head of `line`. */
static int match_here(const char *pattern, const char *line, int fold)
{
	for (; *pattern; pattern++, line++) {
		if (*pattern == '$' && pattern[1] == '\0')
			return *line == '\0';
		if (*pattern == '*') {
			for (;; line++) {
				if (match_here(pattern + 1, line, fold))
					return 1;
				if (*line == '\0')
					return 0;
			}
		}
		if (*line == '\0')
			return 0;
		if (*pattern == '?')
			continue;
		if (*pattern == '\\' && pattern[1] != '\0')
			pattern++;
		if (!same(*pattern, *line, fold))
			return 0;
	}
	return 1;
}

int match_line(const char *pattern, const char *line, int fold, size_t *at)
{
	size_t start = 0;

	*at = 0;
	if (*pattern == '^')
		return match_here(pattern + 1, line, fold);
	do {
		if (match_here(pattern, line + start, fold)) {
			*at = start;
			return 1;
		}
	} while (line[start++] != '\0');
	return 0;
}
