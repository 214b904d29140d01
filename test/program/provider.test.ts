import type { ChildProcess } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { git } from "../../src/system/git.ts";
import { DIALECTS, type Dialect, type Said } from "../models/dialects.ts";
import { echoing, type Handler, hanging, provider, refusing, streaming } from "../models/provider-server.ts";
import { difference, fingerprint, SAME } from "./fingerprint.ts";
import { place, show, workOf } from "./place.ts";
import { crqText, demoProject, NOTE_PROJECT, noNix, noteFlake, SYSTEM, WISH } from "./samples.ts";

/** Models behind a real HTTP server, through the real command: what goes over the wire, what does not, and what is paid for. */

const KEY = "sk-test-5c1f0e9d8b7a6432ffeeddcc";
const CRQ = "crqs/CRQ-001-say-welcome.md";

const dialect = (name: string): Dialect => {
  const found = DIALECTS.find((candidate) => candidate.name.startsWith(name));
  if (found === undefined) throw new Error(`no dialect ${name}`);
  return found;
};
const RESPONSES = dialect("OpenAI Responses");

let calls = 0;
const call = (name: string, args: unknown): NonNullable<Said["calls"]>[number] => ({
  id: `call_${++calls}`,
  name,
  pieces: [typeof args === "string" ? args : JSON.stringify(args)],
});
const says = (speaker: Dialect, said: Said): Handler => streaming(speaker.reply(said));
const welcome = (speaker: Dialect): readonly Handler[] => [
  says(speaker, {
    text: "I change the greeting.",
    calls: [call("propose_edit", { edits: [{ path: "flake.nix", create: noteFlake("welcome") }] })],
  }),
  says(speaker, { text: "It says welcome." }),
];

async function serve(handlers: readonly Handler[]) {
  const server = await provider(handlers);
  onTestFinished(() => server.close());
  return server;
}

/** The demo's flake as somebody would write it who knows naersk. */
const DEMO_FLAKE = `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  inputs.naersk.url = "github:nix-community/naersk";
  inputs.naersk.inputs.nixpkgs.follows = "nixpkgs";

  outputs =
    { self, nixpkgs, naersk }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" ];
      each = make: nixpkgs.lib.genAttrs systems (system: make nixpkgs.legacyPackages.\${system});
    in
    {
      packages = each (pkgs: rec {
        tally = (pkgs.callPackage naersk { }).buildPackage { src = ./.; doCheck = true; };
        default = tally;
      });
      checks = each (pkgs: { inherit (self.packages.\${pkgs.stdenv.hostPlatform.system}) tally; });
      devShells = each (pkgs: { default = pkgs.mkShell { packages = [ pkgs.cargo pkgs.rustc ]; }; });
    };
}
`;
const README_SECTION = "\n## Nix\n\n    nix build .#tally\n    nix develop\n";

