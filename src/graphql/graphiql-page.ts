/**
 * GraphiQL as one page, from the package and from nowhere else. It stands on the origin of the till and the console, so
 * its policy lets in that one script and nothing from outside, nobody can frame it, and the token that is pasted into
 * it is not kept when the page is closed.
 */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Worker } from 'node:worker_threads'
import { takesGzip } from '../http/gzip.ts'
import { safeHeaders } from '../http/headers.ts'
import type { Asked, Page } from './make-graphiql-page.ts'

/** What it opens with: queries, one tab each, and the token that it asks with (null: people paste one). */
export type Opening = { tabs: readonly string[]; token: () => Promise<string | null> }

/** TypeScript in the repository, JavaScript in the package. */
const makerUrl = new URL(import.meta.url.replace('graphiql-page', 'make-graphiql-page'))

/** In a thread of its own, which ends with it: to import, put together and compress 9 MB holds an event loop for 150 ms. */
async function makePage({ tabs, token }: Opening): Promise<Page> {
  const workerData: Asked = { tabs, signedIn: await token() }
  const thread = new Worker(makerUrl, { workerData })
  const [page] = await once(thread, 'message')
  return page
}

/** Whether a browser asks for a page, and not a client for data. */
export const asksForPage = ({ method, headers }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'HEAD') && (headers.accept ?? '').includes('text/html')

/** Serves it; 9 MB that are made, and compressed, when somebody asks for the first time, and again before a token ends. */
export function graphiqlPage(
  opening: Opening,
  { renewMs }: { renewMs: number },
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  let made: { page: Promise<Page>; at: number } | undefined
  return async (request, response) => {
    const now = performance.now()
    if (!made || now - made.at >= renewMs) {
      made = { page: makePage(opening), at: now }
      made.page.catch(() => {
        made = undefined
      })
    }
    const { html, compressed, policy } = await made.page
    const isCompressed = takesGzip(request.headers['accept-encoding'])
    const body = isCompressed ? compressed : html
    response.writeHead(200, {
      ...safeHeaders,
      'content-security-policy': policy,
      'content-type': 'text/html; charset=utf-8',
      'content-length': body.length,
      'cache-control': 'no-cache',
      vary: 'accept-encoding',
      ...(isCompressed && { 'content-encoding': 'gzip' }),
    })
    response.end(body)
  }
}
