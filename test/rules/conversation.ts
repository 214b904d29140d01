import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { AssistantMessage, Message, Model } from "../../src/agent/messages.ts";
import { repositoryFacts } from "../../src/jobs/facts/repository-facts.ts";
import { findContradictions, policyFacts } from "../../src/jobs/facts/survey-workspace.ts";
import type { InputPolicy } from "../../src/nix/policy/policy.ts";
import { documentFacts } from "../../src/repo/documents/document-facts.ts";
import { survey } from "../../src/repo/survey.ts";
import { createRules } from "../../src/rules/rules.ts";
import { type SurveyDetails, type ToolName, toolArguments } from "../../src/tools/contract.ts";

/** A conversation with `rules` in which the test plays the tools. */

const root = join(import.meta.dirname, "../..");
export const rules = (): Model =>
  createRules({ template: (name) => readFileSync(join(root, "prompts/templates", `${name}.md`), "utf8") });

export class Conversation {
  readonly messages: Message[] = [{ role: "user", text: "Do it." }];
  readonly #model = rules();

  /** The next reply; asked twice, since the same transcript must give the same reply. */
  async next(): Promise<AssistantMessage> {
    const ask = { system: "", messages: this.messages, tools: [], maxOutputTokens: 1000, signal: new AbortController().signal };
    const reply = await this.#model.complete(ask);
    const again = await this.#model.complete(JSON.parse(JSON.stringify(ask)));
    if (JSON.stringify(reply) !== JSON.stringify(again)) throw new Error("the same transcript gave two different replies");
    this.messages.push(reply);
    return reply;
  }

  /** The one call of the next reply, with its arguments validated as the tools do. */
  async call<Name extends ToolName>(tool: Name): Promise<z.infer<(typeof toolArguments)[Name]>> {
    const reply = await this.next();
    const [call, ...more] = reply.calls;
    if (!call || more.length > 0 || call.tool !== tool)
      throw new Error(`expected one call of ${tool}, got ${JSON.stringify(reply.calls)} ${reply.text}`);
    return z
      .custom<z.infer<(typeof toolArguments)[Name]>>(() => true)
      .parse(toolArguments[tool].parse(JSON.parse(call.arguments)));
  }

  /** Answers every call of the last reply with the same details. */
  answer(details: unknown): this {
    const last = this.messages.findLast((message) => message.role === "assistant");
    for (const call of last?.calls ?? [])
      this.messages.push({ role: "tool", callId: call.id, tool: call.tool, text: "", isError: false, details });
    return this;
  }

  /** Answers every call of the last reply with the details for the attribute that it is about. */
  answerEach(details: (attribute: string) => unknown): this {
    const last = this.messages.findLast((message) => message.role === "assistant");
    for (const call of last?.calls ?? []) {
      const { attribute } = toolArguments.nix_build.parse(JSON.parse(call.arguments));
      this.messages.push({
        role: "tool",
        callId: call.id,
        tool: call.tool,
        text: "",
        isError: false,
        details: details(attribute),
      });
    }
    return this;
  }

  say(text: string): this {
    this.messages.push({ role: "user", text });
    return this;
  }
}

export const BASE: Omit<SurveyDetails, "survey" | "facts" | "leftOut"> = {
  hashes: {},
  repositoryFacts: [],
  contradictions: [],
  task: undefined,
  crq: undefined,
  clarifications: [],
  draft: undefined,
  system: "x86_64-linux",
  nixpkgs: "github:NixOS/nixpkgs/nixos-26.05",
  policy: undefined,
  yes: true,
};

/** The details that the survey tool gives for a repository on disk. */
export async function surveyDetails(
  directory: string,
  more: Partial<SurveyDetails> & { readonly docs?: readonly string[]; readonly inputPolicy?: InputPolicy },
): Promise<SurveyDetails> {
  const { docs = [], inputPolicy, ...rest } = more;
  const documents = await documentFacts(docs, { root: directory });
  const surveyed = await survey(directory, { ref: "HEAD" });
  const own = await repositoryFacts(directory, surveyed, "crq-agent.toml", documents.facts.length + 1);
  return {
    ...BASE,
    survey: surveyed,
    ...documents,
    repositoryFacts: own,
    contradictions: findContradictions([...documents.facts, ...own], inputPolicy, FRAME.created),
    ...(inputPolicy && { policy: policyFacts(inputPolicy) }),
    ...rest,
  };
}

export const FRAME = {
  id: "CRQ-001",
  created: "2026-11-20",
  author: "agent:crq-agent@0.1.0/rules",
  base: "5f0c1d7e5f0c1d7e5f0c1d7e5f0c1d7e5f0c1d7e",
  systems: ["x86_64-linux"],
  kind: undefined,
  existing: [],
  canAsk: false,
} as const;

/** Lets `rules` draft for a repository and gives the document. */
export async function draftFor(directory: string, task: string, more: Partial<SurveyDetails> = {}): Promise<string> {
  const conversation = new Conversation();
  await conversation.call("survey");
  conversation.answer(await surveyDetails(directory, { task, draft: FRAME, ...more }));
  return (await conversation.call("submit_crq")).markdown;
}
