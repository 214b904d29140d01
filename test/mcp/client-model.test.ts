import { expect, it } from "vitest";
import { ClientModel } from "../../src/mcp/client-model.ts";

it.each([
  ["Test Client/2 (α)", "mcp:Test-Client-2"],
  ["..", "mcp:unknown"],
  [`a${".".repeat(1_000_000)}x`, "mcp:a"],
])("gives a client's own name a form for journals, trailers and files", (given, name) => {
  expect(new ClientModel(given).name).toBe(name);
});
