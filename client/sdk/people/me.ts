/**
 * Whoever is at work: whose token asks, whose key signs, and what they may read. Where an identity provider issues the
 * tokens (`getToken`), role and key are asked of the gateway; otherwise they came with the PIN (`people.ts`).
 */
import * as z from 'zod/mini'
import type { AnyClientOptions } from '../api.ts'
import { dropScopes } from '../cache/pages.ts'
import { OperationBlocked } from '../errors.ts'
import type { Pulling } from '../modules/pulling.ts'
import type { NewsDesk } from '../news.ts'
import type { Signer } from '../outbox/proof.ts'
import type { LocalState } from '../state/local-state.ts'
import { keys } from '../store/layout.ts'
import { meDocument } from '../transport/documents.ts'
import type { PulledChange, Transport } from '../transport/transport.ts'
import type { Context, EntityKind, ModuleScope, Person } from '../words.ts'
import type { PeopleKeeper } from './people.ts'
import { nameOf, type TokenBook } from './token-book.ts'

/** What the gateway has said of a provider's person; the key of whoever is at work alone. */
const kept = z.object({
  tenantId: z.string(),
  actorId: z.string(),
  actorKey: z.optional(z.string()),
  role: z.optional(z.string()),
  branchIds: z.optional(z.array(z.string())),
})
type Kept = z.infer<typeof kept>
type Told = { staffCode: string; name: string; role: string }
/** Of people who were here, whoever came last first: what they may read stays here for them. */
const maxKept = 50

type Of = {
  state: LocalState
  people: PeopleKeeper
  tokens: TokenBook
  /** Is told of what the gateway says anew of a provider's person. */
  news: NewsDesk
  transport: Pick<Transport, 'read' | 'actorKey'>
  options: Pick<AnyClientOptions, 'getToken' | 'moduleScopes'>
}

export class Me {
  readonly #of: Of
  readonly #isProvided: boolean
  readonly #wanted: readonly ModuleScope[]
  #kept: readonly Kept[] = []

  constructor(of: Of) {
    this.#of = of
    this.#isProvided = of.options.getToken !== undefined
    this.#wanted = of.options.moduleScopes ?? of.state.modules.scopes
  }

