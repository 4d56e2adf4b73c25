import { graphql } from '../../generated/gql.ts'

export const policyQuery = graphql(`
  query Policy($tenantId: ID!, $branchId: ID!) {
    policy(tenantId: $tenantId, branchId: $branchId) {
      revision
      vatEnabled
      vatRatePercent
      fxRateKhrPerUsd
      khrRoundingEnabled
      khrRoundingMode
      khrRoundingGranularity
      updatedAt
    }
  }
`)
