/** What the screens have in their hands: the gateway, what is known, the news, and who one is. */
import { createContext, useContext, useSyncExternalStore } from 'react'
import { may, type Permission } from '../../contract.ts'
import type { Gateway } from '../gateway.ts'
import type { StartQuery } from '../generated/graphql.ts'
import type { Liveness } from '../lib/connection.ts'
import type { Live } from './live.ts'
import type { Readings } from './readings.ts'

export type Backend = { readonly gateway: Gateway; readonly readings: Readings; readonly live: Live }
export type Branch = StartQuery['tenant']['branches']['edges'][number]['node']
type Me = StartQuery['me']
export type Console = {
  readonly me: Me
  readonly tenantName: string
  /** That the PIN of a manager or an administrator has at least. */
  readonly managerPinDigits: number
  /** Of what is no branch's own. */
  readonly timeZone: string
  /** Those that one is assigned to. */
  readonly branches: readonly Branch[]
  /** By account id. */
  readonly people: ReadonlyMap<string, string>
  /** What people call devices, by their ids; most have no name. */
  readonly devices: ReadonlyMap<string, string>
}

const BackendContext = createContext<Backend | null>(null)
const ConsoleContext = createContext<Console | null>(null)
export const ProvideBackend = BackendContext.Provider
export const ProvideConsole = ConsoleContext.Provider

export const useBackend = (): Backend => useContext(BackendContext)!
export const useConsole = (): Console => useContext(ConsoleContext)!

export const useLiveness = (): Liveness => {
  const { live } = useBackend()
  return useSyncExternalStore(live.subscribe, live.liveness)
}

/** Whether one's role may; what it may not is shown, and said why. */
export const useMay = (permission: Permission): boolean => may(useConsole().me.role, permission)
