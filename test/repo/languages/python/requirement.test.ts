import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateMarker } from "../../../../src/repo/languages/python/requirement/marker.ts";
import { mayApply, parseRequirement } from "../../../../src/repo/languages/python/requirement/requirement.ts";
import { satisfies } from "../../../../src/repo/languages/python/requirement/version.ts";

describe("parseRequirement", () => {
  it("takes a requirement apart, with the name in its one spelling", () => {
    expect(parseRequirement("Zope.Interface_x [Test, b_c] (>= 8, !=9.*) ; python_version > '3'")).toEqual({
      name: "zope-interface-x",
      extras: ["test", "b-c"],
      specifier: ">=8,!=9.*",
      marker: "python_version > '3'",
    });
    expect(parseRequirement("tally @ git+https://example.org/tally@v1;x ; os_name == 'nt'")).toEqual({
      name: "tally",
      extras: [],
      specifier: "",
      url: "git+https://example.org/tally@v1;x",
      marker: "os_name == 'nt'",
    });
    for (const odd of ["", "-r more.txt", "./folder", "name $x"]) expect(parseRequirement(odd), odd).toBeUndefined();
  });

  it("never throws, whatever it reads, and neither do markers and versions", () => {
    const piece = fc.constantFrom(
      "a",
      "[",
      "]",
      ";",
      " ",
      "@",
      ">=",
      "1.2",
      "python_version",
      "'3'",
      "(",
      ")",
      "and",
      "or",
      "not in",
      "==",
      "~=",
      ",",
      "*",
    );
    const text = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.array(piece, { maxLength: 30 }).map((words) => words.join(" ")),
    );
    fc.assert(
      fc.property(text, (words) => {
        parseRequirement(words);
        satisfies("3.13", words);
        expect([true, false, undefined]).toContain(evaluateMarker(words, { python_version: "3.13" }));
      }),
    );
  });
});

describe("markers", () => {
  const environment = { python_version: "3.13", sys_platform: "linux", os_name: "posix" };
  it.each([
    ["python_version < '3.11'", false],
    ["python_version >= '3.9' and sys_platform == 'linux'", true],
    ["'3.2' > python_version", false],
    ["sys_platform == 'win32' or (os_name == 'posix' and python_version != '3.12')", true],
    ["sys_platform in 'linux linux2'", true],
    ["python_version not in '3.12, 3.13'", false],
    ["platform_machine == 'x86_64'", undefined],
    ["platform_machine == 'x86_64' and sys_platform == 'win32'", false],
    ["sys_platform ==", undefined],
  ])("%s is %s", (marker, verdict) => expect(evaluateMarker(marker, environment)).toBe(verdict));

  it("a requirement of macOS alone may apply, one of Windows or of an extra may not", () => {
    const applies = (text: string): boolean =>
      mayApply(parseRequirement(text) ?? { name: "", extras: [], specifier: "" }, "3.13");
    expect(applies("a; sys_platform == 'darwin'")).toBe(true);
    expect(applies("a; platform_system == 'Windows'")).toBe(false);
    expect(applies("a; extra == 'test'")).toBe(false);
    expect(applies("a; platform_machine == 'arm64'")).toBe(true);
  });
});

describe("satisfies", () => {
  it.each([
    ["3.13", ">=3.9,<4", true],
    ["3.13", "<3.13", false],
    ["3.13", "~=3.8", true],
    ["3.13", "==3.12.*", false],
    ["3.13", "!=3.13.*", false],
    ["3.13", "^3.9", true],
    ["3.13", "^2.7", false],
    ["3.13", "", true],
    ["3.13", ">=3.9,what", undefined],
  ])("%s within %s: %s", (version, specifier, verdict) => expect(satisfies(version, specifier)).toBe(verdict));

  it("keeps the order of the numbers", () => {
    const numbers = fc.array(fc.nat(40), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const [one, other] = [a.join("."), b.join(".")];
        expect(
          [satisfies(one, `<${other}`), satisfies(one, `==${other}`), satisfies(one, `>${other}`)].filter(Boolean),
        ).toHaveLength(1);
        expect(satisfies(one, `>=${other}`)).toBe(satisfies(one, `<${other}`) === false);
      }),
    );
  });
});