describe.skipIf(noNix !== undefined)("a language model", () => {
  it("solves the demo over the Responses API, through a rate limit, broken arguments and an unknown tool; its key is nowhere", async () => {
    const at = await place();
    const repo = await demoProject(at);
    expect((await at.run(["draft", WISH, "--repo", repo])).exit).toBe(0);
    const readme = await readFile(join(repo, "README.md"), "utf8");
    const edits = [
      { path: "flake.nix", create: DEMO_FLAKE },
      { path: "README.md", create: readme + README_SECTION },
    ];
    const attribute = `packages.${SYSTEM}.tally`;
    const server = await serve([
      refusing(429, { error: { message: "slow down", type: "rate_limit_error" } }, { "retry-after": "1" }),
      says(RESPONSES, { calls: [call("survey", {}), call("read_file", { path: "docs/building.md" })] }),
      says(RESPONSES, { calls: [call("propose_edit", `{"edits": [{"path": "flake.nix", "create": "oops`)] }),
      says(RESPONSES, { calls: [call("edit_file", { path: "flake.nix" })] }),
      says(RESPONSES, { text: "Both files at once.", calls: [call("propose_edit", { edits, why: "naersk, as the docs say" })] }),
      says(RESPONSES, { calls: [call("nix_build", { attribute }), call("check_criteria", {})] }),
      says(RESPONSES, { text: "The flake builds tally with naersk." }),
    ]);
    const children = watchChildren();
    const done = await at.json(["apply", "CRQ-001", "--repo", repo, "--world", at.world, "--yes", "--model", "openai:test"], {
      env: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${server.url}/v1` },
      onStart: children.follow,
    });
    expect(done.document, done.about).toMatchObject({ exit: 0, data: { outcome: { kind: "done" }, turns: 6, builds: 1 } });
    expect(done.document.data).toMatchObject({ usage: { input: 6 * 30, cacheRead: 6 * 60, cacheWrite: 6 * 10, output: 6 * 20 } });
    expect(done.document.data).not.toHaveProperty("usage.usd");
    const branch = "feature/CRQ-001-nixify-tally";
    expect(await show(repo, `${branch}:flake.nix`)).toBe(DEMO_FLAKE);
    expect(await git(["log", "-1", "--format=%(trailers:key=Assisted-by)", branch], { cwd: repo })).toMatch(
      /^Assisted-by: crq-agent@\S+\/openai:test$/mu,
    );

    expect(server.requests).toHaveLength(7);
    expect(server.requests.every(({ headers }) => headers.authorization === `Bearer ${KEY}`)).toBe(true);
    const [limited, first] = server.requests;
    expect(first?.body).toEqual(limited?.body);
    const heard = server.requests.map(({ body }) => JSON.stringify(body.input));
    expect(heard[2]).toMatch(/Rust crates are built with naersk/u);
    expect(heard[3]).toMatch(/propose_edit was not run: its arguments end too early: they are no whole JSON/u);
    expect(heard[4]).toMatch(/There is no tool \\"edit_file\\"\. .*The tools are: survey/u);
    expect(heard[6]).toMatch(/Built packages\.\S+\.tally\..*AC-7 pass/u);
    // Neither keys nor this machine's folders leave it.
    for (const { body } of server.requests)
      expect(JSON.stringify(body)).not.toMatch(new RegExp(`${KEY}|place |/home/|${at.home}`, "u"));

    expect(children.seen.some((command) => /nix/u.test(command))).toBe(true);
    expect(children.withKey).toEqual([]);
    const objects = await git(["log", "-p", "--all"], { cwd: repo, maxOutputBytes: 32 * 1024 * 1024 });
    for (const text of [done.stdout, done.stderr, objects, ...(await textsBelow(at.state))]) expect(text).not.toContain(KEY);
  });

  it.each(["Anthropic", "OpenAI Chat"])("%s: does the same work over its own wire format", async (name) => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, [CRQ]: crqText() });
    const speaker = dialect(name);
    const server = await serve(welcome(speaker));
    const chat = name.includes("Chat");
    await writeFile(
      join(repo, "crq-agent.toml"),
      chat ? `[models.mine]\nname = "openai:test"\napi = "chat"\nbase-url = "${server.url}/v1"\n` : "",
    );
    const env: Record<string, string> = chat
      ? { OPENAI_API_KEY: KEY, CRQ_AGENT_KEY_MINE: "mine-only" }
      : { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: server.url };
    const done = await at.json(
      ["apply", "1", "--repo", repo, "--world", at.world, "--yes", "--model", chat ? "mine" : "anthropic:test"],
      { env },
    );
    expect(done.document, done.about).toMatchObject({ exit: 0, data: { outcome: { kind: "done" }, turns: 2 } });
    expect(await workOf(repo, "feature/CRQ-001-say-welcome")).toHaveLength(3);
    // A server that a file of the repository names gets no provider's key, whoever wrote that file.
    const sent = server.requests.map(({ headers }) => headers.authorization);
    const key = chat ? "mine-only" : KEY;
    expect(sent).toEqual([`Bearer ${key}`, `Bearer ${key}`]);
  });

  it("is not asked again for what it has answered when the program is killed; the request in flight is booked as lost", async () => {
    const at = await place();
    const repo = await at.repository({
      ...NOTE_PROJECT,
      [CRQ]: crqText(),
      "crq-agent.toml": '[prices."openai:test"]\ninput = 1\noutput = 2\n',
    });
    const [propose, claim] = welcome(RESPONSES);
    if (propose === undefined || claim === undefined) throw new Error("no replies");
    const server = await serve([propose, hanging, claim]);
    const before = await fingerprint(repo);
    const env = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${server.url}/v1` };
    const killed = await at.run(
      ["apply", "1", "--repo", repo, "--world", at.world, "--yes", "--model", "openai:test", "--events"],
      {
        env,
        onEvent: (event, child) => {
          if (event.type === "ask" && event.turn === 2) void arrived(server, 2).then(() => child.kill("SIGKILL"));
        },
      },
    );
    expect(killed.signal).toBe("SIGKILL");
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
    const resumed = await at.json(["sessions", "resume", "--repo", repo], { env });
    expect(resumed.document, resumed.about).toMatchObject({ exit: 0, data: { outcome: { kind: "done" }, turns: 2 } });
    expect(server.requests.map(({ body }) => roles(body))).toEqual([1, 4, 4]);
    expect(server.requests[2]?.body).toEqual(server.requests[1]?.body);
    const lost = (await at.journal()).flatMap((event) => (event.type === "lost" ? [event] : []));
    expect(lost).toMatchObject([{ turn: 2, usage: { input: expect.any(Number), output: 16_384, usd: expect.any(Number) } }]);
    expect(lost[0]?.usage?.usd).toBeGreaterThan(0.03);
  });

  it("whose server says the key back is an error in which the key does not stand", async () => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, [CRQ]: crqText() });
    const server = await serve([echoing]);
    const done = await at.run(["apply", "1", "--repo", repo, "--world", at.world, "--yes", "--model", "openai:test"], {
      env: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${server.url}/v1` },
    });
    expect(done.exit).toBe(21);
    expect(done.stdout).toMatch(/^Outcome: provider: openai:test: the key was refused \(.*\)\. Check OPENAI_API_KEY\.$/mu);
    for (const text of [done.stdout, done.stderr, ...(await textsBelow(at.state))]) expect(text).not.toContain(KEY);
  });

  it("drafts with look-only tools and submit_crq, and mends what the linter finds", async () => {
    const at = await place();
    const repo = await demoProject(at);
    const drafted = await at.run(["draft", WISH, "--repo", repo, "--stdout"]);
    const good = drafted.stdout.replace(/^authors = .*$/mu, 'authors = ["agent:crq-agent@0.1.0/openai:test"]');
    const server = await serve([
      says(RESPONSES, { calls: [call("survey", {})] }),
      says(RESPONSES, { calls: [call("submit_crq", { markdown: good.replace("## 2. Motivation", "## 2. Motifs") })] }),
      says(RESPONSES, { calls: [call("submit_crq", { markdown: good })] }),
    ]);
    const done = await at.json(["draft", WISH, "--repo", repo, "--stdout", "--model", "openai:test"], {
      env: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${server.url}/v1` },
    });
    expect(done.document, done.about).toMatchObject({ exit: 0, data: { document: good, outcome: { kind: "done" } } });
    const offered = server.requests[0]?.body.tools;
    expect(offered).toEqual(
      ["survey", "list_files", "read_file", "search_text", "submit_crq", "give_up"].map((name) =>
        expect.objectContaining({ type: "function", name }),
      ),
    );
    expect(JSON.stringify(server.requests[2]?.body)).toMatch(/structure\/missing-section/u);
  });
});

