#ifndef MATCH_H
#define MATCH_H

#include <stddef.h>

/* Whether a pattern is found in a line. In a pattern ? is any character, * any run of them, ^ at its head the start of the line and $ at its
 * tail the end; \ before one of these takes away its meaning. `fold` makes upper and lower case alike. On success `*at` is where
 * the first match begins. */
int match_line(const char *pattern, const char *line, int fold, size_t *at);

#endif
