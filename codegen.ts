/**
 * `npm run codegen`: types of the console's GraphQL documents (documents.ts, as `graphql(...)`), from `schema.graphql`. What
 * comes out is committed; a test keeps it from drifting. The SDK's few documents are texts (`transport/documents.ts`).
 */
import type { CodegenConfig } from '@graphql-codegen/cli'

const config: CodegenConfig = {
  schema: 'schema.graphql',
  generates: {
    'client/admin/generated/': {
      preset: 'client',
      documents: 'client/admin/**/documents.ts',
      presetConfig: { fragmentMasking: false, skipIndexFile: true },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        importExtension: '.ts',
        strictScalars: true,
        scalars: {
          ID: 'string',
          UUID: 'string',
          DateTime: 'string',
          SafeInt: 'number',
          JSON: '../../contract.ts#Json',
        },
      },
    },
  },
}

export default config
