/**
 * Whoever is at work: whose token asks, whose key signs, and what they may read. Where an identity provider issues the
 * tokens (`getToken`), role and key are asked of the gateway; otherwise they came with the PIN (`people.ts`).
 */
import * as z from 'zod/mini'
import type { AnyClientOptions, Document } from '../api.ts'
import { dropScopes } from '../cache/pages.ts'
import type { Pulling } from '../modules/pulling.ts'
import type { NewsDesk } from '../news.ts'
import type { Signer } from '../outbox/proof.ts'
import type { LocalState } from '../state/local-state.ts'
import { keys } from '../store/layout.ts'
import type { PulledChange, Transport } from '../transport/transport.ts'
import type { Context, EntityKind, ModuleScope, Person } from '../words.ts'
import type { PeopleKeeper } from './people.ts'
import { nameOf, type TokenBook } from './token-book.ts'

/** What the gateway has said of a provider's person. */
const kept = z.object({
  tenantId: z.string(),
  actorId: z.string(),
  actorKey: z.optional(z.string()),
  role: z.optional(z.string()),
})
type Kept = z.infer<typeof kept>

const roleQuery: Document<{ me: { role: string } }, { tenantId: string }> = `
  query MyRole($tenantId: ID!) {
    me(tenantId: $tenantId) { role }
  }`

export class Me {
  readonly #state: LocalState
  readonly #people: PeopleKeeper
  readonly #tokens: TokenBook
  readonly #transport: Pick<Transport, 'read' | 'actorKey'>
  readonly #isProvided: boolean
  readonly #wanted: readonly ModuleScope[]
  #kept: Kept | null = null
  readonly #news: NewsDesk

  constructor(of: {
    state: LocalState
    people: PeopleKeeper
    tokens: TokenBook
    /** Is told of what the gateway says anew of a provider's person. */
    news: NewsDesk
    transport: Pick<Transport, 'read' | 'actorKey'>
    options: Pick<AnyClientOptions, 'getToken' | 'moduleScopes'>
  }) {
    this.#state = of.state
    this.#people = of.people
    this.#tokens = of.tokens
    this.#news = of.news
    this.#transport = of.transport
    this.#isProvided = of.options.getToken !== undefined
    this.#wanted = of.options.moduleScopes ?? of.state.modules.scopes
  }

  /** What an earlier run of the app, or another tab, has learned. */
  async recall(): Promise<void> {
    if (!this.#isProvided) return
    const found = await this.#state.store.transact('read', (tx) => tx.get('meta', keys.actorKey))
    this.#kept = kept.safeParse(found).data ?? null
  }

  /** What is known of whoever is at work, where a provider's token says who they are. */
  #known(): Kept | null {
    const { context } = this.#state
    return context && this.#kept && nameOf(this.#kept) === nameOf(context) ? this.#kept : null
  }

  async #learn({ tenantId, actorId }: Context, what: Pick<Kept, 'actorKey' | 'role'>): Promise<void> {
    this.#kept = { tenantId, actorId, ...this.#known(), ...what }
    // A full store learns it another time.
    await this.#state.store
      .transact('write', (tx) => tx.put('meta', keys.actorKey, this.#kept))
      .catch(() => {})
    this.#news.tell('people', undefined)
  }

  signer(): Signer | null {
    const { context } = this.#state
    if (!context) return null
    const actorKey = this.#isProvided ? this.#known()?.actorKey : this.#tokens.actorKeyOf(context)
    return actorKey ? { tenantId: context.tenantId, actorId: context.actorId, actorKey } : null
  }

  /** Of whoever is at work; null: not known. */
  role(): string | null {
    const { context } = this.#state
    if (!context) return null
    if (this.#isProvided) return this.#known()?.role ?? null
    return this.#person(context)?.role ?? null
  }

  #person({ tenantId, actorId }: Context): Person | undefined {
    return this.#people.list(tenantId).find(({ accountId }) => accountId === actorId)
  }

  /** What is pulled: everything asked for, less what the role of whoever is at work may not read. */
  pulling(): Pulling {
    const role = this.role()
    const { modules } = this.#state
    return {
      scopes: role === null ? this.#wanted : this.#wanted.filter((scope) => modules.mayRead(role, scope)),
      wanted: this.#wanted,
    }
  }

  /** What a colleague has loaded is not shown to whoever may not read it. */
  maySee(kind: EntityKind): boolean {
    const role = this.role()
    const { modules } = this.#state
    return role === null || modules.mayRead(role, modules.scopeOf(kind))
  }

  /** The gateway refuses this: who is this person by now? True where they may read something else than before. */
  async learnRights(context: Context): Promise<boolean> {
    const before = JSON.stringify(this.pulling().scopes)
    if (this.#isProvided) {
      const { me } = await this.#transport.read(roleQuery, { tenantId: context.tenantId })
      if (this.#state.context === context) await this.#learn(context, { role: me.role })
    } else await this.#people.refresh(context)
    if (this.#state.context !== context) return false
    await this.#dropUnreadable(context)
    return JSON.stringify(this.pulling().scopes) !== before
  }

  /** The stream says of everybody who they are. */
  async pulled(context: Context, changes: readonly PulledChange[]): Promise<void> {
    const change = changes.findLast(
      ({ opKind, entityKind, entityId }) =>
        opKind === 'UPSERT' && entityKind === this.#state.modules.people.kind && entityId === context.actorId,
    )
    if (!change) return
    const is = change.payload as { staffCode: string; name: string; role: string }
    if (!this.#isProvided) await this.#people.learn(context.tenantId, context.actorId, is)
    // A provider may speak of somebody else: what was not asked for is not taken from here.
    else if (this.#known()?.role && this.#known()?.role !== is.role)
      await this.#learn(context, { role: is.role })
    else return
    await this.#dropUnreadable(context)
  }

  /** What this device is no longer to know is not kept here. */
  async dropUnwanted(): Promise<void> {
    const { context, modules } = this.#state
    const unwanted = modules.scopes.filter((scope) => !this.#wanted.includes(scope))
    if (context && unwanted.length > 0) await dropScopes(this.#state, context, unwanted)
  }

  /** What nobody of this device may read any more is not kept here. */
  async #dropUnreadable({ tenantId, branchId }: Context): Promise<void> {
    const people = this.#isProvided ? [] : this.#people.list(tenantId)
    const roles = people.length > 0 ? people.map(({ role }) => role) : [this.role()]
    const { modules } = this.#state
    const lost = modules.scopes.filter((scope) =>
      roles.every((role) => role !== null && !modules.mayRead(role, scope)),
    )
    if (lost.length > 0) await dropScopes(this.#state, { tenantId, branchId }, lost)
  }

  /** Of a provider's person: the key by which they sign, once there is a line. It counts as signing in here. */
  async learnKey(): Promise<void> {
    const { context, deviceId } = this.#state
    if (!this.#isProvided || !context || this.signer()) return
    const { tenantId } = context
    const actorKey = await this.#transport.actorKey({ tenantId, deviceId })
    if (this.#state.context === context) await this.#learn(context, { actorKey })
  }

  /** Somebody else is at work, or nobody: what was open is not any more. */
  async enter(context: Context | null): Promise<void> {
    await this.#people.enter(context)
    if (!this.#kept || (context && nameOf(context) === nameOf(this.#kept))) return
    this.#kept = null
    await this.#state.store.transact('write', (tx) => tx.delete('meta', keys.actorKey))
  }
}
