import { registerHooks } from "node:module";
import type { MappingToken } from "@actions/workflow-parser/templates/tokens/index";

/** A workflow as GitHub reads it: its own parser, its own schema, its own language of expressions. */

// The parser imports its schemas as JSON without saying so, which Node refuses.
const hooks = registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    return resolved.url.endsWith(".json") ? { ...resolved, importAttributes: { type: "json" } } : resolved;
  },
});
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import("@actions/workflow-parser");
const { isBasicExpression, isMapping, isString } = await import("@actions/workflow-parser/templates/tokens/type-guards");
const { data, Evaluator, Lexer, Parser } = await import("@actions/expressions");
hooks.deregister();

/** Values of the contexts, such as `{ github: { event_name: "pull_request" } }`; what is not there is null, as on GitHub. */
export type Contexts = Readonly<Record<string, Readonly<Record<string, string>>>>;

export type Step =
  | { readonly kind: "uses"; readonly action: string }
  | { readonly kind: "run"; readonly script: string; environment(contexts: Contexts): Readonly<Record<string, string>> };

export interface Job {
  readonly name: string;
  /** Whether it is started in these contexts. */
  starts(contexts: Contexts): boolean;
  readonly steps: readonly Step[];
}

export interface Workflow {
  /** With line and column. */
  readonly problems: readonly string[];
  readonly jobs: readonly Job[];
}

export async function readWorkflow(name: string, content: string): Promise<Workflow> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  const unread = context.errors.getErrors().map(({ message }) => message);
  if (value === undefined || unread.length > 0) return { problems: unread, jobs: [] };
  const template = await convertWorkflowTemplate(context, value);
  const problems = new Set((template.errors ?? []).map(({ Message }) => Message));
  const jobs = template.jobs.flatMap((job): Job[] => {
    if (job.type !== "job") return [];
    const steps = job.steps.flatMap((step): Step[] => {
      if ("uses" in step) return [{ kind: "uses", action: step.uses.value }];
      if (!("run" in step)) return [];
      if (!isString(step.run)) {
        problems.add(`${name}: a script of ${job.id.value} is made of an expression: whoever fills that in writes commands`);
        return [];
      }
      return [
        {
          kind: "run",
          script: step.run.value,
          environment: (contexts) => ({ ...variables(job.env, contexts), ...variables(step.env, contexts) }),
        },
      ];
    });
    const condition = job.if.expression;
    return [{ name: job.id.value, starts: (contexts) => evaluated(condition, contexts).coerceString() === "true", steps }];
  });
  return { problems: [...problems], jobs };
}

function variables(map: MappingToken | undefined, contexts: Contexts): Readonly<Record<string, string>> {
  if (map === undefined || !isMapping(map)) return {};
  const pairs = Array.from({ length: map.count }, (_, index) => map.get(index));
  return Object.fromEntries(
    pairs.map(({ key, value }) => {
      if (isBasicExpression(value)) return [key.toString(), evaluated(value.expression, contexts).coerceString()];
      return [key.toString(), value.toString()];
    }),
  );
}

/** Of a job nothing has failed yet. */
const STATUS = ["success", "always", "failure", "cancelled"].map((name) => ({
  name,
  minArgs: 0,
  maxArgs: 0,
  call: () => new data.BooleanData(name === "success" || name === "always"),
}));

const CONTEXTS = ["github", "inputs", "vars", "secrets", "env", "runner"];

function evaluated(expression: string, contexts: Contexts) {
  const context = new data.Dictionary(
    ...CONTEXTS.map((name) => ({
      key: name,
      value: new data.Dictionary(
        ...Object.entries(contexts[name] ?? {}).map(([key, value]) => ({ key, value: new data.StringData(value) })),
      ),
    })),
  );
  const parsed = new Parser(new Lexer(expression).lex().tokens, CONTEXTS, STATUS).parse();
  return new Evaluator(parsed, context, new Map(STATUS.map((definition) => [definition.name, definition]))).evaluate();
}
