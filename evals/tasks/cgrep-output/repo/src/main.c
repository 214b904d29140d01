#include "match.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef VERSION
#define VERSION "unknown"
#endif

struct options {
	int fold;
	int invert;
	int count;
	int column;
};

static void usage(FILE *to)
{
	fputs("usage: sift [-civk] PATTERN [FILE...]\n"
	      "  -c  print only how many lines match\n"
	      "  -i  upper and lower case are alike\n"
	      "  -v  lines that do not match\n"
	      "  -k  the column of the match before each line\n"
	      "  -V  the version\n",
	      to);
}

/* Prints the lines of one file; the result is their number, or -1. */
static long search(FILE *file, const char *name, const char *pattern, const struct options *options)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	long found = 0;

	while ((length = getline(&line, &room, file)) >= 0) {
		size_t at;

		if (length > 0 && line[length - 1] == '\n')
			line[length - 1] = '\0';
		if (match_line(pattern, line, options->fold, &at) == options->invert)
			continue;
		found++;
		if (options->count)
			continue;
		if (name)
			printf("%s:", name);
		if (options->column && !options->invert)
			printf("%zu:", at + 1);
		puts(line);
	}
	free(line);
	if (options->count)
		printf("%s%s%ld\n", name ? name : "", name ? ":" : "", found);
	return ferror(file) ? -1 : found;
}

int main(int argc, char **argv)
{
	struct options options = { 0, 0, 0, 0 };
	const char *pattern;
	long total = 0;
	int failed = 0;
	int letter;
	int several;

	while ((letter = getopt(argc, argv, "+civkVh")) != -1) {
		switch (letter) {
		case 'c':
			options.count = 1;
			break;
		case 'i':
			options.fold = 1;
			break;
		case 'v':
			options.invert = 1;
			break;
		case 'k':
			options.column = 1;
			break;
		case 'V':
			puts("sift " VERSION);
			return 0;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	}
	if (optind == argc) {
		usage(stderr);
		return 2;
	}
	pattern = argv[optind++];
	several = argc - optind > 1;
	if (optind == argc)
		total = search(stdin, NULL, pattern, &options);
	for (; optind < argc; optind++) {
		FILE *file = fopen(argv[optind], "r");
		long found = -1;

		if (file) {
			found = search(file, several ? argv[optind] : NULL, pattern, &options);
			fclose(file);
		} else {
			fprintf(stderr, "sift: %s: %s\n", argv[optind], strerror(errno));
		}
		if (found < 0)
			failed = 1;
		else
			total += found;
	}
	if (failed)
		return 2;
	return total > 0 ? 0 : 1;
}
