import fc from "fast-check";
import { expect, test } from "vitest";
import { markupAttribute, markupText } from "../../src/system/markup.ts";

/** Of XML 1.0 no other characters stand in either. */
const CONTROLS = "\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F";

test("no text ends the element that it stands in", () => {
  const safe = new RegExp(`^(?:[^&<>${CONTROLS}]|&(?:amp|lt|gt|#13);)*$`, "u");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(markupText(text)).toMatch(safe);
    }),
  );
});

test("no value ends the attribute that it stands in", () => {
  const safe = new RegExp(`^(?:[^&<>"\\n\\t${CONTROLS}]|&(?:amp|lt|gt|quot|#13|#10|#9);)*$`, "u");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(markupAttribute(text)).toMatch(safe);
    }),
  );
});
