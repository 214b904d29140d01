import { expect, test } from "vitest";
import { commandsOfFence, type DocumentedCommand } from "../../../../src/crq/criteria/judge/documented-command.ts";

const one = (text: string): DocumentedCommand | string | undefined => {
  const [first] = commandsOfFence("sh", text, 1);
  return first?.command ?? first?.why;
};

test.each<[string, DocumentedCommand]>([
  ["nix build", { does: "build", name: "default" }],
  ["nix build . -L", { does: "build", name: "default" }],
  ["nix build '.#greet'", { does: "build", name: "greet" }],
  ["nix build .#checks.x86_64-linux.test --no-link", { does: "build", name: "checks.x86_64-linux.test" }],
  ["nix eval --raw .#greet.name", { does: "eval", name: "greet.name" }],
  ["nix run .#greet -- --name 'Ada Lovelace'", { does: "run", name: "greet", args: ["--name", "Ada Lovelace"] }],
  ["nix develop -c cargo test", { does: "develop", shell: "default", argv: ["cargo", "test"] }],
  [
    "nix develop .#ci --command cargo test -- --nocapture",
    { does: "develop", shell: "ci", argv: ["cargo", "test", "--", "--nocapture"] },
  ],
  ["nix flake check -L", { does: "check" }],
  ["nix build .#greet # takes a minute", { does: "build", name: "greet" }],
])("%s", (text, command) => {
  expect(one(text)).toEqual(command);
});

const SHELL = "it needs a shell";
const OTHER = "only nix build, run, develop -c, eval and flake check are carried out";
const OPTIONS = "it has options or references that are not carried out here";
test.each([
  ["nix build .#greet && ./result/bin/greet", SHELL],
  ["nix build $PKG", SHELL],
  ["nix build .#greet > log", SHELL],
  ["nix build .#{a,b}", SHELL],
  ["cargo test", OTHER],
  ["nix build --impure .#greet", OPTIONS],
  ["nix build github:NixOS/nixpkgs#hello", OPTIONS],
  ["nix build .#a .#b", OPTIONS],
  ["nix flake check .#greet", OPTIONS],
  ["nix flake update", OPTIONS],
  ["nix develop", OPTIONS],
  ["nix shell .#greet -c greet", OPTIONS],
])("%s is not carried out", (text, why) => {
  expect(one(text)).toBe(why);
});

test("reads lines, continuations and comments with their places, and in a console only what follows a prompt", () => {
  expect(
    commandsOfFence("sh", "# build\nnix build \\\n  .#greet\n\nnix flake check\n", 10).map(({ shown, line }) => [shown, line]),
  ).toEqual([
    ["nix build    .#greet", 12],
    ["nix flake check", 15],
  ]);
  expect(
    commandsOfFence("console", "$ nix build\nwarning: dirty\n$ nix run -- --version\ngreet 1.0\n", 1).map(({ shown, line }) => [
      shown,
      line,
    ]),
  ).toEqual([
    ["nix build", 2],
    ["nix run -- --version", 4],
  ]);
});
