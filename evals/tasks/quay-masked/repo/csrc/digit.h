#ifndef DIGIT_H
#define DIGIT_H

/* The check digit of an owner code, a category and a serial number (ten characters), or -1. */
int container_digit(const char *number);

#endif
