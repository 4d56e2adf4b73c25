import { graphql } from '../../generated/gql.ts'

export const salesQuery = graphql(`
  query Sales($tenantId: ID!, $branchId: ID!, $receiptNumber: SafeInt, $first: Int!, $after: String) {
    sales(
      tenantId: $tenantId
      branchId: $branchId
      receiptNumber: $receiptNumber
      first: $first
      after: $after
    ) {
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

export const salesReportQuery = graphql(`
  query SalesReport($tenantId: ID!, $branchId: ID!, $from: String!, $to: String!) {
    salesReport(tenantId: $tenantId, branchId: $branchId, from: $from, to: $to) {
      sales
      totalUsd
      voided
      days {
        day
        sales
        totalUsd
      }
      hours {
        hour
        sales
        totalUsd
      }
      items {
        menuItemId
        name
        quantity
        totalUsd
      }
      people {
        actorId
        sales
        totalUsd
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
