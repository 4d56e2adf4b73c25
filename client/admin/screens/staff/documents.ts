import { graphql } from '../../generated/gql.ts'

export const workQuery = graphql(`
  query Work($tenantId: ID!, $branchId: ID!, $first: Int!, $after: String) {
    attendance(tenantId: $tenantId, branchId: $branchId, first: $first, after: $after) {
      edges {
        node {
          id
          actorId
          startedAt
          endedAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)
