import http from 'node:http';
import https from 'node:https';

export interface Exchange {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Until the whole answer is there. */
  timeoutMs: number;
}

/**
 * One HTTP request and its whole answer as text; redirects are not followed. Not `fetch`: its parser is WebAssembly, whose
 * compilation holds 30 to 50 MB in a process that otherwise has 130.
 * @throws Error when there is no answer in time
 */
export async function exchange(
  url: string,
  { method = 'GET', headers = {}, body, timeoutMs }: Exchange,
): Promise<{ status: number; text: string }> {
  const { request } = url.startsWith('https:') ? https : http;
  const signal = AbortSignal.timeout(timeoutMs);
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    request(url, { method, headers, signal }, resolve).once('error', reject).end(body);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() };
}
