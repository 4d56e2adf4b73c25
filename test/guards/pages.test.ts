/** What pages may do and be done to: frames, scripts, other origins, other names, and who may look at the metrics. */
import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { loadConfig } from '../../src/config.ts'
import { wantsDemo } from '../../src/demo/seed.ts'
import { allowsHost, isLoopback } from '../../src/http/hosts.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let base: string
let metricsAddress: string

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

beforeAll(async () => {
  metricsAddress = `127.0.0.1:${await freePort()}`
  gateway = await startGateway({
    env: { METRICS_ADDRESS: metricsAddress, ALLOWED_HOSTS: 'sync.example.com' },
  })
  base = gateway.url.replace('/graphql', '')
})
afterAll(() => gateway?.close())

const html = { accept: 'text/html,application/xhtml+xml' }

/** An answer to a request under any Host, which fetch does not let one set. */
function ask(path: string, headers: Record<string, string> = {}, at = base) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
    (resolve, reject) => {
      const sent = httpRequest(`${at}${path}`, { headers }, (response) => {
        text(response).then(
          (body) => resolve({ status: response.statusCode!, headers: response.headers, body }),
          reject,
        )
      })
      sent.on('error', reject)
      sent.end()
    },
  )
}

describe('a page', () => {
  it.each(['/', '/graphql', '/pos/', '/admin/', '/healthz', '/readyz', '/nothing'])(
    '%s is framed by nobody, and is what it says',
    async (path) => {
      const { headers } = await ask(path, html)
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(headers['content-security-policy']).toMatch(/default-src '(none|self)'/)
      expect(headers['x-content-type-options']).toBe('nosniff')
    },
  )

  it('of GraphiQL runs its own scripts and no other, and keeps no headers', async () => {
    const { headers, body } = await ask('/graphql', html)
    const policy = Object.fromEntries(
      String(headers['content-security-policy'])
        .split('; ')
        .map((rule) => rule.split(/ (.*)/)),
    )
    // What it keeps is the tab's: its own script comes after.
    const scripts = /^[\s\S]*?<script>(.*?)<\/script>[\s\S]*?<script>([\s\S]*)<\/script>/.exec(body)!.slice(1)
    expect(scripts[0]).toMatch(/localStorage/)
    const hashes = scripts.map((script) => createHash('sha256').update(script).digest('base64'))
    expect(policy['script-src']).toBe(hashes.map((hash) => `'sha256-${hash}'`).join(' '))
    expect(policy['connect-src']).toBe("'self'")
    expect(Object.values(policy).join()).not.toMatch(/http|\*|unsafe-eval/)
    expect(body).toMatch(/"shouldPersistHeaders":false/)
    expect((await ask('/graphql', { ...html, 'accept-encoding': 'gzip' })).headers['content-encoding']).toBe(
      'gzip',
    )
  })
})

describe('GRAPHIQL', () => {
  it.each([
    [{}, true],
    [{ NODE_ENV: 'production' }, false],
    [{ NODE_ENV: 'production', GRAPHIQL: '1' }, true],
    [{ GRAPHIQL: '0' }, false],
  ])('with %j is %s', (env, graphiql) => {
    expect(loadConfig(env)).toMatchObject({ graphiql })
  })
})

describe('other origins', () => {
  const origin = { origin: 'https://elsewhere.example' }

  it('may ask, and never with credentials', async () => {
    const answer = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...origin },
      body: JSON.stringify({ query: '{ __typename }' }),
    })
    const preflight = await fetch(gateway.url, {
      method: 'OPTIONS',
      headers: { ...origin, 'access-control-request-method': 'POST' },
    })
    for (const { headers } of [answer, preflight]) {
      expect(headers.get('access-control-allow-origin')).toBe('*')
      expect(headers.get('access-control-allow-credentials')).toBeNull()
    }
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/authorization.*content-encoding/)
  })

  it('are told what was wrong', async () => {
    const refused = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...origin },
      body: 'x'.repeat(20_000),
    })
    expect(refused.status).toBe(401)
    expect(refused.headers.get('access-control-allow-origin')).toBe('*')
  })
})

