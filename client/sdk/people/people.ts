/**
 * Who may use this device. A person signs in at the gateway once; from then on they may take over by their PIN, with
 * a network (their token is renewed) or without one. What they work with lies open while they are at work, and sealed
 * under their PIN otherwise: nobody acts, reads or carries anything by another's. What a person has queued does not
 * depend on any of this.
 */
import type { Document, People } from '../api.ts'
import { asClientError, Offline, SyncClientError } from '../errors.ts'
import type { NewsDesk } from '../news.ts'
import { keys } from '../store/layout.ts'
import type { Store } from '../store/store.ts'
import type { Transport } from '../transport/transport.ts'
import type { Approval, Person } from '../words.ts'
import { type DeviceKey, deviceKeysOf } from './device-key.ts'
import {
  isLocked,
  isSame,
  type Open,
  type PersonRecord,
  readOpen,
  withNothing,
  withRightPin,
  withWrongPin,
} from './person.ts'
import { canSeal, opened, sealed, verifyPin } from './pin.ts'
import { keyOf, PeopleRecords } from './records.ts'
import {
  cannotSeal,
  isDecision,
  isRefusal,
  isTransport,
  tooManyAttempts,
  unknownPerson,
  wrongPin,
} from './refusals.ts'
import type { TokenBook, Who } from './token-book.ts'

export interface PeopleKeeper extends People<Person> {
  /** Whoever works from now on has open what they have; what anybody else had open is sealed from now on. */
  enter(who: Who | null): Promise<void>
  /**
   * Asks the gateway who the person is by now: another role, other branches; who was let go loses what they have open and
   * sealed here. Throws where it could not be asked.
   */
  refresh(who: Who): Promise<void>
  /** What the branch's stream says of somebody who works here. */
  learn(tenantId: string, accountId: string, is: Pick<Profile, 'staffCode' | 'name' | 'role'>): Promise<void>
  /** The gateway takes nothing from this device any more: everything of the tenant's people goes but their names. */
  shutOut(tenantId: string): Promise<void>
  isShutOut(tenantId: string): boolean
  /** What an approval is done by; null where it has lapsed. */
  granted(approval: Approval): Open | null
  /** Another tab has changed the list. */
  reload(): Promise<void>
}

type Credentials = { tenantId: string; staffCode: string; pin: string }
type Profile = Pick<PersonRecord, 'staffCode' | 'name' | 'role' | 'branchIds'>
/** Who has said their PIN, and what it opens; to take over, or for one act of whoever is at work. */
type Proven = { record: PersonRecord; open: Open | null }
type Purpose = 'work' | 'approval'

/** How long an approval is good for: to do what it was asked for, and again where the line was lost. */
const approvalMs = 5 * 60_000

const meQuery: Document<{ me: Profile }, { tenantId: string }> = `
  query Me($tenantId: ID!) {
    me(tenantId: $tenantId) { staffCode name role branchIds }
  }`

