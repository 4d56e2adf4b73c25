/**
 * Publishes the catalogue through the ordinary mutations of the direct lane. Keys are derived from what a mutation
 * says, so that a second run gets the stored results and changes nothing.
 */
import { type Catalogue, nameOf, storePolicy } from './catalogue.ts'
import type { Gateway } from './gateway.ts'
import { branchOf, type Ids, menuItemOf } from './ids.ts'
import { NotNow } from './persistence.ts'
import { ReplayError } from './replay-error.ts'
import type { Store } from './sort-out.ts'
import type { Verdict } from './transport.ts'

/** What sales name: revision numbers are the gateway's, never counted here. */
export type Published = {
  revisionOf: (productId: number, priceUsd: number) => number
  policyRevisionOf: (storeId: number) => number
  /** Mutations that changed something, and those that an earlier run had made already. */
  made: number
  known: number
}

type Mutation = {
  field: 'branchSave' | 'policyUpdate' | 'menuCategorySave' | 'menuItemSave'
  branchId?: string
  input: object
}
type DirectVerdict = Verdict & { result: { revision: number } }

export async function publish(
  gateway: Gateway,
  tenantId: string,
  ids: Ids,
  stores: readonly Store[],
  { categories, products }: Catalogue,
): Promise<Published> {
  const counts = { made: 0, known: 0 }
  const mutate = async (mutation: Mutation): Promise<number> => {
    const { duplicate, result } = await applied(gateway, tenantId, ids, mutation)
    counts[duplicate ? 'known' : 'made'] += 1
    return result.revision
  }

  const policyRevisions = new Map<number, number>()
  for (const store of stores) {
    const branchId = branchOf(store.id)
    await mutate({ field: 'branchSave', branchId, input: { name: nameOf(store) } })
    policyRevisions.set(store.id, await mutate({ field: 'policyUpdate', branchId, input: storePolicy }))
  }

  for (const input of categories) await mutate({ field: 'menuCategorySave', input })

  const revisions = new Map<string, number>()
  for (const { productId, name, categoryId, prices } of products) {
    const menuItemId = menuItemOf(productId)
    for (const [i, priceUsd] of prices.entries()) {
      const input = { menuItemId, priceUsd, ...(i === 0 ? { name, categoryId } : {}) }
      revisions.set(`${productId} ${priceUsd}`, await mutate({ field: 'menuItemSave', input }))
    }
  }
  return {
    ...counts,
    revisionOf: (productId, priceUsd) => revisions.get(`${productId} ${priceUsd}`)!,
    policyRevisionOf: (storeId) => policyRevisions.get(storeId)!,
  }
}

/**
 * The verdict on a mutation that was applied. What was refused in an earlier run stays refused under its key, so
 * it is asked again under the next one; what is refused now ends the replay.
 */
async function applied(
  gateway: Gateway,
  tenantId: string,
  ids: Ids,
  { field, branchId, input }: Mutation,
): Promise<DirectVerdict> {
  for (let attempt = 0; ; attempt += 1) {
    const idempotencyKey = ids.direct(field, branchId ?? null, input, attempt)
    const variables = { tenantId, branchId, idempotencyKey, input }
    const verdict = await gateway.request(document(field, branchId !== undefined), variables, decided)
    if (verdict.status === 'APPLIED') return verdict
    if (!verdict.duplicate)
      throw new ReplayError(
        `the gateway refused ${field} ${JSON.stringify(input)}: ${verdict.message} (${verdict.code})`,
      )
  }
}

function document(field: Mutation['field'], ofBranch: boolean): string {
  const inputType = `${field[0]!.toUpperCase()}${field.slice(1)}Input`
  const [branch, branchArgument] = ofBranch ? [', $branchId: ID!', ', branchId: $branchId'] : ['', '']
  return `mutation ($tenantId: ID!, $idempotencyKey: UUID!, $input: ${inputType}!${branch}) {
    verdict: ${field}(tenantId: $tenantId, idempotencyKey: $idempotencyKey, input: $input${branchArgument}) {
      clientOpId status duplicate code message result
    }
  }`
}

function decided({ verdict }: { verdict: DirectVerdict }): DirectVerdict {
  if (verdict.status === 'DEFERRED') throw new NotNow(`${verdict.message} (${verdict.code})`)
  return verdict
}
