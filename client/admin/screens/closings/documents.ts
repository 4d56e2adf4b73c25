import { graphql } from '../../generated/gql.ts'

/** What came of a closed session too late, as lib/closing.ts adds it up. */
export const lateFields = graphql(`
  fragment Late on ClosingStatement {
    late {
      deviceId
      outcome
      count
      cash {
        usd
        khr
      }
    }
  }
`)

export const closingsQuery = graphql(`
  query Closings($tenantId: ID!, $branchId: ID!, $from: DateTime, $to: DateTime, $first: Int!, $after: String) {
    closings(tenantId: $tenantId, branchId: $branchId, from: $from, to: $to, first: $first, after: $after) {
      edges {
        node {
          number
          cashSessionId
          recordedAt
          hash
          content
          ...Late
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

/** Of a branch's closings all that an auditor verifies, in pages of JSON lines (docs/proof.md). */
export const proofExportQuery = graphql(`
  query ProofExport($tenantId: ID!, $branchId: ID!, $from: DateTime!, $to: DateTime!, $after: String) {
    proofExport(tenantId: $tenantId, branchId: $branchId, from: $from, to: $to, after: $after) {
      lines
      next
    }
  }
`)

/** What came of a session that was closed: the device's numbers that were outside then, as they are now. */
export const outsideNowQuery = graphql(`
  query OutsideNow($tenantId: ID!, $branchId: ID!, $cashSessionId: UUID!) {
    closingOutside(tenantId: $tenantId, branchId: $branchId, cashSessionId: $cashSessionId)
  }
`)