  /** What an earlier run of the app, or another tab, has learned. */
  async recall(): Promise<void> {
    if (!this.#isProvided) return
    const found = await this.#of.state.store.transact('read', (tx) => tx.get('meta', keys.actorKey))
    // An earlier version kept one.
    this.#kept = [found].flat().flatMap((each) => kept.safeParse(each).data ?? [])
  }

  /** What is known of somebody, of whoever is at work, where a provider's token says who they are. */
  #known(context = this.#of.state.context): Kept | null {
    return (context && this.#kept.find((each) => nameOf(each) === nameOf(context))) ?? null
  }

  async #learn(
    { tenantId, actorId }: Context,
    what: Pick<Kept, 'actorKey' | 'role' | 'branchIds'>,
  ): Promise<void> {
    const known = this.#known()
    await this.#keep([
      { tenantId, actorId, ...known, ...what },
      ...this.#kept.filter((each) => each !== known),
    ])
    this.#of.news.tell('people', undefined)
  }

  /** A full store learns it another time. */
  async #keep(people: readonly Kept[]): Promise<void> {
    this.#kept = people.slice(0, maxKept)
    await this.#of.state.store
      .transact('write', (tx) => tx.put('meta', keys.actorKey, this.#kept))
      .catch(() => {})
  }

  signer(): Signer | null {
    const { context } = this.#of.state
    if (!context) return null
    const actorKey = this.#isProvided ? this.#known()?.actorKey : this.#of.tokens.actorKeyOf(context)
    return actorKey ? { tenantId: context.tenantId, actorId: context.actorId, actorKey } : null
  }

  /** Of whoever is at work; null: not known. */
  role(): string | null {
    const { context } = this.#of.state
    if (!context) return null
    if (this.#isProvided) return this.#known()?.role ?? null
    return this.#person(context)?.role ?? null
  }

  #person({ tenantId, actorId }: Context): Person | undefined {
    return this.#of.people.list(tenantId).find(({ accountId }) => accountId === actorId)
  }

  /** What whoever is at work may read of what this device is to know. */
  scopes(): readonly ModuleScope[] {
    const role = this.role()
    const { modules } = this.#of.state
    return role === null ? this.#wanted : this.#wanted.filter((scope) => modules.mayRead(role, scope))
  }

  pulling(): Pulling {
    const isReadable = this.#readable(this.#of.state.context)
    return { scopes: this.scopes(), wanted: this.#wanted, readable: this.#wanted.filter(isReadable) }
  }

  /** What somebody of this device may read. Of whom nothing is known may. */
  #readable(context: Context | null): (scope: ModuleScope) => boolean {
    const { modules } = this.#of.state
    const colleagues = this.#isProvided
      ? this.#kept.filter((each) => each.tenantId === context?.tenantId && each !== this.#known())
      : this.#of.people.list(context?.tenantId)
    const roles = [this.role(), ...colleagues.map(({ role = null }) => role)]
    return (scope) => roles.some((role) => role === null || modules.mayRead(role, scope))
  }

  /** What a colleague has loaded is not shown to whoever may not read it. */
  maySee(kind: EntityKind): boolean {
    const role = this.role()
    const { modules } = this.#of.state
    return role === null || modules.mayRead(role, modules.scopeOf(kind))
  }

  /** Whoever works elsewhere by now, as the gateway has said, can record nothing here: why; null: they can. */
  awayFrom(context: Context): OperationBlocked | null {
    const { branchIds } = (this.#isProvided ? this.#known(context) : this.#person(context)) ?? {}
    if (!branchIds || branchIds.includes(context.branchId)) return null
    return new OperationBlocked('NO_BRANCH_ACCESS', 'You are not assigned to this branch.')
  }

  /** The gateway refuses this: who is this person by now? True where they may read something else than before. */
  async learnRights(context: Context): Promise<boolean> {
    const before = JSON.stringify(this.scopes())
    await this.#ask(context)
    if (this.#of.state.context !== context) return false
    await this.#dropUnreadable(context)
    return JSON.stringify(this.scopes()) !== before
  }

  async #ask(context: Context): Promise<void> {
    if (!this.#isProvided) return this.#of.people.refresh(context)
    const { me } = await this.#of.transport.read(meDocument, { tenantId: context.tenantId })
    const { role, branchIds } = me
    if (this.#of.state.context === context) await this.#learn(context, { role, branchIds })
  }

  /** The stream says of everybody who they are. */
  async pulled(context: Context, changes: readonly PulledChange[]): Promise<void> {
    // They are let in again.
    if (this.awayFrom(context)) await this.#ask(context).catch(() => {})
    const { tenantId } = context
    const { kind } = this.#of.state.modules.people
    const told = new Map(
      changes.flatMap(({ opKind, entityKind, entityId, payload }) =>
        opKind === 'UPSERT' && entityKind === kind ? [[entityId, payload as Told] as const] : [],
      ),
    )
    if (told.size === 0) return
    if (this.#isProvided) await this.#hear(tenantId, told)
    else for (const [accountId, is] of told) await this.#of.people.learn(tenantId, accountId, is)
    await this.#dropUnreadable(context)
  }

  /** A provider may speak of somebody else: what was not asked for is not taken from here. */
  async #hear(tenantId: string, told: ReadonlyMap<string, Told>): Promise<void> {
    const isOther = (each: Kept) =>
      each.tenantId === tenantId &&
      each.role !== undefined &&
      each.role !== (told.get(each.actorId)?.role ?? each.role)
    if (!this.#kept.some(isOther)) return
    await this.#keep(
      this.#kept.map((each) => (isOther(each) ? { ...each, role: told.get(each.actorId)!.role } : each)),
    )
    this.#of.news.tell('people', undefined)
  }

  /** What this device is no longer to know is not kept here. */
  async dropUnwanted(): Promise<void> {
    const { context, modules } = this.#of.state
    const unwanted = modules.scopes.filter((scope) => !this.#wanted.includes(scope))
    if (context && unwanted.length > 0) await dropScopes(this.#of.state, context, unwanted)
  }

  /** What nobody of this device may read any more is not kept here. */
  async #dropUnreadable(context: Context): Promise<void> {
    const isReadable = this.#readable(context)
    const lost = this.#of.state.modules.scopes.filter((scope) => !isReadable(scope))
    if (lost.length > 0) await dropScopes(this.#of.state, context, lost)
  }

  /** Of a provider's person: the key by which they sign, once there is a line. It counts as signing in here. */
  async learnKey(): Promise<void> {
    const { context, deviceId } = this.#of.state
    if (!this.#isProvided || !context || this.signer()) return
    const { tenantId } = context
    const actorKey = await this.#of.transport.actorKey({ tenantId, deviceId })
    if (this.#of.state.context === context) await this.#learn(context, { actorKey })
  }

  /** Somebody else is at work, or nobody: what was open is not any more. */
  async enter(context: Context | null): Promise<void> {
    await this.#of.people.enter(context)
    const isTheirs = (each: Kept) => context !== null && nameOf(each) === nameOf(context)
    if (this.#kept.some((each) => each.actorKey && !isTheirs(each)))
      await this.#keep(this.#kept.map((each) => (isTheirs(each) ? each : { ...each, actorKey: undefined })))
  }
}
