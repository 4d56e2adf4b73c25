import { graphql } from '../../generated/gql.ts'

export const cashSessionsQuery = graphql(`
  query CashSessions($tenantId: ID!, $branchId: ID!, $first: Int!, $after: String) {
    cashSessions(tenantId: $tenantId, branchId: $branchId, first: $first, after: $after) {
      edges {
        node {
          id
          status
          openedBy
          openedAt
          openingFloat {
            usd
            khr
          }
          expected {
            usd
            khr
          }
          counted {
            usd
            khr
          }
          difference {
            usd
            khr
          }
          closedBy
          closedAt
          note
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const movementsQuery = graphql(`
  query Movements($tenantId: ID!, $branchId: ID!, $cashSessionId: UUID!, $first: Int!, $after: String) {
    cashSession(tenantId: $tenantId, branchId: $branchId, cashSessionId: $cashSessionId) {
      movements(first: $first, after: $after) {
        edges {
          node {
            id
            kind
            amount {
              usd
              khr
            }
            reason
            saleId
            actorId
            occurredAt
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`)
