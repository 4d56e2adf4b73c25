/** The two apps over HTTP: from a folder as the build leaves it. */
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { landingPage } from '../../src/landing.ts'
import { serveApps } from './serve-apps.ts'

const page = '<!doctype html><title>The till</title>'
const script = `console.log(${'1 + '.repeat(100)}1)`
let folder: string
let server: Server
let port: number

async function put(path: string, content: string | Buffer): Promise<void> {
  const file = join(folder, 'apps', path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, content)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modula-apps-'))
  await put('pos/index.html', page)
  await put('pos/sw.js', script)
  await put('pos/manifest.webmanifest', '{}')
  await put('pos/icon-192.png', Buffer.from([0x89, 0x50]))
  await put('pos/assets/index-a1.js', script)
  await put('pos/assets/index-a1.js.br', brotliCompressSync(script))
  await put('pos/assets/index-a1.js.gz', gzipSync(script))
  await put('pos/assets/style-b2.css', 'body {}')
  await put('pos/assets/font-c3.woff2', 'wOF2')
  await put('admin/index.html', page.replace('till', 'console'))
  await put('stamp.json', '{}')
  await put('pos/.hidden.js', script)
  await writeFile(join(folder, 'secret.js'), 'secret')
  const served = await serveApps(join(folder, 'apps'))
  server = served.server
  port = Number(new URL(served.url).port)
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true })
})

/** Without what fetch does on its own: it would tidy the path, follow, and decompress. */
async function ask(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const socket = connect(port, '127.0.0.1')
  const lines = Object.entries({ Host: 'gateway', Connection: 'close', ...headers })
  socket.write(`${method} ${path} HTTP/1.1\r\n${lines.map((line) => `${line.join(': ')}\r\n`).join('')}\r\n`)
  socket.setEncoding('latin1')
  const answer = await text(socket)
  const [head, ...rest] = answer.split('\r\n\r\n')
  const [statusLine, ...fields] = head!.split('\r\n')
  return {
    status: Number(statusLine!.split(' ')[1]),
    headers: Object.fromEntries(fields.map((field) => field.split(/: (.*)/) as [string, string])),
    body: Buffer.from(rest.join('\r\n\r\n'), 'latin1'),
  }
}

describe('files', () => {
  it.each([
    ['/pos/', 'text/html; charset=utf-8'],
    ['/admin/', 'text/html; charset=utf-8'],
    ['/pos/assets/index-a1.js', 'text/javascript; charset=utf-8'],
    ['/pos/assets/style-b2.css', 'text/css; charset=utf-8'],
    ['/pos/assets/font-c3.woff2', 'font/woff2'],
    ['/pos/icon-192.png', 'image/png'],
    ['/pos/manifest.webmanifest', 'application/manifest+json'],
    ['/pos/sw.js?v=1', 'text/javascript; charset=utf-8'],
  ])('%s is %s, from here alone', async (path, type) => {
    const { status, headers, body } = await ask(path)
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': type,
      'content-length': String(body.length),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
    })
    const policy = headers['content-security-policy']!.split('; ')
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'self'", "object-src 'none'", "frame-ancestors 'none'"]),
    )
    expect(policy).toContain("connect-src 'self' ws://gateway wss://gateway")
    expect(policy.join()).not.toMatch(/https?:|\*|unsafe-eval|script-src/)
  })

  it('are compressed as the browser takes them, and as they are otherwise', async () => {
    const path = '/pos/assets/index-a1.js'
    const brotli = await ask(path, { 'accept-encoding': 'gzip, deflate, br' })
    expect(brotli.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' })
    expect(brotliDecompressSync(brotli.body).toString()).toBe(script)
    expect((await ask(path, { 'accept-encoding': 'gzip' })).headers['content-encoding']).toBe('gzip')
    expect((await ask(path, { 'accept-encoding': 'br;q=0, gzip;q=0.5' })).headers['content-encoding']).toBe(
      'gzip',
    )
    const plain = await ask(path)
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(plain.headers.vary).toBe('accept-encoding')
    expect(plain.body.toString()).toBe(script)
    // Nothing was compressed beside this one.
    const style = await ask('/pos/assets/style-b2.css', { 'accept-encoding': 'br' })
    expect(style.headers['content-encoding']).toBeUndefined()
    expect(style.body.toString()).toBe('body {}')
  })

  it('with a hash in their name are kept for good, all others are asked for anew', async () => {
    for (const path of ['/pos/assets/index-a1.js', '/pos/assets/font-c3.woff2'])
      expect((await ask(path)).headers['cache-control']).toBe('public, max-age=31536000, immutable')
    for (const path of [
      '/pos/',
      '/pos/sales',
      '/pos/sw.js',
      '/pos/manifest.webmanifest',
      '/pos/icon-192.png',
    ])
      expect((await ask(path)).headers['cache-control'], path).toBe('no-cache')
  })

  it('that are as they were are not sent again, until they change', async () => {
    const { headers } = await ask('/admin/')
    const again = await ask('/admin/', { 'if-none-match': headers.etag! })
    expect(again.status).toBe(304)
    expect(again.body).toHaveLength(0)
    await put('admin/index.html', `${page} new`)
    const changed = await ask('/admin/', { 'if-none-match': headers.etag! })
    expect(changed.status).toBe(200)
    expect(changed.body.toString()).toBe(`${page} new`)
  })

  it('are held once, however many do not read what they asked for', async () => {
    await put('pos/assets/large-d4.js', Buffer.alloc(10_000_000))
    const held = () => process.memoryUsage().arrayBuffers
    const before = held()
    const asking = Array.from({ length: 20 }, () => {
      const socket = connect(port, '127.0.0.1').pause()
      socket.write('GET /pos/assets/large-d4.js HTTP/1.1\r\nHost: gateway\r\n\r\n')
      return socket
    })
    await Promise.all(asking.map((socket) => once(socket, 'readable')))
    expect(held() - before).toBeLessThan(50_000_000)
    for (const socket of asking) socket.destroy()
  })

  it('HEAD is the same without a body; nothing else but GET is taken', async () => {
    const got = await ask('/pos/')
    const head = await ask('/pos/', {}, 'HEAD')
    const { Date: _, ...fields } = head.headers
    expect(got.headers).toMatchObject(fields)
    expect(head.body).toHaveLength(0)
    const posted = await ask('/pos/', { 'content-length': '0' }, 'POST')
    expect(posted.status).toBe(405)
    expect(posted.headers.allow).toBe('GET, HEAD')
  })
})

