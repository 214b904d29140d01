#include "digit.h"

/* Letters count from 10 upwards and leave out the multiples of eleven: A is 10, B is 12, L is 23. */
static int value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c < 'A' || c > 'Z')
        return -1;
    int number = 10;
    for (char letter = 'A'; letter < c; letter++) {
        number++;
        if (number % 11 == 0)
            number++;
    }
    return number;
}

int container_digit(const char *number) {
    long sum = 0;
    for (int at = 0; at < 10; at++) {
        int worth = value(number[at]);
        if (worth < 0 || (at < 4) != (number[at] >= 'A'))
            return -1;
        sum += (long)worth << at;
    }
    return (int)(sum % 11 % 10);
}
