/**
 * The one place where what an integrator sets is looked at, before anything begins: a wrong value is a TypeError that
 * names it, and nothing that is let through makes a client that never syncs, or one that floods its gateway.
 */

import type { AnyClientOptions } from './api.ts'
import type { Modules } from './modules/modules.ts'
import { contextFields, isId } from './store/layout.ts'
import { addressOf } from './transport/address.ts'
import type { Context } from './words.ts'

/** Of a gateway. */
const maxPageSize = 2000
const minPullEveryMs = 100
/** Twenty days: with the fifth by which it is moved, it is still within what a timer can wait (2^31 ms). */
const maxPullEveryMs = 20 * 86_400_000

/** What is left out is as the SDK has it. */
export type CheckedOptions = AnyClientOptions & { pageSize: number; pullEveryMs: number }

/** Throws a TypeError. */
export function checkOptions(options: AnyClientOptions, modules: Modules): CheckedOptions {
  const {
    pageSize = 1000,
    pullEveryMs = 60_000,
    context,
    deviceId,
    moduleScopes: scopes,
    appVersion,
  } = options
  const { url, subscriptionUrl, upcasts, getToken } = options
  check('url', url, isAddress(url), 'an address')
  check(
    'subscriptionUrl',
    subscriptionUrl,
    subscriptionUrl === undefined || isAddress(subscriptionUrl),
    'an address',
  )
  check('store', options.store, typeof options.store?.transact === 'function', 'a store')
  check('deviceId', deviceId, deviceId === undefined || isId(deviceId), anId)
  check('getToken', getToken, getToken === undefined || typeof getToken === 'function', 'a function')
  if (context !== undefined) checkContext('createSyncClient', context)
  const areScopes =
    !scopes ||
    (Array.isArray(scopes) && scopes.length > 0 && scopes.every((each) => modules.scopes.includes(each)))
  check('moduleScopes', scopes, areScopes, `of ${modules.scopes.join(', ')}`)
  check('upcasts', upcasts, upcasts === undefined || Array.isArray(upcasts), 'a list')
  check('appVersion', appVersion, appVersion === undefined || isId(appVersion), anId)
  const isPage = Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= maxPageSize
  check('pageSize', pageSize, isPage, `a whole number from 1 to ${maxPageSize}`)
  check('pullEveryMs', pullEveryMs, pullEveryMs >= minPullEveryMs, `a number of ${minPullEveryMs} or more`)
  // Longer than a timer can wait: as good as never, and that is what was meant.
  return { ...options, pageSize, pullEveryMs: Math.min(pullEveryMs, maxPullEveryMs) }
}

/** Of a client, or of whoever comes to one; null: nobody. */
export function checkContext(by: string, context: Context | null): void {
  for (const name of context === null ? [] : contextFields)
    check(`context.${name}`, context?.[name], isId(context?.[name]), anId, by)
}

const anId = '1 to 128 characters of ordinary text'
const isAddress = (value: unknown) => typeof value === 'string' && addressOf(value) !== null

function check(
  name: string,
  value: unknown,
  isGood: boolean,
  expected: string,
  by = 'createSyncClient',
): void {
  if (isGood) return
  const found = typeof value === 'string' ? JSON.stringify(value).slice(0, 60) : String(value)
  throw new TypeError(`${by}: ${name} must be ${expected}, and is ${found}`)
}
