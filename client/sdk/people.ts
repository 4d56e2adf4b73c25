/**
 * Who may use this device. A person signs in at the gateway once; from then on they may take over by their PIN, with
 * a network (their token is renewed) or without one. What a person has queued does not depend on any of this.
 */
import type { Role } from '../../src/modules/access/permissions.ts'
import type { Document, People } from './api.ts'
import { Offline, SyncClientError, SyncFailed } from './errors.ts'
import {
  bestToken,
  byLastSignIn,
  isLocked,
  type PersonRecord,
  personOf,
  readPerson,
  withRightPin,
  withWrongPin,
} from './person.ts'
import { canHashPins, hashPin, verifyPin } from './pin.ts'
import { type Store, StoreError } from './store/store.ts'
import { type Transport, TransportError, type TransportFault } from './transport/transport.ts'
import type { Person } from './words.ts'

export interface PeopleKeeper extends People {
  /**
   * The best token for work of `actorId` in the tenant, see `bestToken`; null: none. Never one that was `refused`, now
   * or before. `branchId`: whoever is assigned to it comes first.
   */
  tokenFor(
    tenantId: string,
    actorId: string | null,
    asked: { refused: string | null; branchId?: string },
  ): { token: string; accountId: string; role: Role } | null
  /** Another tab has changed the list. */
  reload(): Promise<void>
  /** Told after every change that this tab has made, so that other tabs can be told. */
  onStored(listener: () => void): void
}

type Credentials = { tenantId: string; staffCode: string; pin: string }
type Profile = Pick<PersonRecord, 'staffCode' | 'name' | 'role' | 'branchIds'>

const meQuery: Document<{ me: Profile }, { tenantId: string }> = `
  query Me($tenantId: ID!) {
    me(tenantId: $tenantId) { staffCode name role branchIds }
  }`

const keyOf = (tenantId: string, accountId: string) => `${tenantId}\u0000${accountId}`

