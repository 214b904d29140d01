import assert from "node:assert/strict";
import test from "node:test";
import { departures, ride } from "../src/search.js";
import { readTimetable } from "../src/timetable.js";

const lines = readTimetable("line b\nMill 06:10 06:40\nFord 06:30 07:00\nline a\nMill 06:40 -\nWeir 06:45 07:10\nFord 07:00 07:20\n");

test("departures come by time, then by line, and none from where a train ends", () => {
  assert.deepEqual(departures(lines, "Mill", 370), [
    { line: "b", time: 370 },
    { line: "a", time: 400 },
    { line: "b", time: 400 },
  ]);
  assert.deepEqual(departures(lines, "Ford", 0), []);
});

test("of two rides that arrive together the later start is taken", () => {
  assert.deepEqual(ride(lines, "Mill", "Ford", 371), { line: "b", leaves: 400, arrives: 420 });
  assert.equal(ride(lines, "Ford", "Mill", 0), undefined);
});
