import { graphql } from '../../generated/gql.ts'

export const auditQuery = graphql(`
  query Audit($tenantId: ID!, $branchId: ID, $name: String, $first: Int!, $after: String) {
    auditEvents(tenantId: $tenantId, branchId: $branchId, name: $name, first: $first, after: $after) {
      since
      edges {
        node {
          id
          branchId
          name
          actorId
          submittedBy
          approvedFor
          deviceId
          lane
          clientOpId
          occurredAt
          recordedAt
          data
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)
