/**
 * Whose token asks the gateway: that of whoever is at work, and nobody else's. An identity provider's (`getToken`), or
 * what the people of this device have open (`people.ts`).
 */
import type { ClientOptions } from '../api.ts'
import type { Context } from '../words.ts'
import type { Open } from './person.ts'

export type Who = Pick<Context, 'tenantId' | 'actorId'>
type Asked = { refused: string | null }

export const nameOf = ({ tenantId, actorId }: Who) => `${tenantId}\u0000${actorId}`

export class TokenBook {
  readonly #getToken: ClientOptions['getToken']
  readonly #atWork: () => Context | null
  #open: ReadonlyMap<string, Open> = new Map()
  readonly #refused = new Set<string>()

  constructor(of: { getToken?: ClientOptions['getToken']; atWork: () => Context | null }) {
    this.#getToken = of.getToken
    this.#atWork = of.atWork
  }

  /** From now on these people have this open, and nobody else anything. By `nameOf`. */
  hold(open: ReadonlyMap<string, Open>): void {
    this.#open = open
  }

  /** For a request; null: there is none. Never one that was `refused`, now or before. */
  readonly ask = async (asked: Asked, context = this.#atWork()): Promise<string | null> => {
    if (this.#getToken) return this.#getToken(asked)
    return context && this.tokenOf(context, asked)
  }

  /**
   * For the socket. One that was refused there may be good all the same: whoever has it may not listen any more, or the
   * device is shut out. What a request is answered decides; a provider may have another.
   */
  readonly askForSocket = (asked: Asked): Promise<string | null> =>
    this.ask(this.#getToken ? asked : { refused: null })

  /** Whether whoever is at work has one, as far as is known here: a provider may. */
  has(): boolean {
    const context = this.#atWork()
    return context !== null && (!!this.#getToken || this.tokenOf(context) !== null)
  }

  /** The person's own; null: they have to sign in. */
  tokenOf(who: Who, { refused }: Asked = { refused: null }): string | null {
    if (refused !== null) this.#refused.add(refused)
    const token = this.#open.get(nameOf(who))?.token
    return token === undefined || this.#refused.has(token) ? null : token
  }

  /** By which the person proves what they do; null: there is none. */
  actorKeyOf(who: Who): string | null {
    return this.#open.get(nameOf(who))?.actorKey ?? null
  }
}
