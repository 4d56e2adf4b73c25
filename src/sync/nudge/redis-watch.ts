import { type Redis, ReplyError } from 'ioredis'

const CLOSED = new Error('the connection was closed')

/**
 * Tells when a set of Redis connections is usable and when it is not.
 *
 * `up` is called each time all of them are ready, `down` each time one is lost or cannot be made; ioredis
 * reconnects by itself. A connection may also die without a word (a NAT that forgot it, a machine that went
 * away), and a subscriber that only listens would never notice: so each is pinged every `probeMs`, and one that
 * has not answered by the next turn is dropped and made anew.
 *
 * Returns what ends the watch.
 */
export function watchRedis(options: {
  clients: Redis[]
  probeMs: number
  up: () => void
  down: (reason: unknown) => void
}): () => void {
  const unanswered = new Map<Redis, Question>()
  const stops = options.clients.map((client) => {
    let reason: unknown = CLOSED
    const onError = (error: unknown) => {
      reason = error
    }
    const onClose = () => {
      unanswered.delete(client)
      options.down(reason)
    }
    const onReady = () => {
      reason = CLOSED
      if (options.clients.every(isReady)) options.up()
    }
    client.on('error', onError).on('close', onClose).on('ready', onReady)
    return () => client.off('close', onClose).off('ready', onReady)
    // The error listener stays: without one, ioredis prints what closing the connection brings up.
  })

  const probe = setInterval(() => {
    for (const client of options.clients) {
      const question = unanswered.get(client)
      if (question) giveUp(client, question)
      else if (isReady(client)) ask(client, unanswered)
    }
  }, options.probeMs)
  probe.unref()

  return () => {
    clearInterval(probe)
    for (const stop of stops) stop()
  }
}

export const isReady = (client: Redis): boolean => client.status === 'ready'

type Question = { dropped: boolean }

/** Drops the connection, once: ioredis takes two seconds over it. */
function giveUp(client: Redis, question: Question): void {
  if (question.dropped) return
  question.dropped = true
  client.disconnect(true)
}

function ask(client: Redis, unanswered: Map<Redis, Question>): void {
  const question = { dropped: false }
  unanswered.set(client, question)
  const answered = () => {
    if (unanswered.get(client) === question) unanswered.delete(client)
  }
  // Redis saying no is an answer too; a command that timed out or was dropped is none.
  client.ping().then(answered, (error: unknown) => {
    if (error instanceof ReplyError) answered()
  })
}
