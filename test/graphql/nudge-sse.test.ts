import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let admin: Client

beforeEach(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin')
})
afterEach(() => gateway.close())

const changePolicy = () => admin.direct('policyUpdate', { vatRatePercent: 10 })

/** Subscribes as GraphiQL does; `until` reads on to a text, or to the end of the stream. */
async function listen({ token }: Client) {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({
      query: 'subscription { syncNudge(tenantId: "demo", branchId: "riverside") { modules headSeq } }',
    }),
  })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return async (until?: string) => {
    while (until === undefined || !text.includes(until)) {
      const { value, done } = await reader.read()
      if (done) return text
      text += value
    }
    return text
  }
}

describe('nudges over HTTP, for GraphiQL', () => {
  it('tells of a change', async () => {
    const read = await listen(await gateway.as('cashier-1'))
    await read(':')
    await changePolicy()
    expect(await read('POLICY')).toContain('"modules":["POLICY"]')
  })

  it('says FORBIDDEN and ends at the first nudge after access was lost', async () => {
    const read = await listen(await gateway.as('cashier-1'))
    await read(':')
    await admin.direct('staffSave', { accountId: 'demo-cashier-1', status: 'REVOKED' }, { branchId: null })
    await changePolicy()
    const text = await read()
    expect(text).toContain('MEMBERSHIP_NOT_ACTIVE')
    expect(text).not.toContain('headSeq')
  })

  it('ends when the gateway stops', async () => {
    const read = await listen(await gateway.as('cashier-1'))
    await read(':')
    const [text] = await Promise.all([read(), gateway.app.close()])
    expect(text).not.toContain('error')
    gateway = await startGateway()
  })
})
