/** The thread that makes GraphiQL's page, from the package, which is one text of 9 MB. */
import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'

/** What it is told, and what it tells. */
export type Asked = { tabs: readonly string[]; signedIn: string | null }
export type Page = { html: Uint8Array; compressed: Uint8Array; policy: string }

/**
 * Tabs are written in what the system has. In a font that comes later they grew narrower, and from then on the first click on
 * each of them was taken for the end of a drag, and did nothing.
 */
const tabStyle = '<style>.graphiql-tabs * { font-family: system-ui, sans-serif !important }</style>'

/**
 * GraphiQL keeps what was typed (a sign-in has a PIN) where the till and the console keep theirs, for good. Here it keeps it
 * for the tab, and what it kept before goes.
 */
const keepForTab = [
  "for (const name of Object.keys(localStorage)) if (name.startsWith('graphiql:')) localStorage.removeItem(name)",
  "Object.defineProperty(window, 'localStorage', { value: sessionStorage })",
].join(';')

/** The page has one script of its own, and that one; its workers are made from it, its editor writes styles into elements. */
function policyOf(html: string): string {
  const begin = html.indexOf('<script>', html.indexOf('<div id="root">')) + '<script>'.length
  const scripts = [keepForTab, html.slice(begin, html.lastIndexOf('</script>'))]
  const hashes = scripts.map((script) => createHash('sha256').update(script).digest('base64'))
  return [
    "default-src 'none'",
    `script-src ${hashes.map((hash) => `'sha256-${hash}'`).join(' ')}`,
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

const { tabs, signedIn } = workerData as Asked
const html = String(
  renderGraphiQL({
    title: 'modula-sync',
    defaultTabs: tabs.map((query) => ({ query })),
    // Beside what is pasted, in every tab; never kept.
    ...(signedIn && { additionalHeaders: { authorization: `Bearer ${signedIn}` } }),
    subscriptionsProtocol: 'SSE',
    shouldPersistHeaders: false,
  }),
).replace('<title>', `<script>${keepForTab}</script>${tabStyle}<title>`)
const page: Page = {
  html: new TextEncoder().encode(html),
  compressed: new Uint8Array(gzipSync(html)),
  policy: policyOf(html),
}
parentPort!.postMessage(page, [page.html.buffer, page.compressed.buffer] as ArrayBuffer[])
