/** The README's *First steps*, run as they stand, whatever was done before. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { firstSteps } from '../../src/demo/first-steps.ts'
import { openSession } from '../support/cafe.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway?.close())

const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
const [section = ''] = /## First steps[\s\S]*?(?=\n## )/.exec(readme) ?? []
const written = [...section.matchAll(/```graphql\n([\s\S]*?)\n```/g)].map(([, text]) => text!)
const step = (word: string) => written.find((text) => text.includes(word))!

async function data(client: Client, query: string) {
  const { data, errors } = await client.send(query)
  expect(errors ?? []).toEqual([])
  // biome-ignore lint/suspicious/noExplicitAny: each step has a shape of its own
  return data as any
}

it('GraphiQL has them ready, to the letter', () => {
  expect([...written].sort()).toEqual([...firstSteps].sort())
})

it('after the tour has opened riverside’s session: signed in, pulled, pushed, and again as a duplicate', async () => {
  const cashier = await gateway.as('cashier-1')
  await cashier.push([openSession()])
  for (const duplicate of [false, true]) {
    const anyone = gateway.withToken(null)
    const { token } = (await data(anyone, step('signIn'))).signIn
    const me = gateway.withToken(token, { deviceId: 'my-till' })
    expect((await data(me, step('branchSave'))).branchSave).toEqual({ status: 'APPLIED', duplicate })
    const pulled = (await data(me, step('syncPull'))).syncPull
    const before = step('syncPull').replace('deviceId', `cursor: "${pulled.nextCursor}", deviceId`)
    expect((await data(me, before)).syncPull.changes).toEqual([])
    const push = async () => (await data(me, step('syncPushBatch'))).syncPushBatch.results[0]
    expect(await push()).toMatchObject({ status: 'APPLIED', duplicate })
    expect(await push()).toMatchObject({ status: 'APPLIED', duplicate: true })
    const kinds = (await data(me, before)).syncPull.changes.map(
      (each: { entityKind: string }) => each.entityKind,
    )
    expect(kinds).toEqual(duplicate ? [] : ['cashSession'])
  }
})
