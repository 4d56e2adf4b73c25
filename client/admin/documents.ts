/** What every screen of the console needs: who one is, which branches there are, and what people are called. */
import { graphql } from './generated/gql.ts'

export const startQuery = graphql(`
  query Start($tenantId: ID!) {
    me(tenantId: $tenantId) {
      accountId
      name
      role
      branchIds
    }
    tenant(tenantId: $tenantId) {
      name
      status
      managerPinDigits
      timeZone
      branches(first: 200) {
        edges {
          node {
            branchId
            name
            status
            timeZone
          }
        }
      }
    }
  }
`)

export const deviceNamesQuery = graphql(`
  query DeviceNames($tenantId: ID!, $first: Int!, $after: String) {
    deviceNames(tenantId: $tenantId, first: $first, after: $after) {
      edges {
        node {
          deviceId
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const staffQuery = graphql(`
  query Staff($tenantId: ID!, $first: Int!, $after: String) {
    staff(tenantId: $tenantId, first: $first, after: $after) {
      edges {
        node {
          accountId
          staffCode
          name
          role
          status
          branchIds
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)
