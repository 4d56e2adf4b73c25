import { graphql } from '../../generated/gql.ts'

export const menuItemsQuery = graphql(`
  query MenuItems($tenantId: ID!, $first: Int!, $after: String) {
    menu(tenantId: $tenantId) {
      items(first: $first, after: $after) {
        edges {
          node {
            id
            revision
            name
            categoryId
            priceUsd
            modifierGroupIds
            recipe
            visibleIn
            archived
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

export const menuCategoriesQuery = graphql(`
  query MenuCategories($tenantId: ID!, $first: Int!, $after: String) {
    menu(tenantId: $tenantId) {
      categories(first: $first, after: $after) {
        edges {
          node {
            id
            name
            position
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

export const modifierGroupsQuery = graphql(`
  query ModifierGroups($tenantId: ID!, $first: Int!, $after: String) {
    menu(tenantId: $tenantId) {
      modifierGroups(first: $first, after: $after) {
        edges {
          node {
            id
            name
            minSelections
            maxSelections
            options
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
