import type OpenAI from "openai";
import type { VendorSettings } from "./vendor.ts";

/**
 * The official client, loaded when it is first needed. Everything it would read from the environment by itself is given or switched off,
 * so that no key but the chosen one travels and nothing is logged.
 */
export async function openaiClient(settings: VendorSettings): Promise<OpenAI> {
  const { default: Client } = await import("openai");
  return new Client({
    apiKey: settings.key,
    adminAPIKey: null,
    organization: null,
    project: null,
    baseURL: settings.baseUrl ?? "https://api.openai.com/v1",
    maxRetries: settings.maxRetries,
    timeout: settings.timeouts.response,
    logLevel: "off",
  });
}
