/* The frames that a buoy sends, as its firmware has them in memory. Shared with the firmware: change both or none. */
#ifndef FRAMES_H
#define FRAMES_H

#include <stdbool.h>
#include <stdint.h>

/* Letters of a call sign. */
#define CALL 6

struct beacon {
  uint8_t kind;
  char call[CALL];
  uint32_t serial;
  bool afloat;
};

struct tide {
  uint8_t kind;
  int16_t level[3];
  uint64_t at;
  int8_t trend;
};

struct alarm {
  uint8_t kind;
  uint16_t code;
  int32_t latitude;
  int32_t longitude;
};

#endif
