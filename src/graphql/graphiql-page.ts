/**
 * GraphiQL as one page, from the package and from nowhere else. It stands on the origin of the till and the console, so
 * its policy lets in that one script and nothing from outside, nobody can frame it, and the token that is pasted into
 * it is not kept when the page is closed.
 */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { takesGzip } from '../http/gzip.ts'
import { safeHeaders } from '../http/headers.ts'

/** What it opens with: queries, one tab each, and the token that it asks with (null: people paste one). */
export type Opening = { tabs: readonly string[]; token: () => Promise<string | null> }

type Page = { html: Buffer; compressed: Buffer; policy: string }

/**
 * Tabs are written in what the system has. In a font that comes later they grew narrower, and from then on the first click on
 * each of them was taken for the end of a drag, and did nothing.
 */
const tabStyle = '<style>.graphiql-tabs * { font-family: system-ui, sans-serif !important }</style>'

/** Imported when it is asked for: the package is one text of 9 MB, and most gateways are never asked. */
async function makePage({ tabs, token }: Opening): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  const signedIn = await token()
  const html = String(
    renderGraphiQL({
      title: 'modula-sync',
      defaultTabs: tabs.map((query) => ({ query })),
      // Beside what is pasted, in every tab; never kept.
      ...(signedIn && { additionalHeaders: { authorization: `Bearer ${signedIn}` } }),
      subscriptionsProtocol: 'SSE',
      shouldPersistHeaders: false,
    }),
  ).replace('<title>', `${tabStyle}<title>`)
  const content = Buffer.from(html)
  return { html: content, compressed: await promisify(gzip)(content), policy: policyOf(html) }
}

/** The page has one script; its workers are made from it, its editor writes styles into elements. */
function policyOf(html: string): string {
  const begin = html.indexOf('<script>', html.indexOf('<div id="root">')) + '<script>'.length
  const script = html.slice(begin, html.lastIndexOf('</script>'))
  const hash = createHash('sha256').update(script).digest('base64')
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
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
    if (!made || now - made.at >= renewMs) made = { page: makePage(opening), at: now }
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
