/**
 * The people of this device as they are kept, with what is open of each. What this tab changes it keeps first, then has in
 * memory, and tells.
 */
import type { NewsDesk } from '../news.ts'
import { keys } from '../store/layout.ts'
import { isFull, type Store, type Transaction } from '../store/store.ts'
import type { Person } from '../words.ts'
import { byLastSignIn, isSame, type Open, type PersonRecord, personOf, readPerson } from './person.ts'
import { nameOf, type TokenBook, type Who } from './token-book.ts'

export type Changes = Map<string, PersonRecord | null>

export const keyOf = (tenantId: string, accountId: string) => nameOf({ tenantId, actorId: accountId })

/** `tokens` is told who has what open. */
type Of = { store: Store; tokens: TokenBook; news: NewsDesk; now: () => Date }

export class PeopleRecords {
  readonly #of: Of
  #records = new Map<string, PersonRecord>()
  #shutOutOf = new Set<string>()
  /** Of people who have just come in, until they are at work: only then it is kept. */
  readonly #comingIn = new Map<string, Open>()
  /** As they were listed last, by tenant. */
  readonly #lists = new Map<string | undefined, readonly Person[]>()
  readonly #listeners = new Set<() => void>()

  constructor(of: Of) {
    this.#of = of
  }

  get(tenantId: string, accountId: string): PersonRecord | undefined {
    return this.#records.get(keyOf(tenantId, accountId))
  }

  all(): readonly PersonRecord[] {
    return [...this.#records.values()]
  }

  /** Told after every change; returns how to stop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }

  // -- what is open ---------------------------------------------------------------------------------------------

  openOf(key: string): Open | null {
    return this.#comingIn.get(key) ?? this.#records.get(key)?.open ?? null
  }

  /** What somebody who comes in has open: kept where they are at work already, else from when they are. */
  letIn(record: PersonRecord, open: Open | null, atWork: Who | null): PersonRecord {
    if (isSame(record, atWork)) return { ...record, open: open ?? record.open }
    if (open) this.#comingIn.set(keyOf(record.tenantId, record.accountId), open)
    return record
  }

  /** They have not come in after all. */
  turnAway(tenantId: string, accountId: string): void {
    this.#comingIn.delete(keyOf(tenantId, accountId))
  }

  /** Whoever comes in from now on is another. */
  forgetComing(): void {
    this.#comingIn.clear()
    this.#holdOpen()
  }

  #holdOpen(): void {
    const open = [...this.#records.keys()].flatMap((key) => {
      const held = this.openOf(key)
      return held ? [[key, held] as const] : []
    })
    this.#of.tokens.hold(new Map(open))
  }

  // -- as they are shown ----------------------------------------------------------------------------------------

  shown(record: PersonRecord): Person {
    return personOf(record, this.openOf(keyOf(record.tenantId, record.accountId)), this.#of.now())
  }

  /** The same array until something in it changes, as React wants it. */
  list(tenantId?: string): readonly Person[] {
    const people = this.all()
      .filter((each) => tenantId === undefined || each.tenantId === tenantId)
      .sort(byLastSignIn)
      .map((each) => this.shown(each))
    const before = this.#lists.get(tenantId)
    if (before && JSON.stringify(before) === JSON.stringify(people)) return before
    this.#lists.set(tenantId, people)
    return people
  }

  isShutOut(tenantId: string): boolean {
    return this.#shutOutOf.has(tenantId)
  }

  /** Before it is kept, so that nobody acts meanwhile. */
  markShutOut(tenantId: string, isShutOut: boolean): void {
    if (isShutOut) this.#shutOutOf.add(tenantId)
    else this.#shutOutOf.delete(tenantId)
  }

  // -- as they are kept -----------------------------------------------------------------------------------------

  async reload(): Promise<void> {
    await this.#of.store.transact('read', async (tx) => {
      this.#records = await recordsIn(tx)
      const marks = await tx.list('meta', keys.shutOut(''))
      this.#shutOutOf = new Set(marks.map(({ key }) => key.slice(keys.shutOut('').length)))
    })
    this.#holdOpen()
    this.#tell()
  }

  /**
   * Reads the records and keeps what `update` makes of each (null: nothing), in one transaction. A full store must not
   * keep people from signing in: it takes a token to send the queue that fills it.
   */
  async change(
    update: (before: Map<string, PersonRecord>) => Changes,
    also: (tx: Transaction) => unknown = () => {},
  ): Promise<void> {
    let after: Changes
    try {
      after = await this.#of.store.transact('write', async (tx) => {
        const made = update(await recordsIn(tx))
        for (const [key, record] of made)
          void (record ? tx.put('people', key, record) : tx.delete('people', key))
        also(tx)
        return made
      })
    } catch (error) {
      if (!isFull(error)) throw error
      after = update(this.#records)
    }
    for (const [key, record] of after)
      if (record) this.#records.set(key, record)
      else this.#records.delete(key)
    this.#holdOpen()
    this.#tell()
    this.#of.news.tell('people', undefined)
  }

  /** The same of one; what was kept of them, null: nothing. */
  async changeOne(
    tenantId: string,
    accountId: string,
    update: (before: PersonRecord | undefined) => PersonRecord | null | undefined,
    also?: (tx: Transaction) => unknown,
  ): Promise<PersonRecord | null> {
    const key = keyOf(tenantId, accountId)
    let after: PersonRecord | null = null
    await this.change((before) => {
      after = update(before.get(key)) ?? null
      return new Map([[key, after]])
    }, also)
    return after
  }
}

async function recordsIn(tx: Transaction): Promise<Map<string, PersonRecord>> {
  const entries = await tx.list('people')
  return new Map(
    entries.flatMap(({ key, value }) => {
      const record = readPerson(value)
      return record ? [[key, record]] : []
    }),
  )
}
