/**
 * The ear for nudges: the leader listens to its branch, anew whenever branch, scopes or the right to listen are others.
 * A nudge only says "pull now"; losing all of them costs delay.
 */
import type { Pulse } from '../pulse.ts'
import type { LocalState } from '../state/local-state.ts'
import type { StreamId } from '../store/layout.ts'
import type { Transport } from '../transport/transport.ts'
import type { ModuleScope } from '../words.ts'
import type { Runs } from './runs.ts'

/** The gateway confirms no subscription: what is nudged before it has taken it in is lost. */
const settleMs = 1000

export function createListening(of: {
  transport: Pick<Transport, 'listen'>
  state: LocalState
  runs: Pick<Runs, 'start'>
  pulse: Pulse
}) {
  let listenedTo = ''
  let stop: (() => void) | null = null
  let isOpen = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const pull = () => of.runs.start({ afresh: true })

  function pullIn(ms: number): void {
    timer ??= setTimeout(() => {
      timer = undefined
      pull()
    }, ms)
  }

  function show(open: boolean): void {
    if (isOpen === open) return
    isOpen = open
    of.pulse.beat()
  }

  function end(): void {
    listenedTo = ''
    show(false)
    stop?.()
    stop = null
  }

  return {
    /** Listens to this branch and these scopes from now on; null: to nothing. Goes on as it is where it does already. */
    to(stream: StreamId | null, moduleScopes: readonly ModuleScope[]): void {
      const wanted = stream ? JSON.stringify([stream.tenantId, stream.branchId, moduleScopes]) : ''
      if (wanted === listenedTo) return
      end()
      if (!stream) return
      listenedTo = wanted
      stop = of.transport.listen(
        { ...stream, moduleScopes },
        {
          open() {
            show(true)
            // What was nudged while nobody listened is lost.
            pull()
            pullIn(settleMs)
          },
          closed() {
            show(false)
          },
          // A token that has run out, a person who was moved, a device that was shut out: a pull is told which.
          refused: pull,
          nudge({ headSeq, pullAfterMs }) {
            if (headSeq > of.state.stream.pulledSeq) pullIn(pullAfterMs)
          },
        },
      )
    },
    isOpen: () => isOpen,
    /** The network is back: a socket that waits for its next try, or was tried before, is tried at once. */
    reconnect(): void {
      if (isOpen) return
      end()
      of.pulse.beat()
    },
    close(): void {
      clearTimeout(timer)
      end()
    },
  }
}
