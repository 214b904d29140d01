import { describe, expect, it } from "vitest";
import { parseCrq } from "../../../src/crq/parse.ts";
import { temporaryFolder, writeFiles } from "../../repo/tree-on-disk.ts";
import { Conversation, FRAME, surveyDetails } from "../conversation.ts";
import { type Draw, drawFrom } from "../generated/random.ts";
import { generateRepository } from "../generated/repositories.ts";
import { writeRepository } from "../generated/write-repository.ts";
import { findings } from "./strict.ts";

/** Printed with every run; CRQ_AGENT_SEED repeats one. */
const SEED = process.env.CRQ_AGENT_SEED ?? String(Date.now());

/** A contradiction as two sentences for two documents, and the key that its question must name. */
interface Plant {
  readonly key: string;
  readonly sides: (draw: Draw) => readonly [string, string];
}

const owners = ["acme", "orbit", "northwind"] as const;
const branch = (draw: Draw): string =>
  `feature/CRQ-0${draw.pick(["16", "21", "37"])}-${draw.pick(["nixify", "inputs", "vendor"])}`;

const PLANTS: readonly Plant[] = [
  {
    key: "inputs.nixpkgs.url",
    sides: (draw) => {
      const owner = draw.pick(owners);
      return [
        `The flake input \`github:${owner}/nixpkgs?ref=${branch(draw)}\` is used.`,
        `We take the input \`github:${owner}/nixpkgs?ref=release-${draw.pick(["a", "b"])}\` everywhere.`,
      ];
    },
  },
  {
    key: "builder",
    sides: (draw) => [
      draw.pick(["Rust crates are built with naersk.", "We build every crate via naersk."]),
      draw.pick(["Crates are packaged with buildRustPackage.", "Building uses buildRustPackage."]),
    ],
  },
  {
    key: "inputs.settings.url",
    sides: (draw) => [
      draw.pick(["Local paths are never allowed as flake inputs.", "Flake inputs must not be local paths."]),
      `\`\`\`nix\ninputs.settings.url = "${draw.pick(["./target/made", "path:../settings", "./generated/flake"])}";\n\`\`\``,
    ],
  },
  {
    key: "rust.version",
    sides: (draw) => [`The MSRV is 1.${draw.pick(["60", "63"])}.`, `It needs Rust 1.${draw.pick(["70", "77"])} or newer.`],
  },
];

/** True of any project, and at odds with nothing. */
const HARMLESS = [
  "Pull requests are reviewed by two people.",
  "Run the program with `--help` to see what it can do.",
  "The service exits with status 0 when everything went well.",
  "Releases are tagged by hand. No generated text goes into the notes.",
  "We never used crane here, and Docker is not used either.",
  "See `nix build` in the manual of Nix.",
] as const;

function documentsOf(draw: Draw, plants: readonly Plant[]): Readonly<Record<string, string>> {
  const first: string[] = [];
  const second: string[] = [];
  for (const plant of plants) {
    const [a, b] = plant.sides(draw);
    first.push(a);
    second.push(b);
  }
  const filler = (): string => draw.pick(HARMLESS);
  const page = (lines: readonly string[]): string =>
    ["# Notes", filler(), ...lines.flatMap((line) => [line, filler()])].join("\n\n").concat("\n");
  return { "docs/first.md": page(first), "docs/second.md": page(second), "docs/third.md": page([]) };
}

describe(`contradictions in generated documents (seed ${SEED})`, () => {
  it.each(Array.from({ length: 8 }, (_, round) => `${SEED}/${round}`))(
    "are asked where planted, and nowhere else: %s",
    async (seed) => {
      const draw = drawFrom(seed);
      const repository = generateRepository("plain binary", seed);
      // Every other repository is a control: its documents contradict nothing.
      const plants = Number(seed.split("/")[1]) % 2 === 0 ? PLANTS.filter(() => draw.chance(60)) : [];
      const directory = temporaryFolder();
      await writeRepository({ ...repository, files: { ...repository.files, ...documentsOf(draw, plants) } }, directory);
      const conversation = new Conversation();
      await conversation.call("survey");
      conversation.answer(await surveyDetails(directory, { docs: ["docs"], task: "nixify this project", draft: FRAME }));
      const { markdown } = await conversation.call("submit_crq");
      const asked = parseCrq("x.md", markdown).questions.map(
        ({ text }) => /`(?<key>[\w.]+)`/.exec(text.replace(/\([^)]*\)/g, ""))?.groups?.key,
      );
      expect(asked.sort(), markdown).toEqual(plants.map(({ key }) => key).sort());
      expect(await findings(directory, markdown)).toEqual([]);
    },
  );

  it("are found across the repository and a folder outside of it, which is cited by its name alone", async () => {
    const repository = generateRepository("plain binary", SEED);
    const directory = temporaryFolder();
    const outside = temporaryFolder();
    await writeRepository(
      { ...repository, files: { ...repository.files, "docs/a.md": "Rust crates are built with naersk.\n" } },
      directory,
    );
    writeFiles(outside, { "handbook/nix.md": "We package crates with buildRustPackage, see ~/notes/nix.md.\n" });
    const conversation = new Conversation();
    await conversation.call("survey");
    const docs = ["docs", `${outside}/handbook`];
    conversation.answer(await surveyDetails(directory, { docs, task: "nixify this project", draft: FRAME }));
    const { markdown } = await conversation.call("submit_crq");
    const crq = parseCrq("x.md", markdown);
    expect(crq.questions.map(({ text }) => text)).toEqual([expect.stringContaining("`external:handbook/nix.md`, line 1")]);
    expect(markdown).not.toContain(outside);
    expect(markdown).not.toContain("~/notes");
    expect(await findings(directory, markdown, docs)).toEqual([]);
  });
});
