import assert from "node:assert/strict";
import test from "node:test";
import { minutesOf, timeOf } from "../src/clock.js";
import { readTimetable } from "../src/timetable.js";

test("a time is minutes after midnight, and the night goes on after 24:00", () => {
  assert.equal(minutesOf("06:45"), 405);
  assert.equal(minutesOf("25:10"), 1510);
  assert.equal(minutesOf("6:75"), undefined);
  assert.equal(timeOf(1510), "25:10");
});

test("a train that does not stop has no time there", () => {
  const [line] = readTimetable("line a\nMill 06:10 06:40 # first\n\nFord - 06:48\n");
  assert.deepEqual(line, {
    name: "a",
    stops: [
      { station: "Mill", times: [370, 400] },
      { station: "Ford", times: [undefined, 408] },
    ],
  });
});

test("a mistake is told with its line", () => {
  assert.throws(() => readTimetable("line a\nMill 06:10\nFord 06:18 06:48\n"), /line 3: Ford has 2 times, and the line has 1 trains/);
  assert.throws(() => readTimetable("Mill 06:10\n"), /line 1: a stop before the first line/);
  assert.throws(() => readTimetable("line a\nline a\n"), /line 2: line a is there twice/);
});
