/**
 * The SDK's own GraphQL documents.
 */
import { graphql } from './generated/gql.ts'

export const pushMutation = graphql(`
  mutation Push($input: SyncPushBatchInput!) {
    syncPushBatch(input: $input) {
      results {
        clientOpId
        status
        duplicate
        code
        message
        details
        result
        appliedSeq
      }
      serverTime
    }
  }
`)

export const pullQuery = graphql(`
  query Pull($input: SyncPullInput!) {
    syncPull(input: $input) {
      ... on SyncPullPage {
        changes {
          seq
          opKind
          module
          entityKind
          entityId
          payload
          occurredAt
          actorId
          clientOpId
          agesFrom
        }
        nextCursor
        hasMore
        headSeq
        added
        personal
        accountId
        serverTime
        finishedKeptDays
      }
      ... on SyncPullReset {
        reason
        message
      }
    }
  }
`)

export const nudgeSubscription = graphql(`
  subscription Nudges($tenantId: ID!, $branchId: ID, $moduleScopes: [ModuleScope!]) {
    syncNudge(tenantId: $tenantId, branchId: $branchId, moduleScopes: $moduleScopes) {
      branchId
      modules
      headSeq
      pullAfterMs
    }
  }
`)

export const signInMutation = graphql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      token
      expiresAt
      actorId
      actorKey
    }
  }
`)

export const actorKeyMutation = graphql(`
  mutation ActorKey($tenantId: ID!, $deviceId: ID!) {
    actorKey(tenantId: $tenantId, deviceId: $deviceId)
  }
`)

export const probeQuery = graphql(`
  query Probe {
    __typename
  }
`)

export const reportMutation = graphql(`
  mutation Report($input: DeviceReportInput!) {
    deviceReport(input: $input) {
      serverTime
    }
  }
`)
