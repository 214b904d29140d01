#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "--version") == 0) return puts("hello (stand-in) 2.12") < 0;
  return puts("Hello, world!") < 0;
}
