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
    closings(tenantId: $tenantId, branchId: $branchId, first: 1) {
      edges {
        node {
          number
          content
          ...Late
          supplements(first: 50) {
            edges {
              node {
                content
              }
            }
          }
        }
      }
    }
    refusals(tenantId: $tenantId, branchId: $branchId, settled: false, first: 100) {
      edges {
        node {
          totalUsd
        }
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`)
