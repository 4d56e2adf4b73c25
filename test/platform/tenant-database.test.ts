/** Two tenants, each with a gateway and a PostgreSQL database of its own, behind one HAProxy that knows them by their names. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pathOf } from '../../scripts/test-tools.ts'
import { freePort } from '../../src/platform/embedded/free-port.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

const root = join(import.meta.dirname, '../..')
const names = ['brew.example.com', 'roast.example.com'] as const

let gateways: Gateway[] = []
let folder: string
let proxy: ChildProcess
let port: number
let otherPort: number

/** The shipped settings with the lines that docs/operations.md adds, at addresses of the test's. */
function settings(map: string): string {
  const shipped = readFileSync(join(root, 'deploy/haproxy.cfg'), 'utf8')
  const added = /```haproxy\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/operations.md'), 'utf8'))![1]!
  const [brew, roast] = gateways.map(({ url }) => new URL(url).host)
  return `${shipped}\n${added}`
    .replace(/bind :8080\b/, `bind 127.0.0.1:${otherPort}`)
    .replace(/bind :8081\b/, `bind 127.0.0.1:${port}`)
    .replace('/etc/haproxy/tenants.map', map)
    .replace(/server brew-1 \S+/, `server brew-1 ${brew}`)
    .replace(/( *server gateway-.*\n)+/, `  server gateway-1 ${roast}\n`)
}

beforeAll(async () => {
  gateways = await Promise.all(
    names.map((name) => startGateway({ env: { TRUST_PROXY: '1', ALLOWED_HOSTS: name } })),
  )
  folder = await mkdtemp(join(tmpdir(), 'modula-tenants-'))
  port = await freePort()
  otherPort = await freePort()
  const [map, file] = [join(folder, 'tenants.map'), join(folder, 'haproxy.cfg')]
  await writeFile(map, `${names[0]} brew\n`)
  await writeFile(file, settings(map))
  proxy = spawn(pathOf('haproxy')!, ['-db', '-f', file], { stdio: 'ignore' })
  process.once('exit', () => proxy.kill('SIGKILL'))
  for (const name of names)
    while ((await post(name, '{ __typename }').catch(() => ({ status: 0 }))).status !== 200) await wait(50)
})
afterAll(async () => {
  if (proxy?.kill('SIGKILL')) await once(proxy, 'exit')
  await Promise.all(gateways.map((gateway) => gateway.close()))
  if (folder) await rm(folder, { recursive: true })
})

type Answer = {
  status: number
  data: Record<string, { token: string } & Record<string, unknown>>
  code?: string
}
function post(host: string, query: string, token?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      host,
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    }
    const asked = request({ port, method: 'POST', path: '/graphql', headers }, async (response) => {
      let text = ''
      for await (const part of response) text += part
      const { data, errors } = text.startsWith('{') ? JSON.parse(text) : {}
      resolve({ status: response.statusCode ?? 0, data, code: errors?.[0]?.extensions?.code })
    })
    asked.once('error', reject)
    asked.end(JSON.stringify({ query }))
  })
}

it('each name is a database of its own: people, what is written, and tokens', async () => {
  const [brew, roast] = names
  const signedIn = async (host: string) =>
    (
      await post(
        host,
        'mutation { signIn(input: { tenantId: "demo", staffCode: "admin", pin: "1234", deviceId: "office" }) { token } }',
      )
    ).data.signIn!.token
  const [atBrew, atRoast] = [await signedIn(brew), await signedIn(roast)]
  const renamed = await post(
    brew,
    `mutation { tenantSave(tenantId: "demo", idempotencyKey: "0195b5c0-0000-7000-8000-000000000001", input: { name: "Brew" }) { status } }`,
    atBrew,
  )
  expect(renamed.data.tenantSave).toEqual({ status: 'APPLIED' })
  const nameAt = async (host: string, token: string) =>
    post(host, '{ tenant(tenantId: "demo") { name } }', token)
  expect((await nameAt(brew, atBrew)).data.tenant!.name).toBe('Brew')
  expect((await nameAt(roast, atRoast)).data.tenant!.name).not.toBe('Brew')
  expect((await nameAt(roast, atBrew)).code).toBe('UNAUTHENTICATED')
  // A name of nobody's is no way to anybody's.
  expect((await post('other.example.com', '{ __typename }')).status).toBe(421)
})
