import fc from "fast-check";
import { expect, test } from "vitest";
import { atPointer } from "../../../../src/crq/criteria/judge/json-pointer.ts";

const document = { foo: ["bar", "baz"], "": 0, "a/b": 1, "m~n": 8, nested: { list: [{ id: 7 }] } };

test.each([
  ["", document],
  ["/foo", ["bar", "baz"]],
  ["/foo/0", "bar"],
  ["/", 0],
  ["/a~1b", 1],
  ["/m~0n", 8],
  ["/nested/list/0/id", 7],
])("%j names its value (RFC 6901 §5)", (pointer, value) => {
  expect(atPointer(document, pointer)).toEqual({ found: true, value });
});

test.each([
  ["/foo/2", 'nothing at "/foo/2"'],
  ["/foo/00", 'nothing at "/foo/00"'],
  ["/foo/-1", 'nothing at "/foo/-1"'],
  ["/nested/constructor", 'nothing at "/nested/constructor"'],
  ["/foo/0/x", 'nothing at "/foo/0/x"'],
  ["foo", '"foo" is no JSON pointer: it must start with "/"'],
])("%j names nothing", (pointer, problem) => {
  expect(atPointer(document, pointer)).toEqual({ found: false, problem });
});

test("every key of an object is reached by its escaped name", () => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), (key, value) => {
      const pointer = `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      expect(atPointer(Object.fromEntries([[key, value]]), pointer)).toEqual({ found: true, value });
    }),
  );
});
