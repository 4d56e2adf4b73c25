import { graphql } from '../../generated/gql.ts'

export const branchTodayQuery = graphql(`
  query BranchToday($tenantId: ID!, $branchId: ID!, $since: DateTime!) {
    takings(tenantId: $tenantId, branchId: $branchId, since: $since) {
      sales
      totalUsd
      voided
    }
    cashSession(tenantId: $tenantId, branchId: $branchId) {
      id
      openedBy
      openedAt
      expected {
        usd
        khr
      }
    }
    rejectedOperations(tenantId: $tenantId, branchId: $branchId, first: 100) {
      edges {
        node {
          decidedAt
        }
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`)
