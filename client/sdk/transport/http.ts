/** The transport over HTTP (`requests.ts`), and over a WebSocket (`nudges.ts`). */
import type { Verdict } from '../words.ts'
import { addressOf, socketAddressOf } from './address.ts'
import { type DirectArguments, directMutation, type Mutation } from './direct.ts'
import {
  actorKeyDocument,
  probeDocument,
  pullDocument,
  pushDocument,
  reportDocument,
  signInDocument,
  type ToldReset,
} from './documents.ts'
import { brokenAnswer } from './faults.ts'
import { listenForNudges, type Nudges } from './nudges.ts'
import { Requests } from './requests.ts'
import { createSilences } from './silence.ts'
import type { PullPage, TokenSource, Transport } from './transport.ts'

export type TransportOptions = {
  /** Of GraphQL over HTTP. In a browser it may be relative. */
  url: string
  /** Of the socket; left out: `url` with ws: or wss:. */
  subscriptionUrl?: string
  /** Of whoever is signed in. */
  token: TokenSource
  /** The same for the socket, where that is another. */
  socketToken?: TokenSource
  /** This device, where a token does not say which it is for (an identity provider's). */
  deviceId?: string
  fetch: typeof fetch
  /** Undefined where the platform has none: nudges do not come then. */
  WebSocket: typeof WebSocket | undefined
  /** How long nothing may come for a request, once it is sent; 20,000 by default. */
  timeoutMs?: number
  /** How long nothing may come for a push or a pull before the gateway is probed; 6,000 by default. */
  suspectMs?: number
  /** Something is silent for long: `probe` tells whether to go on waiting. */
  onSilence?: () => void
  /** How often a socket must prove that it is alive; 15,000 by default. */
  pingEveryMs?: number
  /** From 0 up to 1. */
  random: () => number
  /** How a type of operation is a mutation; left out: about a branch, and with an input. */
  mutationOf?: (type: string) => Mutation
}

/** Throws a TypeError where an address is none. */
export function createTransport(options: TransportOptions): Transport {
  const { timeoutMs = 20_000, suspectMs = 6_000, pingEveryMs = 15_000 } = options
  const url = needed(options.url)
  const socketUrl = needed(options.subscriptionUrl ?? options.url)
  const listenings = new Set<Nudges>()
  const silences = createSilences(() => options.onSilence?.())
  const requests = new Requests({
    url,
    token: options.token,
    fetch: options.fetch,
    silences,
    timeoutMs,
    suspectMs,
    deviceId: options.deviceId,
  })
  let isClosed = false

  return {
    async push(input) {
      const answer = await push(requests, input)
      // The line is in use anyway, and a nudge of this has to come.
      ping(listenings)
      return answer
    },
    pull: (input) => pull(requests, input),

    direct(type, args, token) {
      const mutation = options.mutationOf?.(type) ?? { type, of: 'branch', hasInput: true }
      return direct(requests, mutation, args, token)
    },

    read: (document, variables, { token } = {}) => requests.ask(document, variables, { token }),

    async signIn(input) {
      const { signIn: answer } = await requests.ask(signInDocument, { input }, { token: null })
      if (typeof answer?.token !== 'string') throw brokenAnswer()
      return answer
    },

    async actorKey(input) {
      const { actorKey: answer } = await requests.ask(actorKeyDocument, input)
      if (typeof answer !== 'string') throw brokenAnswer()
      return answer
    },

    async report(input) {
      const { deviceReport: answer } = await requests.ask(reportDocument, { input })
      return answer ?? Promise.reject(brokenAnswer())
    },

    async probe({ withinMs } = {}) {
      const askedAt = performance.now()
      const limitMs = withinMs ?? timeoutMs
      await requests.ask(probeDocument, {}, { token: null, limitMs })
      silences.answered(askedAt)
      // Whatever made somebody doubt the line may have cost a socket a nudge.
      ping(listenings)
    },

    listen(of, on) {
      if (isClosed) return () => {}
      const { socketToken: token = options.token, WebSocket, random } = options
      const url = socketAddressOf(socketUrl)
      const { deviceId } = options
      const nudges = { url, token, deviceId, WebSocket, random, silences, timeoutMs, pingEveryMs }
      const listening = listenForNudges(nudges, of, on)
      listenings.add(listening)
      return () => {
        listenings.delete(listening)
        listening.end()
      }
    },

    close() {
      isClosed = true
      requests.close()
      for (const { end } of listenings) end()
      listenings.clear()
    },
  }
}

/** A socket that has lost a nudge says nothing for good: what comes behind the gap never comes. */
function ping(listenings: ReadonlySet<ReturnType<typeof listenForNudges>>): void {
  for (const listening of listenings) listening.check()
}

type PushInput = Parameters<Transport['push']>[0]
type PullInput = Parameters<Transport['pull']>[0]

async function push(requests: Requests, input: PushInput): ReturnType<Transport['push']> {
  const { syncPushBatch: answer } = await requests.repeated(pushDocument, { input })
  const { results } = answer ?? {}
  if (!Array.isArray(results) || results.length !== input.operations.length) throw brokenAnswer()
  input.operations.forEach(({ clientOpId }, index) => {
    if (!isVerdictOn(clientOpId, results[index])) throw brokenAnswer()
  })
  return answer
}

async function direct(
  requests: Requests,
  mutation: Mutation,
  args: DirectArguments,
  token: TokenSource | undefined,
): ReturnType<Transport['direct']> {
  const { document, variables } = directMutation(mutation, args)
  const { verdict } = await requests.ask<{ verdict: Verdict }, object>(document, variables, { token })
  if (!isVerdictOn(args.idempotencyKey, verdict)) throw brokenAnswer()
  return verdict
}

async function pull(requests: Requests, input: PullInput): ReturnType<Transport['pull']> {
  const { syncPull: answer } = await requests.repeated(pullDocument, { input })
  if (isReset(answer)) {
    const { reason, message, newEpoch } = answer
    return { reset: reason, message, newEpoch }
  }
  if (!isPage(answer)) throw brokenAnswer()
  return answer
}

function needed(given: string): string {
  const address = addressOf(given)
  if (!address) throw new TypeError(`${given} is no address`)
  return address
}

const statuses = ['APPLIED', 'REJECTED', 'DEFERRED']
const isVerdictOn = (clientOpId: string, verdict: Verdict | undefined): boolean =>
  verdict?.clientOpId?.toLowerCase() === clientOpId.toLowerCase() && statuses.includes(verdict.status)

const isReset = (pulled: PullPage | ToldReset | undefined): pulled is ToldReset =>
  pulled !== undefined && 'reason' in pulled && typeof pulled.reason === 'string'

const isPage = (pulled: PullPage | undefined): boolean =>
  Array.isArray(pulled?.changes) &&
  typeof pulled.nextCursor === 'string' &&
  typeof pulled.epoch === 'string' &&
  typeof pulled.hasMore === 'boolean' &&
  Number.isSafeInteger(pulled.headSeq) &&
  Array.isArray(pulled.added) &&
  Array.isArray(pulled.personal)