export async function loadPeople(of: {
  store: Store
  deviceId: string
  transport: Pick<Transport, 'signIn' | 'read'>
  isOnline: () => boolean
  now: () => Date
}): Promise<PeopleKeeper> {
  const { store, deviceId, transport, isOnline, now } = of
  let records = new Map<string, PersonRecord>()
  /** As they were listed last, by tenant. */
  const lists = new Map<string | undefined, readonly Person[]>()
  const listeners = new Set<() => void>()
  const storedListeners = new Set<() => void>()
  const refusedTokens = new Set<string>()

  async function reload(): Promise<void> {
    const entries = await store.transact('read', (tx) => tx.list('people'))
    records = new Map()
    for (const { key, value } of entries) {
      const record = readPerson(value)
      if (record) records.set(key, record)
    }
    for (const listener of [...listeners]) listener()
  }

  /** Reads one record and keeps what `update` makes of it (null: nothing), in one transaction. */
  async function change(
    tenantId: string,
    accountId: string,
    update: (before: PersonRecord | undefined) => PersonRecord | null,
  ): Promise<PersonRecord | null> {
    const key = keyOf(tenantId, accountId)
    let after: PersonRecord | null
    try {
      after = await store.transact('write', async (tx) => {
        const made = update(readPerson(await tx.get('people', key)))
        await (made ? tx.put('people', key, made) : tx.delete('people', key))
        return made
      })
    } catch (error) {
      // A full store must not keep people from signing in: it takes a token to send the queue that fills it.
      if (!(error instanceof StoreError && error.fault === 'FULL')) throw error
      after = update(records.get(key))
    }
    if (after) records.set(key, after)
    else records.delete(key)
    for (const listener of [...listeners, ...storedListeners]) listener()
    return after
  }

  /**
   * Signs in at the gateway and keeps the person. `expected`: who it has to be, since a staff code can be given to
   * somebody else. Throws Offline where the gateway was not reached, SyncFailed for what it said.
   */
  async function admit(credentials: Credentials, expected?: string): Promise<Person> {
    const { tenantId, pin } = credentials
    const signedIn = await transport.signIn({ ...credentials, deviceId }).catch((error) => {
      throw isTransport(error, 'unauthenticated')
        ? wrongPin('The staff code or the PIN is wrong.', error)
        : asSyncError(error)
    })
    const { token, expiresAt, actorId } = signedIn
    if (expected !== undefined && actorId !== expected) throw unknownPerson()

    const known = records.get(keyOf(tenantId, actorId))
    const profile = await transport.read(meQuery, { tenantId }, { token }).then(
      ({ me }) => me,
      (error) => {
        if (known && !isTransport(error, 'forbidden')) return known
        throw asSyncError(error)
      },
    )
    const { staffCode, name, role, branchIds } = profile
    const record: PersonRecord = {
      ...{ accountId: actorId, tenantId, staffCode, name, role, branchIds },
      lastSignedInAt: now().toISOString(),
      token: { value: token, expiresAt },
      pinHash: canHashPins() ? await hashPin(pin) : null,
      failedAttempts: 0,
      lockedAt: null,
    }
    await change(tenantId, actorId, () => record)
    return personOf(record, now())
  }

  /** By the PIN that is kept here. */
  async function takeOver({ tenantId, accountId, pinHash }: PersonRecord, pin: string): Promise<Person> {
    if (!canHashPins()) throw insecureContext()
    if (!pinHash) throw new Offline('This person has to sign in with a connection first.')
    const right = await verifyPin(pin, pinHash)
    let locked = false
    const after = await change(tenantId, accountId, (before) => {
      if (!before) return null
      // Tries that ran beside this one may have locked the person meanwhile.
      locked = isLocked(before, now())
      if (locked) return before
      return right ? withRightPin(before, now()) : withWrongPin(before, now())
    })
    if (!after) throw unknownPerson()
    if (locked) throw tooManyAttempts()
    if (!right) throw wrongPin('The PIN is wrong.')
    return personOf(after, now())
  }

  /** Asks the gateway. If it does not take the PIN that is kept here, they were let go, or have another PIN now. */
  async function renew({ tenantId, accountId, staffCode, pinHash }: PersonRecord, pin: string) {
    try {
      return await admit({ tenantId, staffCode, pin }, accountId)
    } catch (error) {
      if (!isRefusal(error)) throw error
      const outdated = pinHash !== null && canHashPins() && (await verifyPin(pin, pinHash))
      await change(tenantId, accountId, (before) => {
        if (!before) return null
        const after = isLocked(before, now()) ? before : withWrongPin(before, now())
        return outdated ? { ...after, token: null, pinHash: null } : after
      })
      throw error
    }
  }

  await reload()
  return {
    list(tenantId) {
      const people = [...records.values()]
        .filter((each) => tenantId === undefined || each.tenantId === tenantId)
        .sort(byLastSignIn)
        .map((each) => personOf(each, now()))
      // The same array until something in it changes, as React wants it.
      const before = lists.get(tenantId)
      if (before && JSON.stringify(before) === JSON.stringify(people)) return before
      lists.set(tenantId, people)
      return people
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    signIn: (credentials) => admit(credentials),
    async confirm(accountId, tenantId, pin) {
      const person = records.get(keyOf(tenantId, accountId))
      if (!person) throw unknownPerson()
      if (isLocked(person, now())) throw tooManyAttempts()
      if (!isOnline()) return takeOver(person, pin)
      try {
        return await inTime(renew(person, pin))
      } catch (error) {
        // Only what is said about the person stands in their way.
        if (!(error instanceof SyncClientError) || isDecision(error)) throw error
        return takeOver(person, pin)
      }
    },
    async signOut(accountId, tenantId) {
      await change(tenantId, accountId, (before) => (before ? { ...before, token: null } : null))
    },
    async forget(accountId, tenantId) {
      await change(tenantId, accountId, () => null)
    },
    tokenFor(tenantId, actorId, { refused, branchId }) {
      if (refused !== null) refusedTokens.add(refused)
      return bestToken(records.values(), { tenantId, actorId, branchId, refused: refusedTokens }, now())
    },
    reload,
    onStored(listener) {
      storedListeners.add(listener)
    },
  }
}

/** How long somebody at the till waits for the gateway before the PIN kept here decides. */
const patienceMs = 4000

/** Throws Offline when it takes too long; it goes on all the same, and a token that comes late is kept. */
async function inTime<T>(asked: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Offline()), patienceMs)
  })
  return Promise.race([asked, late]).finally(() => clearTimeout(timer))
}

const isTransport = (error: unknown, kind: TransportFault): error is TransportError =>
  error instanceof TransportError && error.kind === kind

function asSyncError(error: unknown): unknown {
  if (!(error instanceof TransportError)) return error
  const { kind, code, message, retryAfterMs } = error
  if (kind === 'unreachable') return new Offline(undefined, { cause: error })
  return new SyncFailed(code, message, retryAfterMs === null ? null : { retryAfterMs }, { cause: error })
}

const hasCode = (error: unknown, codes: readonly string[]) =>
  error instanceof SyncFailed && codes.includes(error.code)

/** The gateway does not let them in. */
const isRefusal = (error: unknown) => hasCode(error, ['WRONG_PIN', 'NO_MEMBERSHIP', 'MEMBERSHIP_NOT_ACTIVE'])

const isDecision = (error: unknown) =>
  isRefusal(error) || hasCode(error, ['TOO_MANY_ATTEMPTS', 'UNKNOWN_PERSON'])

const wrongPin = (message: string, cause?: unknown) => new SyncFailed('WRONG_PIN', message, null, { cause })

const tooManyAttempts = () =>
  new SyncFailed('TOO_MANY_ATTEMPTS', 'Too many wrong PINs; try again in a minute.')

const unknownPerson = () =>
  new SyncFailed('UNKNOWN_PERSON', 'This person has not signed in on this device under this staff code.')

const insecureContext = () =>
  new SyncFailed('INSECURE_CONTEXT', 'Without a connection, a PIN can be checked only on a page with https.')
