/**
 * What a member's requests may be beside their length: forms, values that GraphQL looks at one by one, and how many of
 * one caller are in hand at once.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RequestTurns, requestBounds } from '../../src/graphql/request-turns.ts'
import { workedMs } from '../../src/sync/yielding.ts'
import { post, request } from '../support/answers.ts'
import { type Client, type Gateway, operation, startGateway } from '../support/gateway.ts'

describe('a request', () => {
  let gateway: Gateway
  let barista: Client

  beforeAll(async () => {
    gateway = await startGateway()
    barista = await gateway.as('barista-1')
  })
  afterAll(() => gateway?.close())

  const tooLarge = { status: 413, json: { errors: [{ extensions: { code: 'BATCH_TOO_LARGE' } }] } }

  it.each(['application/x-www-form-urlencoded', 'application/graphql'])(
    'of the type %s has 64 KiB at most',
    async (contentType) => {
      const headers = { 'content-type': contentType }
      const start = contentType.endsWith('graphql') ? '{ __typename }#' : 'query={__typename}&a='
      const of = (length: number) =>
        request(barista, { method: 'POST', headers, body: start.padEnd(length, 'x') })
      expect(await of(65_536)).toMatchObject({ status: 200, json: { data: { __typename: 'Query' } } })
      expect(await of(65_537)).toMatchObject(tooLarge)
    },
  )

  it('has 30,000 values beside payloads at most, wherever they stand and whatever they are called', async () => {
    const query = 'query ($payload: [ModuleScope!]!) { __typename }'
    const of = (n: number) => post(barista, { query, variables: { payload: Array(n).fill('MENU') } })
    expect((await of(31_000)).json).toMatchObject(tooLarge.json)
    expect((await of(20_000)).json.errors?.[0].extensions.code).not.toBe('BATCH_TOO_LARGE')
    const operations = Array.from({ length: 100 }, () => ({
      ...operation('nothing.ofThisName', {}),
      dependsOn: Array(400).fill('5b7b6ad6-0f0e-4a53-9d62-0e5fd4f1a001'),
    }))
    const input = { tenantId: 'demo', deviceId: barista.deviceId, operations }
    expect(await post(barista, { query: barista.pushMutation, variables: { input } })).toMatchObject(tooLarge)
  })

  it('of payloads has more: a batch of many small values is decided', async () => {
    const payload = { x: Array(9_000).fill(1) }
    const results = await barista.push(
      Array.from({ length: 10 }, () => operation('nothing.ofThisName', payload)),
    )
    expect(new Set(results.map(({ code }) => code))).toEqual(new Set(['OPERATION_UNKNOWN']))
  })
})

describe('turns of requests', () => {
  const { inHand, atMost } = requestBounds
  const sent = (turns: RequestTurns, caller: string) => {
    const { promise: over, resolve: answered } = Promise.withResolvers<void>()
    let begun: boolean | undefined
    void turns.begin(caller, over).then((may) => {
      begun = may
    })
    return { answered, begun: () => begun }
  }
  it('are so many of a caller at once, in the order sent; others do not wait for them', async () => {
    const turns = new RequestTurns()
    const crowd = Array.from({ length: inHand + 2 }, () => sent(turns, 'crowd'))
    const other = sent(turns, 'other')
    const begun = () => crowd.map((each) => each.begun() ?? false)
    const first = (n: number) => crowd.map((_, i) => i < n)
    await expect.poll(begun).toEqual(first(inHand))
    expect(other.begun()).toBe(true)
    crowd[0]!.answered()
    await expect.poll(begun).toEqual(first(inHand + 1))
  })

  it('are refused at once where too many of a caller wait, until some are answered', async () => {
    const turns = new RequestTurns()
    const crowd = Array.from({ length: atMost }, () => sent(turns, 'crowd'))
    const more = sent(turns, 'crowd')
    await expect.poll(more.begun).toBe(false)
    for (const { answered } of crowd) answered()
    await expect.poll(() => crowd.at(-1)!.begun(), { timeout: 10_000 }).toBe(true)
    await expect.poll(sent(turns, 'crowd').begun).toBe(true)
  })

  it('take in a few bodies of a caller at once; those that come slowly keep no other', async () => {
    const turns = new RequestTurns()
    let [taking, most] = [0, 0]
    const quick = () =>
      turns.receive('crowd', async () => {
        taking += 1
        most = Math.max(most, taking)
        await new Promise((resolve) => setImmediate(resolve))
        taking -= 1
      })
    await Promise.all(Array.from({ length: 5 * inHand }, quick))
    expect(most).toBe(inHand)
    const { promise: come, resolve: comes } = Promise.withResolvers<void>()
    const slow = Array.from({ length: inHand }, () => turns.receive('slow', () => come))
    expect(await turns.receive('slow', async () => 'next')).toBe('next')
    comes()
    await Promise.all(slow)
  })

  it('begin one in a turn of the loop, the callers by turns', async () => {
    const turns = new RequestTurns()
    const begun: string[] = []
    let loops = 0
    const beganIn: number[] = []
    const all = ['crowd', 'crowd', 'crowd', 'other'].map((caller) =>
      turns.begin(caller, Promise.resolve()).then(() => {
        begun.push(caller)
        beganIn.push(loops)
      }),
    )
    const count = () => {
      loops += 1
      if (begun.length < 4) setImmediate(count)
    }
    setImmediate(count)
    await Promise.all(all)
    expect(begun).toEqual(['crowd', 'other', 'crowd', 'crowd'])
    expect(new Set(beganIn).size).toBeGreaterThan(2)
  })

  it('rest for as long as a request has held up everybody, twice; others do not', async () => {
    const turns = new RequestTurns()
    const never = new Promise<void>(() => {})
    let heldUntil = 0
    const heldMs = 60
    await turns.begin('heavy', never)
    // By the processor's time, which is what rests go by.
    for (const before = workedMs(); workedMs() - before < heldMs; ) heldUntil = performance.now()
    await turns.begin('light', never)
    const lightMs = performance.now() - heldUntil
    await turns.begin('heavy', never)
    const heavyMs = performance.now() - heldUntil
    expect(heavyMs).toBeGreaterThan(2 * heldMs - 10)
    expect(lightMs).toBeLessThan(heavyMs)
  })

  it('of all who have no token begin one after the other, and rest the longer; a token waits for none of them', async () => {
    const turns = new RequestTurns()
    const never = new Promise<void>(() => {})
    const nobody = { of: null, isNobody: true }
    await turns.begin('a till', never)
    const reading = Promise.withResolvers<void>()
    const first = turns.begin('one', never, () => reading.promise, nobody)
    let begun = false
    const second = turns.begin('two', never, undefined, nobody).then(() => {
      begun = true
    })
    await turns.begin('a till', never)
    expect(begun).toBe(false)
    reading.resolve()
    await Promise.all([first, second])
  })

  it('are never rested between where nobody else is about', async () => {
    const turns = new RequestTurns()
    const never = new Promise<void>(() => {})
    const heldMs = 500
    let heldUntil = 0
    await turns.begin('alone', never)
    for (const begun = performance.now(); performance.now() - begun < heldMs; ) heldUntil = performance.now()
    await turns.begin('alone', never)
    expect(performance.now() - heldUntil).toBeLessThan(2 * heldMs)
  })
})
