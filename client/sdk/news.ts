/** What one part of a client has to say to others that it does not know; `compose.ts` says who hears it. */
import type { LinkEvent } from './link/connectivity.ts'
import type { StateNotice } from './state/local-state.ts'
import type { StoreError } from './store/store.ts'
import type { Verdict } from './words.ts'

type News = {
  /** What a request has shown of the line. */
  line: LinkEvent
  /** An answer has said the server's time, after so long a request. */
  serverTime: { serverTime: string; tookMs: number }
  /** It is there again, or somebody looks again: what waited for it is tried at once. */
  lineIsBack: undefined
  /** The gateway has shut this device out of the business of this tenant. */
  shutOut: string
  /** This tab has changed what is kept of people. */
  people: undefined
  /** This tab has written to the store. */
  stored: StateNotice
  /** What another tab wrote and did not tell has been found. */
  lookedAgain: undefined
  /** The server has spoken on an operation: APPLIED or REJECTED, stored. */
  decided: Verdict
  /** The store was lost, and cannot be had again: nothing can be kept here any more. */
  lost: StoreError
}

export interface NewsDesk {
  /** Returns how to stop. */
  on<Name extends keyof News>(name: Name, listener: (of: News[Name]) => void): () => void
  tell<Name extends keyof News>(name: Name, of: News[Name]): void
}

export function createNewsDesk(): NewsDesk {
  const listeners = new Map<keyof News, Set<(of: never) => void>>()
  return {
    on(name, listener) {
      const those = listeners.get(name) ?? new Set()
      listeners.set(name, those.add(listener))
      return () => those.delete(listener)
    },
    tell(name, of) {
      for (const listener of [...(listeners.get(name) ?? [])]) listener(of as never)
    },
  }
}
