/**
 * A line between a client and a gateway, as bad as a test wants it: a TCP proxy with a rate and a delay each way, which
 * swallows bytes, stands still, resets, or lets no body through that is too long. What counts is the time of the wall, as
 * the client's patience does.
 *
 * Each way has one queue for all connections, as a mobile line has. What does not fit into it waits at the sender.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** When a packet may go next, in ms since the line was opened: `bytes` of it, asked in order. */
export type Clock = (at: number, bytes: number) => number

export type Way = { clock?: Clock; delayMs?: number }
export type Direction = 'up' | 'down'

export type Line = {
  /** Of GraphQL, through the line. */
  url: string
  /** Bytes that have entered each way. */
  bytes: Record<Direction, number>
  /**
   * From now on bytes of these ways vanish, while the connections stay. One that has lost some carries nothing that way
   * any more, though the line is whole again: what comes behind a gap is no use to TCP.
   */
  swallow(...ways: Direction[]): void
  /** Nothing moves, and nothing is lost. */
  pause(isPaused: boolean): void
  /** Breaks every connection. */
  reset(): void
  /** New connections go to this address. */
  aim(target: string): void
  /** Requests with a longer body get a 413. */
  limitBodies(bytes: number): void
  close(): Promise<void>
}

const packet = 1_500
/** Of the queue each way. */
const queueBytes = 32_000

/** So many bytes a second, always. */
export const constant = (bitsPerSecond: number): Clock => {
  let free = 0
  return (at, bytes) => {
    free = Math.max(at, free) + (8_000 * bytes) / bitsPerSecond
    return free
  }
}

/** A recorded line: the moments (ms) at which a packet of 1,500 bytes may go, over and over. */
export const recorded = (moments: readonly number[]): Clock => {
  const period = moments.at(-1)! + 1
  let next = 0
  let left = 0
  let last = 0
  const momentOf = (index: number) =>
    moments[index % moments.length]! + period * Math.floor(index / moments.length)
  return (at, bytes) => {
    // What could have gone while nobody sent is gone.
    if (momentOf(next) < at) {
      left = 0
      while (momentOf(next) < at) next += 1
    }
    for (; bytes > left; next += 1) {
      left += packet
      last = momentOf(next)
    }
    left -= bytes
    return Math.max(at, last)
  }
}

/** A line that changes every few seconds, seeded: now fast, now slow, now nothing for a while. */
export function drawn(random: () => number, minutes = 10): number[] {
  const moments: number[] = []
  for (let at = 0; at < minutes * 60_000; ) {
    const lasts = 500 + 8_000 * random()
    const bitsPerSecond = random() < 0.15 ? 0 : 16_000 * 16 ** random()
    const step = (packet * 8_000) / bitsPerSecond
    for (let moment = at + step; moment < at + lasts; moment += step) moments.push(Math.round(moment))
    at += lasts
  }
  return moments
}

/** Opens a line to the address of a gateway. */
export async function openLine(target: string, ways: Partial<Record<Direction, Way>> = {}): Promise<Line> {
  let { hostname, port } = new URL(target)
  const begun = performance.now()
  const bytes = { up: 0, down: 0 }
  const sockets = new Set<Socket>()
  let swallowed: readonly Direction[] = []
  let bodyLimit = Infinity
  let release: (() => void) | null = null
  let paused: Promise<void> | null = null
  const now = () => performance.now() - begun
  const sleepUntil = (at: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, at - now())))

  function createWay(direction: Direction) {
    const { clock = (at: number) => at, delayMs = 0 } = ways[direction] ?? {}
    let queued = 0
    const held = new Set<Socket>()
    return {
      delayMs,
      /** Carries what `from` sends to `to`, in order. */
      carry(from: Socket, to: Socket): void {
        // Nobody there, or gone again before a round trip.
        if (from.destroyed) return void to.destroy()
        let last: Promise<unknown> = Promise.resolve()
        let hasGap = false
        function isLost(): boolean {
          hasGap ||= swallowed.includes(direction)
          return hasGap
        }
        function enter(data: Buffer): void {
          bytes[direction] += data.length
          if (isLost()) return
          queued += data.length
          if (queued > queueBytes) held.add(from.pause())
          const sent = clock(now(), data.length)
          last = last.then(async () => {
            await sleepUntil(sent)
            queued -= data.length
            if (queued <= queueBytes) {
              for (const each of held) each.resume()
              held.clear()
            }
            await sleepUntil(sent + delayMs)
            await paused
            if (!isLost() && to.writable) to.write(data)
          })
        }
        from.on('data', (data: Buffer) => {
          if (direction === 'up' && declaredLength(data) > bodyLimit) return refuse(from)
          for (let at = 0; at < data.length; at += packet) enter(data.subarray(at, at + packet))
        })
        from.once('close', () => {
          sockets.delete(from)
          void last.then(() => to.destroy())
        })
      },
    }
  }
  const up = createWay('up')
  const down = createWay('down')

  function refuse(near: Socket): void {
    bytes.down += tooLarge.length
    near.end(tooLarge)
  }

  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.setNoDelay()
    }
    // A connection is there after a round trip.
    setTimeout(() => {
      up.carry(near, far)
      down.carry(far, near)
    }, up.delayMs + down.delayMs)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(target)
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    bytes,
    swallow: (...directions) => {
      swallowed = directions
    },
    pause(isPaused) {
      release?.()
      paused = isPaused
        ? new Promise((resolve) => {
            release = resolve
          })
        : null
    },
    reset() {
      for (const socket of sockets) socket.resetAndDestroy()
    },
    aim(to) {
      const { hostname: host, port: number } = new URL(to)
      hostname = host
      port = number
    },
    limitBodies: (limit) => {
      bodyLimit = limit
    },
    async close() {
      release?.()
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const declaredLength = (data: Buffer): number =>
  Number(/^POST [\s\S]*?\r\ncontent-length: (\d+)/i.exec(data.toString('latin1', 0, 2_000))?.[1] ?? 0)

const page = '<h1>413 Request Entity Too Large</h1>'
const tooLarge = `HTTP/1.1 413 Content Too Large\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: ${page.length}\r\n\r\n${page}`
