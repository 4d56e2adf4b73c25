/**
 * What a person's PIN proves, and to whom: by the gateway where there is a network, otherwise by what is sealed here. Who
 * has proven themselves is kept, with what they work with.
 */
import { asClientError, Offline, SyncClientError } from '../errors.ts'
import { keys } from '../store/layout.ts'
import { meDocument } from '../transport/documents.ts'
import type { Transport } from '../transport/transport.ts'
import type { DeviceKey, DeviceKeys } from './device-key.ts'
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
import type { PeopleRecords } from './records.ts'
import {
  cannotSeal,
  isDecision,
  isRefusal,
  isTransport,
  tooManyAttempts,
  unknownPerson,
  wrongPin,
} from './refusals.ts'
import type { Who } from './token-book.ts'

export type Credentials = { tenantId: string; staffCode: string; pin: string; enrolmentCode?: string }
/** Who has said their PIN, and what it opens; to take over, or for one act of whoever is at work. */
type Proven = { record: PersonRecord; open: Open | null }
type Purpose = 'work' | 'approval'

/** What it takes to prove who somebody is. */
export type ProvingParts = {
  deviceId: string
  transport: Pick<Transport, 'signIn' | 'read'>
  records: PeopleRecords
  deviceKeys: DeviceKeys
  isOnline: () => boolean
  /** Who is at work; null: nobody. */
  atWork: () => Who | null
  now: () => Date
  pinRounds: number
}

export class Proving {
  readonly #of: ProvingParts

  constructor(of: ProvingParts) {
    this.#of = of
  }

  /** Under the PIN, where this platform can; a store that is full seals nothing. */
  async #sealedFor(open: Open, pin: string): Promise<PersonRecord['sealed']> {
    const { deviceKeys, pinRounds } = this.#of
    if (!canSeal()) return null
    const deviceKey = await deviceKeys.make().catch(() => null)
    return (
      deviceKey && {
        ...(await sealed(JSON.stringify(open), pin, deviceKey, pinRounds)),
        expiresAt: open.expiresAt,
      }
    )
  }

  /** Whoever approves does not come in: what they have open is the approval's alone. */
  #kept(record: PersonRecord, open: Open | null, purpose: Purpose): PersonRecord {
    const { records, atWork } = this.#of
    return purpose === 'work' || isSame(record, atWork()) ? records.letIn(record, open, atWork()) : record
  }

  /**
   * Signs in at the gateway and keeps the person. `expected`: who it has to be, since a staff code can be given to
   * somebody else. Throws Offline where the gateway was not reached, SyncFailed for what it said.
   */
  async admit(
    credentials: Credentials,
    { purpose, expected }: { purpose: Purpose; expected?: string },
  ): Promise<Proven> {
    const { deviceId, transport, records, now } = this.#of
    const { tenantId, pin } = credentials
    const signedIn = await transport.signIn({ ...credentials, deviceId }).catch((error) => {
      throw isTransport(error, 'unauthenticated')
        ? wrongPin('The staff code or the PIN is wrong.', error)
        : asClientError(error)
    })
    const { token, expiresAt, actorId, actorKey } = signedIn
    if (expected !== undefined && actorId !== expected) throw unknownPerson()

    const known = records.get(tenantId, actorId)
    const profile = await transport.read(meDocument, { tenantId }, { token }).then(
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
      sealed: await this.#sealedFor(open, pin),
      pinHash: null,
      failedAttempts: 0,
      lockedAt: null,
    }
    records.markShutOut(tenantId, false)
    await records.changeOne(
      ...([tenantId, actorId] as const),
      () => this.#kept(record, open, purpose),
      (tx) => tx.delete('meta', keys.shutOut(tenantId)),
    )
    return { record, open }
  }

  /** Whether the PIN is theirs, and what it opens (of a record of the first edition: nothing); null: nobody can tell. */
  async #tryPin(record: PersonRecord, pin: string) {
    const { deviceKeys } = this.#of
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
  async #takeOver(record: PersonRecord, pin: string, purpose: Purpose): Promise<Proven> {
    const { records, now } = this.#of
    if (!canSeal()) throw cannotSeal()
    const { tenantId, accountId } = record
    const tried = await this.#tryPin(record, pin)
    if (!tried) throw new Offline('This person has to sign in with a connection first.')
    let locked = false
    const after = await records.changeOne(tenantId, accountId, (before) => {
      if (!before) return null
      // Tries that ran beside this one may have locked the person meanwhile.
      locked = isLocked(before, now())
      if (locked) return before
      return tried.isRight
        ? this.#kept(withRightPin(before, now()), tried.open, purpose)
        : withWrongPin(before, now())
    })
    if (!after) throw unknownPerson()
    if (locked) throw tooManyAttempts()
    if (!tried.isRight) throw wrongPin('The PIN is wrong.')
    return { record: after, open: tried.open }
  }

  /** Asks the gateway. If it does not take the PIN that opens the seal, they were let go, or have another PIN now. */
  async #renew(record: PersonRecord, pin: string, purpose: Purpose): Promise<Proven> {
    const { records, now } = this.#of
    const { tenantId, accountId, staffCode } = record
    try {
      return await this.admit({ tenantId, staffCode, pin }, { purpose, expected: accountId })
    } catch (error) {
      if (!isRefusal(error)) throw error
      const outdated = (await this.#tryPin(record, pin))?.isRight === true
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
  async prove(accountId: string, tenantId: string, pin: string, purpose: Purpose): Promise<Proven> {
    const { records, isOnline, now } = this.#of
    const person = records.get(tenantId, accountId)
    if (!person) throw unknownPerson()
    if (isLocked(person, now())) throw tooManyAttempts()
    // Where nothing here could tell, the gateway is asked, also where it was away a moment ago.
    const isUnsealed = canSeal() && !person.sealed && !person.pinHash
    if (!isOnline() && !isUnsealed) return this.#takeOver(person, pin, purpose)
    try {
      return await inTime(this.#renew(person, pin, purpose))
    } catch (error) {
      // Only what is said about the person or the device stands in their way.
      if (!(error instanceof SyncClientError) || isDecision(error)) throw error
      return this.#takeOver(person, pin, purpose)
    }
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
