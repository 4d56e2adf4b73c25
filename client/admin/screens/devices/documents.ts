import { graphql } from '../../generated/gql.ts'

export const devicesQuery = graphql(`
  query Devices($tenantId: ID!, $first: Int!, $after: String) {
    devices(tenantId: $tenantId, first: $first, after: $after) {
      edges {
        node {
          deviceId
          name
          firstSeenAt
          lastSeenAt
          lastPushAt
          shutOutAt
          gaps {
            from
            to
          }
          chains {
            id
            state
            wholeTo
            missing {
              from
              to
            }
            missingCount
            givenUp {
              from
              to
            }
          }
          checkpoints {
            branchId
            accountId
            pulledSeq
            pulledAt
            behind
          }
          report {
            accountId
            branchId
            at
            receivedAt
            clockSkewMs
            waiting
            failed
            oldestWaitingAt
            storage
            usageBytes
            quotaBytes
            appVersion
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

/** The devices that wait to be let in, where the business lets in each. */
export const enrolmentQuery = graphql(`
  query Enrolment($tenantId: ID!) {
    tenant(tenantId: $tenantId) {
      deviceEnrolment
    }
    deviceRequests(tenantId: $tenantId) {
      deviceId
      accountId
      askedAt
    }
  }
`)
