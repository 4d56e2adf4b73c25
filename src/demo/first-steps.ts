/**
 * The README's first steps, as GraphiQL has them ready where the demo is: one tab each, signed in as the demo's
 * administrator by the PIN that everybody knows. `test/spec/first-steps.test.ts` holds them to the README's text.
 */
import { signIn } from '../modules/access/sign-in.ts'
import type { Database } from '../platform/database.ts'
import type { Tokens } from '../platform/tokens.ts'
import type { Services } from '../services.ts'
import { demoPin } from './seed.ts'

/** A token, or null: the PIN was changed, or somebody else issues the tokens. */
export async function demoToken(
  db: Database,
  { tries, clock }: Services,
  issue: Tokens['issue'],
): Promise<string | null> {
  const who = { tenantId: 'demo', staffCode: 'admin', pin: demoPin, deviceId: 'my-till' }
  const by = { db, tries, at: clock(), enrol: async () => false }
  const result = issue && (await signIn(by, { ...who, address: '127.0.0.1' }))
  return result && 'signedIn' in result ? (await issue(result.signedIn)).token : null
}

export const firstSteps = [
  `mutation SignIn {
  signIn(input: { tenantId: "demo", staffCode: "admin", pin: "1234", deviceId: "my-till" }) { token }
}`,
  `mutation Branch {
  branchSave(tenantId: "demo", branchId: "first-steps", idempotencyKey: "5b7b6ad6-0f0e-4a53-9d62-0e5fd4f1a000",
    input: { name: "First steps" }) { status duplicate }
}`,
  `query Pull {
  syncPull(input: { tenantId: "demo", branchId: "first-steps", deviceId: "my-till", moduleScopes: [BRANCH, POLICY, CASH_SESSION] }) {
    ... on SyncPullPage { changes { seq opKind entityKind entityId payload } nextCursor hasMore }
    ... on SyncPullReset { reason message }
  }
}`,
  `mutation Push {
  syncPushBatch(input: { tenantId: "demo", deviceId: "my-till", operations: [{
    clientOpId: "5b7b6ad6-0f0e-4a53-9d62-0e5fd4f1a001", type: "cashSession.open", branchId: "first-steps",
    payload: { cashSessionId: "5b7b6ad6-0f0e-4a53-9d62-0e5fd4f1a002", openingFloat: { usd: 5000, khr: 200000 } },
    payloadHash: "0b8b7ad668e32f9b0e98d92ffd0b1accbdae60f84e42f990fedf2482776158a1",
    occurredAt: "2026-03-01T08:00:00Z", deviceSeq: 1 }] }) {
    results { status duplicate code message result }
  }
}`,
  `subscription Nudges { syncNudge(tenantId: "demo", branchId: "first-steps") { modules headSeq } }`,
] as const