describe('addresses', () => {
  it.each(['/pos', '/admin'])('%s leads to its folder, with its query', async (path) => {
    const { status, headers } = await ask(`${path}?a=1`)
    expect(status).toBe(308)
    expect(headers.location).toBe(`${path}/?a=1`)
  })

  it.each(['/pos/sales', '/pos/sales/4711', '/pos/a%20b', '/pos//evil', '/pos/assets/'])(
    '%s is for the app itself to understand',
    async (path) => {
      const { status, body } = await ask(path)
      expect(status).toBe(200)
      expect(body.toString()).toBe(page)
    },
  )

  it.each([
    '/pos/assets/gone-x9.js',
    '/pos/favicon.ico',
    '/pos/index.php',
    '/pos/assets/index-a1.js/x.js',
    `/pos/${'x'.repeat(300)}.js`,
  ])('%s is nowhere', async (path) => {
    const { status, headers, body } = await ask(path)
    expect(status).toBe(404)
    expect(headers['cache-control']).toBe('no-store')
    expect(body).toHaveLength(0)
  })

  it.each([
    '/pos/../secret.js',
    '/pos/../../secret.js',
    '/pos/assets/../../../secret.js',
    '/pos/%2e%2e/%2e%2e/secret.js',
    '/pos/..%2f..%2fsecret.js',
    '/pos/..\\..\\secret.js',
    '/pos//../../secret.js',
    '/pos/./../../secret.js',
    '/pos/../stamp.json',
    '/pos/.hidden.js',
    '/pos/%00.js',
    '/pos/secret.js%00.png',
  ])('%s does not lead out of the folder', async (path) => {
    const { status, body } = await ask(path)
    expect(status).toBe(404)
    expect(body).toHaveLength(0)
  })

  it.each(['/', '/position', '/administration', '/pos.html', '/graphql', '/healthz'])(
    '%s is somebody else’s',
    async (path) => expect((await ask(path)).status).toBe(418),
  )

  it('the service worker may be there for /pos, and is for nothing else', async () => {
    expect((await ask('/pos/sw.js')).headers['service-worker-allowed']).toBe('/pos')
    expect((await ask('/pos/')).headers['service-worker-allowed']).toBeUndefined()
  })

  it('the landing page leads to both', () => {
    const page = landingPage({ graphiql: true, metrics: false })
    expect(page).toContain('href="/pos"')
    expect(page).toContain('href="/admin"')
    expect(page).toContain('href="/graphql"')
    expect(page).not.toContain('href="/metrics"')
  })
})

it('apps that are not built say so, in words, and how they are', async () => {
  const { server: bare, url } = await serveApps(join(folder, 'nothing'))
  const response = await fetch(`${url}/pos/`)
  expect(response.status).toBe(503)
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(await response.text()).toContain('npm run build')
  bare.closeAllConnections()
  bare.close()
})
