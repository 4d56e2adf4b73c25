/** INTROSPECTION and GRAPHIQL, on and off. */
import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { listen } from '../support/listen.ts'

let open: Gateway
let closed: Gateway

beforeAll(async () => {
  open = await startGateway()
  closed = await startGateway({ env: { INTROSPECTION: '0', GRAPHIQL: '0' } })
})
afterAll(() => Promise.all([open?.close(), closed?.close()]))

const questions = [
  getIntrospectionQuery(),
  '{ __schema { queryType { name } } }',
  '{ __type(name: "Query") { name } }',
]

describe.each(questions)('INTROSPECTION: %.40s', (question) => {
  it('is answered over HTTP and on sockets, unless it is 0', async () => {
    for (const [gateway, codes] of [
      [open, undefined],
      [closed, expect.arrayContaining(['BAD_USER_INPUT'])],
    ] as const) {
      const admin = await gateway.as('admin')
      const overHttp = await gateway.withToken(null).send(question)
      const onSocket = listen(admin, question)
      for (const { errors } of [overHttp, await onSocket.first])
        expect(errors?.map(({ extensions }) => extensions.code)).toEqual(codes)
      onSocket.stop()
    }
  })
})

it('INTROSPECTION=0 leaves everything else as it is', async () => {
  const { data } = await closed.withToken(null).send('{ __typename operationTypes { __typename type } }')
  expect(data).toMatchObject({ __typename: 'Query' })
})

describe('GRAPHIQL', () => {
  const browse = ({ url }: Gateway) => fetch(url, { headers: { accept: 'text/html,application/xhtml+xml' } })

  it('1 gives a browser the page', async () => {
    const response = await browse(open)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    const page = await response.text()
    expect(page).toContain('modula-sync')
    // A café's network need not reach any other host for it.
    expect([...page.matchAll(/(?:src|href)="https?:\/\/([^/"]+)/g)].map(([, host]) => host)).toEqual([])
  })

  it('0 does not', async () => {
    const response = await browse(closed)
    expect(response.headers.get('content-type') ?? '').not.toMatch(/html/)
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.status).toBeLessThan(500)
  })
})
