import { graphql } from '../../generated/gql.ts'

export const stockQuery = graphql(`
  query Stock($tenantId: ID!, $branchId: ID!, $first: Int!, $after: String) {
    stock(tenantId: $tenantId, branchId: $branchId, first: $first, after: $after) {
      edges {
        node {
          id
          name
          unit
          onHand
          belowZero
          lowAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)
