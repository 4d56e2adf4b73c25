/**
 * Places for batches that wait for their turn or have it. Nobody's queue uses up another's: of what is free, a tenant
 * leaves as much as it takes, and a person and a device have a bound of their own.
 */
export type Guest = {
  readonly tenantId: string
  readonly accountId: string
  readonly deviceId: string | null
}

export type Places = { readonly all: number; readonly ofAccount: number; readonly ofDevice: number }

/** A device sends one batch at a time; a few more are those whose answers it did not wait for. */
export const places: Places = { all: 512, ofAccount: 64, ofDevice: 16 }

export class WaitingRoom {
  readonly #places: Places
  readonly #taken = new Map<string, number>()
  #all = 0

  constructor(bounds: Places = places) {
    this.#places = bounds
  }

  /** Places that are taken. */
  get taken(): number {
    return this.#all
  }

  /** Takes a place and returns how to give it back; null where there is none for this one. */
  enter(guest: Guest): (() => void) | null {
    const tenant = nameOf('tenant', guest.tenantId)
    const account = nameOf('account', guest.tenantId, guest.accountId)
    const device = guest.deviceId === null ? null : nameOf('device', guest.tenantId, guest.deviceId)
    const { all, ofAccount, ofDevice } = this.#places
    // As long as there is a place, a tenant that has none gets it: the others stop at half of what they find.
    if (this.#of(tenant) >= all - this.#all) return null
    if (this.#of(account) >= ofAccount || (device && this.#of(device) >= ofDevice)) return null

    const names = device ? [tenant, account, device] : [tenant, account]
    this.#all += 1
    for (const name of names) this.#taken.set(name, this.#of(name) + 1)
    return () => {
      this.#all -= 1
      for (const name of names) {
        const left = this.#of(name) - 1
        if (left > 0) this.#taken.set(name, left)
        else this.#taken.delete(name)
      }
    }
  }

  #of(name: string): number {
    return this.#taken.get(name) ?? 0
  }
}

const nameOf = (...parts: string[]) => parts.join('\u0000')
