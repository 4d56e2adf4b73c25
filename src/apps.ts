/**
 * The till and the console: files of `dist/apps`, made by `npm run build`. Each request looks whether a file is as it was,
 * so a build in between needs no restart.
 */
import { type Stats, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import { LRUCache } from 'lru-cache'
import { safeHeaders } from './http/headers.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
}
/** Those that the build has compressed beside. */
const compressed = new Set(['.html', '.js', '.css', '.svg', '.webmanifest'])

/**
 * Nothing from elsewhere: an app that must open with no network may not need another server, and one that takes money
 * may not run another's scripts. Mantine writes styles into elements; not every browser counts the socket as 'self'.
 */
const contentSecurityPolicy = ({ headers: { host = '' } }: IncomingMessage) =>
  [
    "default-src 'self'",
    /^[\w.:[\]-]+$/.test(host) ? `connect-src 'self' ws://${host} wss://${host}` : "connect-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Not built yet</title>
<style>body { font: 17px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto; padding: 0 2rem; }</style>
<h1>This app is not built yet</h1>
<p>The gateway runs, but the files of the till and the console are missing. <code>npm start</code> makes them;
<code>npm run build</code> does so while the gateway runs. Then reload this page.</p>
</html>
`

/** Answers what is under `/pos` and `/admin`, from this folder; false: it is somebody else's. */
export type Apps = (request: IncomingMessage, response: ServerResponse, path: string) => false | Promise<void>

export function createApps(folder: string): Apps {
  return (request, response, path) => {
    const [, app, rest] = /^\/(pos|admin)(\/.*)?$/.exec(path) ?? []
    if (!app) return false
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return Promise.resolve(end(response, 405, { allow: 'GET, HEAD' }))
    if (!rest) return Promise.resolve(toFolder(request, response))
    return serve(request, response, join(folder, app), rest)
  }
}

/** `/pos?x` is `/pos/?x`: what the page names is below it. */
function toFolder({ url = '/' }: IncomingMessage, response: ServerResponse): void {
  end(response, 308, { location: url.replace(/^\/\w+/, '$&/'), 'cache-control': 'no-cache' })
}

async function serve(request: IncomingMessage, response: ServerResponse, folder: string, path: string) {
  const name = fileName(path)
  const found = name && find(join(folder, name), acceptedEncodings(request))
  if (!found) {
    if (name !== 'index.html') return end(response, 404, { 'cache-control': 'no-store' })
    return end(response, 503, { 'content-type': types['.html']!, 'cache-control': 'no-store' }, notBuilt)
  }
  const headers = { ...found.headers, ...caching(name), ...scope(name) }
  if (request.headers['if-none-match'] === headers.etag) return end(response, 304, headers)
  // An answer to HEAD has the same head: Node leaves out the body on its own.
  end(response, 200, headers, await contentOf(found))
}

/**
 * The file that a path asks for: itself where it looks like one, or else `index.html`, in which the app finds its own
 * way. Null: there can be no such file. A name is made of plain characters only and does not begin with a dot, so it
 * cannot lead out of the folder.
 */
function fileName(path: string): string | null {
  const last = path.slice(path.lastIndexOf('/') + 1)
  if (!last.includes('.')) return 'index.html'
  return /^(\/\w[\w.-]*)+$/.test(path) && types[extname(path)] ? path.slice(1) : null
}

type Encoding = 'br' | 'gzip'
const suffixes: Record<Encoding, string> = { br: '.br', gzip: '.gz' }

/** What the browser takes, the smaller first. */
function acceptedEncodings({ headers }: IncomingMessage): Encoding[] {
  const accepted = String(headers['accept-encoding'] ?? '')
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => !/;\s*q=0(\.0*)?$/.test(each))
    .map((each) => each.split(';', 1)[0])
  return (['br', 'gzip'] as const).filter((encoding) => accepted.includes(encoding))
}

type Found = { path: string; bytes: number; headers: Record<string, string> & { etag: string } }

/**
 * The file in the first of these encodings that there is, or as it is; null where there is none. It is looked for in the turn
 * that the request has: what thousands of looks find that go on at once is answered in one turn of the loop, 280 ms.
 */
function find(file: string, encodings: readonly Encoding[]): Found | null {
  const extension = extname(file)
  const isCompressed = compressed.has(extension)
  for (const encoding of isCompressed ? [...encodings, null] : [null]) {
    const path = encoding ? file + suffixes[encoding] : file
    const stats = look(path)
    if (!stats?.isFile()) continue
    return {
      path,
      bytes: stats.size,
      headers: {
        'content-type': types[extension]!,
        etag: `"${stats.size.toString(36)}-${Math.trunc(stats.mtimeMs).toString(36)}"`,
        ...(encoding && { 'content-encoding': encoding }),
        ...(isCompressed && { vary: 'accept-encoding' }),
      },
    }
  }
  return null
}

/** Null where there is nothing, or can be nothing: a file where a folder would have to be, a longer name than a file may have. */
function look(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOTDIR' || code === 'ENAMETOOLONG') return null
    throw error
  }
}

/** Both apps have 6 MB, in all encodings. */
const keptBytes = 16_000_000

/**
 * By file, what it held when it was last read. All answers share it: read for each, what 60 connections asked for and did
 * not read came to 500 MB.
 */
const contents = new LRUCache<string, { etag: string; content: Promise<Buffer> }>({ maxSize: keptBytes })

function contentOf({ path, bytes, headers: { etag } }: Found): Promise<Buffer> {
  const kept = contents.get(path)
  if (kept?.etag === etag) return kept.content
  const content = readFile(path)
  contents.set(path, { etag, content }, { size: 1 + bytes })
  content.catch(() => contents.delete(path))
  return content
}

/** Names of assets carry a hash of their content; everything else is asked for anew, and may be as it was. */
const caching = (name: string) => ({
  'cache-control': name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
})

/** So that the till opens offline at `/pos` too, and not at `/pos/` alone. */
const scope = (name: string): Record<string, string> =>
  name === 'sw.js' ? { 'service-worker-allowed': '/pos' } : {}

function end(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body?: string | Buffer,
) {
  const length = status === 304 ? {} : { 'content-length': String(Buffer.byteLength(body ?? '')) }
  const policy = { 'content-security-policy': contentSecurityPolicy(response.req) }
  response.writeHead(status, { ...safeHeaders, ...policy, ...headers, ...length })
  response.end(body)
}