/** Messages of the conversation in a request of the Responses API, its reasoning left out. */
function roles(body: Readonly<Record<string, unknown>>): number {
  const input = body.input;
  return Array.isArray(input) ? input.filter((item) => item.type !== "reasoning").length : 0;
}

async function arrived(server: { readonly requests: readonly unknown[] }, count: number): Promise<void> {
  while (server.requests.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function textsBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name), "latin1")),
  );
}

/** Looks at the environment of every process below a child, again and again while it runs. */
function watchChildren() {
  const commands = new Set<string>();
  const guilty = new Set<string>();
  const follow = (child: ChildProcess): void => {
    let running = true;
    child.once("close", () => {
      running = false;
    });
    void (async () => {
      const ownWords = (await readProc(child.pid ?? 0, "cmdline")).replace(/\0+$/u, "");
      while (running) {
        for (const id of await descendants(child.pid ?? 0)) {
          const [environ, command] = await Promise.all([readProc(id, "environ"), readProc(id, "cmdline")]);
          // Between fork and exec a child still is its parent, and in the middle of exec a mixture of both.
          if (command.startsWith(ownWords)) continue;
          if (command !== "") commands.add(command.replaceAll("\0", " "));
          if (environ.includes(KEY)) guilty.add(command.replaceAll("\0", " "));
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
  };
  return {
    follow,
    get seen() {
      return [...commands];
    },
    get withKey() {
      return [...guilty];
    },
  };
}

const readProc = (id: number, file: string): Promise<string> => readFile(`/proc/${id}/${file}`, "utf8").catch(() => "");

async function descendants(root: number): Promise<readonly number[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/u.test(name)).map(Number);
  const parents = new Map(
    await Promise.all(
      ids.map(async (id) => [id, Number(/^PPid:\s+(\d+)$/mu.exec(await readProc(id, "status"))?.[1] ?? 0)] as const),
    ),
  );
  const below = (id: number): boolean => {
    for (let at = parents.get(id) ?? 0; at > 1; at = parents.get(at) ?? 0) if (at === root) return true;
    return false;
  };
  return ids.filter(below);
}
