/**
 * Providers that are reached through LangChain's `initChatModel`: the npm package it needs, and what its class calls the settings that we
 * hand over. Sources: MODEL_PROVIDER_CONFIG of langchain 1.5 and the constructor options of each package.
 */
export interface Provider {
  readonly package: string;
  /** Variable that holds the key; absent where the provider has other credentials, or none. */
  readonly keyVariable?: string;
  /** Constructor option for another server; absent where it cannot be moved. */
  readonly baseUrlOption?: "baseUrl" | "baseURL" | "serverURL" | "anthropicApiUrl" | "configuration";
  readonly maxTokensOption?: "maxOutputTokens" | "numPredict";
}

export const PROVIDERS: Readonly<Record<string, Provider>> = {
  anthropic: { package: "@langchain/anthropic", keyVariable: "ANTHROPIC_API_KEY", baseUrlOption: "anthropicApiUrl" },
  aws: { package: "@langchain/aws" },
  azure_openai: { package: "@langchain/openai", keyVariable: "AZURE_OPENAI_API_KEY", baseUrlOption: "configuration" },
  bedrock: { package: "@langchain/aws" },
  cerebras: { package: "@langchain/cerebras", keyVariable: "CEREBRAS_API_KEY" },
  cohere: { package: "@langchain/cohere", keyVariable: "COHERE_API_KEY" },
  deepseek: { package: "@langchain/deepseek", keyVariable: "DEEPSEEK_API_KEY", baseUrlOption: "configuration" },
  fireworks: { package: "@langchain/fireworks", keyVariable: "FIREWORKS_API_KEY" },
  google: { package: "@langchain/google", keyVariable: "GOOGLE_API_KEY", maxTokensOption: "maxOutputTokens" },
  "google-genai": {
    package: "@langchain/google-genai",
    keyVariable: "GOOGLE_API_KEY",
    baseUrlOption: "baseUrl",
    maxTokensOption: "maxOutputTokens",
  },
  "google-vertexai": { package: "@langchain/google-vertexai", maxTokensOption: "maxOutputTokens" },
  "google-vertexai-web": { package: "@langchain/google-vertexai-web", maxTokensOption: "maxOutputTokens" },
  groq: { package: "@langchain/groq", keyVariable: "GROQ_API_KEY", baseUrlOption: "baseURL" },
  mistral: { package: "@langchain/mistralai", keyVariable: "MISTRAL_API_KEY", baseUrlOption: "serverURL" },
  mistralai: { package: "@langchain/mistralai", keyVariable: "MISTRAL_API_KEY", baseUrlOption: "serverURL" },
  ollama: { package: "@langchain/ollama", baseUrlOption: "baseUrl", maxTokensOption: "numPredict" },
  openai: { package: "@langchain/openai", keyVariable: "OPENAI_API_KEY", baseUrlOption: "configuration" },
  perplexity: { package: "@langchain/perplexity", keyVariable: "PERPLEXITY_API_KEY" },
  together: { package: "@langchain/together-ai", keyVariable: "TOGETHER_AI_API_KEY" },
  xai: { package: "@langchain/xai", keyVariable: "XAI_API_KEY", baseUrlOption: "configuration" },
};
