/**
 * Whoever is at work: whose token asks, whose key signs, and what they may read. Where an identity provider issues the
 * tokens (`getToken`), role and key are asked of the gateway; otherwise they came with the PIN (`people.ts`).
 */
import * as z from 'zod/mini'
import type { Role } from '../../../src/modules/access/roles.ts'
import { moduleScopes as allScopes, may } from '../../../src/modules/words.ts'
import type { ClientOptions, Document } from '../api.ts'
import { forget } from '../cache/pages.ts'
import { mayRead, type Pulling, scopeOf } from '../cafe/scopes.ts'
import type { Signer } from '../outbox/proof.ts'
import type { LocalState } from '../state/local-state.ts'
import { keys } from '../store/layout.ts'
import type { PulledChange, Transport } from '../transport/transport.ts'
import type { Context, EntityKind, ModuleScope, Person } from '../words.ts'
import type { PeopleKeeper } from './people.ts'

const keptKey = z.object({ tenantId: z.string(), actorId: z.string(), actorKey: z.string() })

const roleQuery: Document<{ me: { role: Role } }, { tenantId: string }> = `
  query MyRole($tenantId: ID!) {
    me(tenantId: $tenantId) { role }
  }`

export class Me {
  readonly #state: LocalState
  readonly #people: PeopleKeeper
  readonly #transport: Pick<Transport, 'read' | 'actorKey'>
  readonly #getToken: ClientOptions['getToken']
  readonly #wanted: readonly ModuleScope[]
  /** Of whoever the provider's token is, where it was asked. */
  #provided: { context: Context; role: Role } | null = null
  #key: Signer | null = null

  constructor(of: {
    state: LocalState
    people: PeopleKeeper
    transport: Pick<Transport, 'read' | 'actorKey'>
    options: Pick<ClientOptions, 'getToken' | 'moduleScopes'>
  }) {
    this.#state = of.state
    this.#people = of.people
    this.#transport = of.transport
    this.#getToken = of.options.getToken
    this.#wanted = of.options.moduleScopes ?? allScopes
  }

  /** What an earlier run of the app has learned. */
  async recall(): Promise<void> {
    await this.forgetUnwanted()
    if (!this.#getToken) return
    const kept = await this.#state.store.transact('read', (tx) => tx.get('meta', keys.actorKey))
    this.#key = keptKey.safeParse(kept).data ?? null
  }

  /** The token of whoever is at work in this context, and of nobody else. */
  async token(asked: { refused: string | null }, context = this.#state.context): Promise<string | null> {
    if (this.#getToken) return this.#getToken(asked)
    return context && (this.#people.tokenFor(context.tenantId, context.actorId, asked)?.token ?? null)
  }

  /** As far as is known here: a provider may have one. */
  hasToken(): boolean {
    const { context } = this.#state
    if (!context || this.#getToken) return context !== null
    return this.#people.tokenFor(context.tenantId, context.actorId, { refused: null }) !== null
  }

  signer(): Signer | null {
    const { context } = this.#state
    if (!context) return null
    const { tenantId, actorId } = context
    if (this.#getToken)
      return this.#key?.actorId === actorId && this.#key.tenantId === tenantId ? this.#key : null
    const actorKey = this.#people.actorKeyOf(context)
    return actorKey === null ? null : { tenantId, actorId, actorKey }
  }

  /** Null: not known. */
  #role(): Role | null {
    const { context } = this.#state
    if (!context) return null
    if (this.#getToken) return this.#provided?.context === context ? this.#provided.role : null
    return this.#person(context)?.role ?? null
  }

  #person({ tenantId, actorId }: Context): Person | undefined {
    return this.#people.list(tenantId).find(({ accountId }) => accountId === actorId)
  }

  /** What is pulled: everything asked for, less what the role of whoever is at work may not read. */
  pulling(): Pulling {
    const role = this.#role()
    const seesAll = role !== null && may(role, 'attendance.readAll')
    return {
      scopes: role === null ? this.#wanted : this.#wanted.filter((scope) => mayRead(role, scope)),
      wanted: this.#wanted,
      onlyOwn: seesAll ? null : (this.#state.context?.actorId ?? ''),
    }
  }

  /** What a colleague has loaded is not shown to whoever may not read it. */
  maySee(kind: EntityKind): boolean {
    const role = this.#role()
    return role === null || mayRead(role, scopeOf[kind])
  }

  /** The gateway refuses this: who is this person by now? True where they may read something else than before. */
  async learnRights(context: Context): Promise<boolean> {
    const before = JSON.stringify(this.pulling().scopes)
    if (this.#getToken) {
      const { me } = await this.#transport.read(roleQuery, { tenantId: context.tenantId })
      if (this.#state.context === context) this.#provided = { context, role: me.role }
    } else await this.#people.refresh(context)
    if (this.#state.context !== context) return false
    await this.#forgetUnreadable(context)
    return JSON.stringify(this.pulling().scopes) !== before
  }

  /** The stream says of everybody who they are. */
  async pulled(context: Context, changes: readonly PulledChange[]): Promise<void> {
    const change = changes.findLast(
      ({ opKind, entityKind, entityId }) =>
        opKind === 'UPSERT' && entityKind === 'staffMember' && entityId === context.actorId,
    )
    if (!change || this.#getToken) return
    const is = change.payload as { staffCode: string; name: string; role: Role }
    await this.#people.learn(context.tenantId, context.actorId, is)
    await this.#forgetUnreadable(context)
  }

  /** What this device is no longer to know is not kept here. */
  async forgetUnwanted(): Promise<void> {
    const { context } = this.#state
    const unwanted = allScopes.filter((scope) => !this.#wanted.includes(scope))
    if (context && unwanted.length > 0) await forget(this.#state, context, unwanted)
  }

  /** What nobody of this device may read any more is not kept here. */
  async #forgetUnreadable({ tenantId, branchId }: Context): Promise<void> {
    const people = this.#getToken ? [] : this.#people.list(tenantId)
    const roles = people.length > 0 ? people.map(({ role }) => role) : [this.#role()]
    const lost = allScopes.filter((scope) => roles.every((role) => role !== null && !mayRead(role, scope)))
    if (lost.length > 0) await forget(this.#state, { tenantId, branchId }, lost)
  }

  /** Of a provider's person: the key by which they sign, once there is a line. It counts as signing in here. */
  async learnKey(): Promise<void> {
    const { context, deviceId, store } = this.#state
    if (!this.#getToken || !context || this.signer()) return
    const { tenantId, actorId } = context
    const actorKey = await this.#transport.actorKey({ tenantId, deviceId })
    if (this.#state.context !== context) return
    this.#key = { tenantId, actorId, actorKey }
    await store.transact('write', (tx) => tx.put('meta', keys.actorKey, this.#key))
  }

  /** Somebody else is at work, or nobody: what was open is not any more. */
  async enter(context: Context | null): Promise<void> {
    await this.#people.enter(context)
    if (!this.#key || (context?.actorId === this.#key.actorId && context.tenantId === this.#key.tenantId))
      return
    this.#key = null
    await this.#state.store.transact('write', (tx) => tx.delete('meta', keys.actorKey))
  }
}