export async function loadPeople(of: {
  store: Store
  deviceId: string
  transport: Pick<Transport, 'signIn' | 'read'>
  /** Is told who has what open. */
  tokens: TokenBook
  /** Is told of every change that this tab makes, so that other tabs can be. */
  news: NewsDesk
  isOnline: () => boolean
  /** Who is at work; null: nobody. */
  atWork: () => Who | null
  now: () => Date
  pinRounds: number
}): Promise<PeopleKeeper> {
  const { store, deviceId, transport, tokens, news, isOnline, atWork, now } = of
  const deviceKeys = deviceKeysOf(store)
  const records = new PeopleRecords({ store, tokens, news, now })

  /** Under the PIN, where this platform can; a store that is full seals nothing. */
  async function sealedFor(open: Open, pin: string): Promise<PersonRecord['sealed']> {
    if (!canSeal()) return null
    const deviceKey = await deviceKeys.make().catch(() => null)
    return (
      deviceKey && {
        ...(await sealed(JSON.stringify(open), pin, deviceKey, of.pinRounds)),
        expiresAt: open.expiresAt,
      }
    )
  }

  /** Whoever approves does not come in: what they have open is the approval's alone. */
  const kept = (record: PersonRecord, open: Open | null, purpose: Purpose): PersonRecord =>
    purpose === 'work' || isSame(record, atWork()) ? records.letIn(record, open, atWork()) : record

  /**
   * Signs in at the gateway and keeps the person. `expected`: who it has to be, since a staff code can be given to
   * somebody else. Throws Offline where the gateway was not reached, SyncFailed for what it said.
   */
  async function admit(
    credentials: Credentials,
    { purpose, expected }: { purpose: Purpose; expected?: string },
  ): Promise<Proven> {
    const { tenantId, pin } = credentials
    const signedIn = await transport.signIn({ ...credentials, deviceId }).catch((error) => {
      throw isTransport(error, 'unauthenticated')
        ? wrongPin('The staff code or the PIN is wrong.', error)
        : asClientError(error)
    })
    const { token, expiresAt, actorId, actorKey } = signedIn
    if (expected !== undefined && actorId !== expected) throw unknownPerson()

    const known = records.get(tenantId, actorId)
    const profile = await transport.read(meQuery, { tenantId }, { token }).then(
      ({ me }) => me,
      (error) => {
        if (known && !isTransport(error, 'forbidden')) return known
        throw asClientError(error)
      },
    )
    const { staffCode, name, role, branchIds } = profile
    const open: Open = { token, expiresAt, actorKey }
    const record: PersonRecord = {
      ...{ accountId: actorId, tenantId, staffCode, name, role, branchIds },
      lastSignedInAt: now().toISOString(),
      open: null,
      sealed: await sealedFor(open, pin),
      pinHash: null,
      failedAttempts: 0,
      lockedAt: null,
    }
    records.markShutOut(tenantId, false)
    await records.changeOne(
      ...([tenantId, actorId] as const),
      () => kept(record, open, purpose),
      (tx) => tx.delete('meta', keys.shutOut(tenantId)),
    )
    return { record, open }
  }

  /** Whether the PIN is theirs, and what it opens (of a record of the first edition: nothing); null: nobody can tell. */
  async function tryPin(record: PersonRecord, pin: string) {
    const { sealed, pinHash } = record
    if (!canSeal()) return null
    if (!sealed) return pinHash ? { isRight: await verifyPin(pin, pinHash), open: null } : null
    const deviceKey: DeviceKey | null = await deviceKeys.find().catch(() => null)
    // The key with which it was sealed is gone.
    if (deviceKey?.id !== sealed.keyId) return null
    const text = await opened(sealed, pin, deviceKey)
    return { isRight: text !== null, open: (text !== null && readOpen(text)) || null }
  }

  /** By the PIN alone. */
  async function takeOver(record: PersonRecord, pin: string, purpose: Purpose): Promise<Proven> {
    if (!canSeal()) throw cannotSeal()
    const { tenantId, accountId } = record
    const tried = await tryPin(record, pin)
    if (!tried) throw new Offline('This person has to sign in with a connection first.')
    let locked = false
    const after = await records.changeOne(tenantId, accountId, (before) => {
      if (!before) return null
      // Tries that ran beside this one may have locked the person meanwhile.
      locked = isLocked(before, now())
      if (locked) return before
      return tried.isRight
        ? kept(withRightPin(before, now()), tried.open, purpose)
        : withWrongPin(before, now())
    })
    if (!after) throw unknownPerson()
    if (locked) throw tooManyAttempts()
    if (!tried.isRight) throw wrongPin('The PIN is wrong.')
    return { record: after, open: tried.open }
  }

  /** Asks the gateway. If it does not take the PIN that opens the seal, they were let go, or have another PIN now. */
  async function renew(record: PersonRecord, pin: string, purpose: Purpose): Promise<Proven> {
    const { tenantId, accountId, staffCode } = record
    try {
      return await admit({ tenantId, staffCode, pin }, { purpose, expected: accountId })
    } catch (error) {
      if (!isRefusal(error)) throw error
      const outdated = (await tryPin(record, pin))?.isRight === true
      if (outdated) records.turnAway(tenantId, accountId)
      await records.changeOne(tenantId, accountId, (before) => {
        if (!before) return null
        const after = isLocked(before, now()) ? before : withWrongPin(before, now())
        return outdated ? withNothing(after) : after
      })
      throw error
    }
  }

  /** With a network by the gateway, otherwise by what is sealed here. Throws as `confirm`. */
  async function prove(accountId: string, tenantId: string, pin: string, purpose: Purpose): Promise<Proven> {
    const person = records.get(tenantId, accountId)
    if (!person) throw unknownPerson()
    if (isLocked(person, now())) throw tooManyAttempts()
    // Where nothing here could tell, the gateway is asked, also where it was away a moment ago.
    const isUnsealed = canSeal() && !person.sealed && !person.pinHash
    if (!isOnline() && !isUnsealed) return takeOver(person, pin, purpose)
    try {
      return await inTime(renew(person, pin, purpose))
    } catch (error) {
      // Only what is said about the person or the device stands in their way.
      if (!(error instanceof SyncClientError) || isDecision(error)) throw error
      return takeOver(person, pin, purpose)
    }
  }

  const granted = new WeakMap<Approval, Open & { at: number }>()

  async function approve({ tenantId, staffCode, pin }: Credentials): Promise<Approval> {
    const code = staffCode.trim().toLowerCase()
    const known = records.list(tenantId).find((each) => each.staffCode.toLowerCase() === code)
    const { record, open } = known
      ? await prove(known.accountId, tenantId, pin, 'approval')
      : await admit({ tenantId, staffCode: staffCode.trim(), pin }, { purpose: 'approval' })
    if (!open?.actorKey) throw new Offline('This person has to sign in with a connection first.')
    const approval = { tenantId, accountId: record.accountId, name: record.name }
    granted.set(approval, { ...open, at: now().getTime() })
    return approval
  }

  async function enter(who: Who | null): Promise<void> {
    const entering = who && keyOf(who.tenantId, who.actorId)
    const open = entering === null ? null : records.openOf(entering)
    await records.change((before) => {
      const changed = [...before].flatMap(([key, record]) => {
        const after = key === entering ? open : null
        return JSON.stringify(record.open) === JSON.stringify(after)
          ? []
          : [[key, { ...record, open: after }] as const]
      })
      return new Map(changed)
    })
    records.forgetComing()
  }

  async function refresh({ tenantId, actorId }: Who): Promise<void> {
    const token = records.openOf(keyOf(tenantId, actorId))?.token
    if (!token) return
    try {
      const { me } = await transport.read(meQuery, { tenantId }, { token })
      const { staffCode, name, role, branchIds } = me
      await records.changeOne(
        tenantId,
        actorId,
        (before) => before && { ...before, staffCode, name, role, branchIds },
      )
    } catch (error) {
      const failure = asClientError(error)
      if (!isRefusal(failure)) throw failure
      records.turnAway(tenantId, actorId)
      await records.changeOne(tenantId, actorId, (before) => before && withNothing(before))
    }
  }

  async function shutOut(tenantId: string): Promise<void> {
    records.markShutOut(tenantId, true)
    records.forgetComing()
    await records.change(
      (before) =>
        new Map(
          [...before]
            .filter(([, each]) => each.tenantId === tenantId)
            .map(([key, each]) => [key, withNothing(each)]),
        ),
      (tx) => tx.put('meta', keys.shutOut(tenantId), now().toISOString()),
    )
    if (!records.all().some(({ sealed }) => sealed)) await deviceKeys.drop().catch(() => {})
  }

  await records.reload()
  // Whoever came in last before a crash, and had not begun to work.
  if (records.all().some((record) => record.open && !isSame(record, atWork()))) await enter(atWork())
  return {
    list: (tenantId) => records.list(tenantId),
    subscribe: (listener) => records.subscribe(listener),
    signIn: async (credentials) => records.shown((await admit(credentials, { purpose: 'work' })).record),
    confirm: async (accountId, tenantId, pin) =>
      records.shown((await prove(accountId, tenantId, pin, 'work')).record),
    approve,
    granted(approval) {
      const open = granted.get(approval)
      return open && Math.abs(now().getTime() - open.at) <= approvalMs ? open : null
    },
    async signOut(accountId, tenantId) {
      records.turnAway(tenantId, accountId)
      await records.changeOne(tenantId, accountId, (before) => (before ? { ...before, open: null } : null))
    },
    async forget(accountId, tenantId) {
      records.turnAway(tenantId, accountId)
      await records.changeOne(tenantId, accountId, () => null)
    },
    enter,
    refresh,
    async learn(tenantId, accountId, { staffCode, name, role }) {
      const known = records.get(tenantId, accountId)
      if (!known || (known.role === role && known.name === name && known.staffCode === staffCode)) return
      await records.changeOne(tenantId, accountId, (before) => before && { ...before, staffCode, name, role })
    },
    shutOut,
    isShutOut: (tenantId) => records.isShutOut(tenantId),
    reload: () => records.reload(),
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
