/**
 * What a gateway answers to whatever it is sent: as it comes over HTTP, and searched for what must not be in it.
 */
import { expect } from 'vitest'
import type { Client, GraphqlError } from './gateway.ts'

/** Traces of what is inside: the database and its driver, SQL, stacks, files. */
const internals =
  /prisma|postgres|\bpg_|\bsql|sqlstate|\bselect\b.+\bfrom\b|insert into|violates|constraint|relation "|column "|node_modules|\.(ts|js|mjs|cjs)\b|\bat .+\(.+:\d+:\d+\)|call stack|\[object |TypeError|RangeError|SyntaxError|ECONN/i

/** Tokens, keys and cursors as JSON: letters by chance, which now and then spell `-PG_`. No message is one long word. */
const randomWords = /"[\w.-]{43,}"/g

/** Fails if a text that clients get tells of the gateway's inside. */
export const expectNoInternals = (text: string): void =>
  expect(text.replaceAll(randomWords, '""')).not.toMatch(internals)

export type Answer = {
  status: number
  contentType: string
  text: string
  /** The body, where it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: bodies differ, and are looked at by what is expected of them
  json: any
}

/** Sends a request to the GraphQL endpoint as it is. */
export async function request(client: Client, init: RequestInit, search = ''): Promise<Answer> {
  const { token, url } = client
  const response = await fetch(`${url}${search}`, {
    ...init,
    headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...init.headers },
  })
  const text = await response.text()
  const contentType = response.headers.get('content-type') ?? ''
  return {
    status: response.status,
    contentType,
    text,
    json: text && /json/.test(contentType) ? JSON.parse(text) : null,
  }
}

/** Posts a body as JSON: a text as it is, anything else printed. */
export const post = (client: Client, body: unknown): Promise<Answer> =>
  request(client, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

/** The one code that all errors of a refused request have. */
export function codeOf({ json }: Answer): string {
  const codes = new Set((json.errors as GraphqlError[]).map(({ extensions }) => extensions.code))
  return [...codes].join(' ')
}

/** A refusal of the whole request that is the client's fault, told without a word about the inside. */
export function expectRefused(answer: Answer, code = 'BAD_USER_INPUT'): void {
  expect(answer.status).toBeLessThan(500)
  expect(codeOf(answer)).toBe(code)
  for (const { message } of answer.json.errors as GraphqlError[]) expect(message).toMatch(/\w/)
  expectNoInternals(answer.text)
}
