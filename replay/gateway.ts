/**
 * A client of a running gateway: GraphQL over HTTP, signed in by staff code and PIN.
 */
import { NotNow, type Persistence, persist } from './persistence.ts'
import { ReplayError } from './replay-error.ts'

export type Credentials = { tenantId: string; staffCode: string; pin: string; deviceId: string }

export type Gateway = {
  /** The same gateway for another device: it signs in there by itself, as tokens are for one device. */
  on: (deviceId: string) => Gateway
  /** Signs in with a single try, which tells whether there is a gateway at all: NotNow where none answers. */
  signIn: () => Promise<void>
  /**
   * What `read` makes of the data of an answer without errors; it may throw NotNow as well. Tried as often as the
   * persistence says, signing in again where the token has run out. Throws a ReplayError where that does not help.
   */
  request: <Data, T>(query: string, variables: object, read: (data: Data) => T) => Promise<T>
}

type GraphqlError = { message: string; extensions?: { code?: string; retryAfterMs?: number } }
type Answer<Data> = { data?: Data | null; errors?: GraphqlError[] }

/** Codes of a whole request that say nothing about what was asked. INTERNAL: a database that goes away can end so. */
const temporary = ['RATE_LIMITED', 'SERVICE_UNAVAILABLE', 'INTERNAL']

/** Longer than the gateway itself lets a request take. */
const answerWithinMs = 60_000

export function createGateway(url: string, credentials: Credentials, persistence: Persistence): Gateway {
  let token: string | null = null

  async function post<Data>(query: string, variables: object): Promise<Data> {
    const { data, errors } = await answerOf<Data>(query, variables)
    if (errors?.[0]) throw failureOf(errors[0])
    if (!data) throw new NotNow(`${url} sends answers without data`)
    return data
  }

  async function answerOf<Data>(query: string, variables: object): Promise<Answer<Data>> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(answerWithinMs),
      })
      return (await response.json()) as Answer<Data>
    } catch (error) {
      throw new NotNow(`${url} does not answer (${reasonOf(error)})`)
    }
  }

  function failureOf({ message, extensions }: GraphqlError): Error {
    const code = extensions?.code ?? 'INTERNAL'
    if (temporary.includes(code)) return new NotNow(`${message} (${code})`, extensions?.retryAfterMs)
    if (code === 'UNAUTHENTICATED' && token !== null) {
      token = null
      return new NotNow(`${message} (${code})`)
    }
    return new ReplayError(`the gateway refused: ${message} (${code})`)
  }

  async function signIn(): Promise<void> {
    const answer = await post<{ signIn: { token: string } }>(
      'mutation ($input: SignInInput!) { signIn(input: $input) { token } }',
      { input: credentials },
    )
    token = answer.signIn.token
  }

  return {
    on: (deviceId) => createGateway(url, { ...credentials, deviceId }, persistence),
    signIn,
    request: <Data, T>(query: string, variables: object, read: (data: Data) => T) =>
      persist(persistence, async () => {
        if (token === null) await signIn()
        return read(await post<Data>(query, variables))
      }),
  }
}

/** What is behind fetch's "fetch failed". */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } }
  return cause?.code || cause?.message || message
}
