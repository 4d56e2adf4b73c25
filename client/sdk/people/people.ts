/**
 * Who may use this device. A person signs in at the gateway once; from then on they may take over by their PIN, with
 * a network (their token is renewed) or without one. What they work with lies open while they are at work, and sealed
 * under their PIN otherwise: nobody acts, reads or carries anything by another's. What a person has queued does not
 * depend on any of this.
 */
import type { People } from '../api.ts'
import { asClientError, Offline } from '../errors.ts'
import type { NewsDesk } from '../news.ts'
import { keys } from '../store/layout.ts'
import type { Store } from '../store/store.ts'
import { meDocument, type Profile } from '../transport/documents.ts'
import type { Transport } from '../transport/transport.ts'
import type { Approval, Person } from '../words.ts'
import { deviceKeysOf } from './device-key.ts'
import { isSame, type Open, withNothing } from './person.ts'
import { type Credentials, Proving, type ProvingParts } from './proving.ts'
import { keyOf, PeopleRecords } from './records.ts'
import { isRefusal } from './refusals.ts'
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

/** How long an approval is good for: to do what it was asked for, and again where the line was lost. */
const approvalMs = 5 * 60_000

export async function loadPeople(
  of: Omit<ProvingParts, 'records' | 'deviceKeys'> & {
    store: Store
    /** Is told who has what open. */
    tokens: TokenBook
    /** Is told of every change that this tab makes, so that other tabs can be. */
    news: NewsDesk
  },
): Promise<PeopleKeeper> {
  const { store, transport, tokens, news, atWork, now } = of
  const deviceKeys = deviceKeysOf(store)
  const records = new PeopleRecords({ store, tokens, news, now })

  const proving = new Proving({ ...of, records, deviceKeys })
  const approvals = createApprovals(proving, records, now)
  const enter = (who: Who | null) => openAlone(records, who)

  await records.reload()
  // Whoever came in last before a crash, and had not begun to work.
  if (records.all().some((record) => record.open && !isSame(record, atWork()))) await enter(atWork())
  return {
    list: (tenantId) => records.list(tenantId),
    subscribe: (listener) => records.subscribe(listener),
    signIn: async (credentials) =>
      records.shown((await proving.admit(credentials, { purpose: 'work' })).record),
    confirm: async (accountId, tenantId, pin) =>
      records.shown((await proving.prove(accountId, tenantId, pin, 'work')).record),
    ...approvals,
    async signOut(accountId, tenantId) {
      records.turnAway(tenantId, accountId)
      await records.changeOne(tenantId, accountId, (before) => (before ? { ...before, open: null } : null))
    },
    async forget(accountId, tenantId) {
      records.turnAway(tenantId, accountId)
      await records.changeOne(tenantId, accountId, () => null)
    },
    enter,
    refresh: (who) => askedAnew(records, transport, who),
    async learn(tenantId, accountId, { staffCode, name, role }) {
      const known = records.get(tenantId, accountId)
      if (!known || (known.role === role && known.name === name && known.staffCode === staffCode)) return
      await records.changeOne(tenantId, accountId, (before) => before && { ...before, staffCode, name, role })
    },
    async shutOut(tenantId) {
      await emptied(records, tenantId, now())
      if (!records.all().some(({ sealed }) => sealed)) await deviceKeys.drop().catch(() => {})
    },
    isShutOut: (tenantId) => records.isShutOut(tenantId),
    reload: () => records.reload(),
  }
}

/** Who has approved what, for a while. */
function createApprovals(proving: Proving, records: PeopleRecords, now: () => Date) {
  const granted = new WeakMap<Approval, Open & { at: number }>()

  async function approve({ tenantId, staffCode, pin }: Credentials): Promise<Approval> {
    const code = staffCode.trim().toLowerCase()
    const known = records.list(tenantId).find((each) => each.staffCode.toLowerCase() === code)
    const { record, open } = known
      ? await proving.prove(known.accountId, tenantId, pin, 'approval')
      : await proving.admit({ tenantId, staffCode: staffCode.trim(), pin }, { purpose: 'approval' })
    if (!open?.actorKey) throw new Offline('This person has to sign in with a connection first.')
    const approval = { tenantId, accountId: record.accountId, name: record.name }
    granted.set(approval, { ...open, at: now().getTime() })
    return approval
  }

  return {
    approve,
    granted(approval: Approval): Open | null {
      const open = granted.get(approval)
      return open && Math.abs(now().getTime() - open.at) <= approvalMs ? open : null
    },
  }
}

/** Has open what this person has; what anybody else had open is closed. */
async function openAlone(records: PeopleRecords, who: Who | null): Promise<void> {
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

/** As the gateway knows the person by now. */
async function askedAnew(
  records: PeopleRecords,
  transport: Pick<Transport, 'read'>,
  { tenantId, actorId }: Who,
): Promise<void> {
  const token = records.openOf(keyOf(tenantId, actorId))?.token
  if (!token) return
  try {
    const { me } = await transport.read(meDocument, { tenantId }, { token })
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

/** Takes everything from the tenant's people here but their names. */
async function emptied(records: PeopleRecords, tenantId: string, at: Date): Promise<void> {
  records.markShutOut(tenantId, true)
  records.forgetComing()
  await records.change(
    (before) =>
      new Map(
        [...before]
          .filter(([, each]) => each.tenantId === tenantId)
          .map(([key, each]) => [key, withNothing(each)]),
      ),
    (tx) => tx.put('meta', keys.shutOut(tenantId), at.toISOString()),
  )
}