describe('a Host', () => {
  const allows = (config: { host: string; allowedHosts?: string[] }, host: string | undefined) =>
    allowsHost({ allowedHosts: [], ...config })({ headers: { host } } as never)

  it.each([
    [
      '127.0.0.1',
      ['127.0.0.1:4000', 'localhost:4000', 'LOCALHOST', '[::1]:4000', '192.168.1.5', 'a.localhost'],
    ],
    ['0.0.0.0', ['192.168.1.5:4000', 'gateway:4000', 'till.local', 'sync.svc.cluster.local.', 'db.internal']],
    ['sync.example.com', ['sync.example.com', 'Sync.Example.com:443']],
  ])('on %s may be %j', (host, names) => {
    expect(names.filter((name) => !allows({ host }, name))).toEqual([])
  })

  it.each([
    [
      '127.0.0.1',
      ['evil.example', 'evil.local', 'gateway', '127.0.0.1.evil.example', '', 'localhost.evil.example'],
    ],
    ['0.0.0.0', ['evil.example:4000', 'x.local.evil.example', '']],
  ])('on %s may not be %j', (host, names) => {
    expect(names.filter((name) => allows({ host }, name))).toEqual([])
    expect(allows({ host }, undefined)).toBe(false)
  })

  it('that is named may be, and with * any', () => {
    expect(allows({ host: '127.0.0.1', allowedHosts: ['Sync.example'] }, 'sync.example:1')).toBe(true)
    expect(allows({ host: '127.0.0.1', allowedHosts: ['*'] }, 'evil.example')).toBe(true)
  })

  it('of another site is refused with the setting named, wherever something could be read or done', async () => {
    for (const path of ['/', '/graphql?query={__typename}', '/pos/', '/metrics']) {
      const { status, body } = await ask(path, { host: 'evil.example' })
      expect([path, status]).toEqual([path, 421])
      expect(body).toContain('ALLOWED_HOSTS')
    }
    expect((await ask('/readyz', { host: 'evil.example' })).status).toBe(200)
    expect((await ask('/', { host: 'sync.example.com' })).status).toBe(200)
  })

  it('is looked at for sockets too', async () => {
    const outcome = (host: string) =>
      new Promise((resolve) => {
        const socket = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws', {
          headers: { host },
        })
        socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode))
        socket.on('open', () => {
          resolve('open')
          socket.close()
        })
        socket.on('error', () => {})
      })
    expect(await outcome('evil.example')).toBe(421)
    expect(await outcome('sync.example.com')).toBe('open')
  })
})

it('METRICS_ADDRESS has the metrics, and nobody else', async () => {
  expect((await ask('/metrics')).status).toBe(404)
  expect((await ask('/')).body).not.toContain('/metrics')
  const metrics = await fetch(`http://${metricsAddress}/metrics`)
  expect(await metrics.text()).toContain('modula_operations_total')
  expect((await fetch(`http://${metricsAddress}/graphql`)).status).toBe(404)
  // A page of another site that points a name of its own there.
  const statusFor = async (host: string) =>
    (await ask('/metrics', { host }, `http://${metricsAddress}`)).status
  expect(await statusFor('evil.example')).toBe(421)
  for (const name of ['sync.example.com', 'localhost', '10.1.2.3']) expect(await statusFor(name)).toBe(200)
})

it('DEMO: where nothing is said, an embedded database is seeded for this machine alone', () => {
  const seeds = (env: NodeJS.ProcessEnv, isEmbedded = true) => wantsDemo(loadConfig(env), isEmbedded)
  expect(seeds({})).toBe(true)
  expect(seeds({}, false)).toBe(false)
  expect(seeds({ DEMO: '0' })).toBe(false)
  // On the loopback too, where a proxy brings others there.
  for (const env of [{ HOST: '0.0.0.0' }, { TRUST_PROXY: '1' }, { ALLOWED_HOSTS: 'sync.example.com' }])
    expect([seeds(env), seeds({ ...env, DEMO: '1' })]).toEqual([false, true])
})

it.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['192.168.1.5', false],
  ['::', false],
  ['127.example.com', false],
])('%s is of this machine alone: %s', (host, is) => {
  expect(isLoopback(host)).toBe(is)
})
