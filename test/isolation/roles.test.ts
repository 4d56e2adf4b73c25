/**
 * The café's table of roles, over every type of operation: in the direct lane it is told by root-fields.test.ts, here
 * it is told for the queue, where what works only while online is refused to everybody.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Role, roles } from '../../src/modules/access/roles.ts'
import { type Gateway, operation, startGateway } from '../support/gateway.ts'
import { gatherPeople, type People } from '../support/people.ts'
import { fields, labelOf } from './fields.ts'

let gateway: Gateway
let people: People

beforeAll(async () => {
  gateway = await startGateway()
  people = await gatherPeople(gateway)
})
afterAll(() => gateway?.close())

type OperationType = { type: string; offline: boolean; mutation: string }
const allTypes = async () => {
  const query = '{ operationTypes { type offline mutation } }'
  return (await people.nobody.data<{ operationTypes: OperationType[] }>(query)).operationTypes
}

const queued = fields.filter((field) => field.queued)

it('every type that may be queued is in the table, and no other', async () => {
  const offline = (await allTypes()).filter((each) => each.offline).map(({ type }) => type)
  expect([...new Set(queued.map((field) => field.queued))].sort()).toEqual(offline.sort())
})

it('every type of operation is a mutation of the direct lane', async () => {
  const names = new Set(fields.map(({ name }) => name))
  for (const { mutation } of await allTypes()) expect(names).toContain(`Mutation.${mutation}`)
})

describe('from a queue', () => {
  const cases = queued.flatMap((field) =>
    roles.map((role) => ({ field, role, label: labelOf(field), may: field.may.includes(role as never) })),
  )
  it.each(cases)('$label by $role is decided by the role: $may', async ({ field, role, may }) => {
    const caller = people.by[role as Role]
    const { input } = await field.args(people, may ? caller : people.by.ADMIN)
    const [result] = await caller.push([operation(field.queued!, input)])
    expect(result).toMatchObject(
      may ? { status: 'APPLIED', code: null } : { status: 'REJECTED', code: 'ACTION_NOT_PERMITTED' },
    )
  })

  it('what works only while online is refused to an ADMIN too, of the tenant as of the branch', async () => {
    for (const { type, offline } of await allTypes()) {
      if (offline) continue
      for (const branchId of ['riverside', null]) {
        const [result] = await people.by.ADMIN.push([operation(type, {}, { branchId })])
        expect(result).toMatchObject({ status: 'REJECTED', code: 'OPERATION_NOT_SUPPORTED_OFFLINE' })
      }
      const elsewhere = operation(type, {}, { branchId: 'market', clientOpId: randomUUID() })
      const [denied] = await people.by.STAFF.push([elsewhere])
      expect(denied).toMatchObject({ status: 'REJECTED', code: 'NO_BRANCH_ACCESS' })
    }
  })
})
