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
