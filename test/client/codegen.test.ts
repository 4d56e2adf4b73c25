/** The client's documents against schema.graphql: what is generated of the console's, and the texts of the SDK. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generate } from '@graphql-codegen/cli'
import { buildSchema, parse, TypeInfo, validate, visit, visitWithTypeInfo } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import * as documents from '../../client/sdk/transport/documents.ts'
import config from '../../codegen.ts'

type Generated = { filename: string; content: string }

let generated: Generated[]
beforeAll(async () => {
  generated = (await generate({ ...config, silent: true }, false)) as Generated[]
})

describe('npm run codegen', () => {
  it('gives the files that are there', () => {
    const folders = new Set(generated.map(({ filename }) => dirname(filename)))
    const present = [...folders].flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    expect(generated.map(({ filename }) => filename).sort()).toEqual(present.sort())
  })

  it('gives their text to the letter', () => {
    expect(generated.length).toBeGreaterThan(0)
    for (const { filename, content } of generated) expect(readFileSync(filename, 'utf8')).toBe(content)
  })

  it('is code that Node runs by leaving the types out', () => {
    const document =
      "import('./client/admin/generated/graphql.ts').then((d) => console.log(String(d.MenuItemsDocument)))"
    const printed = execFileSync('node', ['--no-warnings', '--eval', document], { encoding: 'utf8' })
    expect(printed).toContain('query MenuItems')
  })
})

describe("the SDK's documents", () => {
  const schema = buildSchema(readFileSync('schema.graphql', 'utf8'))
  const all = Object.values(documents).map((document) => parse(document.toString()))

  it('are of the schema', () => {
    expect(all.length).toBeGreaterThan(0)
    for (const document of all) expect(validate(schema, document)).toEqual([])
  })

  it('are answered by what their types say', () => {
    const told: Record<string, string> = {}
    const info = new TypeInfo(schema)
    for (const document of all)
      visit(
        document,
        visitWithTypeInfo(info, {
          Field: () => {
            told[`${info.getParentType()}.${info.getFieldDef()?.name}`] = String(info.getType())
          },
        }),
      )
    expect(told).toMatchInlineSnapshot(`
      {
        "DeviceReportPayload.serverTime": "DateTime!",
        "Mutation.actorKey": "String!",
        "Mutation.deviceReport": "DeviceReportPayload!",
        "Mutation.signIn": "SignInPayload!",
        "Mutation.syncPushBatch": "SyncPushBatchPayload!",
        "Query.__typename": "String!",
        "Query.me": "StaffMember!",
        "Query.syncPull": "SyncPullResult!",
        "SignInPayload.actorId": "ID!",
        "SignInPayload.actorKey": "String!",
        "SignInPayload.expiresAt": "DateTime!",
        "SignInPayload.token": "String!",
        "StaffMember.branchIds": "[ID!]!",
        "StaffMember.name": "String!",
        "StaffMember.role": "String!",
        "StaffMember.staffCode": "String!",
        "Subscription.syncNudge": "SyncNudge!",
        "SyncChange.actorId": "ID",
        "SyncChange.agesFrom": "DateTime",
        "SyncChange.clientOpId": "UUID",
        "SyncChange.entityId": "ID!",
        "SyncChange.entityKind": "String!",
        "SyncChange.module": "ModuleScope!",
        "SyncChange.occurredAt": "DateTime!",
        "SyncChange.opKind": "SyncOpKind!",
        "SyncChange.payload": "JSON",
        "SyncChange.seq": "SafeInt!",
        "SyncNudge.branchId": "ID!",
        "SyncNudge.headSeq": "SafeInt!",
        "SyncNudge.modules": "[ModuleScope!]!",
        "SyncNudge.pullAfterMs": "Int!",
        "SyncOperationResult.appliedSeq": "SafeInt",
        "SyncOperationResult.clientOpId": "UUID!",
        "SyncOperationResult.code": "String",
        "SyncOperationResult.details": "JSON",
        "SyncOperationResult.duplicate": "Boolean!",
        "SyncOperationResult.message": "String",
        "SyncOperationResult.result": "JSON",
        "SyncOperationResult.status": "SyncOperationStatus!",
        "SyncPullPage.accountId": "ID!",
        "SyncPullPage.added": "[ModuleScope!]!",
        "SyncPullPage.changes": "[SyncChange!]!",
        "SyncPullPage.epoch": "String!",
        "SyncPullPage.finishedKeptDays": "Int!",
        "SyncPullPage.hasMore": "Boolean!",
        "SyncPullPage.headSeq": "SafeInt!",
        "SyncPullPage.nextCursor": "String!",
        "SyncPullPage.personal": "[ModuleScope!]!",
        "SyncPullPage.serverTime": "DateTime!",
        "SyncPullReset.message": "String!",
        "SyncPullReset.newEpoch": "String",
        "SyncPullReset.reason": "SyncResetReason!",
        "SyncPushBatchPayload.results": "[SyncOperationResult!]!",
        "SyncPushBatchPayload.serverTime": "DateTime!",
      }
    `)
  })
})
