import { graphql } from '../../generated/gql.ts'

/** `dependsOn`: only those that build on this operation. */
export const rejectedQuery = graphql(`
  query Rejected($tenantId: ID!, $branchId: ID, $code: String, $dependsOn: UUID, $first: Int!, $after: String) {
    rejectedOperations(
      tenantId: $tenantId
      branchId: $branchId
      code: $code
      dependsOn: $dependsOn
      first: $first
      after: $after
    ) {
      edges {
        node {
          clientOpId
          type
          branchId
          payload
          code
          message
          details
          actorId
          submittedBy
          deviceId
          deviceSeq
          lane
          dependsOn
          occurredAt
          decidedAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

/** What queues brought and was rejected: of a session, or of the branch; `settled`: only what somebody has, or nobody has, dealt with. */
export const refusalsQuery = graphql(`
  query Refusals(
    $tenantId: ID!
    $branchId: ID!
    $cashSessionId: UUID
    $settled: Boolean
    $first: Int!
    $after: String
  ) {
    refusals(
      tenantId: $tenantId
      branchId: $branchId
      cashSessionId: $cashSessionId
      settled: $settled
      first: $first
      after: $after
    ) {
      edges {
        node {
          clientOpId
          type
          cashSessionId
          cash {
            usd
            khr
          }
          totalUsd
          payload
          code
          message
          actorId
          deviceId
          deviceSeq
          occurredAt
          refusedAt
          settled
          outcome
          settledBy
          settledAt
          reason
          bookedAs
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

/** A session by its id; without one, the one that is open. */
export const sessionOfDeskQuery = graphql(`
  query SessionOfDesk($tenantId: ID!, $branchId: ID!, $cashSessionId: UUID) {
    cashSession(tenantId: $tenantId, branchId: $branchId, cashSessionId: $cashSessionId) {
      id
      status
      openedAt
      closedAt
    }
  }
`)
