import { graphql } from '../../generated/gql.ts'

export const salesQuery = graphql(`
  query Sales($tenantId: ID!, $branchId: ID!, $first: Int!, $after: String) {
    sales(tenantId: $tenantId, branchId: $branchId, first: $first, after: $after) {
      edges {
        node {
          id
          branchId
          receiptNumber
          status
          saleType
          cashSessionId
          policyRevision
          lines
          totals {
            subtotalUsd
            vatUsd
            totalUsd
            totalKhr
          }
          tender
          pricedFromStaleCache
          actorId
          finalizedAt
          recordedAt
          voidedAt
          voidedBy
          voidReason
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const takingsQuery = graphql(`
  query Takings($tenantId: ID!, $branchId: ID!, $since: DateTime!) {
    takings(tenantId: $tenantId, branchId: $branchId, since: $since) {
      sales
      totalUsd
      voided
    }
  }
`)
