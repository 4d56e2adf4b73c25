import { graphql } from '../../generated/gql.ts'

export const closingsQuery = graphql(`
  query Closings($tenantId: ID!, $branchId: ID!, $first: Int!, $after: String) {
    closings(tenantId: $tenantId, branchId: $branchId, first: $first, after: $after) {
      edges {
        node {
          number
          cashSessionId
          recordedAt
          hash
          content
          supplements(first: 50) {
            edges {
              node {
                number
                recordedAt
                content
              }
            }
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const refusalsQuery = graphql(`
  query Refusals($tenantId: ID!, $branchId: ID!, $cashSessionId: UUID!, $first: Int!, $after: String) {
    refusals(tenantId: $tenantId, branchId: $branchId, cashSessionId: $cashSessionId, first: $first, after: $after) {
      edges {
        node {
          clientOpId
          type
          cash {
            usd
            khr
          }
          totalUsd
          actorId
          deviceId
          occurredAt
          settled
          outcome
          settledBy
          reason
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)
