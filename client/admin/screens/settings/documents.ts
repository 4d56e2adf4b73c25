import { graphql } from '../../generated/gql.ts'

export const settingsQuery = graphql(`
  query Settings($tenantId: ID!) {
    tenant(tenantId: $tenantId) {
      name
      timeZone
      actingDays
      managerPinDigits
      deviceEnrolment
      refuseRevisionsOlderDays
    }
  }
`)
