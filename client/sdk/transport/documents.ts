/**
 * What the SDK asks of the gateway, but for the direct lane's mutations (`direct.ts`). The answers' types are those of
 * `transport.ts`; a test holds both against `schema.graphql`.
 */
import type { Document } from '../api.ts'
import type { Nudge, PullPage, PullReset, Transport } from './transport.ts'

type Input<Name extends 'push' | 'pull' | 'signIn' | 'report'> = { input: Parameters<Transport[Name]>[0] }
type Answer<Name extends 'push' | 'signIn' | 'report'> = Awaited<ReturnType<Transport[Name]>>

export const pushDocument: Document<{ syncPushBatch: Answer<'push'> }, Input<'push'>> = `
  mutation Push($input: SyncPushBatchInput!) {
    syncPushBatch(input: $input) {
      results { clientOpId status duplicate code message details result appliedSeq }
      serverTime
    }
  }`

/** A reset as the gateway tells it. */
export type ToldReset = Omit<PullReset, 'reset'> & { reason: PullReset['reset'] }

export const pullDocument: Document<{ syncPull: PullPage | ToldReset }, Input<'pull'>> = `
  query Pull($input: SyncPullInput!) {
    syncPull(input: $input) {
      ... on SyncPullPage {
        changes { seq opKind module entityKind entityId payload occurredAt actorId clientOpId agesFrom }
        nextCursor epoch hasMore headSeq added personal accountId serverTime finishedKeptDays
      }
      ... on SyncPullReset { reason message newEpoch }
    }
  }`

export const nudgesDocument: Document<{ syncNudge: Nudge }, Parameters<Transport['listen']>[0]> = `
  subscription Nudges($tenantId: ID!, $branchId: ID, $moduleScopes: [ModuleScope!]) {
    syncNudge(tenantId: $tenantId, branchId: $branchId, moduleScopes: $moduleScopes) {
      branchId modules headSeq pullAfterMs
    }
  }`

export const signInDocument: Document<{ signIn: Answer<'signIn'> }, Input<'signIn'>> = `
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) { token expiresAt actorId actorKey }
  }`

export const actorKeyDocument: Document<{ actorKey: string }, Parameters<Transport['actorKey']>[0]> = `
  mutation ActorKey($tenantId: ID!, $deviceId: ID!) {
    actorKey(tenantId: $tenantId, deviceId: $deviceId)
  }`

export const reportDocument: Document<{ deviceReport: Answer<'report'> }, Input<'report'>> = `
  mutation Report($input: DeviceReportInput!) {
    deviceReport(input: $input) { serverTime }
  }`

export const probeDocument: Document<{ __typename: string }, object> = 'query Probe { __typename }'

/** Somebody as the gateway knows them. */
export type Profile = { staffCode: string; name: string; role: string; branchIds: string[] }

export const meDocument: Document<{ me: Profile }, { tenantId: string }> = `
  query Me($tenantId: ID!) {
    me(tenantId: $tenantId) { staffCode name role branchIds }
  }`
